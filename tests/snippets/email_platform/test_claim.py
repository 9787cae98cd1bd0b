"""Senders are driven step by step: each call of the store, the provider or the lane is one step.

Two senders of one message are explored exhaustively: every interleaving, a crash before and after each step, and
the lease running out at any moment. Equal states are explored once.
"""

from collections import Counter
from dataclasses import dataclass, field, replace
from types import SimpleNamespace

import pytest

from snippets.email_platform import claim
from snippets.email_platform.claim import LEASE, MemoryStore, Message, Row, State, send

RECEIPT = Message("m42", repeatable=True)
CAMPAIGN = Message("m42", repeatable=False)


class Turn:
    """Hands control back to the test; what follows it is one atomic step."""

    def __await__(self):
        yield


@dataclass
class World:
    """One message, its row, its provider and its lane; `senders` are the deliveries of it by the queue."""

    message: Message = RECEIPT
    verdict: State = State.SENT
    now: float = 1000.0
    store: MemoryStore = field(default_factory=MemoryStore)
    accepted: int = 0
    acknowledged: int = 0
    tried: int = 0
    senders: list = field(default_factory=list)
    seen: list = field(default_factory=list)

    @property
    def row(self):
        return self.store.rows.get(self.message.key, Row())

    def sender(self, clock=None):
        """Begin to send, up to the first step; returns the number of the sender."""
        seen = []

        def stepwise(effect):
            async def step(*arguments):
                await Turn()
                seen.append(answer := await effect(*arguments))
                return answer

            return step

        store = SimpleNamespace(read=stepwise(self.store.read), compare_and_set=stepwise(self.store.compare_and_set))

        def read_clock():
            seen.append(now := (clock or (lambda: self.now))())
            return now

        deliver, acknowledge = stepwise(self._deliver), stepwise(self._acknowledge)
        self.senders.append(send(self.message, store, deliver, acknowledge, read_clock))
        self.seen.append(seen)
        self.step(len(self.senders) - 1)
        return len(self.senders) - 1

    async def _deliver(self, message):
        self.tried += 1
        self.accepted += self.verdict is State.SENT
        return self.verdict

    async def _acknowledge(self, message):
        self.acknowledged += 1

    def step(self, number, steps=1):
        """Let a sender make steps; a finished one makes none."""
        for _ in range(steps):
            if self.senders[number] is not None:
                try:
                    self.senders[number].send(None)
                except StopIteration:
                    self.senders[number] = None

    def crash(self, number):
        if self.senders[number] is not None:
            self.senders[number].close()
            self.senders[number] = None

    def run(self, clock=None):
        self.step(self.sender(clock), steps=20)

    def redeliver(self):
        """The queue brings the message again until it is acknowledged."""
        for _ in range(3):
            if not self.acknowledged:
                self.now += LEASE
                self.run()


READ, CLAIM, DELIVER, RECORD, ACKNOWLEDGE = range(1, 6)  # steps made


def test_the_plain_way():
    world = World()
    world.run()
    assert (world.accepted, world.acknowledged) == (1, 1)
    assert world.row == Row(State.SENT, fence=1, lease_ends=1000 + LEASE)


@pytest.mark.parametrize("message", [RECEIPT, CAMPAIGN])
@pytest.mark.parametrize("steps", range(6))
def test_a_crash_after_each_step(message, steps):
    world = World(message)
    world.step(world.sender(), steps)
    world.crash(0)
    world.redeliver()
    assert world.acknowledged == 1
    in_doubt = steps in (CLAIM, DELIVER)
    assert world.row.doubts == in_doubt
    if message.repeatable:
        assert world.accepted == (2 if steps == DELIVER else 1)
    else:
        assert world.accepted == (0 if steps == CLAIM else 1)
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


def test_a_paused_sender_does_not_start_what_its_lease_does_not_cover():
    readings = iter([1000.0, 1000.0 + LEASE - claim.PATIENCE + 1])
    world = World()
    world.run(lambda: next(readings))
    assert (world.tried, world.acknowledged) == (0, 0)
    assert world.row == Row(State.WAITING, fence=1, lease_ends=1000 + LEASE)  # given back, not in doubt


def test_a_stale_sender_cannot_record_over_the_new_claim():
    world = World()
    world.step(world.sender(), DELIVER)
    world.now += LEASE
    world.step(world.sender(), CLAIM)
    theirs = world.row
    world.step(0, 20)
    assert world.row == theirs == Row(State.CLAIMED, 2, 1000 + 2 * LEASE, doubts=1)
    assert world.acknowledged == 0
    world.step(1, 20)
    assert world.row == replace(theirs, state=State.SENT)
    assert world.accepted == 1 + world.row.doubts


def test_a_late_deferral_does_not_reopen_what_was_sent():
    world = World(verdict=State.WAITING)
    world.step(world.sender(), DELIVER)
    world.now += LEASE
    world.verdict = State.SENT
    world.run()
    world.step(0, 20)
    assert world.row.state is State.SENT


def test_deferred_messages_go_back_and_refused_ones_are_done():
    world = World(verdict=State.WAITING)
    world.run()
    assert (world.row.state, world.acknowledged) == (State.WAITING, 0)
    world.verdict = State.REFUSED
    world.run()  # at once: a deferral is an answer, so there is no lease to wait for
    assert (world.row.state, world.row.fence, world.row.doubts) == (State.REFUSED, 2, 0)
    assert (world.accepted, world.acknowledged) == (0, 1)


def test_a_delivery_without_an_answer_stays_in_doubt():
    class Silent(World):
        async def _deliver(self, message):
            raise TimeoutError

    world = Silent()
    with pytest.raises(TimeoutError):
        world.run()
    assert (world.row.state, world.acknowledged) == (State.CLAIMED, 0)


def test_a_clock_that_is_behind_waits_and_one_that_is_ahead_only_takes_over_early():
    world = World()
    world.step(world.sender(), DELIVER)
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


def explore(new_world):
    """Every state that two senders can reach; yields each world in which both have come to an end."""
    queue, known = [()], set()
    while queue:
        path = queue.pop()
        world = new_world()
        world.sender(), world.sender()
        for action, number in path:
            if action == "time":
                world.now += LEASE
            else:
                getattr(world, action)(number)
        alive = [number for number, sender in enumerate(world.senders) if sender is not None]
        state = (world.row, world.accepted, world.acknowledged, world.now, tuple(alive), str(world.seen))
        if state in known:
            continue
        known.add(state)
        if not alive:
            yield path, world
        queue += [(*path, (action, number)) for number in alive for action in ("step", "crash")]
        if alive and path.count(("time", 0)) < 2:
            queue.append((*path, ("time", 0)))
    assert len(known) > 1000


@pytest.mark.parametrize("message", [RECEIPT, CAMPAIGN])
def test_every_interleaving_of_two_senders(message):
    results = Counter()
    for path, world in explore(lambda: World(message)):
        world.redeliver()
        results[world.accepted] += 1
        assert world.acknowledged, path
        assert world.accepted <= 1 + world.row.doubts, path
        if message.repeatable:
            assert world.accepted >= 1, path
        else:
            assert world.accepted <= 1, path
            assert world.accepted == 1 or world.row.doubts, path
        if not any(action in ("crash", "time") for action, _ in path):
            assert (world.accepted, world.row.doubts) == (1, 0), path
    assert set(results) == ({1, 2, 3} if message.repeatable else {0, 1})


class CarelessStore(MemoryStore):
    """Writes without looking at what is there."""

    async def compare_and_set(self, key, expected, new):
        self.rows[key] = new
        return True


def test_the_exploration_finds_a_store_without_a_condition():
    worlds = explore(lambda: World(store=CarelessStore()))
    wrong = [path for path, world in worlds if world.accepted > 1 + world.row.doubts]
    assert any(not {"crash", "time"} & {action for action, _ in path} for path in wrong)


def test_the_exploration_finds_a_lease_that_is_not_checked(monkeypatch):
    async def greedy(store, key, row, now):
        mine = Row(State.CLAIMED, row.fence + 1, now + LEASE, row.doubts)
        return mine if await store.compare_and_set(key, row, mine) else None

    monkeypatch.setattr(claim, "claim", greedy)
    assert any(world.accepted > 1 + world.row.doubts for _, world in explore(World))
