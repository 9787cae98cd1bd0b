"""One effect from a queue that may deliver twice: claim, deliver, record, acknowledge.

Times are in seconds on the caller's clock. A provider accepts a message at most once
more than its row counts `doubts`, whatever crashes or is lost, and whatever the clocks
say. The hole opens when the final dot is sent and closes when the reply is recorded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Protocol

from snippets.email_platform.retry_schedule import Action, classify


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
    doubts: int = 0  # claims that ran out without a record: each may have been sent


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
    kind: Kind


# Delivers before a deadline, and sends the final dot only if the patience of the kind
# still fits in before it. Sent, refused, or waiting if it was deferred or not tried;
# None in doubt: the dot was sent, and no reply came.
Deliver = Callable[[Message, float], Awaitable[State | None]]
Acknowledge = Callable[[Message], Awaitable[None]]
Clock = Callable[[], float]

# --8<-- [start:claim]
SKEW = 1.0  # no machine's clock is further than this from the true time


@dataclass(frozen=True)
class Kind:
    """What a kind of mail asks of one try."""

    patience: float  # how long to wait for the reply to the final dot
    repeatable: bool  # a second receipt is better than none; a second campaign is not

    @property
    def lease(self) -> float:
        """Patience, and half as long again for all that comes before the dot."""
        return 1.5 * self.patience


# RFC 5321 waits ten minutes, but a dead sender must not hold a code for longer than it
# lives. A second mail is harmless: it brings the same code, which works only once.
SIGN_IN_CODE = Kind(patience=20.0, repeatable=True)
RECEIPT = Kind(patience=600.0, repeatable=True)
CAMPAIGN = Kind(patience=600.0, repeatable=False)


async def claim(store: Store, message: Message, row: Row, now: float) -> Row | None:
    """Our claim on a message whose row was just read, or None if another holds it."""
    if row.state is State.CLAIMED and now < row.lease_ends + SKEW:
        return None
    # A claim that ran out hides what its sender did last: count it as it is taken over.
    doubts = row.doubts + (row.state is State.CLAIMED)
    mine = Row(State.CLAIMED, row.fence + 1, now + message.kind.lease, doubts)
    return mine if await store.compare_and_set(message.key, row, mine) else None


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
        mine = await claim(store, message, row, clock())
        if mine is None:
            return  # no acknowledgement: whoever holds the claim may still crash
        if mine.doubts and not message.kind.repeatable:
            verdict = State.SKIPPED
        else:
            # The hole: from the final dot in here until the record below, a crash or
            # a lost reply leaves a message that may be sent, and nobody knows.
            verdict = await deliver(message, mine.lease_ends - SKEW)
        if verdict is None:
            return  # in doubt: not again before the claim has run out and is counted

        recorded = replace(mine, state=verdict)
        if not await store.compare_and_set(message.key, mine, recorded):
            return  # overtaken: the row belongs to a later claim
        if verdict is State.WAITING:
            return  # the lane brings it again when its retry is due
    await acknowledge(message)


# --8<-- [end:send]


class Connection(Protocol):
    """An SMTP connection on which DATA and the whole text went out, but not the dot."""

    async def final_dot(self, patience: float) -> str:
        """Send the dot; the reply to it. OSError if none came (TimeoutError is one)."""

    async def close(self) -> None:
        """Hang up. A server must discard a text without its dot."""


# --8<-- [start:finish]
VERDICTS = {
    Action.DONE: State.SENT,
    Action.DROP: State.REFUSED,
    Action.POLICY: State.REFUSED,
    Action.SUPPRESS: State.REFUSED,
}  # everything else waits


async def finish(
    connection: Connection, message: Message, deadline: float, clock: Clock
) -> State | None:
    """The last part of a delivery: the final dot, if its reply can come in time."""
    patience = message.kind.patience
    if clock() + patience > deadline:
        await connection.close()
        return State.WAITING  # connecting was slow, or we were paused: nothing was sent
    try:
        reply = await connection.final_dot(patience)
    except OSError:
        return None  # `Closed.IN_DOUBT`: accepted or not, nobody knows
    return VERDICTS.get(classify(reply), State.WAITING)


# --8<-- [end:finish]


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
