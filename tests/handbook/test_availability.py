import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import availability as a
from tests.handbook.bad_input import NOT_NUMBERS, check_domain, rejects

shares = st.floats(0, 1)


def test_published_availabilities():
    assert a.series([0.999] * 5) == pytest.approx(0.99501, abs=5e-6)
    assert a.parallel([0.99, 0.99]) == pytest.approx(0.9999)
    assert a.series([0.5]) == a.parallel([0.5]) == 0.5
    assert a.series([0.5, 0.25]) == 0.125
    assert a.parallel([0.5, 0.25]) == 0.625


@given(st.lists(shares, min_size=1, max_size=8), shares)
def test_series_and_parallel_mirror_each_other(availabilities, another):
    series, parallel = a.series(availabilities), a.parallel(availabilities)
    assert 0 <= series <= min(availabilities) <= max(availabilities) <= parallel + 1e-15 <= 1 + 1e-15
    assert 1 - a.parallel([1 - share for share in availabilities]) == pytest.approx(series, abs=1e-12)
    assert a.series([*availabilities, another]) <= series
    assert a.parallel([*availabilities, another]) >= parallel


@given(st.integers(1, 12), shares)
def test_k_of_n_ends_are_series_and_parallel(components, share):
    assert a.k_of_n(components, components, share) == pytest.approx(a.series([share] * components), abs=1e-14)
    assert a.k_of_n(1, components, share) == pytest.approx(a.parallel([share] * components), abs=1e-12)
    assert a.k_of_n(0, components, share) == pytest.approx(1, abs=1e-12)


@given(st.integers(0, 40), st.integers(1, 40), st.integers(0, 64))
def test_k_of_n_is_the_binomial(needed, components, numerator):
    if needed <= components:
        up = Fraction(numerator, 64)
        exact = sum(
            math.comb(components, i) * up**i * (1 - up) ** (components - i) for i in range(needed, components + 1)
        )
        result = a.k_of_n(needed, components, numerator / 64)
        assert result == pytest.approx(float(exact), rel=1e-11, abs=0)
        assert result <= 1


def test_k_of_n_of_many():
    assert a.k_of_n(50_000, 100_000, 0.5) == pytest.approx(0.5, abs=0.002)
    # 5,000 servers at 99 %: mean 4,950 up, deviation 7.04; at least 4,929 is 3.05 deviations below.
    assert a.k_of_n(4929, 5000, 0.99) == pytest.approx(0.998, abs=0.001)
    assert a.k_of_n(2, 3, 0.99) == pytest.approx(0.999702, rel=1e-12)
    assert a.k_of_n(0, 3, 0) == 1
    assert a.k_of_n(1, 3, 0) == 0
    assert a.k_of_n(3, 3, 1) == 1


def test_downtime_of_the_usual_nines():
    assert a.downtime_per_year(0.9999) / 60 == pytest.approx(52.56)
    assert a.downtime_per_month(0.9999) / 60 == pytest.approx(4.32)
    assert a.downtime_per_year(0.999) / 3600 == pytest.approx(8.76)
    assert a.downtime(0.99, 7) == pytest.approx(6048)
    assert a.downtime(0, 1) == 86_400
    assert a.downtime(1, 365) == 0
    assert a.downtime(0.5, 0) == 0


def test_a_ten_minute_evacuation_at_four_nines():
    assert a.budget_spent(0.9999, 600) == pytest.approx(2.3, abs=0.02)
    assert a.budget_spent(0.9999, 600, affected=0.25) == pytest.approx(0.58, abs=0.002)
    assert a.budget_spent(0.9, 8640, days=1) == pytest.approx(1)
    assert a.budget_spent(0.9, 0) == 0
    assert a.budget_spent(0.9, 600, affected=0) == 0


@given(st.floats(0, 0.99999), st.floats(0.1, 365))
def test_an_outage_as_long_as_the_downtime_spends_the_budget(objective, days):
    assert a.budget_spent(objective, a.downtime(objective, days), 1, days) == pytest.approx(1)
    assert 1 - 10 ** -a.nines(objective) == pytest.approx(objective, abs=1e-12)


def test_repair():
    assert a.availability_from_repair(999, 1) == 0.999
    assert a.availability_from_repair(5, 0) == 1
    assert a.availability_from_repair(1, 3) == 0.25


def test_nines():
    assert a.nines(0.999) == pytest.approx(3)
    assert str(a.nines(0)) == "0.0"


def test_bad_input():
    for function in (a.series, a.parallel):
        for value in ([], (), None, 5, "ab", {}):
            rejects("availabilities", function, value)
        for value in (*NOT_NUMBERS, -0.1, 1.1):
            rejects("availabilities", function, [0.5, value])
    check_domain(
        a.k_of_n, {"needed": 2, "components": 3, "availability": 0.5},
        {"needed": (-1, 4, 1.5), "components": (0, 1.5, 10**6 + 1), "availability": (-0.1, 1.1)},
        {"needed": (0, 3), "availability": (0, 1)},
    )  # fmt: skip
    assert a.k_of_n(1, 1, 0.5) == pytest.approx(0.5)
    assert a.k_of_n(10**6, 10**6, 0.5) == 0
    check_domain(a.downtime, {"availability": 0.5, "days": 1}, {"availability": (-0.1, 1.1), "days": (-1,)})
    for function in (a.downtime_per_year, a.downtime_per_month):
        check_domain(function, {"availability": 0.5}, {"availability": (-0.1, 1.1)}, {"availability": (0, 1)})
    check_domain(
        a.budget_spent, {"objective": 0.9, "outage": 60, "affected": 1, "days": 30},
        {"objective": (1, -0.1), "outage": (-1,), "affected": (-0.1, 1.1), "days": (0, -1)}, {"objective": (0,)},
    )  # fmt: skip
    check_domain(
        a.availability_from_repair, {"between_failures": 1, "repair": 1}, {"between_failures": (0, -1), "repair": (-1,)}
    )
    check_domain(a.nines, {"availability": 0.5}, {"availability": (1, -0.1)}, {"availability": (0,)})
