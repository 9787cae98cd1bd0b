"""A caller that stops waiting. The service does not notice: it may still work on the request, for nobody."""

from __future__ import annotations

from collections import deque
from typing import Any

from handbook.simulation import inputs
from handbook.simulation.core import Done, Outcome, Request, Service, Simulation


class _Pending:
    """One call that waits for its answer; `done` is None once the caller has one."""

    __slots__ = ("owner", "deadline", "done")

    def __init__(self, owner: Timeout, deadline: float, done: Done) -> None:
        self.owner, self.deadline, self.done = owner, deadline, done

    def answer(self, outcome: Outcome) -> None:
        done = self.done
        if done is None:
            self.owner.late += 1
        else:
            self.done = None
            done(outcome)


class Timeout:
    """Answers "timed out" when `target` has not answered within `after` seconds, and sets the request's deadline.

    `timed_out` counts those, `late` the answers that came after. Raises InputError.
    """

    def __init__(self, sim: Simulation, name: str, target: Service, after: Any) -> None:
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.after = inputs.duration("after", after)
        # All calls wait equally long, so they end in the order in which they began: one timer, for the oldest, does.
        self._waiting: deque[_Pending] = deque()
        self._armed = False
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.timed_out = self.late = 0

    def __call__(self, request: Request, done: Done) -> None:
        """Send the request on and begin to wait."""
        deadline = self.sim.now + self.after
        if deadline < request.deadline:
            request.deadline = deadline
        pending = _Pending(self, deadline, done)
        self._waiting.append(pending)
        if not self._armed:
            self._arm()
        self.target(request, pending.answer)

    def _arm(self) -> None:
        self._armed = True
        self.sim.after(self._waiting[0].deadline - self.sim.now, self._expire)

    def _expire(self) -> None:
        waiting, now = self._waiting, self.sim.now
        while waiting and (waiting[0].done is None or waiting[0].deadline <= now):
            pending = waiting.popleft()
            done, pending.done = pending.done, None
            if done is not None:
                self.timed_out += 1
                done(Outcome.TIMED_OUT)
        self._armed = False
        if waiting:
            self._arm()
