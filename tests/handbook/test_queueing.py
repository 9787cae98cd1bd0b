import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import queueing as q
from tests.handbook.bad_input import check_domain, rejects

rates = st.floats(0.001, 1000)
times = st.floats(0.001, 10)
utilisations = st.floats(0, 0.999)


@given(rates, times)
def test_littles_law_closes(rate, duration):
    concurrency = q.little_concurrency(rate, duration)
    assert concurrency == rate * duration
    assert q.little_rate(concurrency, duration) == pytest.approx(rate)
    assert q.little_duration(concurrency, rate) == pytest.approx(duration)


def test_starts_of_twenty_million_streams():
    assert q.little_rate(20e6, 30 * 60) == pytest.approx(11_111, abs=1)
    assert q.little_rate(20e6, 20 * 60) == pytest.approx(16_667, abs=1)
    assert q.little_rate(0, 60) == 0
    assert q.little_concurrency(0, 0) == 0


def test_load_and_utilisation():
    assert q.offered_load(900, 0.1) == 90
    assert q.utilisation(900, 0.1) == 90
    assert q.utilisation(900, 0.1, 120) == 0.75
    assert q.utilisation(0, 0.1, 120) == 0


def test_published_mm1_at_four_fifths():
    assert q.mm1_response(0.8, 1) == pytest.approx(5)
    assert q.mm1_wait(0.8, 1) == pytest.approx(4)
    assert q.mm1_in_system(0.8, 1) == pytest.approx(4)


@given(utilisations, times)
def test_mm1_identities(share, service):
    rate = share / service
    response = q.mm1_response(rate, service)
    assert response >= service
    assert q.mm1_wait(rate, service) == pytest.approx(response - service, rel=1e-6, abs=1e-9)
    assert q.mm1_in_system(rate, service) == pytest.approx(q.little_concurrency(rate, response))
    assert q.mm1_rate_for_response(service, response) == pytest.approx(rate, rel=1e-6, abs=1e-6)
    assert q.mm1_response_percentile(rate, service, 1 - 1 / math.e) == pytest.approx(response)
    assert q.mmc_wait(rate, service, 1) == pytest.approx(q.mm1_wait(rate, service), rel=1e-9)
    assert q.mg1_wait(rate, service, 1) == pytest.approx(q.mm1_wait(rate, service))
    assert q.mg1_wait(rate, service, 0) == pytest.approx(q.mm1_wait(rate, service) / 2)


def test_mm1_percentiles():
    assert q.mm1_response_percentile(0.8, 1, 0) == 0
    assert q.mm1_response_percentile(0.8, 1, 0.5) == pytest.approx(5 * math.log(2))
    assert q.mm1_response_percentile(0.8, 1, 0.99) == pytest.approx(5 * math.log(100))


def test_published_pollaczek_khinchine():
    assert q.mg1_wait(0.8, 1, 0) == pytest.approx(2)
    assert q.mg1_wait(0.8, 1, 1) == pytest.approx(4)
    assert q.mg1_wait(0.8, 1, 3) == pytest.approx(8)
    assert q.mg1_response(0.8, 1, 0) == pytest.approx(3)
    assert q.mg1_wait(1.6, 0.5, 0) == pytest.approx(1)


def test_published_mmc():
    # P(wait) of (10, 8) is .40918; a mean wait is that over c − a, in service times.
    assert q.mmc_wait(8, 1, 10) == pytest.approx(0.40918 / 2, abs=1e-5)
    assert q.mmc_wait(80, 0.1, 10) == pytest.approx(0.040918 / 2, abs=1e-6)
    assert q.mmc_response(80, 0.1, 10) == pytest.approx(0.1 + 0.040918 / 2, abs=1e-6)
    assert q.mmc_wait(0, 1, 3) == 0


@given(st.integers(1, 50), utilisations, times)
def test_mmc_wait_distribution(servers, share, service):
    rate = share * servers / service
    now = q.mmc_wait_exceeds(rate, service, servers, 0)
    assert now == pytest.approx(q.erlang_c(servers, rate * service))
    percentile = q.mmc_wait_percentile(rate, service, servers, 0.99)
    if now <= 0.01:
        assert percentile == 0
    else:
        assert q.mmc_wait_exceeds(rate, service, servers, percentile) == pytest.approx(0.01)
    # The mean of the waits of those who wait is the decay time.
    mean = q.mmc_wait(rate, service, servers)
    if now > 1e-9:
        assert q.mmc_wait_exceeds(rate, service, servers, mean / now) == pytest.approx(now / math.e)


@given(st.integers(1, 50), st.floats(0.01, 0.95), times)
def test_mmc_waits_less_with_more_servers_and_longer_with_more_load(servers, share, service):
    rate = share * servers / service
    wait = q.mmc_wait(rate, service, servers)
    assert q.mmc_wait(rate, service, servers + 1) < wait
    assert q.mmc_wait(rate * 1.02, service, servers) > wait
    # One fast server waits for less than the same capacity in many, but takes no longer in all.
    assert q.mm1_response(rate, service / servers) <= q.mmc_response(rate, service, servers) * (1 + 1e-9)


@given(st.floats(0, 200), times, st.floats(0.0001, 5), st.floats(0, 0.999))
def test_servers_for_a_wait_are_the_fewest(load, service, wait, quantile):
    rate = load / service
    servers = q.servers_for_wait(rate, service, wait)
    assert q.mmc_wait(rate, service, servers) <= wait * (1 + 1e-9)
    if servers - 1 > rate * service:
        assert q.mmc_wait(rate, service, servers - 1) > wait * (1 - 1e-9)
    servers = q.servers_for_wait_percentile(rate, service, wait, quantile)
    assert q.mmc_wait_percentile(rate, service, servers, quantile) <= wait * (1 + 1e-9)
    if servers - 1 > rate * service:
        assert q.mmc_wait_percentile(rate, service, servers - 1, quantile) > wait * (1 - 1e-9)


def test_servers_by_hand():
    assert q.servers_for_wait(0, 1, 0.1) == 1
    assert q.servers_for_wait(8, 1, 0.40918 / 2 + 1e-5) == 10
    assert q.servers_for_wait(8, 1, 0.40918 / 2 - 1e-5) == 11
    assert q.servers_for_wait(8, 1, 1e9) == 9  # eight would be a queue without end
    assert q.servers_for_wait(1, 1, 1 / 3 + 1e-9) == 2  # M/M/2 at ρ = ½ waits S·ρ²/(1 − ρ²) = S/3
    assert q.servers_for_wait_percentile(8, 1, 0, 0.59) == 10  # 40.9 % wait
    assert q.servers_for_wait_percentile(8, 1, 0, 0.6) == 11
    assert q.servers_for_wait_percentile(80, 0.1, 0, 0.59) == 10
    # P(wait > t) = .40918·e^(−2t) falls below 5 % at t = 1.051, with S = 0.1 at 0.1051.
    assert q.servers_for_wait_percentile(80, 0.1, 0.1052, 0.95) == 10
    assert q.servers_for_wait_percentile(80, 0.1, 0.1050, 0.95) == 11


def test_a_target_that_is_met_exactly_is_met():
    # M/M/1 at ρ = ½: half of the arrivals wait, one service time on average.
    assert q.servers_for_wait(0.5, 1, 1) == 1
    assert q.servers_for_wait_percentile(0.5, 1, 0, 0.5) == 1


def test_ten_thousand_servers():
    assert q.mmc_wait(99_000, 0.1, 10_000) < 0.001
    servers = q.servers_for_wait(99_000, 0.1, 0.001)
    assert 9_900 < servers <= 10_000
    assert q.servers_for_wait(1_000_000, 1, 1e9) == 1_000_001
    error = rejects("arrival_rate", q.servers_for_wait, 1_000_001, 1, 1e9)
    assert error.allowed == "an offered load of at most 1000000 erlangs"


@pytest.mark.parametrize("rate", [10, 10.1, 1000])
def test_an_unstable_queue_is_refused(rate):
    one, two = (rate, 0.1), (2 * rate, 0.1, 2)
    for function, arguments in (
        (q.mm1_response, one),
        (q.mm1_wait, one),
        (q.mm1_in_system, one),
        (q.mm1_response_percentile, (*one, 0.5)),
        (q.mg1_wait, (*one, 1)),
        (q.mg1_response, (*one, 1)),
        (q.mmc_wait, two),
        (q.mmc_response, two),
        (q.mmc_wait_exceeds, (*two, 1)),
        (q.mmc_wait_percentile, (*two, 0.5)),
    ):
        assert "utilisation < 1" in rejects("arrival_rate", function, *arguments).allowed
    assert "servers / service_time = 20 " in rejects("arrival_rate", q.mmc_wait, 20, 0.1, 2).allowed
    assert "servers / service_time = 10 " in rejects("arrival_rate", q.mm1_wait, 10, 0.1).allowed


LOAD = {"arrival_rate": 5, "service_time": 0.1}
BAD = {"arrival_rate": (-1,), "service_time": (0, -1)}


@pytest.mark.parametrize("function", [q.mm1_response, q.mm1_wait, q.mm1_in_system, q.offered_load])
def test_bad_input_of_one_server(function):
    check_domain(function, LOAD, BAD, {"arrival_rate": (0, 9.999)})


def test_bad_input():
    check_domain(q.little_concurrency, {"arrival_rate": 1, "duration": 1}, {"arrival_rate": (-1,), "duration": (-1,)})
    check_domain(q.little_rate, {"concurrency": 1, "duration": 1}, {"concurrency": (-1,), "duration": (0, -1)})
    check_domain(
        q.little_duration, {"concurrency": 0, "arrival_rate": 1}, {"concurrency": (-1,), "arrival_rate": (0, -1)}
    )
    servers = (0, -1, 1.5, 10_000_001)
    check_domain(q.utilisation, LOAD | {"servers": 2}, BAD | {"servers": servers}, {"servers": (1, 10_000_000)})
    quantile = (-0.1, 1, 2)
    check_domain(q.mm1_response_percentile, LOAD | {"quantile": 0.5}, BAD | {"quantile": quantile}, {"quantile": (0,)})
    check_domain(
        q.mm1_rate_for_response, {"service_time": 0.1, "response": 0.2},
        {"service_time": (0, -1), "response": (0, -1, 0.0999)}, {"response": (0.1,)},
    )  # fmt: skip
    for function in (q.mmc_wait, q.mmc_response):
        check_domain(function, LOAD | {"servers": 2}, BAD | {"servers": servers}, {"servers": (1,)})
    check_domain(q.mmc_wait_exceeds, LOAD | {"servers": 2, "time": 1}, BAD | {"servers": servers, "time": (-1,)})
    check_domain(
        q.mmc_wait_percentile, LOAD | {"servers": 2, "quantile": 0.5}, BAD | {"servers": servers, "quantile": quantile}
    )
    check_domain(q.servers_for_wait, LOAD | {"wait": 1}, {**BAD, "arrival_rate": (-1, 10_000_001), "wait": (0, -1)})
    check_domain(
        q.servers_for_wait_percentile, LOAD | {"wait": 1, "quantile": 0.5},
        {**BAD, "arrival_rate": (-1, 10_000_001), "wait": (-1,), "quantile": quantile}, {"wait": (0,)},
    )  # fmt: skip
    for function in (q.mg1_wait, q.mg1_response):
        check_domain(function, LOAD | {"scv": 1}, BAD | {"scv": (-0.1,)}, {"scv": (0, 100)})
