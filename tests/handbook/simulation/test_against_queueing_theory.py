"""Stations against the closed forms of queueing theory: published values, 99 % interval over 20 seeds, stated width."""

from functools import lru_cache

import pytest

from handbook.simulation import (
    Bulkhead,
    Distribution,
    Meter,
    Simulation,
    Source,
    Station,
    constant,
    erlang,
    exponential,
    hyperexponential,
    lognormal,
    poisson,
    uniform,
)

MEAN = 1.0  # mean service time, s


@lru_cache  # several tests look at the same runs
def run(seed: int, servers: int, load: float, service: Distribution | None = None, span: float = 8000, **options):
    """A queue that is offered `load` erlangs; returns the station and the meter in front of it."""
    sim = Simulation(seed, warm_up=200)
    station = Station(sim, "station", servers, service or exponential(MEAN), **options)
    meter = Meter(sim, "meter", station)
    Source(sim, "source", poisson(load / MEAN), meter)
    sim.run(until=200 + span)
    return station, meter


def test_mm1_mean_response_is_five_service_times_at_80_percent(agrees):
    agrees(lambda seed: run(seed, 1, 0.8)[1].latency.mean, 5.0, within=0.1)


def test_mm1_response_time_is_exponential(agrees):
    # The response time of M/M/1 is exponential with the mean above: its 90th percentile is 5 ln 10 service times.
    agrees(lambda seed: run(seed, 1, 0.8)[1].latency.quantile(0.9), 11.5129, within=0.12)


def test_utilisation_is_offered_load_over_servers(agrees):
    agrees(lambda seed: run(seed, 4, 3.0, span=1500)[0].utilisation, 0.75, within=0.02)


@pytest.mark.parametrize(
    ("servers", "load", "waits", "within"),
    [(2, 1.0, 0.33333, 0.03), (10, 8.0, 0.40918, 0.07)],
)
def test_mmc_waits_as_erlang_c_says(agrees, servers, load, waits, within):
    def share_delayed(seed: int) -> float:
        station, _ = run(seed, servers, load, span=8000 / load)
        return station.delayed / station.arrivals

    agrees(share_delayed, waits, within)


def test_mmc_mean_wait_follows_from_erlang_c(agrees):
    # P(wait) · S / (servers - load) = .40918 / 2
    agrees(lambda seed: run(seed, 10, 8.0, span=1000)[0].mean_wait, 0.20459, within=0.15)


@pytest.mark.parametrize("service", [exponential(MEAN), constant(MEAN), lognormal(MEAN, 2.0)], ids=lambda s: s.label)
def test_loss_without_a_queue_is_erlang_b_whatever_the_distribution(agrees, service):
    def share_refused(seed: int) -> float:
        station, _ = run(seed, 10, 8.0, service, span=1000, queue_limit=0)
        return station.refused["queue full"] / station.arrivals

    agrees(share_refused, 0.12166, within=0.06)


def test_a_bulkhead_refuses_as_erlang_b_says(agrees):
    def share_refused(seed: int) -> float:
        sim = Simulation(seed, warm_up=100)
        bulkhead = Bulkhead(sim, "bulkhead", Station(sim, "ample", 1000, exponential(MEAN)), limit=10)
        Source(sim, "source", poisson(8.0), bulkhead)
        sim.run(until=1100)
        return bulkhead.refused / (bulkhead.refused + bulkhead.passed)

    agrees(share_refused, 0.12166, within=0.06)


@pytest.mark.parametrize(
    ("service", "wait"),
    [
        (constant(MEAN), 2.0),
        (exponential(MEAN), 4.0),
        (erlang(MEAN, 4), 2.5),
        (uniform(0.5, 1.5), 2 * (1 + 1 / 12)),
        (hyperexponential(MEAN, 3.0), 8.0),
    ],
    ids=lambda value: getattr(value, "label", ""),
)
def test_mg1_mean_wait_is_pollaczek_khinchine(agrees, service, wait):
    # rho S (1 + cv²) / (2 (1 - rho)) with rho .8
    assert 0.8 * MEAN * (1 + service.cv2) / (2 * 0.2) == pytest.approx(wait)
    agrees(lambda seed: run(seed, 1, 0.8, service)[0].mean_wait, wait, within=0.15)


def test_lifo_has_the_mean_wait_of_fifo_and_a_longer_tail(agrees):
    agrees(lambda seed: run(seed, 1, 0.8, discipline="lifo")[0].mean_wait, 4.0, within=0.12)
    fifo, lifo = (run(1, 1, 0.8, discipline=discipline)[1] for discipline in ("fifo", "lifo"))
    assert lifo.latency.quantile(0.99) > 1.5 * fifo.latency.quantile(0.99)
    assert lifo.latency.quantile(0.5) < fifo.latency.quantile(0.5)


def test_non_preemptive_priority_follows_cobham(agrees):
    # Mean residual work R = rho S = .8; the important class (load .4) waits R / (1 - .4), the other that / (1 - .8).
    @lru_cache
    def waits(seed: int) -> list[float]:
        sim = Simulation(seed, warm_up=500)
        station = Station(sim, "station", 1, exponential(MEAN), discipline="priority")
        classes = [Meter(sim, f"class {n}", station) for n in (0, 1)]
        Source(sim, "even", poisson(0.8), lambda request, done: classes[request.priority](request, done),
               priorities={0: 0.5, 1: 0.5})  # fmt: skip
        sim.run(until=6500)
        return [meter.latency.mean - MEAN for meter in classes]

    agrees(lambda seed: waits(seed)[0], 0.8 / 0.6, within=0.06)
    agrees(lambda seed: waits(seed)[1], 0.8 / 0.6 / 0.2, within=0.16)


def test_mm1k_loses_the_geometric_share(agrees):
    # M/M/1 with room for 3 in all: P(full) = (1 - rho) rho³ / (1 - rho⁴)
    def share_refused(seed: int) -> float:
        station, _ = run(seed, 1, 0.8, span=5000, queue_limit=2)
        return station.refused["queue full"] / station.arrivals

    agrees(share_refused, 0.2 * 0.8**3 / (1 - 0.8**4), within=0.04)


@pytest.mark.parametrize("discipline", ["fifo", "lifo", "priority"])
def test_littles_law_holds_in_one_run(discipline):
    # L and W are measured in different ways; what differs is the requests at the edges of the run.
    station, meter = run(7, 3, 2.4, discipline=discipline)
    arrival_rate = station.arrivals / station.sim.measured
    assert station.mean_queue + station.mean_busy == pytest.approx(arrival_rate * meter.latency.mean, rel=0.005)
    assert station.mean_queue == pytest.approx(arrival_rate * station.mean_wait, rel=0.01)
