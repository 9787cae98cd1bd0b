import math
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import experiments as e
from tests.handbook.bad_input import check_domain, rejects

normal = NormalDist()


def test_the_rule_of_sixteen():
    # p = 5 %, +2 % relative: 16 × .0475/.001².
    assert e.sample_size_rule(0.05 * 0.95, 0.001) == pytest.approx(760_000)
    # The rule rounds 2(1.95996 + 0.84162)² = 15.698 up to 16.
    assert e.sample_size(1, 1) == pytest.approx(15.698, abs=0.001)
    assert e.sample_size_rule(1, 1) == 16
    assert e.sample_size(1, 0.5) == pytest.approx(62.79, abs=0.01)  # the 63 a group of Cohen's tables


def test_published_shares():
    # Fleiss, 1981, without continuity correction: .05 against .10 needs 434.4 (435), .5 against .6 387.3 (388).
    assert e.sample_size_shares(0.05, 0.10) == pytest.approx(434.4, abs=0.1)
    assert e.sample_size_shares(0.5, 0.6) == pytest.approx(387.3, abs=0.1)
    assert e.sample_size_shares(0.6, 0.5) == pytest.approx(387.3, abs=0.1)


@given(st.floats(0.01, 100), st.floats(0.001, 10), st.floats(0.001, 0.2), st.floats(0.21, 0.99))
def test_the_size_has_the_power_asked_for(deviation, difference, alpha, power):
    users = e.sample_size(deviation, difference, alpha, power)
    error = deviation * math.sqrt(2 / users)
    limit = normal.inv_cdf(1 - alpha / 2)
    assert 1 - normal.cdf(limit - difference / error) == pytest.approx(power, rel=1e-6)
    if users >= 1:
        assert e.detectable_difference(deviation, users, alpha, power) == pytest.approx(difference)
    assert e.sample_size(deviation, difference / 2, alpha, power) == pytest.approx(4 * users)
    assert e.sample_size(deviation, difference, alpha / 2, power) > users


@given(st.floats(0.01, 0.9), st.floats(0.001, 0.05), st.floats(0.01, 0.1), st.floats(0.5, 0.99))
def test_the_size_for_shares_has_the_power_asked_for(control, change, alpha, power):
    treatment = control + change
    users = e.sample_size_shares(control, treatment, alpha, power)
    mean = (control + treatment) / 2
    limit = normal.inv_cdf(1 - alpha / 2) * math.sqrt(2 * mean * (1 - mean) / users)
    deviation = math.sqrt((control * (1 - control) + treatment * (1 - treatment)) / users)
    assert normal.cdf((change - limit) / deviation) == pytest.approx(power, rel=1e-6)


@pytest.mark.parametrize(("looks", "expected"), [(1, 0.05), (2, 0.083), (5, 0.142), (10, 0.193), (20, 0.248)])
def test_published_price_of_peeking(looks, expected):
    assert e.peeking_false_positive(looks) == pytest.approx(expected, abs=5e-4)


@pytest.mark.parametrize(
    ("looks", "limit"), [(1, 1.960), (2, 2.178), (3, 2.289), (4, 2.361), (5, 2.413), (10, 2.555), (20, 2.672)]
)
def test_published_limits_of_pocock(looks, limit):
    assert -normal.inv_cdf(e.peeking_level(looks) / 2) == pytest.approx(limit, abs=5e-4)


def test_two_looks_by_quadrature():
    # P(|Z₁| < z, |Z₁ + Z₂| < z√2), integrated over the first by the trapezoidal rule.
    for alpha in (0.01, 0.3):
        limit, steps = -normal.inv_cdf(alpha / 2), 4000
        points = [limit * (2 * index / steps - 1) for index in range(steps + 1)]
        edge = limit * math.sqrt(2)
        values = [normal.pdf(x) * (normal.cdf(edge - x) - normal.cdf(-edge - x)) for x in points]
        within = (math.fsum(values) - (values[0] + values[-1]) / 2) * 2 * limit / steps
        assert e.peeking_false_positive(2, alpha) == pytest.approx(1 - within, abs=1e-7)


def test_peeking_agrees_with_simulated_tests():
    random, wrong = Random(2), 0
    for _ in range(4000):
        total, found = 0.0, False
        for look in range(1, 8):
            total += normal.inv_cdf(random.random() or 0.5)
            found = found or abs(total) > normal.inv_cdf(0.95) * math.sqrt(look)
        wrong += found
    assert wrong / 4000 == pytest.approx(e.peeking_false_positive(7, 0.1), abs=0.02)


def test_many_looks_lose_no_accuracy():
    # No independent figure at hand: more nodes than needed must not change the result.
    assert e.peeking_false_positive(1, 1e-4) == pytest.approx(1e-4, rel=1e-9)
    assert e.peeking_false_positive(1, 0.5) == pytest.approx(0.5, rel=1e-12)
    assert e.peeking_false_positive(50) == pytest.approx(0.3204500, abs=1e-6)


@given(st.integers(1, 12), st.floats(0.001, 0.4))
def test_more_looks_cost_more_and_the_level_pays_for_them(looks, alpha):
    wrong = e.peeking_false_positive(looks, alpha)
    assert alpha * (1 - 1e-9) <= wrong <= alpha * looks * (1 + 1e-9)
    assert e.peeking_false_positive(looks + 1, alpha) > wrong
    level = e.peeking_level(looks, alpha)
    assert e.peeking_false_positive(looks, max(level, 1e-4)) == pytest.approx(alpha, rel=1e-6)


def test_bad_input():
    tail = {"alpha": 0.05, "power": 0.8}
    bad = {"alpha": (0, 1, 0.81), "power": (0, 1, 0.04)}
    bad["alpha"] = (0, 1)
    positive = (0, -1)
    check_domain(
        e.sample_size, {"deviation": 1, "difference": 1} | tail,
        {"deviation": positive, "difference": positive} | bad, {"power": (0.05,), "alpha": (0.8,)},
    )  # fmt: skip
    check_domain(e.sample_size_rule, {"variance": 1, "difference": 1}, {"variance": positive, "difference": positive})
    check_domain(
        e.sample_size_shares, {"control": 0.1, "treatment": 0.2} | tail,
        {"control": (0, 1), "treatment": (0, 1, 0.1)} | bad,
    )  # fmt: skip
    check_domain(
        e.detectable_difference, {"deviation": 1, "users": 10} | tail,
        {"deviation": positive, "users": (0, 0.9)} | bad, {"users": (1,)},
    )  # fmt: skip
    for function in (e.peeking_false_positive, e.peeking_level):
        check_domain(
            function, {"looks": 2, "alpha": 0.05}, {"looks": (0, 1.5, 101), "alpha": (0, 1, 0.51, 0.99e-4)},
            {"looks": (1,), "alpha": (1e-4, 0.5)},
        )  # fmt: skip
    assert rejects("power", e.sample_size, 1, 1, 0.81, 0.8).allowed == "a number from alpha = 0.81 to below 1"
    assert rejects("treatment", e.sample_size_shares, 0.1, 0.1).allowed == "a share other than control = 0.1"


def test_defaults_are_five_per_cent_and_eighty():
    assert e.sample_size(1, 1) == e.sample_size(1, 1, 0.05, 0.8)
    assert e.sample_size_shares(0.1, 0.2) == e.sample_size_shares(0.1, 0.2, 0.05, 0.8)
    assert e.detectable_difference(1, 9) == e.detectable_difference(1, 9, 0.05, 0.8)
    assert e.peeking_false_positive(3) == e.peeking_false_positive(3, 0.05)
    assert e.peeking_level(3) == e.peeking_level(3, 0.05)
    assert e.peeking_false_positive(100) == pytest.approx(0.3736187, abs=1e-6)
