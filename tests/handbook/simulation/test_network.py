"""Links, errors, duplicates and the load balancer."""

import pytest

from handbook.simulation import (
    Backoff,
    Balancer,
    Effects,
    Errors,
    Link,
    Meter,
    Outcome,
    Retry,
    Simulation,
    Source,
    Station,
    Timeout,
    constant,
    exponential,
    outage,
    poisson,
    replay,
)


def test_latency_is_paid_on_both_legs(agrees):
    def mean(seed: int) -> float:
        sim = Simulation(seed)
        meter = Meter(sim, "meter", Link(sim, "link", Station(sim, "s", 100, constant(0.1)), exponential(0.02)))
        Source(sim, "source", poisson(20), meter)
        sim.run(until=50)
        return meter.latency.mean

    agrees(mean, 0.14, within=0.01)


def test_lost_messages_are_never_answered():
    sim = Simulation(1)
    station = Station(sim, "station", 100, constant(0.1))
    link = Link(sim, "link", station, loss=0.2, reply_loss=0.5)
    meter = Meter(sim, "meter", link)
    Source(sim, "source", poisson(100), meter)
    sim.run(until=100)
    assert station.arrivals / meter.requests == pytest.approx(0.8, abs=0.02)
    assert meter.outcomes["ok"] / meter.requests == pytest.approx(0.4, abs=0.02)
    assert meter.requests == meter.outcomes["ok"] + link.lost + station.backlog


def test_a_partition_loses_what_is_sent_while_it_lasts():
    sim = Simulation(1)
    link = Link(sim, "link", Station(sim, "station", 100, constant(1)))
    meter = Meter(sim, "meter", Timeout(sim, "timeout", link, after=3))
    Source(sim, "source", replay(range(0, 60)), meter)
    outage(sim, link, start=19.5, duration=20)
    sim.run()
    # Request 19 gets there but its answer is lost; 20 to 39 never get there.
    assert meter.outcomes == {Outcome.OK: 39, Outcome.TIMED_OUT: 21}


@pytest.mark.parametrize("idempotent", [False, True])
def test_lost_replies_make_duplicates_unless_the_receiver_remembers(idempotent):
    sim = Simulation(1)
    effects = Effects(sim, "effects", Station(sim, "station", 1000, constant(0.1)), idempotent)
    link = Link(sim, "link", effects, reply_loss=0.3)
    retry = Retry(sim, "retry", Timeout(sim, "timeout", link, after=1), attempts=20, backoff=Backoff(0.1, 0.1))
    meter = Meter(sim, "meter", retry)
    Source(sim, "source", poisson(100), meter)
    sim.run(until=100)
    sim.run(until=150)
    assert meter.success_share == 1
    assert len(effects.applied) == pytest.approx(meter.requests, abs=150)
    # Each effect has an answer lost with .3, and then another follows: .3 / .7 duplicates a request.
    again = pytest.approx(0.3 / 0.7, rel=0.05)
    if idempotent:
        assert set(effects.applied.values()) == {1}
        assert effects.suppressed / len(effects.applied) == again
    else:
        assert effects.duplicates / len(effects.applied) == again


def test_concurrent_attempts_of_one_key_take_effect_once():
    sim, answers = Simulation(1), []
    effects = Effects(sim, "effects", Station(sim, "station", 10, constant(5)), idempotent=True)
    request = sim.request()
    for start in (0, 1, 6):
        sim.at(start, effects, request, lambda outcome: answers.append((sim.now, str(outcome))))
    sim.run()
    assert answers == [(5, "ok"), (6, "ok"), (6, "ok")]
    assert (effects.applied[request.key], effects.duplicates, effects.suppressed) == (1, 0, 2)


def test_errors_come_with_their_probability():
    sim = Simulation(1)
    errors = Errors(sim, "errors", Station(sim, "station", 100, constant(0)), 0.3)
    meter = Meter(sim, "meter", errors)
    Source(sim, "source", poisson(100), meter)
    sim.run(until=100)
    assert meter.outcomes["failed"] / meter.requests == pytest.approx(0.3, abs=0.02)
    assert errors.failed == meter.outcomes["failed"]


def fleet(seed: int, policy: str, size: int, load: float, until: float, **options):
    sim = Simulation(seed, warm_up=until / 5)
    stations = [Station(sim, f"station {n}", 1, exponential(1)) for n in range(size)]
    meter = Meter(sim, "meter", Balancer(sim, "balancer", stations, policy, **options))
    Source(sim, "source", poisson(load * size), meter)
    sim.run(until=until)
    return meter, stations


@pytest.mark.parametrize(("load", "response"), [(0.5, 1.26569), (0.9, 2.61406)])
def test_two_choices_follow_the_supermarket_model(load, response):
    # The model is the limit of many servers; 300 are within 3 % of it.
    meter, _ = fleet(1, "two choices", 300, load, until=100)
    assert meter.latency.mean == pytest.approx(response, rel=0.03)


def test_random_choice_is_as_slow_as_single_queues_and_least_loaded_is_best(agrees):
    agrees(lambda seed: fleet(seed, "random", 20, 0.5, until=250)[0].latency.mean, 2.0, within=0.07)
    means = [fleet(1, policy, 20, 0.8, until=300)[0].latency.mean for policy in
             ("least loaded", "two choices", "round robin", "random")]  # fmt: skip
    assert means == sorted(means)


def test_round_robin_takes_turns():
    _, stations = fleet(1, "round robin", 4, 0.5, until=100)
    counts = [station.arrivals for station in stations]
    assert max(counts) - min(counts) <= 1


def test_a_failure_is_noticed_after_the_detection_time():
    sim = Simulation(1)
    stations = [Station(sim, name, 100, constant(0.1)) for name in "ab"]
    meter = Meter(sim, "meter", Balancer(sim, "balancer", stations, detection=5))
    Source(sim, "source", replay([tick / 10 for tick in range(600)]), meter)
    outage(sim, stations[0], start=20.05, duration=20)
    sim.run()
    # For 5 s every second of 10 a second fails; after the repair `a` stays unused for 5 s.
    assert meter.outcomes["unavailable"] == pytest.approx(25, abs=1)
    assert stations[1].arrivals == pytest.approx(300 + 100, abs=2)


def test_without_a_healthy_target_the_balancer_says_so():
    sim = Simulation(1)
    stations = [Station(sim, name, 100, constant(0.1)) for name in "ab"]
    meter = Meter(sim, "meter", Balancer(sim, "balancer", stations, "two choices"))
    Source(sim, "source", replay(range(10)), meter)
    outage(sim, stations[0], start=2.5, duration=5)
    outage(sim, stations[1], start=4.5, duration=5)
    sim.run()
    assert meter.outcomes == {"ok": 7, "unavailable": 3}
    assert stations[0].refused.total() == stations[1].refused.total() == 0
