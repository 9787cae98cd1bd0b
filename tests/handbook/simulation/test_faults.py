"""Scheduled faults: they begin, overlap and end, and are marked."""

import pytest

from handbook import InputError
from handbook.simulation import (
    Errors,
    Link,
    Probe,
    Simulation,
    Station,
    Zone,
    capacity_loss,
    constant,
    fault,
    outage,
    override,
    random_outages,
    slowdown,
)


def station_of(sim: Simulation, name: str = "station") -> Station:
    return Station(sim, name, 4, constant(1))


def test_overlapping_outages_end_with_the_last():
    sim = Simulation(1)
    station = station_of(sim)
    probe = Probe(sim, "probe", 1, {"up": lambda: station.up})
    outage(sim, station, start=2.5, duration=4)
    outage(sim, station, start=4.5, duration=5, label="power cut")
    sim.run(until=12)
    assert [time for time, up in zip(probe.times, probe.values["up"], strict=True) if not up] == [3, 4, 5, 6, 7, 8, 9]
    assert sim.marks == [
        (2.5, "station outage begins"), (4.5, "power cut begins"),
        (6.5, "station outage ends"), (9.5, "power cut ends"),
    ]  # fmt: skip


def test_a_zone_takes_all_its_parts_along():
    sim = Simulation(1)
    stations = [station_of(sim, name) for name in "abc"]
    link = Link(sim, "link", stations[0])
    outage(sim, Zone("zone 1", [stations[0], stations[1], link]), start=1, duration=2)
    outage(sim, stations[1], start=2, duration=5)
    sim.run(until=1.5)
    assert [part.up for part in (*stations, link)] == [False, False, True, False]
    sim.run(until=4)
    assert [part.up for part in (*stations, link)] == [True, False, True, True]


def test_settings_are_put_back():
    sim = Simulation(1)
    errors = Errors(sim, "errors", station_of(sim), 0.01)
    override(sim, errors, start=5, duration=5, probability=0.9)
    seen = []
    for time in (4, 6, 11):
        sim.run(until=time)
        seen.append(errors.probability)
    assert seen == [0.01, 0.9, 0.01]
    with pytest.raises(InputError, match="settings = 'probabilty'"):
        override(sim, errors, start=20, duration=5, probabilty=0.9)


def test_servers_lost_twice_come_back():
    sim = Simulation(1)
    station = station_of(sim)
    capacity_loss(sim, station, 1, start=1, duration=5)
    capacity_loss(sim, station, 2, start=2, duration=2)
    seen = []
    for time in (1.5, 3, 5, 7):
        sim.run(until=time)
        seen.append(station.servers)
    assert seen == [3, 1, 3, 4]
    with pytest.raises(InputError, match="at most"):
        capacity_loss(sim, station, 5, start=10, duration=1)


def test_slowness_ends():
    sim = Simulation(1)
    station = station_of(sim)
    slowdown(sim, station, 3, start=1, duration=2)
    slowdown(sim, station, 1.1, start=2, duration=5)
    ends = []
    for start in (0, 1.5, 2.5, 8):
        sim.at(start, lambda: station(sim.request(), lambda outcome: ends.append(sim.now)))
    sim.run()
    assert ends == pytest.approx([1, 4.5, 5.8, 9])


def test_random_outages_have_the_availability_of_their_means(agrees):
    def availability(seed: int) -> float:
        sim = Simulation(seed)
        station = station_of(sim)
        probe = Probe(sim, "probe", 0.5, {"up": lambda: station.up})
        random_outages(sim, station, time_to_failure=90, time_to_repair=10)
        sim.run(until=5000)
        return sum(probe.values["up"]) / len(probe.times)

    agrees(availability, 0.9, within=0.02)


def test_a_fault_of_ones_own():
    sim, seen = Simulation(1), []
    fault(sim, "deploy", 1, 2, lambda: seen.append(sim.now), lambda: seen.append(sim.now))
    sim.run()
    assert seen == [1, 3]
    with pytest.raises(InputError, match="duration"):
        fault(sim, "deploy", 1, 0, lambda: None, lambda: None)
