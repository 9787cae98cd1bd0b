"""When a client that lost its connection tries again, and whom a gateway lets in."""

from __future__ import annotations

import random
from dataclasses import dataclass


# --8<-- [start:wait]
@dataclass(frozen=True)
class Limits:
    """What the server told the client when it connected, in seconds."""

    window: float  # the first attempt is spread over this
    longest: float  # no wait is longer


def wait(attempt: int, limits: Limits, random: random.Random) -> float:
    """Seconds before an attempt; the first one is 0. Full jitter, from the start."""
    doublings = min(attempt, 60)  # the longest wait came long before
    return random.uniform(0, min(limits.longest, limits.window * 2**doublings))


class Door:
    """Admits what can be finished, and gives everybody else a place in line."""

    def __init__(self, rate: float, burst: float = 1.0) -> None:
        self.rate, self.burst = rate, burst  # connections a second; seconds of them
        self.given = float("-inf")  # up to this time all places are given away

    def ask(self, now: float, ticket: float | None = None) -> float:
        """Not later than `now`: come in. Else the time to come back, a ticket.

        Tickets are signed for their session, so that they need no memory here. A place
        is kept as long as a burst: who is early waits, who is too late begins anew.
        """
        if ticket is not None and now - ticket < self.burst:
            return ticket
        self.given = max(self.given, now - self.burst) + 1 / self.rate
        return self.given


# --8<-- [end:wait]
