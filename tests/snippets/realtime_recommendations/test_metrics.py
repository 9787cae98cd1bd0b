import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.realtime_recommendations.metrics import average_precision, evaluate, hits, ndcg, precision, recall

ALL = (precision, recall, ndcg, average_precision)
lists = st.lists(st.integers(0, 20), unique=True, max_size=12)
liked = st.sets(st.integers(0, 20), min_size=1)
places = st.integers(1, 15)


def test_by_hand():
    """Places 1 and 3 of four hit; three items were liked, one of which is not in the list."""
    ranked, wanted = ["a", "x", "b", "y"], {"a", "b", "c"}
    assert hits(ranked, wanted, 4) == [1, 3]
    assert precision(ranked, wanted, 4) == 2 / 4
    assert recall(ranked, wanted, 4) == 2 / 3
    gain, best = 1 + 1 / 2, 1 + 1 / math.log2(3) + 1 / 2
    assert ndcg(ranked, wanted, 4) == pytest.approx(gain / best, rel=1e-12)
    assert average_precision(ranked, wanted, 4) == pytest.approx((1 / 1 + 2 / 3) / 3, rel=1e-12)


def test_the_textbook_s_average_precision():
    """Manning, Raghavan and Schütze: relevant at places 1, 3, 6, 10, 15 of five gives the mean of n / place."""
    ranked = [place if place in (1, 3, 6, 10, 15) else -place for place in range(1, 21)]
    wanted = {1, 3, 6, 10, 15}
    expected = (1 / 1 + 2 / 3 + 3 / 6 + 4 / 10 + 5 / 15) / 5
    assert average_precision(ranked, wanted, 20) == pytest.approx(expected, rel=1e-12)


def test_map_is_over_all_that_was_liked_and_not_over_k():
    """The published definition. Over the smaller of both it would be 1."""
    assert average_precision([1, 2], {1, 2, 3, 4}, 2) == 1 / 2
    assert recall([1, 2], {1, 2, 3, 4}, 2) == 1 / 2
    assert ndcg([1, 2], {1, 2, 3, 4}, 2) == 1  # no list of two could be better


def test_a_list_that_is_shorter_than_k_is_not_forgiven():
    assert precision(["a"], {"a"}, 10) == 1 / 10
    assert recall(["a"], {"a"}, 10) == ndcg(["a"], {"a"}, 10) == 1


def test_an_item_that_stands_twice_counts_once():
    assert hits(["a", "a", "b"], ["a", "b", "b"], 3) == [1, 3]
    assert recall(["a", "a"], ["a", "a", "b"], 2) == 1 / 2


@pytest.mark.parametrize("k", [0, -1])
def test_no_places_is_an_error(k):
    with pytest.raises(ValueError, match="at least one place"):
        precision(["a"], {"a"}, k)


@given(lists, liked, places)
def test_all_lie_between_nothing_and_everything(ranked, wanted, k):
    values = [measure(ranked, wanted, k) for measure in ALL]
    assert all(0 <= value <= 1 + 1e-12 for value in values)
    none = not set(ranked[:k]) & wanted
    assert all((value == 0) == none for value in values)


@given(liked, places)
def test_the_best_list_has_an_ndcg_of_one(wanted, k):
    assert ndcg(sorted(wanted), wanted, k) == pytest.approx(1)


@given(lists.filter(lambda found: len(found) > 1), liked, st.data())
def test_moving_a_hit_up_never_harms_and_beyond_k_nothing_counts(ranked, wanted, data):
    place = data.draw(st.integers(1, len(ranked) - 1))
    higher = [ranked[place], *ranked[:place], *ranked[place + 1 :]]
    if ranked[place] in wanted:
        for measure in ALL:
            assert measure(higher, wanted, 5) >= measure(ranked, wanted, 5) - 1e-12
    assert precision([*ranked[:3], 99], wanted, 3) == precision(ranked[:3], wanted, 3)


def test_the_mean_is_over_members_who_have_a_list_and_liked_something():
    found = evaluate({"a": [1], "b": [2], "c": [3], "d": [4]}, {"a": {1}, "b": {3}, "c": set(), "z": {9}}, k=1)
    assert found == {"MAP": 0.5, "nDCG": 0.5, "precision": 0.5, "recall": 0.5}
    assert list(found) == ["MAP", "nDCG", "precision", "recall"]


@pytest.mark.parametrize(("ranked", "wanted"), [({}, {}), ({"a": [1]}, {"b": {1}}), ({"a": [1]}, {"a": set()})])
def test_nobody_to_judge_is_an_error(ranked, wanted):
    with pytest.raises(ValueError, match="no member"):
        evaluate(ranked, wanted)
