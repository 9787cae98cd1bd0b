import math
from dataclasses import replace
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.email_platform.retry_schedule import (
    CAMPAIGN,
    DAY,
    POSTFIX,
    RECEIPT,
    SIGN_IN_CODE,
    Action,
    Closed,
    Schedule,
    after_close,
    classify,
)


def times(schedule, seed=0, expires=math.inf):
    """The times of all tries at a server that never answers, the first at 0."""
    random, tried = Random(seed), [0.0]
    while (again := schedule.next_try(len(tried), 0.0, expires, tried[-1], random)) is not None:
        tried.append(again)
    return tried


def test_postfix_by_hand():
    assert times(POSTFIX)[:8] == [0, 300, 900, 2100, 4500, 8500, 12500, 16500]
    assert len(times(POSTFIX)) == 111  # 4 doubling waits end at 4,500 s; (432,000 - 4,500) / 4,000 = 106.9
    assert times(POSTFIX)[-1] == 4500 + 106 * 4000


def test_a_sign_in_code_is_tried_for_minutes():
    calm = replace(SIGN_IN_CODE, jitter=0)
    assert times(calm) == [0, 5, 15, 35, 75, *range(135, 600, 60)]
    assert times(calm, expires=40) == [0, 5, 15, 35]
    assert times(calm, expires=35) == [0, 5, 15, 35]
    assert times(calm, expires=0) == [0]


def test_growth_need_not_double():
    assert times(Schedule(900, 3600, 4 * 3600, growth=1.5, jitter=0)) == [0, 900, 2250, 4275, 7312.5, 10912.5]


def test_full_jitter_doubles_the_tries():
    mean = math.fsum(len(times(replace(POSTFIX, jitter=1), seed)) for seed in range(200)) / 200
    assert mean == pytest.approx(2 * 111, rel=0.05)


def test_half_the_jitter_costs_a_third_more():
    mean = math.fsum(len(times(replace(POSTFIX, jitter=0.5), seed)) for seed in range(200)) / 200
    assert mean == pytest.approx(111 / 0.75, rel=0.05)


@given(st.sampled_from([RECEIPT, CAMPAIGN, SIGN_IN_CODE, POSTFIX]), st.integers(0, 999), st.floats(0, 6 * DAY))
def test_no_try_is_too_late_or_too_soon(schedule, seed, expires):
    tried = times(schedule, seed, expires)
    assert tried == times(schedule, seed, expires)
    assert tried == sorted(tried)
    assert tried[-1] <= min(schedule.give_up, expires)
    for count, (before, after) in enumerate(zip(tried, tried[1:], strict=False), 1):
        longest = min(schedule.longest, schedule.first * 2 ** (count - 1))
        assert longest * (1 - schedule.jitter) <= after - before + 1e-6
        assert after - before <= longest + 1e-6


def test_full_jitter_is_uniform():
    waits = [RECEIPT.wait(3, random := Random(seed)) for seed in range(4000)]
    assert random is not None
    for share in (0.1, 0.5, 0.9):
        assert sum(wait <= share * 1200 for wait in waits) / 4000 == pytest.approx(share, abs=0.03)


def test_jitter_parts_clients_that_failed_together():
    together = Schedule(first=60, longest=60, give_up=DAY, jitter=0)
    apart = replace(together, jitter=1)
    random = Random(1)
    assert {together.wait(1, random) for _ in range(10_000)} == {60}
    busiest = max(map([int(apart.wait(1, random)) for _ in range(10_000)].count, range(60)))
    assert busiest < 2 * 10_000 / 60


def test_a_million_tries_do_not_overflow():
    assert Schedule(1e-3, 60, DAY, jitter=0).wait(10**6, Random()) == 60


@pytest.mark.parametrize(
    ("reply", "action"),
    [
        ("250 2.0.0 OK  1763719200 d2e1a72fcca58 - gsmtp", Action.DONE),
        ("250 queued", Action.DONE),
        ("450 4.2.1 The user you are trying to contact is receiving mail too quickly", Action.RETRY),
        ("452 4.2.2 The recipient's inbox is out of storage space", Action.RETRY),
        ("451 temporary failure", Action.RETRY),
        ("421 4.7.0 [TSS04] Messages temporarily deferred due to user complaints", Action.THROTTLE),
        ("421-4.7.28 Gmail has detected an unusual rate of mail.\r\n421 4.7.28 limited", Action.THROTTLE),
        ("451 4.7.650 The mail server has been temporarily rate limited", Action.THROTTLE),
        ("550 5.7.1 Mail from this address is frequency limited", Action.THROTTLE),
        ("550-5.1.1 The email account that you tried to reach does not exist.", Action.SUPPRESS),
        ("550 5.1.10 Recipient address has null MX", Action.SUPPRESS),
        ("550 5.1.100 unknown", Action.DROP),
        ("550 5.2.2 mailbox full", Action.DROP),
        ("552 5.3.4 message too big", Action.DROP),
        ("554 delivery error: this user doesn't have an account", Action.DROP),
        ("550 5.7.515 Access denied, sending domain does not meet the authentication level", Action.PAGE),
        ("550-5.7.26 This mail has been blocked because the sender is unauthenticated.", Action.PAGE),
        ("421-4.7.26 This mail has been rate limited because it is unauthenticated.", Action.PAGE),
        ("550 5.7.20 no passing DKIM signature", Action.PAGE),
        ("450 4.7.25 reverse DNS validation failed", Action.PAGE),
        ("550 5.7.19 something else", Action.POLICY),
        ("550 5.7.260 something else", Action.POLICY),
        ("550 5.7.1 This message is likely unsolicited mail, and was blocked", Action.POLICY),
        ("550 5.7.1 The recipient has blocked your address", Action.POLICY),
        ("554 5.7.9 Message not accepted for policy reasons", Action.POLICY),
        ("550-5.7.28 Gmail has detected unsolicited mail", Action.THROTTLE),
        ("421 4.7.28 limited", Action.THROTTLE),
        ("421 4.7.0 Our system has detected an unusual rate of unsolicited mail", Action.THROTTLE),
        ("451 4.7.1 Greylisting in action, please come back later", Action.RETRY),
        ("450 4.2.0 Greylisted", Action.RETRY),
        ("354 go ahead", Action.RETRY),
        ("", Action.RETRY),
        ("<html>200 OK</html>", Action.RETRY),
        ("5" * 100_000, Action.DROP),
    ],
)
def test_replies(reply, action):
    assert classify(reply) is action


def test_text_cannot_suppress():
    assert classify("550 your message mentions 5.1.1 and 550 5.1.1") is Action.DROP
    assert classify("450 4.2.0 5.1.1 5.1.1") is Action.RETRY


@given(st.text(max_size=60))
def test_any_reply_has_an_action(text):
    assert classify(text) in Action
    assert classify("4" + text) in (Action.RETRY, Action.THROTTLE, Action.PAGE)


def test_yahoo_ends_connections_after_20_messages():
    assert after_close(20, dot_sent=False) is Closed.RECONNECT
    assert after_close(0, dot_sent=False) is Closed.FAILED
    for delivered in (0, 20):
        assert after_close(delivered, dot_sent=True) is Closed.IN_DOUBT
