"""Two senders of one message, explored exhaustively.

Every interleaving, a crash before and after each step, and the lease running out at any moment. Equal states are
explored once.
"""

from collections import Counter

import pytest

from snippets.email_platform import claim
from snippets.email_platform.claim import MemoryStore, Row, State
from tests.snippets.email_platform.claim_world import CAMPAIGN, LEASE, RECEIPT, TAKEN_OVER, World


def explore(new_world):
    """Every state that two senders can reach; yields each world in which both have come to an end."""
    queue, known = [()], set()
    while queue:
        path = queue.pop()
        world = new_world()
        world.sender(), world.sender()
        for action, number in path:
            if action == "time":
                world.now += TAKEN_OVER
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
        if message.kind.repeatable:
            assert world.accepted >= 1, path
        else:
            assert world.accepted <= 1, path
            assert world.accepted == 1 or world.row.doubts, path
        if not any(action in ("crash", "time") for action, _ in path):
            assert (world.accepted, world.row.doubts) == (1, 0), path
    assert set(results) == ({1, 2, 3} if message.kind.repeatable else {0, 1})


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
    async def greedy(store, message, row, now):
        mine = Row(State.CLAIMED, row.fence + 1, now + LEASE, row.doubts)
        return mine if await store.compare_and_set(message.key, row, mine) else None

    monkeypatch.setattr(claim, "claim", greedy)
    assert any(world.accepted > 1 + world.row.doubts for _, world in explore(World))
