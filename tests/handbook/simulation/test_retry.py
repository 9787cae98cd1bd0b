"""Backoff, budgets and the retry policy."""

from random import Random

import pytest

from handbook.simulation import (
    Backoff,
    Errors,
    Meter,
    Outcome,
    Retry,
    RetryBudget,
    Simulation,
    Source,
    Station,
    Timeout,
    constant,
    poisson,
    replay,
)


@pytest.mark.parametrize(("jitter", "low", "mean"), [("none", 1, 1), ("equal", 0.5, 0.75), ("full", 0, 0.5)])
@pytest.mark.parametrize("retry", [0, 3, 9, 2000])
def test_backoff_stays_in_its_range_and_has_its_mean(jitter, low, mean, retry):
    backoff, rng = Backoff(base=0.1, cap=20, jitter=jitter), Random(1)
    ceiling = min(20, 0.1 * 2 ** min(retry, 60))
    draws = [backoff.delay(retry, rng) for _ in range(4000)]
    assert ceiling * low <= min(draws) <= max(draws) <= ceiling
    # A uniform draw from 0 to 1 has a standard deviation of .29: four standard errors of 4,000 are .018.
    assert sum(draws) / 4000 == pytest.approx(ceiling * mean, abs=0.019 * ceiling)
    assert backoff.mean(retry) == pytest.approx(ceiling * mean)


def failing(probability: float, seed: int, span: float = 1000.0, rate: float = 10.0, budget=None, **options):
    sim = Simulation(seed)
    errors = Errors(sim, "errors", Station(sim, "station", 1000, constant(0.01)), probability)
    retry = Retry(sim, "retry", errors, budget=budget(sim) if budget else None, **options)
    meter = Meter(sim, "meter", retry)
    Source(sim, "source", poisson(rate), meter)
    sim.run(until=span)
    return retry, meter


def test_attempts_and_success_follow_the_geometric_series(agrees):
    # With n attempts that fail with p: (1 - pⁿ) / (1 - p) attempts a request, of which 1 - pⁿ succeed.
    quick = Backoff(0.001, 0.001)
    agrees(lambda seed: failing(0.5, seed, 300, attempts=4, backoff=quick)[0].amplification, 1.875, within=0.02)
    agrees(lambda seed: failing(0.5, seed, 300, attempts=4, backoff=quick)[1].success_share, 0.9375, within=0.02)


def test_delays_between_attempts_are_the_backoff():
    sim, sent = Simulation(1), []

    def refuse(request, done):
        sent.append((sim.now, request.key, request.attempt))
        done(Outcome.FAILED)

    retry = Retry(sim, "retry", refuse, attempts=5, backoff=Backoff(1, 4, "none"))
    meter = Meter(sim, "meter", retry)
    Source(sim, "source", replay([10]), meter)
    sim.run()
    assert sent == [(10, 0, 0), (11, 0, 1), (13, 0, 2), (17, 0, 3), (21, 0, 4)]
    assert (retry.first_attempts, retry.retries, retry.exhausted) == (1, 4, 1)
    assert meter.outcomes == {Outcome.FAILED: 1}


def test_only_the_chosen_outcomes_are_tried_again():
    sim = Simulation(1)
    retry = Retry(sim, "retry", Errors(sim, "errors", Station(sim, "s", 1, constant(1)), 1.0), retry_on={Outcome.SHED})
    Source(sim, "source", replay([1, 2]), retry)
    sim.run()
    assert (retry.first_attempts, retry.retries) == (2, 0)


@pytest.mark.parametrize(("ratio", "reserve"), [(0.1, 0.0), (0.25, 0.0), (0.0, 0.5)])
def test_retries_never_exceed_the_budget_and_use_it_up(ratio, reserve):
    retry, _ = failing(
        1.0, 1, attempts=10, backoff=Backoff(0.1, 0.1), budget=lambda sim: RetryBudget(sim, ratio, 20, reserve)
    )
    bound = 20 + ratio * retry.first_attempts + reserve * 1000
    assert 0.97 * bound <= retry.retries <= bound
    assert retry.denied > 0


def test_ten_deposits_of_a_tenth_are_one_retry():
    budget = RetryBudget(Simulation(1), ratio=0.1, capacity=1)
    assert budget.withdraw()
    assert not budget.withdraw()
    for _ in range(10):
        budget.deposit()
    assert budget.withdraw()
    assert not budget.withdraw()


def test_a_timeout_inside_limits_each_attempt_and_its_late_answers_are_ignored():
    sim = Simulation(1)
    station = Station(sim, "station", 1, constant(3))
    timeout = Timeout(sim, "timeout", station, after=2)
    meter = Meter(sim, "meter", Retry(sim, "retry", timeout, attempts=3, backoff=Backoff(0.5, 0.5, "none")))
    Source(sim, "source", replay([0]), meter)
    sim.run()
    # Attempts at 0, 2.5 and 5, each given up after 2 s; the station ends them at 3, 6 and 9, for nobody.
    assert meter.outcomes == {Outcome.TIMED_OUT: 1}
    assert (timeout.timed_out, timeout.late, station.completed, station.wasted) == (3, 3, 3, 3)


def test_a_timeout_around_limits_all_attempts():
    sim = Simulation(1)
    retry = Retry(
        sim, "retry", Errors(sim, "errors", Station(sim, "s", 1, constant(1)), 1.0), 100, Backoff(1, 1, "none")
    )
    meter = Meter(sim, "meter", Timeout(sim, "timeout", retry, after=4.5))
    Source(sim, "source", replay([0, 1]), meter)
    sim.run(until=7)
    assert meter.outcomes == {Outcome.TIMED_OUT: 2}


def test_timeouts_come_at_their_time_also_when_others_were_answered():
    sim, seen = Simulation(1), []
    station = Station(sim, "station", 1, constant(1.5))
    timeout = Timeout(sim, "timeout", station, after=2)
    for start in (0, 0.1, 1.0, 9.0):
        sim.at(start, lambda: timeout(sim.request(), lambda outcome: seen.append((round(sim.now, 9), str(outcome)))))
    sim.run()
    assert seen == [(1.5, "ok"), (2.1, "timed out"), (3.0, "timed out"), (10.5, "ok")]
