"""Series, meters and probes."""

import pytest

from handbook import InputError
from handbook.simulation import Meter, Probe, Series, Simulation, Source, Station, constant, poisson, replay


def test_a_series_shows_complete_bins():
    sim = Simulation(1)
    series = Series(sim, bin=2)
    for time, amount in ((0, 1), (1.9, 2), (2, 4), (7, 8), (8.5, 16)):
        sim.at(time, series.add, amount)
    sim.run(until=9)
    assert (series.times, series.sums) == ([0, 2, 4, 6], [3, 4, 0, 8])
    assert (series.rates, series.peak_rate) == ([1.5, 2, 0, 4], 4)
    assert series.points == [(0, 1.5), (2, 2), (4, 0), (6, 4)]
    assert series.mean_rate(2, 8) == 2
    sim.run(until=14)
    assert series.sums == [3, 4, 0, 8, 16, 0, 0]
    for start, end in ((1, 4), (2, 16), (4, 4)):
        with pytest.raises(InputError, match="whole bins"):
            series.mean_rate(start, end)


def test_a_meter_sees_what_the_caller_sees():
    sim = Simulation(1)
    meter = Meter(sim, "meter", Station(sim, "station", 1, constant(3), queue_limit=1), bin=5)
    Source(sim, "source", replay([0, 1, 2, 13, 18]), meter)
    sim.run(until=20)
    assert meter.outcomes == {"ok": 3, "queue full": 1}
    assert (meter.requests, meter.in_flight, meter.success_share) == (5, 1, 0.75)
    assert (meter.offered.sums, meter.good.sums) == ([3, 0, 1, 1], [1, 1, 0, 1])
    assert [meter.latency.quantile(q) for q in (0, 0.5, 1)] == [3, 3, 5]
    assert meter.goodput == 3 / 20


def test_a_probe_reads_at_regular_times_and_finds_moments():
    sim = Simulation(1)
    station = Station(sim, "station", 1, constant(1))
    probe = Probe(sim, "probe", 0.5, {"backlog": lambda: station.backlog, "up": lambda: station.up})
    Source(sim, "source", replay([0.1] * 4 + [10]), station)
    sim.run(until=6)
    assert probe.times == [tick / 2 for tick in range(12)]
    assert probe.values["backlog"] == [0, 4, 4, 3, 3, 2, 2, 1, 1, 0, 0, 0]
    assert probe.points("up")[:2] == [(0, True), (0.5, True)]
    assert probe.when("backlog", lambda requests: requests == 0, after=1) == 4.5
    assert probe.when("backlog", lambda requests: requests > 5) is None
    with pytest.raises(InputError, match="gauge = 'length'"):
        probe.when("length", bool)


def test_a_mean_rate_is_the_rate():
    sim = Simulation(1)
    meter = Meter(sim, "meter", Station(sim, "station", 50, constant(0.1)), bin=0.1)
    Source(sim, "source", poisson(200), meter)
    sim.run(until=50)
    assert meter.offered.mean_rate(0.3, 49.9) == pytest.approx(200, rel=0.03)
