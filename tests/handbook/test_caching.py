import math
from bisect import bisect_left
from collections import OrderedDict
from itertools import accumulate
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import caching
from handbook.caching import capacity_for_hit_ratio, lru_hit_ratio, popularity, zipf
from handbook.errors import InputError
from tests.handbook.bad_input import NOT_NUMBERS, check_domain, rejects


def every_rank(items, exponent):
    return popularity([rank**-exponent for rank in range(1, items + 1)])


def simulated_lru(items, capacity, requests, seed):
    """Hit ratio of a true LRU cache, the first tenth of the requests left out."""
    ends, cache, random, hits = list(accumulate(p for p, _ in items)), OrderedDict(), Random(seed), 0
    for number in range(requests):
        item = bisect_left(ends, random.random() * ends[-1])
        if item in cache:
            cache.move_to_end(item)
            hits += number >= requests // 10
        else:
            cache[item] = True
            if len(cache) > capacity:
                cache.popitem(last=False)
    return hits / (requests - requests // 10)


@pytest.mark.parametrize(("exponent", "expected"), [(0.8, 0.43666), (1.0, 0.67560)])
def test_published_hit_ratios(exponent, expected):
    assert lru_hit_ratio(zipf(10_000, exponent), 1000) == pytest.approx(expected, abs=5e-6)
    assert lru_hit_ratio(every_rank(10_000, exponent), 1000) == pytest.approx(expected, abs=5e-6)


def test_agrees_with_a_simulated_cache():
    items = every_rank(500, 0.8)
    assert lru_hit_ratio(items, 50) == pytest.approx(simulated_lru(items, 50, 60_000, seed=1), abs=0.01)


@given(st.integers(1, 3000), st.floats(0, 3))
def test_zipf_is_a_distribution_with_zipfs_ratios(items, exponent):
    pairs = zipf(items, exponent)
    assert math.fsum(p * count for p, count in pairs) == pytest.approx(1, rel=1e-12)
    assert sum(count for _, count in pairs) == items
    assert all(count == 1 for _, count in pairs[:100])
    assert all(later[0] <= earlier[0] * (1 + 1e-12) for earlier, later in zip(pairs, pairs[1:], strict=False))
    if items > 1:
        assert pairs[0][0] / pairs[1][0] == pytest.approx(2**exponent)


@pytest.mark.parametrize(("items", "exponent"), [(101, 1), (5000, 0), (5000, 0.7), (5000, 1), (5000, 1.3), (5000, 5)])
def test_grouped_ranks_are_as_good_as_all(items, exponent):
    grouped, single = zipf(items, exponent), every_rank(items, exponent)
    assert len(grouped) < 520
    for capacity in (1, 30, items // 3, items - 1):
        assert lru_hit_ratio(grouped, capacity) == pytest.approx(lru_hit_ratio(single, capacity), abs=3e-6)


def test_groups_grow_by_a_percent():
    counts = [count for _, count in zipf(1000, 1)]
    assert counts[:103] == [1] * 100 + [2, 2, 2]
    assert counts[-2:] == [10, 8]
    assert len(zipf(10**12, 1)) < 2500


@given(st.lists(st.floats(0.001, 1000), min_size=1, max_size=30))
def test_hit_ratio_rises_with_capacity_and_its_inverse_agrees(weights):
    items = popularity(weights)
    ratios = [lru_hit_ratio(items, len(items) * share) for share in (0, 0.2, 0.5, 0.9, 1)]
    assert ratios == sorted(ratios)
    assert (ratios[0], ratios[-1]) == (0, 1)
    assert capacity_for_hit_ratio(items, ratios[2]) == pytest.approx(len(items) * 0.5, rel=1e-6)


def test_equal_items_hit_as_often_as_they_fit():
    items = zipf(10**9, 0)
    assert lru_hit_ratio(items, 10**8) == pytest.approx(0.1, rel=1e-9)
    assert capacity_for_hit_ratio(items, 0.25) == pytest.approx(2.5e8, rel=1e-9)


def test_edges():
    items = popularity([3, 1, 0])
    assert lru_hit_ratio(items, 2) == 1  # the third is never asked for
    assert lru_hit_ratio(items, 1.999) < 1
    assert lru_hit_ratio(items, 0) == 0
    assert capacity_for_hit_ratio(items, 1) == 2
    assert capacity_for_hit_ratio(items, 0) == 0
    assert lru_hit_ratio([(0.25, 4)], 1) == pytest.approx(0.25)
    assert lru_hit_ratio(popularity([1]), 0.5) == pytest.approx(0.5)
    # Two items, ¾ and ¼: with x = e^(−T/4), capacity is 2 − x³ − x and the hit ratio 1 − ¾x³ − ¼x.
    assert lru_hit_ratio(popularity([3, 1]), 2 - 0.125 - 0.5) == pytest.approx(1 - 0.75 * 0.125 - 0.25 * 0.5)
    assert lru_hit_ratio(popularity([1, 1e-12]), 1.5) == pytest.approx(1)


def test_a_ratio_beyond_rounding_needs_all_items():
    # The probabilities sum to a little less than 1, so that no finite time reaches the ratio.
    assert capacity_for_hit_ratio([(1 - 1e-10, 1)], 1 - 1e-12) == pytest.approx(1)


def test_popularity_scales():
    assert popularity([2, 6]) == [(0.25, 1), (0.75, 1)]
    assert popularity(iter([5])) == [(1, 1)]


def test_bad_input():
    check_domain(
        zipf, {"items": 5, "exponent": 1}, {"items": (0, 1.5, 10**12 + 1), "exponent": (-0.1, 5.1)},
        {"items": (1, 10**12), "exponent": (0, 5)},
    )  # fmt: skip
    for value in (*NOT_NUMBERS, -1):
        rejects("weights", popularity, [1, value])
        rejects("capacity", lru_hit_ratio, zipf(5, 1), value)
        rejects("hit_ratio", capacity_for_hit_ratio, zipf(5, 1), value)
    with pytest.raises(InputError) as caught:
        popularity([0, 0])
    assert str(caught.value) == "weights = 0.0 is not allowed: weights that sum to more than 0"
    rejects("hit_ratio", capacity_for_hit_ratio, zipf(5, 1), 1.1)
    for value in ([], None, "ab", 5):
        rejects("weights", popularity, value)
    for value in (
        [], None, 5, [0.5, 0.5], [(0.5, 1)], [(0.5, 3)], [(1, 0)], [(1, 1, 1)], [(-0.5, 1), (1.5, 1)], [(1, 1.5)],
        [[1, 1]], [(1 + 1e-8, 1)], [(1e-12, 10**12 + 1)],
    ):  # fmt: skip
        rejects("items", lru_hit_ratio, value, 1)
        rejects("items", capacity_for_hit_ratio, value, 0.5)
    for value in ([], [0.5], [(0.5, 1)]):
        assert rejects("items", lru_hit_ratio, value, 1).allowed.startswith("pairs (probability, number of items)")
    assert lru_hit_ratio([(1 - 1e-10, 1)], 1) == 1
    assert caching.lru_hit_ratio([(1e-12, 10**12)], 1) == pytest.approx(1e-12, rel=1e-9, abs=0)
