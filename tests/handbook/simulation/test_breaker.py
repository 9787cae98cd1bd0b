"""The circuit breaker's three states, and what it saves."""

from handbook.simulation import (
    CircuitBreaker,
    Meter,
    Outcome,
    Simulation,
    Source,
    Station,
    exponential,
    outage,
    poisson,
    replay,
)


class Switch:
    """A service that answers after a second as it is told."""

    def __init__(self, sim, outcome=Outcome.OK):
        self.sim, self.outcome, self.calls = sim, outcome, 0

    def __call__(self, request, done):
        self.calls += 1
        self.sim.after(1, done, self.outcome)


def test_it_opens_probes_and_closes():
    sim = Simulation(1)
    switch = Switch(sim, Outcome.FAILED)
    breaker = CircuitBreaker(sim, "breaker", switch, 0.5, window=10, minimum=4, open_for=10, trials=2)
    meter = Meter(sim, "meter", breaker)
    Source(sim, "source", replay([0, 0.1, 0.2, 0.3, 2, 11.4, 11.5, 11.6, 25, 25.1, 25.2, 30]), meter)
    sim.at(20, setattr, switch, "outcome", Outcome.OK)
    sim.run()
    # The fourth failure, at 1.3, opens. 11.3: half-open, of three calls two are trials; the first fails at 12.4.
    # 22.4: half-open again; the trials of 25 and 25.1 end ok, at 26.1 it closes.
    assert [(round(time, 6), state) for time, state in breaker.changes] == [
        (1.3, "open"), (11.3, "half-open"), (12.4, "open"), (22.4, "half-open"), (26.1, "closed"),
    ]  # fmt: skip
    assert switch.calls == 4 + 2 + 2 + 1
    assert meter.outcomes == {"failed": 6, "circuit open": 3, "ok": 3}
    assert (breaker.passed, breaker.refused) == (9, 3)
    assert [mark.label for mark in sim.marks][-1] == "breaker closed"


def test_too_few_calls_or_too_few_failures_leave_it_closed():
    for minimum, failing in ((20, 10), (4, 4)):  # 10 calls that all fail; 10 of which the last 4 fail
        sim = Simulation(1)
        switch = Switch(sim)
        breaker = CircuitBreaker(sim, "breaker", switch, 0.5, window=20, minimum=minimum)
        Source(sim, "source", replay(range(10)), breaker)
        sim.at(10.5 - failing, setattr, switch, "outcome", Outcome.FAILED)
        sim.run()
        assert breaker.changes == []


def test_old_calls_leave_the_window():
    sim = Simulation(1)
    switch = Switch(sim)
    breaker = CircuitBreaker(sim, "breaker", switch, 0.5, window=10, minimum=10)
    Source(sim, "source", replay(range(1000)), breaker)
    sim.at(990.5, setattr, switch, "outcome", Outcome.FAILED)
    sim.run(until=995.5)
    assert breaker.state == "closed"
    sim.run(until=996.5)
    assert breaker.state == "open"  # 5 of the last 10, although 5 of 996


def test_what_the_callers_own_limits_refuse_does_not_open_it():
    sim = Simulation(1)
    breaker = CircuitBreaker(sim, "breaker", Switch(sim, Outcome.RATE_LIMITED), minimum=5)
    Source(sim, "source", replay(range(50)), breaker)
    sim.run()
    assert breaker.state == "closed"


def test_it_spares_a_service_that_is_down_and_finds_it_again():
    def calls(protected: bool) -> tuple[int, float]:
        sim = Simulation(1)
        station = Station(sim, "station", 10, exponential(0.05))
        target = CircuitBreaker(sim, "breaker", station, open_for=5) if protected else station
        meter = Meter(sim, "meter", target)
        Source(sim, "source", poisson(50), meter)
        outage(sim, station, start=60, duration=60)
        sim.run(until=240)
        return station.refused["unavailable"], meter.good.mean_rate(130, 240) / 50

    bare, protected = calls(False), calls(True)
    assert bare[0] > 2800
    assert protected[0] < 300
    # From 10 s after the outage nobody is refused any more; what is in service at the edges differs.
    assert abs(protected[1] - bare[1]) < 0.002
