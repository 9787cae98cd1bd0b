"""The owner of a conversation: numbers without gaps, and one number for one key."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Message:
    """One stored message of a conversation."""

    number: int
    key: str
    text: str
    follows: int | None = None  # the number before it, where that is not one less

    @property
    def after(self) -> int:
        """The number that has to be shown before this one."""
        return self.number - 1 if self.follows is None else self.follows


class StaleError(Exception):
    """Another owner has taken over: this one must stop."""


class ConflictError(Exception):
    """The key was used before, for another text."""


class UnknownError(Exception):
    """The store gave no answer: the write may have happened."""


@dataclass
class Store:
    """One conversation in the message store. `append` is one conditional write."""

    epoch: int = 0
    messages: dict[int, Message] = field(default_factory=dict)

    def take(self, epoch: int) -> dict[str, Message]:
        """A new owner is in charge: older ones are refused. What is stored, by key."""
        if epoch <= self.epoch:
            raise StaleError(f"epoch {self.epoch} is in charge")
        self.epoch = epoch
        return {m.key: m for m in self.messages.values()}

    def append(self, epoch: int, message: Message) -> None:
        """Store a message, if the epoch is in charge and the number free or its own."""
        if epoch != self.epoch:
            raise StaleError(f"epoch {self.epoch} is in charge")
        if self.messages.setdefault(message.number, message) != message:
            raise StaleError(f"number {message.number} is taken")

    def after(self, number: int) -> Iterator[Message]:
        """The messages that follow a number, in order."""
        return (self.messages[n] for n in sorted(self.messages) if n > number)


# --8<-- [start:send]
class Owner:
    """Gives the messages of one conversation their numbers. The epoch says who may."""

    def __init__(self, store: Store, epoch: int, reserved: range = range(0)) -> None:
        self.store, self.epoch = store, epoch
        self.by_key = store.take(epoch)  # from here on the store refuses older owners
        self.last = max((m.number for m in self.by_key.values()), default=0)
        self.reserved = reserved  # numbers that a lost region may have given
        self.doubtful: Message | None = None  # a write that nobody knows the outcome of

    def send(self, key: str, text: str) -> Message:
        """Store a message once and return it. After UnknownError, send it again."""
        if self.doubtful:  # it may have its number already: settle that, or leave a gap
            self._store(self.doubtful)
        if known := self.by_key.get(key):
            if known.text != text:
                raise ConflictError(key)
            return known  # the first answer, however often it is asked
        message = Message(self.last + 1, key, text)
        if self.reserved and self.last < self.reserved.stop:
            before = self.reserved.start - 1  # the last one that was copied
            message = Message(self.reserved.stop, key, text, follows=before)
        self._store(message)
        return message  # only now may anybody be told

    def _store(self, message: Message) -> None:
        self.doubtful = message
        self.store.append(self.epoch, message)  # raises: still doubtful
        self.doubtful, self.last = None, max(self.last, message.number)
        self.by_key[message.key] = message

    # --8<-- [end:send]

    # --8<-- [start:restore]
    def restore(self, message: Message) -> Message:
        """Put back what a lost region acknowledged, under the number that it had.

        From a sender's receipt, or from the region when it is back.
        """
        if self.doubtful:
            self._store(self.doubtful)
        known = self.by_key.get(message.key)
        if known is None and message.number in self.reserved:
            self._store(message)
            return message
        if known != message:
            raise ConflictError(message.key)
        return known

    # --8<-- [end:restore]
