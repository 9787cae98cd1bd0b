from dataclasses import replace

import pytest

from snippets.email_platform import claim
from snippets.email_platform.claim import SKEW, MemoryStore, Row, State
from snippets.email_platform.retry_schedule import SIGN_IN_CODE as CODE_SCHEDULE
from snippets.email_platform.retry_schedule import Closed, after_close
from tests.snippets.email_platform.claim_world import (
    CAMPAIGN,
    CLAIM,
    CODE,
    CONNECT,
    DOT,
    LEASE,
    RECEIPT,
    TAKEN_OVER,
    World,
)


def test_the_plain_way():
    world = World()
    world.run()
    assert (world.accepted, world.acknowledged) == (1, 1)
    assert world.row == Row(State.SENT, fence=1, lease_ends=1000 + LEASE)


@pytest.mark.parametrize("message", [RECEIPT, CAMPAIGN, CODE])
@pytest.mark.parametrize("steps", range(7))
def test_a_crash_after_each_step(message, steps):
    world = World(message)
    world.step(world.sender(), steps)
    world.crash(0)
    world.redeliver()
    assert world.acknowledged == 1
    in_doubt = steps in (CLAIM, CONNECT, DOT)
    assert world.row.doubts == in_doubt
    if message.kind.repeatable:
        assert world.accepted == (2 if steps == DOT else 1)
    else:
        assert world.accepted == (0 if steps in (CLAIM, CONNECT) else 1)
        assert world.row.state is (State.SKIPPED if in_doubt else State.SENT)


def test_the_queue_may_bring_it_any_number_of_times():
    world = World()
    for _ in range(50):
        world.run()
    assert (world.accepted, world.acknowledged) == (1, 50)


def test_a_held_message_is_not_acknowledged():
    world = World()
    world.step(world.sender(), CLAIM)
    world.run()
    assert world.acknowledged == 0  # else a crash of the first would lose it
    world.crash(0)
    world.redeliver()
    assert (world.accepted, world.acknowledged) == (1, 1)


@pytest.mark.parametrize("message", [RECEIPT, CAMPAIGN, CODE])
def test_no_dot_whose_reply_may_come_after_the_deadline(message):
    """However the time went by: connecting was slow, or the sender was paused."""
    kind = message.kind
    spare = kind.lease - SKEW - kind.patience
    world = World(message, connecting=spare)
    world.run()
    assert (world.tried, world.closed, world.acknowledged) == (1, 0, 1)
    world = World(message, connecting=spare + 0.001)
    world.run()
    assert (world.tried, world.closed, world.acknowledged) == (0, 1, 0)
    assert world.row == Row(State.WAITING, fence=1, lease_ends=1000 + kind.lease)  # given back, not in doubt


@pytest.mark.parametrize("error", [-SKEW, 0, SKEW])
def test_clocks_that_differ_by_the_allowance_do_not_overlap(error):
    """Each clock is wrong by up to SKEW, in opposite directions: the taker comes after the last reply."""
    world = World()
    world.step(world.sender(lambda: world.now - error), CONNECT)
    last_reply = world.row.lease_ends - SKEW + error  # in true time
    world.now = last_reply - 0.001
    world.run(lambda: world.now + error)
    assert world.row.fence == 1
    world.step(0, 20)
    assert (world.accepted, world.row.doubts) == (1, 0)


def test_a_code_is_free_again_while_it_is_of_use():
    world = World(CODE)
    world.step(world.sender(), CLAIM)
    world.crash(0)
    world.now += 30
    world.run()
    assert world.acknowledged == 0  # held still: the dead sender's clock may be behind
    world.now += SKEW
    world.run()
    assert (world.accepted, world.acknowledged) == (1, 1)
    assert claim.SIGN_IN_CODE.lease < CODE_SCHEDULE.give_up / 10
    for kind in (claim.RECEIPT, claim.CAMPAIGN):
        assert (kind.patience, kind.lease) == (600, 900)


@pytest.mark.parametrize("message", [RECEIPT, CAMPAIGN, CODE])
def test_a_lost_reply_is_in_doubt_without_any_crash(message):
    """The connection ends after the dot: no retry at once, the claim runs out and is counted."""
    assert after_close(0, dot_sent=True) is Closed.IN_DOUBT
    world = World(message, reply=None)
    world.run()
    held = Row(State.CLAIMED, fence=1, lease_ends=1000 + message.kind.lease)
    for _ in range(5):
        world.run()
        assert (world.row, world.tried, world.acknowledged) == (held, 1, 0)
    world.reply = "250 OK"
    world.now += message.kind.lease + SKEW
    world.run()
    assert (world.row.doubts, world.acknowledged) == (1, 1)
    assert world.accepted == (2 if message.kind.repeatable else 1)
    assert world.row.state is (State.SENT if message.kind.repeatable else State.SKIPPED)


@pytest.mark.parametrize(
    ("reply", "state"),
    [
        ("250 OK", State.SENT),
        ("451 4.7.1 Greylisted", State.WAITING),
        ("421 4.7.28 rate limited", State.WAITING),
        ("550 5.7.26 unauthenticated", State.WAITING),
        ("550 5.7.1 blocked by the recipient", State.REFUSED),
        ("550 5.1.1 no such user", State.REFUSED),
        ("554 no", State.REFUSED),
    ],
)
def test_what_the_reply_to_the_dot_makes_of_the_message(reply, state):
    world = World(reply=reply)
    world.run()
    assert (world.row.state, world.row.doubts) == (state, 0)
    assert world.acknowledged == (state is not State.WAITING)


def test_a_stale_sender_cannot_record_over_the_new_claim():
    world = World()
    world.step(world.sender(), DOT)
    world.now += TAKEN_OVER
    world.step(world.sender(), CLAIM)
    theirs = world.row
    world.step(0, 20)
    assert world.row == theirs == Row(State.CLAIMED, 2, 1000 + TAKEN_OVER + LEASE, doubts=1)
    assert world.acknowledged == 0
    world.step(1, 20)
    assert world.row == replace(theirs, state=State.SENT)
    assert world.accepted == 1 + world.row.doubts


def test_a_late_deferral_does_not_reopen_what_was_sent():
    world = World(reply="451 later")
    world.step(world.sender(), DOT)
    world.now += TAKEN_OVER
    world.reply = "250 OK"
    world.run()
    world.step(0, 20)
    assert world.row.state is State.SENT


def test_deferred_messages_go_back_and_refused_ones_are_done():
    world = World(reply="451 later")
    world.run()
    assert (world.row.state, world.acknowledged) == (State.WAITING, 0)
    world.reply = "554 no"
    world.run()  # at once: a deferral is an answer, so there is no lease to wait for
    assert (world.row.state, world.row.fence, world.row.doubts) == (State.REFUSED, 2, 0)
    assert (world.accepted, world.acknowledged) == (0, 1)


def test_a_delivery_that_fails_in_an_unforeseen_way_stays_in_doubt():
    class Broken(World):
        async def _final_dot(self, patience):
            raise ZeroDivisionError

    world = Broken()
    with pytest.raises(ZeroDivisionError):
        world.run()
    assert (world.row.state, world.acknowledged) == (State.CLAIMED, 0)


def test_a_clock_that_is_behind_waits_and_one_that_is_ahead_only_takes_over_early():
    world = World()
    world.step(world.sender(), DOT)
    world.run(lambda: -1e9)
    assert world.accepted == 1
    world.run(lambda: 1e9)
    world.step(0, 20)
    assert world.accepted == 2 == 1 + world.row.doubts
    world.run(lambda: -1e9)
    assert world.accepted == 2


class TimingOutStore(MemoryStore):
    """Writes, and then its answer is lost: once, at the write with the given number."""

    def __init__(self, write):
        super().__init__()
        self.left = write

    async def compare_and_set(self, key, expected, new):
        written = await super().compare_and_set(key, expected, new)
        self.left -= 1
        if self.left == 0:
            raise TimeoutError
        return written


@pytest.mark.parametrize(("write", "doubts"), [(1, 1), (2, 0)])
def test_a_write_whose_answer_is_lost(write, doubts):
    world = World(store=TimingOutStore(write))
    with pytest.raises(TimeoutError):
        world.run()
    world.senders[0] = None
    world.redeliver()
    assert (world.accepted, world.acknowledged, world.row.doubts) == (1, 1, doubts)
