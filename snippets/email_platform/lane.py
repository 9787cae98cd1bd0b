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
    """A rate that finds the provider's limit: up slowly, down at once, or silent.

    While busy, the rate grows from the floor to the ceiling in `recovery` seconds. Let
    that be many times `settle / (1 - cut) * ceiling / limit`, or it outgrows the cuts.
    """

    cut, settle = 0.9, 10.0  # a factor, and the seconds from one cut to the next

    def __init__(
        self, rate: float, ceiling: float, recovery: float, pause: float
    ) -> None:
        self.bucket, self.breaker = TokenBucket(rate, burst=10.0), Breaker(pause)
        self.ceiling, self.floor = ceiling, 0.1
        self.growth = (ceiling - self.floor) / recovery  # messages/s, each second
        self.busy, self.last_cut = False, float("-inf")

    def take(self, now: float) -> bool:
        """May one message leave now?"""
        if not self.breaker.allows(now) or not self.bucket.take(now):
            return False
        self.busy = self.bucket.tokens < 1
        return True

    def accepted(self, sent: float, now: float) -> None:
        """The provider took a message that left at `sent`."""
        self.breaker.result(sent, now, refused=False)
        if self.busy:  # a rate that was not used has not been tested
            faster = self.bucket.rate + self.growth / self.bucket.rate
            self.bucket.rate = min(self.ceiling, faster)

    def deferred(self, sent: float, now: float) -> None:
        """The provider asked us to slow down."""
        self.breaker.result(sent, now, refused=True)
        # Messages already on their way are deferred too: they are one signal, not many.
        if not self.breaker.open and now - self.last_cut >= self.settle:
            self.bucket.rate = max(self.floor, self.bucket.rate * self.cut)
            self.last_cut = now


# --8<-- [end:lane]


# --8<-- [start:breaker]
CODE_PAUSE, CAMPAIGN_PAUSE = 30.0, 1800.0  # seconds; a code lives ten minutes


class Breaker:
    """Stops a lane when nearly all is refused, then lets one message at a time try.

    A window lasts `window` seconds or until `minimum` results, whichever is longer, so
    a fast lane is judged by time and a slow one by enough evidence.
    """

    def __init__(
        self, pause: float, share: float = 0.9, window: float = 10.0, minimum: int = 20
    ) -> None:
        self.pause, self.share = pause, share
        self.window, self.minimum = window, minimum
        self.open, self.opened, self.next_test = False, 0.0, 0.0
        self.began, self.results, self.refusals = 0.0, 0, 0  # of this window

    def allows(self, now: float) -> bool:
        """May a message leave now? After a pause one may, and a new pause begins."""
        if not self.open:
            return True
        if now < self.next_test:
            return False
        self.next_test = now + self.pause
        return True

    def result(self, sent: float, now: float, refused: bool) -> None:
        """A message that left at `sent` was accepted or refused."""
        if self.open:  # only a test closes it, not what was already on its way
            self.open = refused or sent <= self.opened
            return
        if not self.results:
            self.began = now
        self.results, self.refusals = self.results + 1, self.refusals + refused
        if now - self.began >= self.window and self.results >= self.minimum:
            if self.refusals >= self.share * self.results:
                self.open, self.opened, self.next_test = True, now, now + self.pause
            self.results = self.refusals = 0


# --8<-- [end:breaker]
