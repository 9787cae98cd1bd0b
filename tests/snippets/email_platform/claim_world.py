"""One message and the senders of it, driven step by step.

Each call of the store, the provider or the lane is one step, so a test may let time pass, crash a sender or run another
one anywhere between two steps, also between the look at the clock and the final dot.
"""

from dataclasses import dataclass, field
from types import SimpleNamespace

from snippets.email_platform import claim
from snippets.email_platform.claim import SKEW, MemoryStore, Message, Row, finish, send

RECEIPT = Message("m42", claim.RECEIPT)
CAMPAIGN = Message("m42", claim.CAMPAIGN)
CODE = Message("m42", claim.SIGN_IN_CODE)
LEASE = claim.RECEIPT.lease
TAKEN_OVER = LEASE + SKEW  # after this a claim may be taken over


class Turn:
    """Hands control back to the test; what follows it is one atomic step."""

    def __await__(self):
        yield


@dataclass
class World:
    """One message, its row, its provider and its lane; `senders` are the deliveries of it by the queue."""

    message: Message = RECEIPT
    reply: str | None = "250 2.0.0 OK"  # to the final dot; None if it is lost
    connecting: float = 0.0  # seconds until the text is through
    now: float = 1000.0
    store: MemoryStore = field(default_factory=MemoryStore)
    accepted: int = 0
    acknowledged: int = 0
    tried: int = 0
    closed: int = 0
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

        connection = SimpleNamespace(final_dot=stepwise(self._final_dot), close=self._close)

        async def deliver(message, deadline):
            await Turn()
            self.now += self.connecting
            return await finish(connection, message, deadline, read_clock)

        acknowledge = stepwise(self._acknowledge)
        self.senders.append(send(self.message, store, deliver, acknowledge, read_clock))
        self.seen.append(seen)
        self.step(len(self.senders) - 1)
        return len(self.senders) - 1

    async def _final_dot(self, patience):
        assert patience == self.message.kind.patience
        self.tried += 1
        self.accepted += self.reply is None or self.reply.startswith("2")
        if self.reply is None:
            raise ConnectionResetError
        return self.reply

    async def _close(self):
        self.closed += 1

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
                self.now += self.message.kind.lease + SKEW
                self.run()


READ, CLAIM, CONNECT, DOT, RECORD, ACKNOWLEDGE = range(1, 7)  # steps made
