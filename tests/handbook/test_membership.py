import math
from random import Random
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import membership as m
from tests.handbook.bad_input import check_domain


def simulated_gossip(nodes, random):
    """Rounds until each of the nodes knows, every informed one telling one random node a round."""
    informed, rounds = {0}, 0
    while len(informed) < nodes:
        informed |= {int(random.random() * nodes) for _ in range(len(informed))}
        rounds += 1
    return rounds


def test_published_gossip_rounds():
    assert m.gossip_rounds(10_000) == pytest.approx(22.5, abs=0.005)
    assert m.gossip_rounds(1) == 0
    assert m.gossip_rounds(2) == pytest.approx(1 + math.log(2))


def test_simulated_gossip_takes_as_many_rounds():
    random = Random(4)
    mean = sum(simulated_gossip(1000, random) for _ in range(20)) / 20
    assert mean == pytest.approx(m.gossip_rounds(1000), abs=2.5)  # the formula leaves out a constant


def test_informed_by_hand():
    assert m.gossip_informed(100, 0) == 1
    assert m.gossip_informed(1, 5) == 1
    assert m.gossip_informed(2, 1) == pytest.approx(1.5)
    assert m.gossip_informed(2, 2) == pytest.approx(2 - 0.5 * 0.5**1.5)
    assert m.gossip_informed(2, 1, fanout=2) == pytest.approx(1.75)
    assert m.gossip_informed(50, 9, fanout=0) == 1
    assert m.gossip_informed(1e60, 3) == pytest.approx(8)
    assert m.gossip_informed(100, 10_000) == pytest.approx(100)


@given(st.floats(2, 1e6), st.integers(0, 60), st.floats(0.1, 5))
def test_the_news_only_spreads(nodes, rounds, fanout):
    informed = m.gossip_informed(nodes, rounds, fanout)
    assert 1 <= informed <= nodes * (1 + 1e-12)
    assert m.gossip_informed(nodes, rounds + 1, fanout) >= informed * (1 - 1e-12)
    assert m.gossip_informed(nodes, rounds, fanout * 2) >= informed * (1 - 1e-12)


def test_half_know_after_the_first_phase_of_pittel():
    informed = m.gossip_informed(10_000, round(math.log2(10_000)))
    assert 0.3 < informed / 10_000 < 0.9
    assert 10_000 - m.gossip_informed(10_000, round(m.gossip_rounds(10_000)) + 2) < 1


@given(st.floats(-5, 7), st.floats(0.1, 50))
def test_phi_is_its_definition(score, deviation):
    mean = 5 * deviation
    late = 1 - NormalDist(mean, deviation).cdf(mean + score * deviation)
    assert m.phi(mean + score * deviation, mean, deviation) == pytest.approx(-math.log10(late), rel=1e-3, abs=1e-12)


def test_phi_far_into_the_tail():
    # −log₁₀ Q(z) from the asymptotic expansion: Q(10) = 7.61985e-24, Q(30) = 4.90671e-198, Q(37) = 5.72557e-300.
    assert m.phi(11, 1, 1) == pytest.approx(-math.log10(7.6198530241605e-24), rel=1e-12)
    assert m.phi(31, 1, 1) == pytest.approx(-math.log10(4.906713927148187e-198), rel=1e-9)
    assert m.phi(38, 1, 1) == pytest.approx(-math.log10(5.725571e-300), rel=1e-9)
    below, above = m.phi(1 + math.nextafter(30, 0), 1, 1), m.phi(31 + 1e-9, 1, 1)
    assert below == pytest.approx(above, rel=1e-9)
    assert m.phi(1e9, 1, 1) == pytest.approx(5e17 / math.log(10), rel=1e-6)
    assert m.phi(1, 1, 1) == pytest.approx(math.log10(2))
    assert str(m.phi(0, 1000, 1)) == "0.0"


@given(st.floats(0.001, 300), st.floats(0.1, 100), st.floats(0.1, 100))
def test_the_timeout_is_where_phi_reaches_the_threshold(threshold, mean, deviation):
    timeout = m.phi_timeout(threshold, mean, deviation)
    if timeout > 0:
        assert m.phi(timeout, mean, deviation) == pytest.approx(threshold, rel=1e-5)
    else:
        assert m.phi(0, mean, deviation) >= threshold * (1 - 1e-6)


def test_published_error_chances():
    assert [m.phi_error(threshold) for threshold in (1, 3, 8)] == pytest.approx([0.1, 0.001, 1e-8])
    assert m.phi_error(0) == 1
    # Timeouts by the table of the normal distribution: Q(3.0902) = 0.001, Q(5.6120) = 1e-8.
    assert m.phi_timeout(3, 1000, 200) == pytest.approx(1000 + 200 * 3.0902, abs=0.01)
    assert m.phi_timeout(8, 1000, 200) == pytest.approx(1000 + 200 * 5.6120, abs=0.01)
    assert m.phi_timeout(0.001, 1, 100) == 0


def test_phi_of_exponential_intervals():
    assert m.phi_exponential(0, 1) == 0
    assert m.phi_exponential(2 * math.log(10), 2) == pytest.approx(1)
    assert 10 ** -m.phi_exponential(3, 2) == pytest.approx(math.exp(-1.5))


def test_bad_input():
    check_domain(m.gossip_rounds, {"nodes": 5}, {"nodes": (0, 0.9)}, {"nodes": (1, 2.5)})
    check_domain(
        m.gossip_informed, {"nodes": 5, "rounds": 3, "fanout": 1},
        {"nodes": (0, 0.9), "rounds": (-1, 1.5, 10_001), "fanout": (-1,)}, {"nodes": (1,), "fanout": (0,)},
    )  # fmt: skip
    check_domain(
        m.phi, {"elapsed": 1, "mean": 1, "deviation": 1},
        {"elapsed": (-1,), "mean": (0, -1), "deviation": (0, -1, 0.99e-9)}, {"elapsed": (0,), "deviation": (1.01e-9,)},
    )  # fmt: skip
    check_domain(m.phi_exponential, {"elapsed": 1, "mean": 1}, {"elapsed": (-1,), "mean": (0, -1)}, {"elapsed": (0,)})
    check_domain(m.phi_error, {"threshold": 1}, {"threshold": (-1, 300.1)}, {"threshold": (0, 300)})
    check_domain(
        m.phi_timeout, {"threshold": 1, "mean": 1, "deviation": 1},
        {"threshold": (0, 0.0009, 301), "mean": (0, -1), "deviation": (0, -1)}, {"threshold": (0.001, 300)},
    )  # fmt: skip
