"""One effect from a queue that may deliver twice: claim, deliver, record, acknowledge.

Times are in seconds on the caller's clock. A provider accepts a message at most once
more than its row counts `doubts`, whatever crashes and whatever the clocks say.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol


# --8<-- [start:store]
class State(Enum):
    """Where a message stands. The last three are final."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    REFUSED = "refused"
    SKIPPED = "skipped"  # possibly sent, and not worth sending twice


@dataclass(frozen=True)
class Row:
    """What the message store knows of one message."""

    state: State = State.WAITING
    fence: int = 0  # one more with each claim, so no two claims are the same row
    lease_ends: float = 0.0
    doubts: int = 0  # claims that ran out without a record: each may be a duplicate


class Store(Protocol):
    """Cassandra does this with `IF`, DynamoDB with a condition expression."""

    async def read(self, key: str) -> Row:
        """The row of a message, also of one that nobody has touched."""

    async def compare_and_set(self, key: str, expected: Row, new: Row) -> bool:
        """Write `new` if the row is still `expected`; say whether it was written."""


# --8<-- [end:store]


@dataclass(frozen=True)
class Message:
    """A message as the queue brings it."""

    key: str
    repeatable: bool  # a second receipt is better than none; a second campaign is not


Deliver = Callable[[Message], Awaitable[State]]
Acknowledge = Callable[[Message], Awaitable[None]]
Clock = Callable[[], float]

# --8<-- [start:claim]
PATIENCE = 600.0  # RFC 5321 waits ten minutes for the answer to the final dot
LEASE = 900.0  # longer than that, or a slow answer becomes a second message


async def claim(store: Store, key: str, row: Row, now: float) -> Row | None:
    """Our claim on a message whose row was just read, or None if another holds it."""
    if row.state is State.CLAIMED and now < row.lease_ends:
        return None
    # A claim that ran out hides what its sender did last: count it as it is taken over.
    doubts = row.doubts + (row.state is State.CLAIMED)
    mine = Row(State.CLAIMED, row.fence + 1, now + LEASE, doubts)
    return mine if await store.compare_and_set(key, row, mine) else None


# --8<-- [end:claim]


# --8<-- [start:send]
async def send(
    message: Message,
    store: Store,
    deliver: Deliver,
    acknowledge: Acknowledge,
    clock: Clock,
) -> None:
    """Send a message that the queue may bring any number of times."""
    row = await store.read(message.key)
    if row.state in (State.WAITING, State.CLAIMED):
        mine = await claim(store, message.key, row, clock())
        if mine is None:
            return  # no acknowledgement: whoever holds the claim may still crash
        if mine.doubts and not message.repeatable:
            verdict = State.SKIPPED
        elif clock() + PATIENCE > mine.lease_ends:
            verdict = State.WAITING  # we were paused: start only what the lease covers
        else:
            verdict = await deliver(message)  # sent, refused, or waiting if deferred
            # The hole: a crash here leaves an accepted message that nobody wrote down.

        recorded = replace(mine, state=verdict)
        if not await store.compare_and_set(message.key, mine, recorded):
            return  # overtaken: the row belongs to a later claim
        if verdict is State.WAITING:
            return  # the lane brings it again when its retry is due
    await acknowledge(message)


# --8<-- [end:send]


class MemoryStore:
    """A store for trying things out: no `await` inside, so each call is atomic."""

    def __init__(self) -> None:
        self.rows: dict[str, Row] = {}

    async def read(self, key: str) -> Row:
        """The row of a message, also of one that nobody has touched."""
        return self.rows.get(key, Row())

    async def compare_and_set(self, key: str, expected: Row, new: Row) -> bool:
        """Write `new` if the row is still `expected`; say whether it was written."""
        if self.rows.get(key, Row()) != expected:
            return False
        self.rows[key] = new
        return True
