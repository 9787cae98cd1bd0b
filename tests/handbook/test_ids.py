import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.ids import DISCORD, Layout, X, decode, encode, iso_time
from tests.handbook.bad_input import NOT_NUMBERS, rejects


def test_published_discord_identifiers():
    made = decode(DISCORD, 175928847299117063)
    assert iso_time(made["time_ms"]) == "2016-04-30T11:18:25.796Z"
    assert (made["worker"], made["process"], made["sequence"]) == (1, 0, 7)
    assert iso_time(decode(DISCORD, 90339695967350784)["time_ms"]) == "2015-09-07T06:57:41.949Z"


def test_layouts():
    assert X.lifetime_ms / 1000 / 86_400 / 365.25 == pytest.approx(69.7, abs=0.05)
    assert X.ids_per_ms == DISCORD.ids_per_ms == 4096
    assert DISCORD.lifetime_ms == 2 * X.lifetime_ms
    assert list(decode(X, 0).items()) == [("time_ms", 1288834974657), ("worker", 0), ("sequence", 0)]
    assert list(decode(DISCORD, 0).items()) == [
        ("time_ms", 1420070400000), ("worker", 0), ("process", 0), ("sequence", 0),
    ]  # fmt: skip
    assert decode(X, 2**63 - 1) == {"time_ms": 1288834974657 + 2**41 - 1, "worker": 1023, "sequence": 4095}
    assert iso_time(1288834974657) == "2010-11-04T01:42:54.657Z"
    assert iso_time(1420070400000) == "2015-01-01T00:00:00.000Z"


@given(st.integers(0, 2**63 - 1), st.integers(0, 2**64 - 1))
def test_encode_inverts_decode(of_x, of_discord):
    for layout, identifier in ((X, of_x), (DISCORD, of_discord)):
        made = decode(layout, identifier)
        time = made.pop("time_ms")
        assert encode(layout, time, made) == identifier
        assert time == (identifier >> 22) + layout.epoch_ms


def test_encode_by_hand():
    assert encode(X, 1288834974657, {"sequence": 5, "worker": 0}) == 5
    assert encode(X, 1288834974658, {"worker": 1, "sequence": 0}) == (1 << 22) + (1 << 12)
    assert encode(DISCORD, 1420070400001, {"worker": 1, "process": 2, "sequence": 3}) == (
        (1 << 22) + (1 << 17) + (2 << 12) + 3
    )


@given(st.lists(st.tuples(st.integers(0, 2**41 - 1), st.integers(0, 1023), st.integers(0, 4095)), max_size=20))
def test_identifiers_sort_by_time(made):
    identifiers = [encode(X, X.epoch_ms + time, {"worker": w, "sequence": s}) for time, w, s in made]
    assert [identifier for _, identifier in sorted(zip(made, identifiers, strict=True))] == sorted(identifiers)


def test_a_layout_of_ones_own():
    layout = Layout(0, 4, (("machine", 2), ("sequence", 2)))
    assert decode(layout, 0b1011_01_10) == {"time_ms": 11, "machine": 1, "sequence": 2}
    assert (layout.lifetime_ms, layout.ids_per_ms) == (16, 4)
    assert Layout(0, 1, (("sequence", 62),)).ids_per_ms == 2**62
    assert Layout(10**15, 62, (("sequence", 1),)).lifetime_ms == 2**62


def test_bad_input():
    fields = {"worker": 0, "sequence": 0}
    for value in (None, "X", 5):
        assert rejects("layout", encode, value, X.epoch_ms, fields).allowed == "a Layout, such as X or DISCORD"
        rejects("layout", decode, value, 1)
    for value in (*NOT_NUMBERS, X.epoch_ms - 1, X.epoch_ms + 2**41, X.epoch_ms + 0.5):
        rejects("time_ms", encode, X, value, fields)
    assert encode(X, X.epoch_ms + 2**41 - 1, fields) == (2**41 - 1) << 22
    for value in (*NOT_NUMBERS, -1, 1024, 0.5):
        rejects("worker", encode, X, X.epoch_ms, fields | {"worker": value})
    rejects("sequence", encode, X, X.epoch_ms, fields | {"sequence": 4096})
    for value in ({}, {"worker": 0}, fields | {"process": 0}, None, [("worker", 0)]):
        assert rejects("fields", encode, X, X.epoch_ms, value).allowed == "exactly the fields worker, sequence"
    for value in (-1, 2**63, 1.0, True, None, "1", math.nan):
        assert rejects("identifier", decode, X, value).allowed == "a whole number from 0 to 2^63 − 1"
    rejects("identifier", decode, DISCORD, 2**64)
    for value in (*NOT_NUMBERS, -1, 0.5, 253_402_300_800_000):
        rejects("time_ms", iso_time, value)
    assert iso_time(0) == "1970-01-01T00:00:00.000Z"
    assert iso_time(253_402_300_799_999) == "9999-12-31T23:59:59.999Z"


def test_bad_layouts():
    rejects("fields", Layout, 0, 41, ())
    rejects("fields", Layout, 0, 41, (("sequence", 0),))
    rejects("fields", Layout, 0, 41, (("sequence", 63),))
    rejects("time_bits", Layout, 0, 43, (("worker", 10), ("sequence", 12)))
    rejects("time_bits", Layout, 0, 0, (("sequence", 12),))
    rejects("epoch_ms", Layout, -1, 41, (("sequence", 12),))
    rejects("epoch_ms", Layout, 10**15 + 1, 41, (("sequence", 12),))
