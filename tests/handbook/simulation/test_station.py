"""One station, step by step, with constant service times and replayed arrivals."""

import pytest

from handbook.simulation import Meter, Outcome, Simulation, Source, Station, constant, exponential, poisson, replay


def play(station_of, times, until=100.0, priorities=None, deadline=None):
    """Send a request at each time; returns the station and, in order of answers, (time, number, outcome)."""
    sim = Simulation(1)
    station, answers = station_of(sim), []

    def send(request, done):
        number = request.key
        if priorities:
            request.priority = priorities[number]
        if deadline:
            request.deadline = request.created + deadline
        station(request, lambda outcome: answers.append((sim.now, number, str(outcome))))

    Source(sim, "source", replay(times), send)
    sim.run(until=until)
    return station, answers


def test_fifo_lifo_and_priority_serve_in_their_order():
    times, order = [0, 1, 2, 3], {}
    for discipline in ("fifo", "lifo", "priority"):
        _, answers = play(
            lambda sim, d=discipline: Station(sim, "s", 1, constant(10), discipline=d), times, priorities=[0, 1, 1, 0]
        )
        order[discipline] = [number for _, number, _ in answers]
        assert [time for time, _, _ in answers] == [10, 20, 30, 40]
    assert order == {"fifo": [0, 1, 2, 3], "lifo": [0, 3, 2, 1], "priority": [0, 3, 1, 2]}


def test_a_full_queue_refuses_at_once():
    station, answers = play(lambda sim: Station(sim, "s", 2, constant(10), queue_limit=1), [0, 1, 2, 3, 10.5])
    assert answers == [(3, 3, "queue full"), (10, 0, "ok"), (11, 1, "ok"), (20, 2, "ok"), (21, 4, "ok")]
    assert station.refused == {Outcome.QUEUE_FULL: 1}
    assert (station.arrivals, station.delayed, station.completed) == (5, 3, 4)
    assert station.mean_wait == pytest.approx((0 + 0 + 8 + 0.5) / 4)
    assert station.mean_busy == pytest.approx(40 / 100)
    assert station.mean_queue == pytest.approx(8.5 / 100)


def test_a_crash_answers_everybody_and_loses_the_work():
    def build(sim):
        station = Station(sim, "s", 1, constant(10))
        sim.at(5, station.fail)
        sim.at(8, station.restore)
        return station

    station, answers = play(build, [0, 1, 6, 9])
    assert answers == [(5, 0, "unavailable"), (5, 1, "unavailable"), (6, 2, "unavailable"), (19, 3, "ok")]
    assert station.completed == 1
    assert station.mean_busy == pytest.approx((5 + 10) / 100)


def test_slowness_stretches_the_services_that_begin_then():
    def build(sim):
        station = Station(sim, "s", 1, constant(2))
        sim.at(1, station.slow, 3)
        sim.at(1, station.slow, 2)
        sim.at(5, station.unslow, 3)
        sim.at(15, station.unslow, 2)
        return station

    _, answers = play(build, [0, 3, 20, 30])
    assert [time for time, _, _ in answers] == [2, 15, 22, 32]
    with pytest.raises(ValueError, match="in force"):
        Station(Simulation(1), "s", 1, constant(1)).unslow(2)


def test_servers_can_be_taken_and_given():
    def build(sim):
        station = Station(sim, "s", 2, constant(10))
        sim.at(1, station.resize, 1)
        sim.at(15, station.resize, 3)
        return station

    _, answers = play(build, [0, 0, 2, 2, 2])
    assert [time for time, _, _ in answers] == [10, 10, 20, 25, 25]


def test_expired_requests_are_served_for_nobody_unless_dropped():
    times = [0, 0, 0, 0]
    station, answers = play(lambda sim: Station(sim, "s", 1, constant(10)), times, deadline=15)
    assert (station.completed, station.wasted) == (4, 3)
    station, answers = play(lambda sim: Station(sim, "s", 1, constant(10), drop_expired=True), times, deadline=15)
    assert answers == [(10, 0, "ok"), (20, 2, "expired"), (20, 3, "expired"), (20, 1, "ok")]
    assert (station.completed, station.wasted, station.refused) == (2, 1, {Outcome.EXPIRED: 2})


def test_all_requests_are_accounted_for_under_overload_and_crashes():
    sim = Simulation(3)
    station = Station(sim, "s", 3, exponential(1), queue_limit=20)
    meter = Meter(sim, "meter", station)
    Source(sim, "source", poisson(5), meter)
    for time in (50, 120, 130):
        sim.at(time, station.fail)
        sim.at(time + 5, station.restore)
    sim.run(until=200)
    assert meter.requests == meter.outcomes.total() + meter.in_flight
    assert meter.in_flight == station.backlog
    assert meter.outcomes["ok"] == station.completed
    assert station.refused.total() == meter.outcomes.total() - station.completed
