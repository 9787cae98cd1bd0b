import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import limits
from handbook.errors import InputError
from handbook.limits import TokenBucket
from tests.handbook.bad_input import check_domain, rejects

JITTERS = ("none", "equal", "full")
policies = st.tuples(st.floats(0.01, 10), st.floats(1, 1000), st.integers(0, 12)).map(
    lambda drawn: (drawn[0], drawn[0] * drawn[1], drawn[2])
)


def test_bound():
    assert limits.token_bucket_bound(100, 20, 60) == 6020
    assert limits.token_bucket_bound(0, 5, 60) == 5


@given(
    st.floats(0.1, 50),
    st.floats(1, 20),
    st.lists(st.tuples(st.floats(0, 2), st.floats(0.1, 1)), min_size=1, max_size=60),
)
def test_no_window_admits_more_than_the_bound(rate, burst, steps):
    bucket, now, admitted = TokenBucket(rate, burst), 0.0, []
    for gap, tokens in steps:
        now += gap
        if bucket.take(now, tokens):
            admitted.append((now, tokens))
    for index, (start, _) in enumerate(admitted):
        total = 0.0
        for end, tokens in admitted[index:]:
            total += tokens
            assert total <= limits.token_bucket_bound(rate, burst, end - start) * (1 + 1e-6)


def test_a_steady_client_at_the_rate_is_never_refused():
    bucket = TokenBucket(rate=10, burst=1)
    assert all(bucket.take(number * 0.1) for number in range(500))


def test_bucket_by_hand():
    bucket = TokenBucket(rate=2, burst=4)
    assert bucket.take(100, 4)
    assert not bucket.take(100, 0.5)
    assert bucket.wait(100, 3) == pytest.approx(1.5)
    assert bucket.wait(101, 3) == pytest.approx(0.5)
    assert bucket.take(101.5, 3)
    assert bucket.wait(1000) == 0
    assert bucket.take(1000, 4)  # never more than the burst
    assert not bucket.take(1000)
    assert bucket.wait(1000) == pytest.approx(0.5)
    assert bucket.take(1000.5)


def test_bucket_without_a_rate_is_a_quota():
    bucket = TokenBucket(rate=0, burst=2)
    assert [bucket.take(now) for now in (-5, 0, 1e6)] == [True, True, False]
    with pytest.raises(InputError, match=r"rate = 0\.0 is not allowed: a number above 0"):
        bucket.wait(1e6)
    assert TokenBucket(rate=0, burst=2).wait(0, 2) == 0


def test_time_never_goes_back():
    bucket = TokenBucket(1, 2)
    bucket.take(5)
    assert rejects("now", bucket.take, 4.9).allowed == "a time that is not before the last one, 5"
    rejects("now", bucket.wait, 4.9)
    assert bucket.take(5)


def test_backoff_doubles_up_to_the_cap():
    assert [limits.backoff(1, 30, attempt) for attempt in range(7)] == [1, 2, 4, 8, 16, 30, 30]
    assert limits.backoff(1, 1, 0) == 1
    assert limits.backoff(1e-70, 1e70, 10**9) == 1e70
    assert limits.backoff(1, 1e70, 200) == 2.0**200


def test_means_by_hand():
    assert [limits.backoff_mean(1, 60, 3, jitter) for jitter in JITTERS] == [8, 6, 4]
    assert limits.backoff_mean(1, 60, 3) == 4
    assert [limits.backoff_total(1, 60, 4, jitter) for jitter in JITTERS] == [15, 11.25, 7.5]
    assert limits.backoff_total(1, 60, 4) == 7.5
    assert limits.backoff_total(1, 60, 0) == 0


@given(policies, st.sampled_from(JITTERS), st.floats(0, 1.2))
def test_the_mean_is_that_of_the_distribution(policy, jitter, share):
    longest = limits.backoff(*policy)
    # E = ∫ P(sleep > t) dt, by the midpoint rule, exact for straight lines that break on its cells.
    cells = [longest * (index + 0.5) / 1000 for index in range(1000)]
    mean = math.fsum(1 - limits.backoff_within(*policy, time, jitter) for time in cells) * longest / 1000
    assert mean == pytest.approx(limits.backoff_mean(*policy, jitter), rel=1e-6)
    within = limits.backoff_within(*policy, share * longest, jitter)
    assert 0 <= within <= 1
    assert limits.backoff_within(*policy, share * longest * 1.1, jitter) >= within


def test_distributions_by_hand():
    assert [limits.backoff_within(1, 60, 3, time) for time in (0, 2, 8, 9)] == [0, 0.25, 1, 1]
    assert [limits.backoff_within(1, 60, 3, time, "equal") for time in (0, 4, 5, 8, 9)] == [0, 0, 0.25, 1, 1]
    assert [limits.backoff_within(1, 60, 3, time, "none") for time in (0, 7.9, 8, 9)] == [0, 0, 1, 1]


def test_peaks_by_hand():
    assert [limits.retry_peak(10_000, 1, 60, 3, 0.1, jitter) for jitter in JITTERS] == pytest.approx([10_000, 250, 125])
    assert [limits.retry_peak(10_000, 1, 60, 3, 5, jitter) for jitter in JITTERS] == pytest.approx(
        [10_000, 10_000, 6250]
    )
    assert limits.retry_peak(10_000, 1, 60, 3, 8) == 10_000
    assert limits.retry_peak(0, 1, 60, 3, 8) == 0


@given(policies, st.integers(0, 3))
def test_schedules_stay_in_their_ranges(policy, seed):
    base, cap, retries = policy
    for jitter, least in (("none", 1), ("equal", 0.5), ("full", 0)):
        schedule = limits.backoff_schedule(base, cap, retries, jitter, seed)
        assert schedule == limits.backoff_schedule(base, cap, retries, jitter, seed)
        assert len(schedule) == retries
        for attempt, sleep in enumerate(schedule):
            longest = limits.backoff(base, cap, attempt)
            assert least * longest <= sleep <= longest * (1 + 1e-12)


def test_schedules_follow_the_distribution():
    for jitter in JITTERS:
        schedules = [limits.backoff_schedule(1, 60, 4, jitter, seed) for seed in range(3000)]
        mean = math.fsum(map(math.fsum, schedules)) / 3000
        assert mean == pytest.approx(limits.backoff_total(1, 60, 4, jitter), rel=0.02)
    within = sum(schedule[3] <= 6 for schedule in schedules) / 3000
    assert within == pytest.approx(limits.backoff_within(1, 60, 3, 6), abs=0.03)
    assert limits.backoff_schedule(1, 60, 4) == limits.backoff_schedule(1, 60, 4, "full", 0)
    assert limits.backoff_schedule(1, 60, 4) != limits.backoff_schedule(1, 60, 4, "full", 1)


def test_bad_input():
    check_domain(
        limits.token_bucket_bound, {"rate": 1, "burst": 1, "window": 1},
        {"rate": (-1,), "burst": (-1,), "window": (-1,)}, {"rate": (0,), "burst": (0,), "window": (0,)},
    )  # fmt: skip
    check_domain(TokenBucket, {"rate": 1, "burst": 1}, {"rate": (-1,), "burst": (0, -1)}, {"rate": (0,)})
    for method in ("take", "wait"):
        fresh = getattr(TokenBucket(1, 2), method)
        check_domain(fresh, {"now": 0, "tokens": 1}, {"now": (), "tokens": (0, -1, 2.1)}, {"now": (0,), "tokens": (2,)})
    policy = {"base": 1, "cap": 60, "attempt": 3}
    bad = {"base": (0, -1, 61), "cap": (0, 0.9), "attempt": (-1, 1.5)}
    bad["base"] = (0, -1)
    fine = {"base": (60,), "cap": (1,), "attempt": (0,)}
    check_domain(limits.backoff, policy, bad, fine)
    rejects("cap", limits.backoff, 61, 60, 0)
    for jitter in ("other", None, 1, ["full"]):
        rejects("jitter", limits.backoff_mean, 1, 60, 3, jitter)
        rejects("jitter", limits.backoff_within, 1, 60, 3, 1, jitter)
        rejects("jitter", limits.retry_peak, 10, 1, 60, 3, 1, jitter)
        rejects("jitter", limits.backoff_total, 1, 60, 0, jitter)
        rejects("jitter", limits.backoff_schedule, 1, 60, 0, jitter)
    check_domain(limits.backoff_mean, policy, bad, fine)
    check_domain(limits.backoff_within, policy | {"time": 1}, bad | {"time": (-1,)}, fine | {"time": (0,)})
    check_domain(
        limits.retry_peak, policy | {"clients": 9, "window": 1}, bad | {"clients": (-1,), "window": (0, -1)}, fine
    )
    several = {"base": 1, "cap": 60, "retries": 2}
    bad = {"base": (0, -1), "cap": (0, 0.9), "retries": (-1, 1.5, 100_001)}
    check_domain(limits.backoff_total, several, bad, {"retries": (0, 100_000)})
    check_domain(limits.backoff_schedule, several | {"seed": 0}, bad | {"seed": (-1, 0.5)}, {"retries": (0, 100_000)})
    rejects("base", limits.backoff_total, 0, 60, 0)
    rejects("cap", limits.backoff_schedule, 61, 60, 0)
