"""Load shedding: whom a station turns away, or drops from its queue, before it is overloaded.

The plain limit on the queue's length is the station's own `queue_limit`. A policy here sees every request that would
have to wait (`admits`) and every request that is about to be served after waiting (`keeps`).
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Request


class Shedder:
    """Sheds nothing: the base of the policies. One policy object serves one station."""

    def admits(self, request: Request, queued: int, now: float) -> bool:
        """Whether a request may join a queue of `queued` others."""
        return True

    def keeps(self, request: Request, waited: float, now: float) -> bool:
        """Whether a request that has waited so long (s) is still served."""
        return True


class ControlledDelay(Shedder):
    """Adaptive by delay: a queue may absorb a burst, but a standing queue is cut to the target delay.

    While the queue has been empty within the last `interval` seconds, requests may wait up to `interval`; when it has
    not, they may wait `target` only. This is the variant of CoDel for servers of Maurer, "Fail at Scale", ACM Queue,
    2015 (there: target 5 ms, interval 100 ms), not the packet algorithm of RFC 8289. Raises InputError.
    """

    def __init__(self, target: Any = 0.005, interval: Any = 0.1) -> None:
        self.target, self.interval = inputs.duration("target", target), inputs.duration("interval", interval)
        if self.target > self.interval:
            raise InputError("target", target, f"at most the interval ({self.interval} s)")
        self._last_empty = -math.inf

    def admits(self, request: Request, queued: int, now: float) -> bool:
        """Everybody; but note when the queue was empty."""
        if not queued:
            self._last_empty = now
        return True

    def keeps(self, request: Request, waited: float, now: float) -> bool:
        """Whether it waited less than what is allowed now."""
        standing = now - self._last_empty > self.interval
        return waited <= (self.target if standing else self.interval)


class PriorityLimits(Shedder):
    """A queue limit per priority, so that the least important are turned away first.

    `limits`: the longest queue that a request of that priority may join, such as {0: 1000, 1: 50}; a priority that is
    not named has the lowest of the limits. Raises InputError for an empty mapping or negative limits.
    """

    def __init__(self, limits: Mapping[int, int]) -> None:
        if not limits:
            raise InputError("limits", limits, "a limit for at least one priority")
        self.limits = {priority: inputs.count("limits", limit, least=0) for priority, limit in limits.items()}
        self._lowest = min(self.limits.values())

    def admits(self, request: Request, queued: int, now: float) -> bool:
        """Whether the queue is below the limit for the request's priority."""
        return queued < self.limits.get(request.priority, self._lowest)
