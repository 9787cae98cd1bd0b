"""What a client shows: in the order of the numbers, nothing twice, gaps asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from snippets.netflix_chat.sequencer import Message


# --8<-- [start:receive]
class Timeline:
    """Messages in order; `show` gets each of them once."""

    def __init__(self, show: Callable[[Message], None], seen: int = 0) -> None:
        self.show, self.seen = show, seen  # everything up to `seen` was shown
        self.early: dict[int, Message] = {}  # arrived before those that precede them

    def receive(self, message: Message) -> None:
        """A frame arrived, maybe late, twice or early. Show what is next."""
        if message.number > self.seen:
            self.early.setdefault(message.number, message)
        while following := self.early.pop(self.seen + 1, None):
            self.seen += 1
            self.show(following)

    @property
    def gap(self) -> tuple[int, int] | None:
        """The numbers between which something is missing, if something is."""
        return (self.seen, min(self.early)) if self.early else None

    def fill(self, fetch: Callable[[int, int], Iterable[Message]]) -> None:
        """Ask for what is missing, after a moment: most gaps close by themselves."""
        while gap := self.gap:
            for message in fetch(*gap):
                self.receive(message)
            if self.gap == gap:
                return  # the server has not got it either: ask again later


# --8<-- [end:receive]
