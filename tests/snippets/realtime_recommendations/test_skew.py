import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.realtime_recommendations.skew import Report, compare, surprising


def check(served, trained, **options):
    return compare([(None, served)], lambda _: trained, **options).differed


@pytest.mark.parametrize(
    ("served", "trained", "differs"),
    [
        (1.0, 1.0, False), (1, 1.0, False), (1.0, 1.0 + 1e-9, False), (1.0, 1.001, True), (0.0, 1e-9, False),
        (0, None, True), (None, None, False), ("en", "en", False), ("en", "de", True), ("1", 1, True),
        (math.nan, math.nan, False), (math.nan, 1.0, True), (math.inf, math.inf, False), (True, 1, False),
    ],
)  # fmt: skip
def test_what_differs(served, trained, differs):
    assert bool(check({"x": served}, {"x": trained})) == differs


def test_a_feature_that_is_missing_on_one_side_differs():
    assert check({"x": 1}, {}) == check({}, {"x": 1}) == {"x": 1}
    assert check({"x": None}, {}) == {"x": 1}  # a default that only one side knows


def test_a_tolerance_is_relative_and_absolute():
    assert not check({"x": 100.0}, {"x": 100.5}, tolerance=0.01)
    assert check({"x": 100.0}, {"x": 102.0}, tolerance=0.01)


def test_features_are_counted_one_by_one():
    rows = [(n, {"good": n, "bad": n % 10}) for n in range(1000)]
    report = compare(rows, lambda n: {"good": n, "bad": 0})
    assert report == Report(1000, {"bad": 900})
    assert report.skewed(allowed=0.001) == ["bad"]


def test_nothing_checked_says_nothing():
    report = compare([], lambda _: {})
    assert report == Report(0, {})
    assert report.skewed(0.001) == []


def binomial(n, k, p):
    """P(at most k of n)."""
    return sum(math.comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k + 1))


@pytest.mark.parametrize(("checked", "allowed", "chance"), [(200, 0.001, 0.001), (1000, 0.01, 0.001), (50, 0.1, 0.05)])
def test_the_limit_is_the_binomial_s(checked, allowed, chance):
    limit = surprising(checked, allowed, chance)
    assert 1 - binomial(checked, limit - 1, allowed) < chance <= 1 - binomial(checked, limit - 2, allowed)


def test_one_in_a_thousand_of_two_hundred_rows_by_hand():
    """0.2 expected: three or more come with 0.1%, four or more with less than that."""
    assert surprising(200, 0.001, 0.001) == 4
    assert Report(200, {"x": 3}).skewed(0.001) == []
    assert Report(200, {"x": 4}).skewed(0.001) == ["x"]


def test_a_million_rows_do_not_overflow():
    """1,000 expected, a deviation of 31.6; three of those are beyond one in a thousand."""
    assert 1090 < surprising(10**6, 0.001, 0.001) < 1105


@given(st.integers(1, 500), st.floats(0.001, 0.2))
def test_the_limit_lies_above_what_is_expected_and_within_what_was_checked(checked, allowed):
    limit = surprising(checked, allowed, 0.001)
    assert checked * allowed < limit <= checked + 1


def test_false_alarms_are_rare():
    from random import Random

    random, alarms = Random(1), 0
    for _ in range(2000):
        differed = sum(random.random() < 0.01 for _ in range(300))
        alarms += bool(Report(300, {"x": differed}).skewed(0.01, chance=0.01))
    assert alarms <= 2000 * 0.01 * 1.6
