"""Token bucket and rate limit against the bound capacity + rate · t, in every window; the bulkhead's count."""

from random import Random

import pytest

from handbook.simulation import (
    Bulkhead,
    Meter,
    RateLimit,
    Simulation,
    Source,
    Station,
    TokenBucket,
    constant,
    override,
    poisson,
    replay,
)


def passed(seed: int, rate: float, burst: int, offered: float, span: float, **options) -> tuple[list[float], Meter]:
    """Times at which a rate limit let requests through."""
    sim, times = Simulation(seed), []
    ample = Station(sim, "ample", 10_000, constant(0.001))

    def note(request, done):
        times.append(sim.now)
        ample(request, done)

    meter = Meter(sim, "meter", RateLimit(sim, "limit", note, rate, burst, **options))
    Source(sim, "source", poisson(offered), meter)
    sim.run(until=span)
    return times, meter


def excess(times: list[float], rate: float, burst: int) -> float:
    """By how many requests the fullest window exceeds burst + rate · t (not positive when the bound holds)."""
    # The window from request i to j has j - i + 1 requests: the worst is found in one pass over j - rate · t.
    worst, lowest = float("-inf"), float("inf")
    for index, time in enumerate(times):
        lowest = min(lowest, index - rate * time)
        worst = max(worst, index - rate * time - lowest + 1 - burst)
    return worst


@pytest.mark.parametrize("wait", [False, True])
@pytest.mark.parametrize("seed", range(1, 6))
def test_no_window_has_more_than_burst_plus_rate_times_t(wait, seed):
    times, _ = passed(seed, rate=20, burst=15, offered=40, span=200, wait=wait)
    assert excess(times, 20, 15) <= 1e-6
    assert excess(times, 20, 14) > 0  # the bound is reached: the check can fail
    assert len(times) == pytest.approx(15 + 20 * 200, rel=0.005)  # overloaded all the time, so nothing is wasted


def test_below_the_rate_everything_passes():
    times, meter = passed(1, rate=100, burst=50, offered=10, span=100)
    assert len(times) == meter.requests
    assert set(meter.outcomes) == {"ok"}


def test_a_bucket_gives_what_it_has():
    sim = Simulation(1)
    bucket = TokenBucket(sim, rate=2, capacity=5)
    assert [bucket.take(2), bucket.take(2), bucket.take(2)] == [True, True, False]
    assert bucket.wait(2) == pytest.approx(0.5)
    sim.run(until=0.5)
    assert bucket.take(2)
    bucket.rate = 10
    sim.run(until=0.8)
    assert bucket.tokens == pytest.approx(3)
    sim.run(until=100)
    assert bucket.tokens == 5


def test_a_bucket_is_not_fooled_by_float_sums():
    sim, rng, taken = Simulation(1), Random(1), 0
    bucket = TokenBucket(sim, rate=0.1, capacity=1)
    for _ in range(1000):  # a token is due exactly every 10 s, whatever looks at the bucket in between
        for time in sorted(sim.now + 10 * rng.random() * 0.999 for _ in range(3)):
            sim.run(until=time)
            assert bucket.tokens >= 0
        sim.run(until=10.0 * (taken + 1))
        taken += bucket.take()
    assert taken == 1000


def test_requests_that_wait_keep_their_order_and_follow_a_changed_rate():
    sim, seen = Simulation(1), []
    limit = RateLimit(sim, "limit", lambda request, done: seen.append((round(sim.now, 6), request.key)), 1.0, wait=True)
    Source(sim, "source", replay([0] * 6), limit)
    override(sim, limit, start=2.5, duration=100, rate=10)
    sim.run(until=50)
    assert seen == [(0, 0), (1, 1), (2, 2), (2.55, 3), (2.65, 4), (2.75, 5)]


def test_a_single_request_that_waits_is_released_by_time_alone():
    sim, seen = Simulation(1), []
    limit = RateLimit(sim, "limit", lambda request, done: seen.append(sim.now), 1.0, wait=True)
    Source(sim, "source", replay([0, 0.25, 5, 5.5]), limit)
    sim.run(until=50)
    assert seen == [0, 1, 5, 6]


def test_the_waiting_line_can_be_bounded():
    times, meter = passed(1, rate=10, burst=1, offered=100, span=100, wait=True, queue_limit=5)
    assert meter.in_flight <= 6
    assert meter.outcomes["rate limited"] == meter.requests - len(times) - 5
    assert max(meter.latency.quantile(1), 0.5) == pytest.approx(0.5, abs=0.11)


def test_a_bulkhead_counts_who_is_inside():
    sim = Simulation(1)
    station = Station(sim, "station", 100, constant(1))
    bulkhead = Bulkhead(sim, "bulkhead", station, limit=2)
    meter = Meter(sim, "meter", bulkhead)
    Source(sim, "source", replay([0, 0.1, 0.2, 1.05, 1.06]), meter)
    sim.run(until=1.5)
    assert meter.outcomes == {"ok": 2, "bulkhead full": 2}
    assert (bulkhead.inside, bulkhead.passed, bulkhead.refused) == (1, 3, 2)
