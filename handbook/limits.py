"""Rate limits and retries: the token bucket, and backoff without jitter, with full and with equal jitter.

Rates are per second and times are in seconds (any one unit of time will do, if it is the same everywhere).
"""

from __future__ import annotations

import math
from random import Random

from handbook import domain
from handbook.errors import InputError

#: The shares of the backoff between which a sleep is drawn uniformly.
JITTER = {"none": (1.0, 1.0), "equal": (0.5, 1.0), "full": (0.0, 1.0)}


def token_bucket_bound(rate: float, burst: float, window: float) -> float:
    """The most that a token bucket admits in any window of time: b + r·t.

    `rate` r in tokens per second (≥ 0), `burst` b the size of the bucket in tokens (≥ 0), `window` t in seconds (≥ 0).
    Raises InputError. Source: Turner, New Directions in Communications, 1986; Cruz, A Calculus for Network Delay, 1991.

    >>> token_bucket_bound(100, 20, 60)
    6020.0
    """
    admitted = domain.not_negative("rate", rate) * domain.not_negative("window", window)
    return domain.not_negative("burst", burst) + admitted


class TokenBucket:
    """A token bucket that starts full; time is given by the caller, so that it runs on any clock.

    `rate` in tokens per second (≥ 0), `burst` the size of the bucket in tokens (> 0). Raises InputError.

    >>> bucket = TokenBucket(rate=1, burst=2)
    >>> [bucket.take(now) for now in (0, 0, 0, 1)]
    [True, True, False, True]
    """

    def __init__(self, rate: float, burst: float) -> None:
        self.rate, self.burst = domain.not_negative("rate", rate), domain.positive("burst", burst)
        self._tokens, self._updated = self.burst, -math.inf

    def _refill(self, now: float) -> float:
        now = domain.number("now", now)
        if now < self._updated:
            raise InputError("now", now, f"a time that is not before the last one, {self._updated:g}")
        if self._updated > -math.inf:
            self._tokens = min(self.burst, self._tokens + self.rate * (now - self._updated))
        self._updated = now
        return self._tokens

    def take(self, now: float, tokens: float = 1) -> bool:
        """Take `tokens` (> 0, at most the burst) at `now` (never before the last one); False if too few are there."""
        domain.at_most("tokens", domain.positive("tokens", tokens), self.burst)
        # A refill that is short by float noise only is enough; the debt of 1e-9 is carried on, so that none adds up.
        enough = self._refill(now) >= tokens * (1 - 1e-9)
        if enough:
            self._tokens -= tokens
        return enough

    def wait(self, now: float, tokens: float = 1) -> float:
        """Seconds from `now` until `tokens` (> 0, at most the burst) are there; InputError if the `rate` is 0 then."""
        domain.at_most("tokens", domain.positive("tokens", tokens), self.burst)
        missing = tokens - self._refill(now)
        return missing / domain.positive("rate", self.rate) if missing > 0 else 0.0


def backoff(base: float, cap: float, attempt: int) -> float:
    """The backoff in seconds after failed attempt number `attempt` (0, 1, 2 …) before jitter: min(cap, base·2ⁿ).

    `base` > 0 and `cap` ≥ `base` in seconds, `attempt` n a whole number from 0. Raises InputError. Source: Exponential
    Backoff and Jitter, AWS Architecture Blog, 2015.

    >>> [backoff(0.1, 2, attempt) for attempt in range(6)]
    [0.1, 0.2, 0.4, 0.8, 1.6, 2.0]
    """
    base = domain.positive("base", base)
    cap = domain.at_least("cap", cap, base)
    doublings = domain.whole("attempt", attempt)
    # 2.0 ** 1024 overflows; base ≥ 1e-70 reaches every cap ≤ 1e70 in 466 doublings.
    return min(cap, base * 2.0 ** min(doublings, 466))


def _range(base: float, cap: float, attempt: int, jitter: str) -> tuple[float, float]:
    longest = backoff(base, cap, attempt)
    low, high = JITTER[domain.one_of("jitter", jitter, JITTER)]
    return low * longest, high * longest


def backoff_mean(base: float, cap: float, attempt: int, jitter: str = "full") -> float:
    """Mean sleep in seconds after attempt n, d = `backoff`: d without jitter, ¾·d with equal, ½·d with full jitter.

    `jitter` is "none", "equal" or "full"; the rest, errors and source as for `backoff`.

    >>> backoff_mean(1, 60, 3, "equal")
    6.0
    """
    return math.fsum(_range(base, cap, attempt, jitter)) / 2


def backoff_total(base: float, cap: float, retries: int, jitter: str = "full") -> float:
    """Mean seconds slept in all before the last of `retries` (a whole number from 0 to 100,000): Σ `backoff_mean`.

    The rest, errors and source as for `backoff_mean`.

    >>> backoff_total(1, 60, 4, "none")
    15.0
    """
    retries = domain.whole("retries", retries, 0, 100_000)
    _range(base, cap, 0, jitter)  # checks the arguments even where nothing is summed
    return math.fsum(backoff_mean(base, cap, attempt, jitter) for attempt in range(retries))


def backoff_within(base: float, cap: float, attempt: int, time: float, jitter: str = "full") -> float:
    """P(the sleep after attempt n is at most `time` seconds, ≥ 0): uniform on [0, d], on [d/2, d], or exactly d.

    The rest, errors and source as for `backoff_mean`.

    >>> backoff_within(1, 60, 3, 6, "full"), backoff_within(1, 60, 3, 6, "equal")
    (0.75, 0.5)
    """
    low, high = _range(base, cap, attempt, jitter)
    if domain.not_negative("time", time) >= high:
        return 1.0
    return max(0.0, time - low) / (high - low) if high > low else 0.0


def retry_peak(clients: float, base: float, cap: float, attempt: int, window: float, jitter: str = "full") -> float:
    """Retries that `clients` which failed together send, on average, in the busiest `window` of seconds.

    n without jitter (all at once); n·min(1, w/d) with full and n·min(1, 2w/d) with equal jitter, d = `backoff`.
    `clients` n ≥ 0, `window` w > 0 seconds; the rest, errors and source as for `backoff_mean`.

    >>> [retry_peak(10_000, 1, 60, 3, 0.1, jitter) for jitter in ("none", "equal", "full")]
    [10000.0, 250.0, 125.0]
    """
    low, high = _range(base, cap, attempt, jitter)
    clients, window = domain.not_negative("clients", clients), domain.positive("window", window)
    return clients * window / (high - low) if window < high - low else clients


def backoff_schedule(base: float, cap: float, retries: int, jitter: str = "full", seed: int = 0) -> list[float]:
    """The sleeps in seconds of one client before each of its `retries` (a whole number from 0 to 100,000).

    The same `seed` (a whole number) gives the same sleeps. The rest, errors and source as for `backoff_mean`.

    >>> all(0 <= sleep <= 8 for sleep in backoff_schedule(1, 8, 5))
    True
    """
    random = Random(domain.whole("seed", seed))
    retries = domain.whole("retries", retries, 0, 100_000)
    _range(base, cap, 0, jitter)  # checks the arguments even where there is no retry
    ranges = (_range(base, cap, attempt, jitter) for attempt in range(retries))
    return [low + (high - low) * random.random() for low, high in ranges]
