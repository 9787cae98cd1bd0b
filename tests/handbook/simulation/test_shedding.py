"""Whom a station turns away."""

import pytest

from handbook.simulation import (
    ControlledDelay,
    Meter,
    PriorityLimits,
    Simulation,
    Source,
    Station,
    burst,
    exponential,
    poisson,
)


def overloaded(load: float, shedder, seed: int = 1, arrivals=None, priorities=None, **options):
    sim = Simulation(seed)
    station = Station(sim, "station", 10, exponential(0.1), shedder=shedder, **options)
    classes = [Meter(sim, f"class {n}", station) for n in (0, 1)]
    Source(sim, "source", arrivals or poisson(100 * load),
           lambda request, done: classes[request.priority](request, done), priorities=priorities)  # fmt: skip
    sim.run(until=200)
    return station, classes


def test_controlled_delay_cuts_a_standing_queue_to_the_target():
    station, (meter, _) = overloaded(1.5, ControlledDelay(target=0.02, interval=0.2))
    _, (unprotected, _) = overloaded(1.5, None)
    # Nobody waits longer than the interval, and it is rarely used; the servers are kept busy all the same.
    assert station.mean_wait < 0.05
    assert station.utilisation > 0.95
    assert meter.success_share == pytest.approx(1 / 1.5, abs=0.05)
    assert unprotected.latency.quantile(0.5) > 20


def test_controlled_delay_lets_a_calm_station_alone():
    station, (meter, _) = overloaded(0.5, ControlledDelay(target=0.02, interval=0.2))
    assert meter.success_share > 0.999


def test_controlled_delay_absorbs_a_short_burst():
    arrivals = burst(30, 1000, start=50, duration=0.02)  # some 20 requests at once, 0.2 s of work
    station, (meter, _) = overloaded(0, ControlledDelay(target=0.02, interval=0.5), arrivals=arrivals)
    assert station.refused.total() == 0
    assert meter.latency.count > 5000


def test_priorities_are_shed_from_the_bottom():
    station, (important, other) = overloaded(
        1.5, PriorityLimits({0: 100, 1: 10}), priorities={0: 0.4, 1: 0.6}, discipline="priority"
    )
    assert important.success_share == 1
    # 60 of the 100 a second that the station can do are for the important; the other 90 a second get the rest.
    assert other.goodput == pytest.approx(40, rel=0.08)  # its standard error is 0.9 a second
    assert station.queued <= 100


def test_a_priority_without_a_limit_has_the_lowest():
    assert not PriorityLimits({0: 9, 1: 5}).admits(type("R", (), {"priority": 2})(), queued=5, now=0)
    assert PriorityLimits({0: 9, 1: 5}).admits(type("R", (), {"priority": 2})(), queued=4, now=0)
