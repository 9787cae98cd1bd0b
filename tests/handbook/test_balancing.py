import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import balancing
from tests.handbook.bad_input import check_domain, rejects

loads = st.floats(0, 0.999)


@pytest.mark.parametrize(("load", "expected"), [(0.5, 1.26569), (0.9, 2.61406)])
def test_published_supermarket_response(load, expected):
    assert balancing.supermarket_response(load) == pytest.approx(expected, abs=5e-6)
    assert balancing.supermarket_response(load, 1) == pytest.approx(1 / (1 - load))


@given(loads, st.integers(1, 6))
def test_response_is_the_littles_law_of_the_tail(load, choices):
    # The mean queue is Σ P(length ≥ i) over i ≥ 1; a response is that over the arrivals λ.
    if 0.01 < load < 0.95:
        queue = math.fsum(balancing.supermarket_tail(load, choices, length) for length in range(1, 800))
        assert balancing.supermarket_response(load, choices) == pytest.approx(queue / load, rel=1e-9)


@given(loads, st.integers(1, 6))
def test_more_choices_never_hurt(load, choices):
    better, worse = balancing.supermarket_response(load, choices + 1), balancing.supermarket_response(load, choices)
    assert 1 <= better <= worse


def test_tail_by_hand():
    assert balancing.supermarket_tail(0.9, 2, 0) == 1
    assert balancing.supermarket_tail(0, 2, 0) == 1
    assert balancing.supermarket_tail(0, 2, 1) == 0
    assert balancing.supermarket_tail(0.9, 2, 1) == pytest.approx(0.9)
    assert balancing.supermarket_tail(0.9, 1, 3) == pytest.approx(0.729)
    assert balancing.supermarket_tail(0.9, 2, 3) == pytest.approx(0.9**7)
    assert balancing.supermarket_tail(0.9, 3, 3) == pytest.approx(0.9**13)
    assert balancing.supermarket_tail(0.999, 1000, 1000) == 0


def test_idle_and_nearly_full():
    assert balancing.supermarket_response(0) == 1
    assert balancing.supermarket_response(0, 1) == 1
    # Near saturation it grows with ln(1/(1 − λ))/ln d (Mitzenmacher, 2001), not with 1/(1 − λ).
    assert 45 < balancing.supermarket_response(math.nextafter(1, 0)) < 60


def test_fullest_bin_by_hand():
    assert balancing.fullest_bin(10**6) == pytest.approx(13.815511 / 2.625792, rel=1e-6)
    assert balancing.fullest_bin(10**6, 2) == pytest.approx(2.625792 / 0.693147, rel=1e-6)
    assert balancing.fullest_bin(10**6, 4) == pytest.approx(2.625792 / 1.386294, rel=1e-6)
    assert balancing.fullest_bin_heavy(10**6, 100) == pytest.approx(10_000 + math.sqrt(20_000 * math.log(100)))


def test_thrown_balls_agree_with_the_formulas():
    one, two = (max(balancing.throw(20_000, 20_000, choices, seed=1)) for choices in (1, 2))
    assert abs(one - balancing.fullest_bin(20_000)) < 4
    assert abs(two - balancing.fullest_bin(20_000, 2)) < 2
    heavy = max(balancing.throw(100_000, 100, seed=2))
    assert heavy == pytest.approx(balancing.fullest_bin_heavy(100_000, 100), rel=0.03)


@given(st.integers(0, 200), st.integers(1, 50), st.integers(1, 4), st.integers(0, 5))
def test_every_ball_lands_and_seeds_repeat(balls, bins, choices, seed):
    counts = balancing.throw(balls, bins, choices, seed)
    assert sum(counts) == balls
    assert len(counts) == bins
    assert counts == balancing.throw(balls, bins, choices, seed)


def test_defaults_are_one_choice_and_seed_0():
    assert balancing.throw(50, 20) == balancing.throw(50, 20, 1, 0)
    assert balancing.throw(50, 20, seed=1) != balancing.throw(50, 20, seed=2)
    assert balancing.throw(50, 20, 2) != balancing.throw(50, 20)
    assert max(balancing.throw(200, 200, 1000, seed=3)) <= 2  # almost all bins are looked at
    assert balancing.fullest_bin(10**6) == balancing.fullest_bin(10**6, 1)
    assert min(balancing.throw(2000, 20)) > 0


def test_bad_input():
    choices = (0, 1.5, 1001)
    check_domain(
        balancing.supermarket_tail, {"load": 0.5, "choices": 2, "length": 3},
        {"load": (1, -0.1, 2), "choices": choices, "length": (-1, 1.5, 1001)},
        {"load": (0,), "choices": (1, 1000), "length": (0, 1000)},
    )  # fmt: skip
    check_domain(
        balancing.supermarket_response, {"load": 0.5, "choices": 2}, {"load": (1, -0.1), "choices": choices},
        {"choices": (1, 1000)},
    )  # fmt: skip
    check_domain(
        balancing.fullest_bin, {"bins": 100, "choices": 2}, {"bins": (15, 16.5, 10**18 + 1024), "choices": choices},
        {"bins": (16, 10**18), "choices": (1, 1000)},
    )  # fmt: skip
    check_domain(
        balancing.fullest_bin_heavy, {"balls": 10**6, "bins": 100}, {"balls": (0, -1, 460), "bins": (1, 2.5)},
        {"balls": (461,), "bins": (2,)},
    )  # fmt: skip
    assert "bins × ln(bins) = 460.517" in rejects("balls", balancing.fullest_bin_heavy, 460, 100).allowed
    check_domain(
        balancing.throw, {"balls": 10, "bins": 5, "choices": 1, "seed": 0},
        {"balls": (-1, 10**7 + 1), "bins": (0, 10**7 + 1), "choices": choices, "seed": (-1, 0.5)},
        {"balls": (0,), "bins": (1,), "choices": (1, 1000)},
    )  # fmt: skip
