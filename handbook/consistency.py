"""Quorums: do reads and writes meet, how stale may a read be, and how soon is a write seen.

Replicas are chosen at random and independently for each operation. Times are in one unit; the published fits below
are in milliseconds.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, fields
from random import Random

from handbook import domain
from handbook.errors import InputError

#: Draws one delay of a message from a random generator.
Delay = Callable[[Random], float]


def _quorum(replicas: int, reads: int, writes: int) -> tuple[int, int, int]:
    replicas = domain.whole("replicas", replicas, 1, 1000)
    return replicas, domain.whole("reads", reads, 1, replicas), domain.whole("writes", writes, 1, replicas)


def quorums_intersect(replicas: int, reads: int, writes: int) -> bool:
    """Whether every read meets at least one replica of the last write: R + W > N.

    `replicas` N is a whole number from 1 to 1,000; `reads` R and `writes` W are from 1 to N. Raises InputError. Source:
    Gifford, Weighted Voting for Replicated Data, SOSP, 1979.

    >>> quorums_intersect(3, 2, 2), quorums_intersect(3, 1, 2)
    (True, False)
    """
    replicas, reads, writes = _quorum(replicas, reads, writes)
    return reads + writes > replicas


def stale_probability(replicas: int, reads: int, writes: int, versions: int = 1) -> float:
    """P(a read misses each of the last `versions` writes) = (C(N − W, R)/C(N, R))ᵏ, zero when quorums intersect.

    No write has spread beyond its quorum yet: an upper bound. `versions` k is a whole number from 1; the others as for
    `quorums_intersect`. Raises InputError. Source: Bailis et al., Probabilistically Bounded Staleness, VLDB, 2012.

    >>> round(stale_probability(3, 1, 1), 4), round(1 - stale_probability(3, 1, 1, versions=3), 4)
    (0.6667, 0.7037)
    """
    replicas, reads, writes = _quorum(replicas, reads, writes)
    missed = math.comb(replicas - writes, reads) / math.comb(replicas, reads)
    return missed ** domain.whole("versions", versions, 1)


def _check_delay(argument: str, delay: Delay) -> None:
    if not callable(delay):
        raise InputError(argument, delay, "a delay, such as exponential(2.0)")


def exponential(mean: float) -> Delay:
    """A delay with an exponential distribution of the given `mean` (> 0). Raises InputError.

    >>> exponential(2.0)(Random(1)) > 0
    True
    """
    domain.positive("mean", mean)
    return lambda random: -mean * math.log1p(-random.random())


def pareto(minimum: float, shape: float) -> Delay:
    """A delay with a Pareto distribution: P(delay > t) = (minimum/t)^shape for t ≥ `minimum` (> 0), `shape` ≥ 0.1.

    Raises InputError.

    >>> pareto(1.5, 3.8)(Random(1)) >= 1.5
    True
    """
    domain.positive("minimum", minimum)
    domain.at_least("shape", shape, 0.1)
    return lambda random: minimum * math.exp(-math.log1p(-random.random()) / shape)


def mixture(share: float, common: Delay, rare: Delay) -> Delay:
    """A delay that is `common` with probability `share` (0 to 1) and else `rare`. Raises InputError.

    >>> mixture(1, pareto(1.5, 3.8), exponential(50))(Random(1)) < 5
    True
    """
    domain.probability("share", share)
    _check_delay("common", common)
    _check_delay("rare", rare)
    return lambda random: common(random) if random.random() < share else rare(random)


@dataclass(frozen=True)
class Delays:
    """The four one-way delays of a quorum store: of the write and its acknowledgement, of the read and its response."""

    write: Delay
    acknowledgement: Delay
    read: Delay
    response: Delay

    def __post_init__(self) -> None:
        for field in fields(self):
            _check_delay(field.name, getattr(self, field.name))


def _fit(write: Delay, other: Delay) -> Delays:
    return Delays(write, other, other, other)


_SSD = mixture(0.9122, pareto(0.235, 10), exponential(1 / 1.66))
_DISK = mixture(0.38, pareto(1.05, 1.51), exponential(1 / 0.183))
_YAMMER = mixture(0.939, pareto(3, 3.35), exponential(1 / 0.0028))
_YAMMER_OTHER = mixture(0.982, pareto(1.5, 3.8), exponential(1 / 0.0217))

#: Fits to the latencies of three production stores, in milliseconds (Bailis et al., VLDB, 2012).
LINKEDIN_SSD, LINKEDIN_DISK, YAMMER = _fit(_SSD, _SSD), _fit(_DISK, _SSD), _fit(_YAMMER, _YAMMER_OTHER)


@dataclass(frozen=True)
class Staleness:
    """How old a write must be for a read to see it: one sample a trial, sorted, negative for seen before commit."""

    ages: tuple[float, ...]

    def consistent(self, age: float) -> float:
        """Share of reads that see a write which was committed `age` (≥ 0) before the read began."""
        return bisect_right(self.ages, domain.not_negative("age", age)) / len(self.ages)

    def age_for(self, share: float) -> float:
        """How old a write must be for the `share` of reads (0 to below 1) to see it; 0 when they do at once."""
        return max(0.0, self.ages[int(domain.below_one("share", share) * len(self.ages))])


def bounded_staleness(
    delays: Delays, replicas: int, reads: int, writes: int, trials: int = 10_000, seed: int = 0
) -> Staleness:
    """Probabilistically bounded staleness (t-visibility) by Monte Carlo.

    A write goes to all N `replicas` and commits with the `writes`-th acknowledgement; a read that begins t later asks
    all of them and answers with the newest of the first `reads` responses. N, R and W as for `quorums_intersect`;
    `trials` is a whole number from 1 to 10 million (10,000 take 0.1 s for N = 3; the standard error of a share p is
    √(p(1 − p)/trials)), `seed` a whole number. Raises InputError. Source: Bailis et al., Probabilistically Bounded
    Staleness for Practical Partial Quorums, VLDB, 2012.

    >>> bounded_staleness(YAMMER, replicas=3, reads=2, writes=2, trials=100).consistent(0)
    1.0
    """
    if not isinstance(delays, Delays):
        raise InputError("delays", delays, "the four delays of a store, such as LINKEDIN_DISK")
    replicas, reads, writes = _quorum(replicas, reads, writes)
    random = Random(domain.whole("seed", seed))
    count = domain.whole("trials", trials, 1, 10**7)
    return Staleness(tuple(sorted(_age(delays, replicas, reads, writes, random) for _ in range(count))))


def _age(delays: Delays, replicas: int, reads: int, writes: int, random: Random) -> float:
    """The least age at which one read sees one write: the earliest arrival of the write among the first responders."""
    arrivals = [delays.write(random) for _ in range(replicas)]
    committed = sorted(arrival + delays.acknowledgement(random) for arrival in arrivals)[writes - 1]
    asked = [delays.read(random) for _ in range(replicas)]
    answers = sorted((request + delays.response(random), replica) for replica, request in enumerate(asked))
    return min(arrivals[replica] - asked[replica] for _, replica in answers[:reads]) - committed
