"""Trying again: backoff with and without jitter, a budget for retries, and the policy that uses both."""

from __future__ import annotations

import math
from collections.abc import Collection
from random import Random
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Done, Outcome, Request, Service, Simulation

JITTERS = ("none", "equal", "full")
_OK = Outcome.OK


class Backoff:
    """Exponential backoff: before retry n (from 0) the ceiling is min(cap, base · 2ⁿ) seconds.

    `jitter`: "none" waits the ceiling, "equal" half of it plus a uniform draw of the other half, "full" a uniform
    draw from 0 to it; the means are 1, 3/4 and 1/2 of the ceiling. Raises InputError.
    Source: Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog, 2015.
    """

    def __init__(self, base: Any = 0.1, cap: Any = 10.0, jitter: str = "full") -> None:
        self.base, self.cap = inputs.duration("base", base), inputs.duration("cap", cap)
        self.jitter = inputs.choice("jitter", jitter, JITTERS)
        if self.cap < self.base:
            raise InputError("cap", cap, f"at least the base ({self.base} s)")

    def ceiling(self, retry: int) -> float:
        """The longest wait before retry number `retry` (from 0), s."""
        return min(self.cap, self.base * 2.0 ** min(retry, 1000))

    def mean(self, retry: int) -> float:
        """The mean wait before retry number `retry` (from 0), s."""
        return self.ceiling(retry) * {"none": 1.0, "equal": 0.75, "full": 0.5}[self.jitter]

    def delay(self, retry: int, rng: Random) -> float:
        """Draw the wait before retry number `retry` (from 0), s."""
        ceiling = self.ceiling(retry)
        if self.jitter == "none":
            return ceiling
        return ceiling * rng.random() if self.jitter == "full" else ceiling * (1 + rng.random()) / 2


class RetryBudget:
    """A token bucket that lets retries be a share of the requests, for all calls of one client together.

    Each first attempt deposits `ratio` tokens, time deposits `reserve` tokens a second (for clients with little
    traffic), each retry takes one; the bucket holds at most `capacity` and starts full. So in any time t with n first
    attempts there are at most capacity + ratio · n + reserve · t retries. Raises InputError.
    Sources: Finagle's RetryBudget (percentCanRetry, minRetriesPerSec; its deposits expire after a time, here the
    capacity bounds them); Beyer et al., "Site Reliability Engineering", 2016, chapter 21 (10 % a client).
    """

    def __init__(self, sim: Simulation, ratio: float = 0.1, capacity: float = 10.0, reserve: Any = 0.0) -> None:
        self.sim = sim
        self.ratio = inputs.amount("ratio", ratio, zero=True)
        self.capacity = inputs.amount("capacity", capacity)
        self.reserve = inputs.rate("reserve", reserve, zero=True)
        self.tokens, self._since = self.capacity, sim.now

    def deposit(self) -> None:
        """A first attempt was made."""
        self.tokens = min(self.capacity, self.tokens + self.ratio)

    def withdraw(self) -> bool:
        """Take the token for a retry, if there is one."""
        now = self.sim.now
        if self.reserve:
            self.tokens = min(self.capacity, self.tokens + self.reserve * (now - self._since))
            self._since = now
        if self.tokens < 1.0 - 1e-9:  # ten deposits of 0.1 are a token, whatever their float sum
            return False
        self.tokens = max(self.tokens - 1.0, 0.0)
        return True


class _Call:
    """One request with its attempts."""

    __slots__ = ("owner", "request", "done", "attempt", "deadline")

    def __init__(self, owner: Retry, request: Request, done: Done) -> None:
        self.owner, self.request, self.done = owner, request, done
        self.attempt, self.deadline = 0, request.deadline

    def answer(self, outcome: Outcome) -> None:
        if outcome is _OK:
            self.done(outcome)
        else:
            self.owner._failed(self, outcome)

    def again(self) -> None:
        """Send a copy: the earlier attempt may still be in a queue, with its own deadline."""
        first = self.request
        request = Request(first.created, first.key, first.priority, self.deadline, self.attempt)
        self.owner.target(request, self.answer)


class Retry:
    """Sends a request up to `attempts` times in all, with backoff, as long as the budget allows.

    `retry_on`: the outcomes that are tried again (None: all but ok). Put a `Timeout` inside for a limit on each
    attempt, around it for a limit on all of them. `first_attempts`, `retries`, `exhausted` (all attempts failed) and
    `denied` (by the budget) are counted; amplification = attempts sent / first attempts. Raises InputError.
    """

    def __init__(
        self,
        sim: Simulation,
        name: str,
        target: Service,
        attempts: int = 3,
        backoff: Backoff | None = None,
        budget: RetryBudget | None = None,
        retry_on: Collection[Outcome] | None = None,
    ) -> None:
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.attempts = inputs.count("attempts", attempts)
        self.backoff, self.budget = backoff or Backoff(), budget
        self.retry_on = frozenset(set(Outcome) - {_OK} if retry_on is None else retry_on)
        self._rng = sim.stream(name)
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.first_attempts = self.retries = self.exhausted = self.denied = 0

    @property
    def amplification(self) -> float:
        """Attempts sent for each request; NaN before the first."""
        return 1 + self.retries / self.first_attempts if self.first_attempts else math.nan

    def __call__(self, request: Request, done: Done) -> None:
        """Send the first attempt."""
        self.first_attempts += 1
        if self.budget is not None:
            self.budget.deposit()
        self.target(request, _Call(self, request, done).answer)

    def _failed(self, call: _Call, outcome: Outcome) -> None:
        if outcome not in self.retry_on:
            call.done(outcome)
        elif call.attempt + 1 >= self.attempts:
            self.exhausted += 1
            call.done(outcome)
        elif self.budget is not None and not self.budget.withdraw():
            self.denied += 1
            call.done(outcome)
        else:
            delay = self.backoff.delay(call.attempt, self._rng)
            call.attempt += 1
            self.retries += 1
            self.sim.after(delay, call.again)
