import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import tails
from tests.handbook.bad_input import check_domain

shares = st.floats(1e-12, 0.999)


def test_published_fan_out():
    assert tails.fan_out_tail(0.01, 100) == pytest.approx(0.63397, abs=5e-6)
    assert tails.fan_out_tail(0.0001, 2000) == pytest.approx(0.18127, abs=1e-5)


@given(st.integers(1, 2**20), st.integers(0, 200))
def test_fan_out_is_exact(numerator, parts):
    slow = Fraction(numerator, 2**20)
    assert tails.fan_out_tail(float(slow), parts) == pytest.approx(float(1 - (1 - slow) ** parts), rel=1e-12, abs=0)


def test_fan_out_of_tiny_shares_keeps_its_digits():
    assert tails.fan_out_tail(1e-18, 1000) == pytest.approx(1e-15, rel=1e-12, abs=0)
    assert tails.fan_out_tail(1e-70, 1) == 1e-70
    assert tails.fan_out_tail(0, 1e6) == 0
    assert tails.fan_out_tail(0.5, 0) == 0
    assert tails.fan_out_tail(1, 0) == 0
    assert tails.fan_out_tail(1, 1) == 1
    assert tails.fan_out_tail(1, 0.5) == 1
    assert tails.fan_out_tail(0.5, 1e70) == 1


@given(shares, st.floats(0.01, 1e6))
def test_fan_out_rises_and_its_inverses_agree(slow, parts):
    tail = tails.fan_out_tail(slow, parts)
    assert 0 < tail <= 1
    assert tails.fan_out_tail(slow, parts * 2) >= tail
    assert tails.fan_out_tail(slow / 2, parts) <= tail
    if tail < 0.999:
        assert tails.fan_out_limit(slow, tail) == pytest.approx(parts)
        assert tails.part_share(parts, tail) == pytest.approx(slow)


def test_part_share_edges():
    assert tails.part_share(10, 0) == 0
    assert tails.part_share(1, 0.3) == pytest.approx(0.3)


def test_slowest_of_exponential_times():
    assert tails.slowest_mean(6, 1) == 6
    assert tails.slowest_mean(6, 3) == pytest.approx(6 + 3 + 2)
    assert tails.slowest_mean(0, 3) == 0
    # H(1000) = 7.485470860550344912…, H(1001) = H(1000) + 1/1001, H(10⁶) = 14.392726722865723631…
    assert tails.slowest_mean(1, 1000) == pytest.approx(7.485470860550345, rel=1e-15)
    assert tails.slowest_mean(1, 1001) == pytest.approx(7.485470860550345 + 1 / 1001, rel=1e-14)
    assert tails.slowest_mean(1, 10**6) == pytest.approx(14.392726722865724, rel=1e-14)


@given(st.floats(0.1, 100), st.floats(1, 1e6), st.floats(1e-6, 0.9999))
def test_slowest_percentile_inverts_the_distribution_of_the_maximum(mean, parts, quantile):
    time = tails.slowest_percentile(mean, parts, quantile)
    assert math.exp(parts * math.log1p(-math.exp(-time / mean))) == pytest.approx(quantile, rel=1e-6)


def test_slowest_percentile_edges():
    assert tails.slowest_percentile(10, 1, 0.5) == pytest.approx(10 * math.log(2))
    assert tails.slowest_percentile(10, 1, 0.2) == pytest.approx(-10 * math.log(0.8), rel=1e-14)
    assert tails.slowest_percentile(10, 1, 1e-60) == pytest.approx(1e-59, rel=1e-9, abs=0)
    assert tails.slowest_percentile(10, 5, 0) == 0
    assert tails.slowest_percentile(0, 5, 0.9) == 0
    assert tails.slowest_percentile(1, 1e60, 0.5) == pytest.approx(60 * math.log(10) - math.log(math.log(2)))


def test_hedging():
    assert tails.hedged_tail(0.01, 1) == 0.01
    assert tails.hedged_tail(0.25, 3) == 0.015625
    assert tails.hedged_tail(0, 2) == 0
    assert tails.hedged_tail(1, 10**9) == 1
    assert tails.hedged_tail(0.5, 10**9) == 0


def test_bad_input():
    share = (-0.1, 1.1)
    check_domain(
        tails.fan_out_tail, {"slow": 0.1, "parts": 3}, {"slow": share, "parts": (-1,)},
        {"slow": (0, 1), "parts": (0, 2.5)},
    )  # fmt: skip
    check_domain(tails.fan_out_limit, {"slow": 0.1, "target": 0.5}, {"slow": (0, 1), "target": (0, 1, -1)})
    check_domain(tails.part_share, {"parts": 3, "target": 0.1}, {"parts": (0, -1), "target": (1, -0.1)})
    check_domain(
        tails.slowest_mean, {"mean": 1, "parts": 3}, {"mean": (-1,), "parts": (0, 1.5, 10**9 + 1)}, {"parts": (10**9,)}
    )
    check_domain(
        tails.slowest_percentile, {"mean": 1, "parts": 3, "quantile": 0.9},
        {"mean": (-1,), "parts": (0, 0.9), "quantile": (1, -0.1)}, {"parts": (1,)},
    )  # fmt: skip
    check_domain(tails.hedged_tail, {"slow": 0.1, "copies": 2}, {"slow": share, "copies": (0, 1.5)}, {"copies": (1,)})
