import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.realtime_recommendations.point_in_time import History, Shown, Version, join

THREE = [Version("m", 10, 15, 1), Version("m", 20, 25, 2), Version("m", 30, 35, 3)]

versions = st.lists(
    st.tuples(st.sampled_from("mn"), st.floats(0, 100), st.floats(0, 30)).map(
        lambda v: Version(v[0], v[1], v[1] + v[2], (v[1], v[2]))
    ),
    max_size=30,
)


@pytest.mark.parametrize(("time", "value"), [(14.9, None), (15, 1), (24.9, 1), (25, 2), (34.9, 2), (35, 3), (1e9, 3)])
def test_a_value_holds_from_when_it_could_be_read(time, value):
    assert History(THREE).as_of("m", time) == value


def test_what_had_happened_and_was_not_known_yet_is_not_used():
    """At 22 the second version had happened. A join by `happened` would leak it."""
    assert History(THREE).as_of("m", 22) == 1


def test_a_late_version_of_an_earlier_time_does_not_hide_the_newer():
    history = History([*THREE, Version("m", 12, 60, "late")])
    assert history.as_of("m", 70) == 3
    assert History([Version("m", 12, 60, "late"), *reversed(THREE)]).as_of("m", 70) == 3


def test_a_correction_of_the_same_time_replaces():
    assert History([*THREE, Version("m", 30, 60, "corrected")]).as_of("m", 60) == "corrected"


@pytest.mark.parametrize(("oldest", "value"), [(9.9, None), (10, 3), (math.inf, 3)])
def test_what_is_too_old_is_none(oldest, value):
    """The age counts from what had happened, not from when it was read."""
    assert History(THREE).as_of("m", 40, oldest) == value


def test_nobody_and_nothing():
    assert History(THREE).as_of("stranger", 50) is None
    assert History([]).as_of("m", 50) is None


def test_known_before_it_happened_is_an_error():
    with pytest.raises(ValueError, match="known before it happened"):
        History([Version("m", 10, 9, 1)])


def test_a_join_keeps_every_row_in_its_order():
    rows = [Shown("m", 40, True), Shown("n", 1, False), Shown("m", 16, False)]
    assert list(join(rows, History(THREE))) == [(rows[0], 3), (rows[1], None), (rows[2], 1)]
    assert [found for _, found in join(rows, History(THREE), oldest=5)] == [None, None, None]


@given(versions, st.sampled_from("mn"), st.floats(0, 200))
def test_against_the_definition(found, key, time):
    """Of the versions that could be read, the one that tells of the latest time."""
    readable = [v for v in found if v.key == key and v.known <= time]
    value = History(found).as_of(key, time)
    if not readable:
        assert value is None
    else:
        assert value[0] == max(v.happened for v in readable)
        assert sum(value) <= time  # known by then


@given(versions, versions, st.floats(0, 200))
def test_the_future_changes_nothing(found, more, time):
    later = [v for v in more if v.known > time]
    before = [History(found).as_of(key, time) for key in "mn"]
    assert [History(found + later).as_of(key, time) for key in "mn"] == before
