"""One conversation, two owners and a store that may not answer, as states that a test can explore exhaustively.

A state is a value: the store, both owners, the writes that are still on their way, and what was acknowledged to whom.
Every action makes a new state from an old one through the classes that the chapter prints.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from snippets.netflix_chat.sequencer import Message, Owner, StaleError, Store, UnknownError

# What becomes of a write: it is answered; it is lost before or after it happened; it is still on its way.
OUTCOMES = ("answered", "lost", "unanswered", "under way")
EPOCHS = (1, 2)  # of the first owner, which is paused at any moment, and of the one that follows it


class Net(Store):
    """A store behind a network that does to the next write what the test says."""

    outcome = "answered"
    sent: Message | None = None  # the write that is still on its way

    def append(self, epoch: int, message: Message) -> None:
        if self.outcome == "under way":
            self.sent = message
        elif self.outcome != "lost":
            super().append(epoch, message)
        if self.outcome != "answered":
            raise UnknownError
        self.outcome = "answered"


@dataclass(frozen=True)
class Seat:
    """What an owner has in memory."""

    by_key: tuple[tuple[str, Message], ...]
    last: int
    doubtful: Message | None


@dataclass(frozen=True)
class State:
    """Everything there is, at one moment."""

    epoch: int = 0
    stored: tuple[Message, ...] = ()
    seats: tuple[Seat | None, ...] = (None, None)
    under_way: frozenset[tuple[int, Message]] = frozenset()
    acknowledged: frozenset[Message] = frozenset()


@dataclass(frozen=True)
class World:
    """The classes that are tested, and the keys of the messages that are sent."""

    keys: tuple[str, ...]
    owner: type[Owner] = Owner
    store: type[Net] = Net

    def _net(self, state: State) -> Net:
        return self.store(state.epoch, {m.number: m for m in state.stored})

    def _after(self, state: State, net: Net, **changes) -> State:
        stored = tuple(net.messages[n] for n in sorted(net.messages))
        return replace(state, epoch=net.epoch, stored=stored, **changes)

    def _sit(self, state: State, number: int, owner: Owner) -> tuple[Seat | None, ...]:
        seat = Seat(tuple(sorted(owner.by_key.items())), owner.last, owner.doubtful)
        return tuple(seat if n == number else other for n, other in enumerate(state.seats))

    def take(self, state: State, number: int) -> State:
        """An owner takes over."""
        net = self._net(state)
        owner = self.owner(net, EPOCHS[number])
        return self._after(state, net, seats=self._sit(state, number, owner))

    def send(self, state: State, number: int, key: str, outcome: str) -> State:
        """An owner is asked to send, and the first write that it makes has this outcome."""
        net, seat = self._net(state), state.seats[number]
        owner = object.__new__(self.owner)
        owner.store, owner.epoch = net, EPOCHS[number]
        owner.by_key, owner.last, owner.doubtful = dict(seat.by_key), seat.last, seat.doubtful
        owner.reserved = range(0)
        net.outcome, told, late = outcome, frozenset(), frozenset()
        try:
            told = frozenset({owner.send(key, f"text of {key}")})
        except UnknownError:
            late = frozenset({(owner.epoch, net.sent)} if net.sent else ())
        except StaleError:
            pass
        return self._after(
            state,
            net,
            seats=self._sit(state, number, owner),
            under_way=state.under_way | late,
            acknowledged=state.acknowledged | told,
        )

    def arrive(self, state: State, write: tuple[int, Message]) -> State:
        """A write that was under way reaches the store, and nobody hears the answer."""
        net = self._net(state)
        with suppress(StaleError):
            net.append(*write)
        return self._after(state, net, under_way=state.under_way - {write})

    def _tried(self, state: State) -> tuple[str, ...]:
        """The keys that left a trace, and the next one: those that left none are like one another."""
        traces = {m.key for m in state.stored} | {m.key for _, m in state.under_way}
        traces |= {seat.doubtful.key for seat in state.seats if seat and seat.doubtful}
        last = max((n for n, key in enumerate(self.keys) if key in traces), default=-1)
        return self.keys[: last + 2]

    def following(self, state: State) -> Iterator[State]:
        """Every state that one action makes of this one."""
        for number, seat in enumerate(state.seats):
            if seat is not None:
                for key in self._tried(state):
                    for outcome in OUTCOMES:
                        yield self.send(state, number, key, outcome)
            elif state.epoch < EPOCHS[number]:
                yield self.take(state, number)
        for write in state.under_way:
            yield self.arrive(state, write)

    def explore(self, check: Callable[[State], None] = lambda state: None) -> set[State]:
        """Every state that can be reached, each checked once, those that fewer actions make first.

        Depth first would depend on the order of hashes, and never end where a broken owner's numbers grow for ever.
        """
        known = {State()}
        queue = deque(known)
        while queue:
            state = queue.popleft()
            check(state)
            new = set(self.following(state)) - known
            known |= new
            queue += new
        return known


def wrong(state: State) -> str | None:
    """What is wrong with a state, if something is."""
    numbers = [m.number for m in state.stored]
    keys = [m.key for m in state.stored]
    if numbers != list(range(1, len(numbers) + 1)):
        return "a gap"
    if len(set(keys)) < len(keys):
        return "two numbers for one key"
    if len({m.number for m in state.acknowledged}) < len(state.acknowledged):
        return "one number for two messages"
    if not state.acknowledged <= set(state.stored):
        return "an acknowledged message is lost"
    return None
