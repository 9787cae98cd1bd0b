"""What at-least-once delivery does: the same request takes effect twice, unless the receiver remembers it."""

from __future__ import annotations

from collections import Counter

from handbook.simulation.core import Done, Outcome, Request, Service, Simulation


class Effects:
    """Counts how often each request key takes effect (its service ends ok), whoever still waits for the answer.

    With `idempotent`, a key that has taken effect is answered ok at once, and one that is just being worked on takes
    effect once: a second attempt that ends does not count again. Put it inside the link that loses replies.
    `applied`: effects by key; `duplicates`: effects beyond the first; `suppressed`: those that idempotency avoided.
    They are counted from the start, through the warm-up.
    """

    def __init__(self, sim: Simulation, name: str, target: Service, idempotent: bool = False) -> None:
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.idempotent = idempotent
        self.applied: Counter[int] = Counter()
        self.suppressed = 0

    @property
    def duplicates(self) -> int:
        """Effects beyond the first of each key."""
        return self.applied.total() - len(self.applied)

    def __call__(self, request: Request, done: Done) -> None:
        """Let the request take effect, unless it is known."""
        key = request.key
        if self.idempotent and key in self.applied:
            self.suppressed += 1
            done(Outcome.OK)
            return

        def answer(outcome: Outcome) -> None:
            if outcome is Outcome.OK:
                self._apply(key)
            done(outcome)

        self.target(request, answer)

    def _apply(self, key: int) -> None:
        if self.idempotent and key in self.applied:
            self.suppressed += 1
        else:
            self.applied[key] += 1
