import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.email_platform.lane import CAMPAIGN_PAUSE, CODE_PAUSE, Breaker, Lane, TokenBucket, lane_key


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


def lane_of(rate, ceiling, growth, cut=0.9, pause=CAMPAIGN_PAUSE):
    """A lane whose rate grows by `growth` each second."""
    lane = Lane(rate, ceiling, recovery=(ceiling - 0.1) / growth, pause=pause)
    lane.cut = cut
    return lane


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
                lane.accepted(now, now)
            else:
                lane.deferred(now, now)
            counts[accepted] += now >= seconds / 2
    return counts[True] / (seconds / 2), counts[False] / (seconds / 2)


@pytest.mark.parametrize("start", [1, 10, 40])
@pytest.mark.parametrize("cut", [0.5, 0.8, 0.9])
def test_the_rate_settles_at_the_limit_of_the_provider(start, cut):
    """A sawtooth from cut × limit to the limit: its mean is (1 + cut) / 2, its period limit × (1 - cut) / growth."""
    lane = lane_of(rate=start, ceiling=1000, growth=0.05, cut=cut)
    accepted, deferred = run(lane, limit=20, seconds=2500)
    assert accepted / 20 == pytest.approx((1 + cut) / 2, abs=0.025)
    assert deferred == pytest.approx(0.05 / (20 * (1 - cut)), rel=0.2)


def test_it_follows_a_limit_that_falls_and_rises():
    lane = lane_of(rate=20, ceiling=1000, growth=0.1)
    for limit in (20, 5, 15):
        lane.last_cut = -math.inf  # each run begins at time 0
        lane.bucket.updated = -math.inf
        lane.breaker = Breaker(CAMPAIGN_PAUSE)
        assert run(lane, limit, seconds=1500)[0] == pytest.approx(0.95 * limit, rel=0.08)


def test_an_idle_lane_does_not_grow():
    lane = lane_of(rate=20, ceiling=1000, growth=1)
    run(lane, limit=1000, seconds=300, demand=5)
    assert lane.bucket.rate == 20
    run(busy := lane_of(rate=20, ceiling=1000, growth=0.2), limit=1000, seconds=200)
    # Its first burst is deferred: 18 are left, and 0.2 messages/s more each second.
    assert busy.bucket.rate == pytest.approx(18 + 0.2 * 200, rel=0.01)


def test_the_ceiling_holds():
    lane = lane_of(rate=20, ceiling=25, growth=1)
    run(lane, limit=1000, seconds=60)
    assert lane.bucket.rate == 25


def test_recovery_is_the_time_from_the_floor_to_the_ceiling():
    lane = Lane(rate=0.1, ceiling=100, recovery=500, pause=CAMPAIGN_PAUSE)
    lane.bucket.tokens = 0  # no first burst
    run(lane, limit=math.inf, seconds=250)
    assert lane.bucket.rate == pytest.approx(50, rel=0.05)
    lane = Lane(rate=0.1, ceiling=100, recovery=500, pause=CAMPAIGN_PAUSE)
    lane.bucket.tokens = 0
    run(lane, limit=math.inf, seconds=520)
    assert lane.bucket.rate == 100


def test_messages_on_their_way_are_one_signal():
    lane = lane_of(rate=100, ceiling=1000, growth=0.1, cut=0.9)
    for number in range(15):
        lane.deferred(0, now=number * 0.1)
    assert lane.bucket.rate == 90
    lane.deferred(0, now=10)
    assert lane.bucket.rate == 81
    lane.breaker = Breaker(CAMPAIGN_PAUSE)
    for number in range(10_000):
        lane.deferred(0, now=100.0 * number)
        lane.accepted(0, now=100.0 * number)  # half of all: nothing for the breaker
    assert lane.bucket.rate == lane.floor > 0


def results(breaker, refusals, start, end, each=0.01):
    """Results at an even pace; `refusals` says of each in turn whether it was refused."""
    for number in range(round((end - start) / each)):
        now = start + number * each
        breaker.result(now, now, refusals[number % len(refusals)])


@pytest.mark.parametrize("rate", [2, 70, 7000])
def test_breaker_opens_after_the_same_time_at_any_rate(rate):
    breaker = Breaker(pause=100)
    results(breaker, [True], 0, 9.5, 1 / rate)
    assert not breaker.open
    results(breaker, [True], 9.5, 11, 1 / rate)
    assert breaker.open


@pytest.mark.parametrize(("refused", "open"), [(89, False), (90, True)])
def test_breaker_opens_by_the_share_of_refusals(refused, open):
    for order in ([True] * refused + [False] * (100 - refused), [False] * (100 - refused) + [True] * refused):
        breaker = Breaker(pause=100, window=9.99)
        results(breaker, order, 0, 10)
        assert breaker.open is open


def test_a_slow_lane_is_judged_by_enough_results():
    breaker = Breaker(pause=100)
    results(breaker, [True], 0, 19 * 60, each=60)
    assert not breaker.open
    breaker.result(20 * 60, 20 * 60, refused=True)
    assert breaker.open


def test_a_window_is_forgotten():
    breaker = Breaker(pause=100)
    results(breaker, [False], 0, 10.01)
    results(breaker, [True], 10.01, 20.1)
    assert breaker.open  # the acceptances of the first window do not count


def opened(pause=100):
    breaker = Breaker(pause)
    results(breaker, [True], 0, 40, each=2)
    breaker.opened, breaker.next_test = 50, 50 + pause
    assert breaker.open
    return breaker


def test_an_open_breaker_tries_one_message_after_each_pause():
    breaker = opened()
    assert [breaker.allows(now) for now in (50, 149.9, 150, 150, 249.9)] == [False, False, True, False, False]
    breaker.result(sent=150, now=160, refused=True)  # the test
    assert [breaker.allows(now) for now in (249.9, 250, 251)] == [False, True, False]
    breaker.result(sent=250, now=251, refused=False)
    assert breaker.allows(251)
    results(breaker, [True], 251, 260)
    assert breaker.allows(260)  # a new window: what was refused before is forgotten


def test_only_a_test_closes_the_breaker():
    breaker = opened()
    for sent in (0, 49, 50):
        breaker.result(sent, now=51, refused=False)  # they were under way when it opened
    assert [breaker.allows(now) for now in (51, 150)] == [False, True]
    breaker.result(sent=50, now=151, refused=False)
    assert breaker.open
    breaker.result(sent=150, now=152, refused=False)
    assert not breaker.open


def test_a_trial_whose_sender_crashed_does_not_close_the_lane_for_ever():
    breaker = opened()
    assert [breaker.allows(now) for now in range(150, 550, 50)] == [True, False] * 4


@pytest.mark.parametrize("pause", [CODE_PAUSE, CAMPAIGN_PAUSE])
def test_a_refusing_provider_hears_little_from_the_lane(pause):
    lane = Lane(rate=100, ceiling=100, recovery=1000, pause=pause)
    tries, before = 0, 0
    for second in range(24 * 3600):
        for _ in range(20):
            if lane.take(second):
                tries += 1
                lane.deferred(second, second)
        if second == 10:
            before = tries
    assert lane.breaker.open
    assert tries - before == (24 * 3600 - 11) // pause  # one after each pause
    assert lane.bucket.rate == 90  # a refused test is no word on the rate


def test_a_code_outlives_the_pause_of_its_lane():
    assert CODE_PAUSE < 600 / 10
