"""A circuit breaker: stop calling a service that fails, and probe it now and then."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Done, Outcome, Request, Service, Simulation

CLOSED, OPEN, HALF_OPEN = "closed", "open", "half-open"

#: What counts as a failure of the service: not what the caller's own limits have refused.
FAILURES = frozenset(
    {
        Outcome.FAILED, Outcome.UNAVAILABLE, Outcome.QUEUE_FULL, Outcome.SHED, Outcome.EXPIRED, Outcome.TIMED_OUT,
    }
)  # fmt: skip


class CircuitBreaker:
    """Closed, open or half-open.

    Closed: passes calls on, and opens when `failure_share` of the last `window` calls failed (judged from `minimum`
    calls on). Open: answers "circuit open" at once, for `open_for` seconds. Half-open: passes `trials` calls on; if
    all succeed it closes, at the first failure it opens again. Answers to calls that began in an earlier state do not
    count. Where answers can get lost, put a `Timeout` inside: a half-open breaker waits for its trials.

    `state` is the present one, `changes` lists (time in s, state); changes are marked on the simulation's charts.
    `passed` and `refused` are counted. Raises InputError.
    Sources: Nygard, "Release It!", 2007; the count-based window of Resilience4j.
    """

    def __init__(
        self,
        sim: Simulation,
        name: str,
        target: Service,
        failure_share: float = 0.5,
        window: int = 100,
        minimum: int = 20,
        open_for: Any = 5.0,
        trials: int = 5,
        failures: Collection[Outcome] = FAILURES,
    ) -> None:
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.failure_share = inputs.share("failure_share", failure_share)
        self.window, self.minimum = inputs.count("window", window), inputs.count("minimum", minimum)
        if self.minimum > self.window:
            raise InputError("minimum", minimum, f"at most the window ({self.window} calls)")
        self.open_for = inputs.duration("open_for", open_for)
        self.trials = inputs.count("trials", trials)
        self.failures = frozenset(failures)
        self.state = CLOSED
        self.changes: list[tuple[float, str]] = []
        self._period = 0  # grows with every change of state, to tell late answers
        self._clear()
        self.reset()

    def reset(self) -> None:
        """Forget what was counted; keep the state."""
        self.passed = self.refused = 0

    def _clear(self) -> None:
        self._recent: deque[bool] = deque(maxlen=self.window)
        self._failed = self._trying = self._succeeded = 0

    def _change(self, state: str) -> None:
        self.state = state
        self._period += 1
        self._clear()
        self.changes.append((self.sim.now, state))
        self.sim.mark(f"{self.name} {state}")
        if state == OPEN:
            self.sim.after(self.open_for, self._change, HALF_OPEN)

    def __call__(self, request: Request, done: Done) -> None:
        """Pass the call on or refuse it."""
        if self.state == OPEN or (self.state == HALF_OPEN and self._trying >= self.trials):
            self.refused += 1
            done(Outcome.CIRCUIT_OPEN)
            return
        self.passed += 1
        self._trying += 1
        period = self._period

        def answer(outcome: Outcome) -> None:
            if period == self._period:
                self._record(outcome in self.failures)
            done(outcome)

        self.target(request, answer)

    def _record(self, failed: bool) -> None:
        if self.state == HALF_OPEN:
            self._succeeded += not failed
            if failed:
                self._change(OPEN)
            elif self._succeeded == self.trials:
                self._change(CLOSED)
            return
        recent = self._recent
        if len(recent) == self.window:
            self._failed -= recent[0]
        recent.append(failed)
        self._failed += failed
        if failed and len(recent) >= self.minimum and self._failed >= self.failure_share * len(recent):
            self._change(OPEN)
