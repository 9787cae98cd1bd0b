"""The clock, the streams, and services in processes."""

import gc

import pytest

from handbook import InputError, Q, simulation
from handbook.simulation import Meter, Outcome, Simulation, Source, Station, constant, exponential, poisson


def latencies(seed: int, *extra: str) -> list[float]:
    """One queue; `extra` names further sources that send to a station of their own."""
    sim = Simulation(seed)
    meter = Meter(sim, "meter", Station(sim, "station", 1, exponential(0.8)))
    Source(sim, "source", poisson(1), meter)
    for name in extra:
        Source(sim, name, poisson(3), Station(sim, f"station of {name}", 1, exponential(0.1)))
    sim.run(until=200)
    return [meter.latency.quantile(q) for q in (0.1, 0.5, 0.9, 0.99)]


def test_the_same_seed_gives_the_same_run_and_another_seed_another_one():
    assert latencies(1) == latencies(1)
    assert latencies(1) != latencies(2)


def test_adding_a_part_leaves_the_draws_of_the_others():
    assert latencies(1) == latencies(1, "other", "another")


def test_streams_are_the_same_in_every_python():
    # Text seeds go through SHA-512: these are the values of every Python 3.
    draws = Simulation(7).stream("campaign")
    assert [round(draws.random(), 12) for _ in range(3)] == [0.857365640471, 0.330978818733, 0.865194687666]


def test_a_name_is_given_once():
    sim = Simulation(1)
    Station(sim, "station", 1, constant(1))
    with pytest.raises(InputError, match="station"):
        Station(sim, "station", 1, constant(1))


def test_actions_run_in_order_of_time_and_at_one_time_in_order_of_their_calls():
    sim, seen = Simulation(1), []
    sim.after(2, seen.append, "late")
    sim.at(1, seen.append, "early")
    sim.timeout(1).callbacks.append(lambda event: seen.append("an event of SimPy's"))
    sim.after(1, seen.append, "then this")
    sim.after(0, seen.append, "now")
    sim.run(until=3)
    assert seen == ["now", "early", "an event of SimPy's", "then this", "late"]
    with pytest.raises(InputError, match="not before now"):
        sim.at(2, seen.append, "past")
    with pytest.raises(InputError, match="later than now"):
        sim.run(until=3)


def test_a_process_uses_a_service():
    sim, seen = Simulation(1), []
    station = Station(sim, "station", 1, constant(2), queue_limit=0)

    def client():
        first = sim.call(station)
        refused = yield sim.call(station)
        answered = yield first
        seen.extend([refused, answered, sim.now])

    sim.process(client())
    sim.run()
    assert seen == [Outcome.QUEUE_FULL, Outcome.OK, 2.0]


def test_warm_up_forgets_what_came_before():
    sim = Simulation(1, warm_up=10)
    station = Station(sim, "station", 1, constant(1))
    meter = Meter(sim, "meter", station)
    source = Source(sim, "source", poisson(0.2), meter)
    sim.after(0, lambda: [station(sim.request(), lambda outcome: None) for _ in range(5)])
    sim.run(until=9)
    assert station.arrivals >= 5
    sim.run(until=1010)
    assert source.sent == meter.requests == station.arrivals == pytest.approx(200, abs=60)
    assert sim.measured == 1000
    assert station.utilisation == pytest.approx(station.arrivals / 1000, abs=0.01)


def test_quantities_are_accepted_in_their_own_units():
    sim = Simulation(1, warm_up=Q(1, "minute"))
    meter = Meter(sim, "meter", Station(sim, "station", 1, constant(Q(50, "millisecond"))))
    Source(sim, "source", poisson(Q(120, "request/minute")), meter)
    sim.run(until=Q(1, "hour"))
    assert sim.now == 3600
    assert meter.latency.minimum == pytest.approx(0.05)
    assert meter.requests == pytest.approx(3540 * 2, rel=0.05)


def test_the_example_of_the_package_runs():
    example = [line[4:] for line in simulation.__doc__.splitlines() if line.startswith("    ")]
    names = dict(vars(simulation))
    exec("\n".join(example), names)
    # 70 requests a second, of which those that find all ten servers busy for a second are tried again.
    assert names["client"].goodput == pytest.approx(70, rel=0.03)
    assert names["client"].latency.quantile(0.99) < 1


def test_a_run_leaves_the_garbage_collector_as_it_was():
    before = gc.get_threshold()
    sim = Simulation(1)
    sim.after(1, lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        sim.run(until=2)
    assert gc.get_threshold() == before
