"""What a client shows: in the order of the numbers, nothing twice, gaps asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from snippets.netflix_chat.sequencer import Message


# --8<-- [start:receive]
class Timeline:
    """Messages in order; `show` gets each of them once."""

    def __init__(self, show: Callable[[Message], None], seen: int = 0) -> None:
        self.show, self.seen = show, seen  # everything up to `seen` was shown
        self.told = seen  # the last number that there is, as the gateway's ping says
        self.early: dict[int, Message] = {}  # arrived before those that precede them
        self.void: set[int] = set()  # left empty when a region was lost

    def receive(self, message: Message) -> None:
        """A frame arrived, maybe late, twice or early. Show what is next."""
        if message.number > self.seen or message.number in self.void:
            self.early.setdefault(message.number, message)
        while ready := [n for n, m in self.early.items() if m.after <= self.seen]:
            following = self.early.pop(min(ready))
            self.void.update(range(self.seen + 1, following.number))
            self.void.discard(following.number)
            self.seen = max(self.seen, following.number)
            self.show(following)

    @property
    def gap(self) -> tuple[int, int] | None:
        """The numbers between which something is missing, if something is."""
        if self.early:
            return (self.seen, min(self.early))
        return (self.seen, self.told + 1) if self.told > self.seen else None

    def fill(self, fetch: Callable[[int, int], Iterable[Message]]) -> None:
        """Ask for what is missing, after a moment: most gaps close by themselves."""
        while gap := self.gap:
            for message in fetch(*gap):
                self.receive(message)
            if self.gap == gap:
                return  # the server has not got it either: ask again later


# --8<-- [end:receive]
