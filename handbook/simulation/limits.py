"""Limits on the caller's side: how many a second (token bucket, rate limit), how many at once (bulkhead)."""

from __future__ import annotations

from collections import deque
from typing import Any

from handbook.simulation import inputs
from handbook.simulation.core import Done, Outcome, Request, Service, Simulation


class TokenBucket:
    """`rate` tokens a second flow into a bucket that holds `capacity` and starts full.

    In any window of t seconds at most capacity + rate · t tokens are taken. `rate` can be changed at any time.
    Raises InputError.
    """

    def __init__(self, sim: Simulation, rate: Any, capacity: float) -> None:
        self.sim = sim
        self._rate = inputs.rate("rate", rate)
        self.capacity = inputs.amount("capacity", capacity)
        self._tokens, self._since = self.capacity, sim.now

    @property
    def rate(self) -> float:
        """Tokens per second."""
        return self._rate

    @rate.setter
    def rate(self, rate: Any) -> None:
        self._tokens, self._since = self.tokens, self.sim.now
        self._rate = inputs.rate("rate", rate)

    @property
    def tokens(self) -> float:
        """Tokens in the bucket now."""
        return min(self.capacity, self._tokens + self._rate * (self.sim.now - self._since))

    def take(self, tokens: float = 1.0) -> bool:
        """Take so many tokens if they are there; else take none."""
        available = self.tokens
        if available < tokens - 1e-9:  # the refill is a float sum: a token that is due must not be missed by 1e-16
            return False
        self._tokens, self._since = max(available - tokens, 0.0), self.sim.now
        return True

    def wait(self, tokens: float = 1.0) -> float:
        """Seconds until so many tokens are there, if nobody takes any and the rate stays."""
        return max(0.0, tokens - self.tokens) / self._rate


class RateLimit:
    """Lets through what its token bucket allows; the rest is refused ("rate limited") or, with `wait`, queued.

    `rate` per second, `burst` in requests; `rate` can be changed at any time (a provider that throttles).
    `queue_limit` bounds the queue of those that wait. `passed` and `refused` are counted. Raises InputError.
    """

    def __init__(
        self,
        sim: Simulation,
        name: str,
        target: Service,
        rate: Any,
        burst: float = 1.0,
        wait: bool = False,
        queue_limit: int | None = None,
    ) -> None:
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.bucket = TokenBucket(sim, rate, inputs.amount("burst", burst))
        self.wait = wait
        self.queue_limit = None if queue_limit is None else inputs.count("queue_limit", queue_limit, least=0)
        self._line: deque[tuple[Request, Done]] = deque()
        self._armed = 0  # how often a release was planned, to tell the last one
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.passed = self.refused = 0

    @property
    def rate(self) -> float:
        """Requests per second."""
        return self.bucket.rate

    @rate.setter
    def rate(self, rate: Any) -> None:
        self.bucket.rate = rate
        if self._line:
            self._arm()

    @property
    def queued(self) -> int:
        """Requests waiting for a token now."""
        return len(self._line)

    def __call__(self, request: Request, done: Done) -> None:
        """Pass the request on, queue it, or refuse it."""
        if not self._line and self.bucket.take():
            self.passed += 1
            self.target(request, done)
        elif self.wait and (self.queue_limit is None or len(self._line) < self.queue_limit):
            self._line.append((request, done))
            if len(self._line) == 1:
                self._arm()
        else:
            self.refused += 1
            done(Outcome.RATE_LIMITED)

    def _arm(self) -> None:
        self._armed += 1
        self.sim.after(self.bucket.wait(), self._release, self._armed)

    def _release(self, armed: int) -> None:
        if armed != self._armed:
            return  # the rate has changed since, and with it the time of the release
        while self._line and self.bucket.take():
            self.passed += 1
            self.target(*self._line.popleft())
        if self._line:
            self._arm()


class Bulkhead:
    """At most `limit` requests inside at once; the rest is refused ("bulkhead full").

    So a slow dependency cannot take all of the caller's threads or connections. `inside` is the number now; `passed`
    and `refused` are counted. Raises InputError.
    Source: Nygard, "Release It!", 2007 (the name).
    """

    def __init__(self, sim: Simulation, name: str, target: Service, limit: int) -> None:
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.limit = inputs.count("limit", limit)
        self.inside = 0
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.passed = self.refused = 0

    def __call__(self, request: Request, done: Done) -> None:
        """Pass the request on, or refuse it."""
        if self.inside >= self.limit:
            self.refused += 1
            done(Outcome.BULKHEAD_FULL)
            return
        self.inside += 1
        self.passed += 1

        def leave(outcome: Outcome) -> None:
            self.inside -= 1
            done(outcome)

        self.target(request, leave)
