"""A lane to one mailbox provider: as fast as it accepts, and quiet when it refuses.

Rates are in messages per second, times in seconds on the process's monotonic clock.
"""

from __future__ import annotations

from collections.abc import Sequence

# --8<-- [start:provider]
PROVIDERS = {  # the end of an MX host's name → whose servers they are
    "google.com": "google",
    "googlemail.com": "google",
    "olc.protection.outlook.com": "microsoft-consumer",
    "mail.protection.outlook.com": "microsoft-business",
    "yahoodns.net": "yahoo",
    "icloud.com": "apple",
}


def lane_key(domain: str, mx_hosts: Sequence[str]) -> str:
    """The lane of an address: by the servers that take its mail, not by its domain.

    Thousands of company domains share a few providers, which count them together.
    `mx_hosts` in order of preference; a domain without any is its own lane.
    """
    if not mx_hosts:
        return domain.lower().rstrip(".")
    host = mx_hosts[0].lower().rstrip(".")
    for suffix, provider in PROVIDERS.items():
        if host == suffix or host.endswith("." + suffix):
            return provider
    return host


# --8<-- [end:provider]


# --8<-- [start:bucket]
class TokenBucket:
    """Admits at most `burst + rate × t` messages in any t seconds."""

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = rate, burst
        self.tokens, self.updated = burst, float("-inf")

    def take(self, now: float) -> bool:
        """Take the token of one message, if there is one."""
        if now > self.updated:  # a clock that went back earns nothing twice
            earned = (now - self.updated) * self.rate
            self.tokens = min(self.burst, self.tokens + earned)
            self.updated = now
        if self.tokens < 1:
            return False
        self.tokens -= 1
        return True


# --8<-- [end:bucket]


# --8<-- [start:lane]
class Lane:
    """A rate that finds the provider's limit: up slowly, down at once, or silent."""

    def __init__(
        self, rate: float, ceiling: float, growth: float, cut: float = 0.9
    ) -> None:
        self.bucket = TokenBucket(rate, burst=10.0)
        self.ceiling, self.floor = ceiling, 0.1
        self.growth, self.cut = growth, cut  # added to the rate each second; a factor
        self.busy = False
        self.last_cut = float("-inf")
        self.breaker = Breaker()

    def take(self, now: float) -> bool:
        """May one message leave now?"""
        if not self.breaker.allows(now) or not self.bucket.take(now):
            return False
        self.busy = self.bucket.tokens < 1
        return True

    def accepted(self) -> None:
        """The provider took a message."""
        self.breaker.closed()
        if self.busy:  # a rate that was not used has not been tested
            faster = self.bucket.rate + self.growth / self.bucket.rate
            self.bucket.rate = min(self.ceiling, faster)

    def deferred(self, now: float, settle: float = 10.0) -> None:
        """The provider asked us to slow down."""
        self.breaker.refused(now)
        # Messages already on their way are deferred too: they are one signal, not many.
        if now - self.last_cut >= settle:
            self.bucket.rate = max(self.floor, self.bucket.rate * self.cut)
            self.last_cut = now


# --8<-- [end:lane]


# --8<-- [start:breaker]
class Breaker:
    """Stops a lane that is refused again and again, then lets one message try."""

    def __init__(self, limit: int = 20, pause: float = 1800.0) -> None:
        self.limit, self.pause = limit, pause
        self.refusals = 0  # in a row
        self.quiet_until = float("-inf")

    def allows(self, now: float) -> bool:
        """May a message leave now? After a pause one may, and a new pause begins."""
        if self.refusals < self.limit:
            return True
        if now < self.quiet_until:
            return False
        self.quiet_until = now + self.pause
        return True

    def closed(self) -> None:
        """A message was accepted: normal operation."""
        self.refusals = 0

    def refused(self, now: float) -> None:
        """A message was refused."""
        self.refusals += 1
        if self.refusals == self.limit:
            self.quiet_until = now + self.pause


# --8<-- [end:breaker]
