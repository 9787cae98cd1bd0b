import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.erlang import erlang_b, erlang_c, servers_for_blocking
from tests.handbook.bad_input import check_domain, rejects


def exact_b(servers, load):
    """Erlang B by its definition, in fractions."""
    terms = [Fraction(load) ** k / math.factorial(k) for k in range(servers + 1)]
    return terms[-1] / sum(terms)


def exact_c(servers, load):
    """Erlang C by its definition, in fractions."""
    load = Fraction(load)
    waiting = load**servers / math.factorial(servers) * servers / (servers - load)
    return waiting / (sum(load**k / math.factorial(k) for k in range(servers)) + waiting)


@pytest.mark.parametrize(("servers", "load", "expected"), [(2, 1, 0.33333), (10, 8, 0.40918), (100, 90, 0.21694)])
def test_published_erlang_c(servers, load, expected):
    assert erlang_c(servers, load) == pytest.approx(expected, abs=5e-6)


def test_published_erlang_b():
    assert erlang_b(10, 8) == pytest.approx(0.12166, abs=5e-6)


@given(st.integers(0, 60), st.integers(0, 4000))
def test_erlang_b_is_its_definition(servers, hundredths):
    load = Fraction(hundredths, 64)
    assert erlang_b(servers, float(load)) == pytest.approx(float(exact_b(servers, load)), rel=1e-12, abs=0)


@given(st.integers(1, 60), st.integers(0, 99))
def test_erlang_c_is_its_definition(servers, percent):
    load = Fraction(percent * servers, 128)
    assert erlang_c(servers, float(load)) == pytest.approx(float(exact_c(servers, load)), rel=1e-12, abs=0)


def test_edges():
    assert erlang_b(0, 5) == 1
    assert erlang_b(3, 0) == 0
    assert erlang_c(3, 0) == 0
    assert erlang_c(1, 0.25) == pytest.approx(0.25)
    assert erlang_b(5, 1e70) == 1
    assert erlang_b(1000, 1e-70) == 0


@pytest.mark.parametrize("servers", [10_000, 200_000])
def test_stable_for_many_servers(servers):
    # Halfin and Whitt, 1981: with c = a + β√a servers, P(wait) → 1/(1 + β·Φ(β)/φ(β)); 0.2234 at β = 1.
    load = (math.sqrt(servers + 0.25) - 0.5) ** 2
    assert erlang_c(servers, load) == pytest.approx(0.22336, rel=0.01)
    # At a load of c, Erlang B tends to √(2/(πc)).
    assert erlang_b(servers, servers) == pytest.approx(math.sqrt(2 / (math.pi * servers)), rel=0.01)


def test_nearly_full_loses_no_digits():
    # Erlang C of one server is its utilisation, however close to 1.
    full = math.nextafter(1, 0)
    assert erlang_c(1, full) == pytest.approx(full, rel=1e-15)
    assert 0.999999 < erlang_c(10_000, math.nextafter(10_000, 0)) <= 1


@given(st.floats(0.001, 500), st.floats(0.0001, 0.99))
def test_servers_for_blocking_is_the_least_that_does(load, blocking):
    servers = servers_for_blocking(load, blocking)
    assert erlang_b(servers, load) <= blocking
    assert servers == 0 or erlang_b(servers - 1, load) > blocking


def test_edges_of_the_inverse():
    assert servers_for_blocking(0, 0.01) == 1  # with no server, every arrival would be lost, were there one
    assert servers_for_blocking(1, 0.5) == 1  # 1/(1 + 1), met exactly
    assert servers_for_blocking(1_000_000, 0.5) == pytest.approx(500_000, rel=0.001)


@given(st.integers(1, 100), st.floats(0.1, 3))
def test_more_servers_lose_less_and_more_load_loses_more(servers, share):
    load = share * servers
    assert erlang_b(servers + 1, load) < erlang_b(servers, load)
    assert erlang_b(servers, load * 1.1) > erlang_b(servers, load)
    if load < servers:
        assert erlang_b(servers, load) <= erlang_c(servers, load) <= 1


def test_bad_input():
    servers = (-1, 2.5, 10_000_001)
    check_domain(erlang_b, {"servers": 10, "load": 8}, {"servers": servers, "load": (-1,)}, {"servers": (0, 10.0)})
    check_domain(
        erlang_c, {"servers": 10, "load": 8}, {"servers": (*servers, 0), "load": (-1, 10, 11)}, {"load": (9.99,)}
    )
    check_domain(
        servers_for_blocking, {"load": 8, "blocking": 0.01}, {"load": (-1, 1_000_001), "blocking": (0, 1, -0.1, 2)}
    )


def test_an_unstable_load_is_explained():
    assert rejects("load", erlang_c, 10, 10).allowed == "below the number of servers, 10 (utilisation < 1)"
