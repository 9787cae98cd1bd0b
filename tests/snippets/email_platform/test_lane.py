import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.email_platform.lane import Breaker, Lane, TokenBucket, lane_key


@pytest.mark.parametrize(
    ("hosts", "lane"),
    [
        (["gmail-smtp-in.l.google.com"], "google"),
        (["ASPMX.L.GOOGLE.COM.", "alt1.aspmx.l.google.com."], "google"),
        (["hotmail-com.olc.protection.outlook.com"], "microsoft-consumer"),
        (["example-com.mail.protection.outlook.com"], "microsoft-business"),
        (["mta5.am0.yahoodns.net"], "yahoo"),
        (["mx01.mail.icloud.com"], "apple"),
        (["google.com"], "google"),
        (["mx.example.net", "aspmx.l.google.com"], "mx.example.net"),
        (["aspmx.l.google.com.attacker.example"], "aspmx.l.google.com.attacker.example"),
        (["mx.notgoogle.com"], "mx.notgoogle.com"),
        ([], "shop.example"),
    ],
)
def test_lane_is_keyed_by_the_servers(hosts, lane):
    assert lane_key("Shop.Example.", hosts) == lane


def test_company_domains_share_the_lane_of_their_provider():
    assert len({lane_key(f"company{n}.example", ["aspmx.l.google.com"]) for n in range(1000)}) == 1


@given(
    st.floats(0.1, 50),
    st.floats(1, 20),
    st.lists(st.one_of(st.floats(0, 2), st.floats(-5, 0)), min_size=1, max_size=80),
)
def test_no_window_admits_more_than_burst_and_rate(rate, burst, gaps):
    """Also with a clock that goes back: real time is what passed at most, the highest reading so far."""
    bucket, clock, admitted = TokenBucket(rate, burst), 0.0, []
    for gap in gaps:
        clock += gap
        if bucket.take(clock):
            admitted.append(max(clock, admitted[-1] if admitted else -math.inf))
    for index, start in enumerate(admitted):
        for count, end in enumerate(admitted[index:], 1):
            assert count <= burst + rate * (end - start) + 1e-6


def test_bucket_by_hand():
    bucket = TokenBucket(rate=2, burst=3)
    assert [bucket.take(0) for _ in range(4)] == [True, True, True, False]
    assert not bucket.take(0.4)
    assert bucket.take(0.5)
    assert not bucket.take(-100)
    assert not bucket.take(0.5)
    assert bucket.take(1)
    assert [bucket.take(1e9) for _ in range(4)] == [True, True, True, False]


def test_a_clock_that_goes_back_takes_no_tokens_away():
    bucket = TokenBucket(rate=2, burst=3)
    assert [bucket.take(now) for now in (0, -100, -200, -300)] == [True, True, True, False]


def run(lane, limit, seconds, tick=0.01, demand=math.inf):
    """What a provider that defers all above `limit` accepts and defers, both per second.

    The first half of the run is not counted: the lane may find its way.
    """
    provider = TokenBucket(limit, burst=2)
    sent, counts = 0, {True: 0, False: 0}
    for step in range(int(seconds / tick)):
        now = step * tick
        while sent < demand * (now + tick) and lane.take(now):
            sent += 1
            accepted = provider.take(now)
            if accepted:
                lane.accepted()
            else:
                lane.deferred(now)
            counts[accepted] += now >= seconds / 2
    return counts[True] / (seconds / 2), counts[False] / (seconds / 2)


@pytest.mark.parametrize("start", [1, 10, 40])
@pytest.mark.parametrize("cut", [0.5, 0.8, 0.9])
def test_the_rate_settles_at_the_limit_of_the_provider(start, cut):
    """A sawtooth from cut × limit to the limit: its mean is (1 + cut) / 2, its period limit × (1 - cut) / growth."""
    lane = Lane(rate=start, ceiling=1000, growth=0.05, cut=cut)
    accepted, deferred = run(lane, limit=20, seconds=2500)
    assert accepted / 20 == pytest.approx((1 + cut) / 2, abs=0.025)
    assert deferred == pytest.approx(0.05 / (20 * (1 - cut)), rel=0.2)


def test_it_follows_a_limit_that_falls_and_rises():
    lane = Lane(rate=20, ceiling=1000, growth=0.1)
    for limit in (20, 5, 15):
        lane.last_cut = -math.inf  # each run begins at time 0
        lane.bucket.updated = -math.inf
        assert run(lane, limit, seconds=1500)[0] == pytest.approx(0.95 * limit, rel=0.08)


def test_an_idle_lane_does_not_grow():
    lane = Lane(rate=20, ceiling=1000, growth=1)
    run(lane, limit=1000, seconds=300, demand=5)
    assert lane.bucket.rate == 20
    run(busy := Lane(rate=20, ceiling=1000, growth=0.2), limit=1000, seconds=200)
    # Its first burst is deferred: 18 are left, and 0.2 messages/s more each second.
    assert busy.bucket.rate == pytest.approx(18 + 0.2 * 200, rel=0.01)


def test_the_ceiling_holds():
    lane = Lane(rate=20, ceiling=25, growth=1)
    run(lane, limit=1000, seconds=60)
    assert lane.bucket.rate == 25


def test_messages_on_their_way_are_one_signal():
    lane = Lane(rate=100, ceiling=1000, growth=0.1, cut=0.9)
    for number in range(15):
        lane.deferred(now=number * 0.1)
    assert lane.bucket.rate == 90
    lane.deferred(now=10)
    assert lane.bucket.rate == 81
    for number in range(10_000):
        lane.deferred(now=100.0 * number)
    assert lane.bucket.rate == lane.floor > 0


def test_breaker_opens_after_refusals_in_a_row_and_tries_one_message():
    breaker = Breaker(limit=3, pause=100)
    for _ in range(10):
        breaker.refused(0)
        breaker.refused(0)
        breaker.closed()
    assert breaker.allows(0)
    for _ in range(3):
        breaker.refused(50)
    assert [breaker.allows(now) for now in (50, 149.9, 150, 150, 249.9)] == [False, False, True, False, False]
    breaker.refused(160)  # the trial
    assert [breaker.allows(now) for now in (249.9, 250, 251)] == [False, True, False]
    breaker.closed()
    assert breaker.allows(251)


def test_a_trial_whose_sender_crashed_does_not_close_the_lane_for_ever():
    breaker = Breaker(limit=1, pause=100)
    breaker.refused(0)
    assert [breaker.allows(now) for now in range(100, 500, 50)] == [True, False] * 4


def test_a_refusing_provider_hears_little_from_the_lane():
    lane = Lane(rate=100, ceiling=100, growth=0.1)
    tries = 0
    for second in range(24 * 3600):
        for _ in range(20):
            if lane.take(second):
                tries += 1
                lane.deferred(second)
    assert tries == 20 + 47  # one after each half hour of the day; the last would be at its end
