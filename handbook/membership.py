"""Membership: how fast gossip reaches everybody, and when silence means failure (phi accrual).

Times are in one unit, the same for all arguments of a function.
"""

from __future__ import annotations

import math
from statistics import NormalDist

from handbook import domain


def gossip_rounds(nodes: float) -> float:
    """Rounds until push gossip has told everybody, each informed node telling one random node a round: log₂ n + ln n.

    The leading terms, for large n; the true value is within a small constant with high probability. `nodes` n ≥ 1.
    Raises InputError. Source: Pittel, On Spreading a Rumor, 1987.

    >>> round(gossip_rounds(10_000), 1)
    22.5
    """
    nodes = domain.at_least("nodes", nodes, 1)
    return math.log2(nodes) + math.log(nodes)


def gossip_informed(nodes: float, rounds: int, fanout: float = 1) -> float:
    """Nodes that know after `rounds` of push gossip from one, in the mean-field approximation.

    x → n − (n − x)·(1 − 1/n)^(f·x) a round: a node is missed by each of f·x messages with probability 1 − 1/n.
    `nodes` n ≥ 1, `rounds` a whole number from 0 to 10,000, `fanout` f ≥ 0 messages of each informed node a round.
    Raises InputError. Source: Demers et al., Epidemic Algorithms for Replicated Database Maintenance, PODC, 1987.

    >>> round(gossip_informed(10_000, 10)), round(gossip_informed(10_000, 20))
    (951, 9987)
    """
    nodes, fanout = domain.at_least("nodes", nodes, 1), domain.not_negative("fanout", fanout)
    missed = math.log1p(-1 / nodes) if nodes > 1 else 0.0
    informed = 1.0
    for _ in range(domain.whole("rounds", rounds, 0, 10_000)):
        informed -= (nodes - informed) * math.expm1(fanout * informed * missed)
    return informed


def phi(elapsed: float, mean: float, deviation: float) -> float:
    """Suspicion that a silent node failed: −log₁₀ P(a heartbeat is this late), normal intervals between heartbeats.

    `elapsed` since the last heartbeat (≥ 0), `mean` interval (> 0) and its standard `deviation` (> 0, at least a
    billionth of both). Exact far into the tail, where 1 − F is 0 in floating point. Raises InputError. Source:
    Hayashibara et al., The φ Accrual Failure Detector, SRDS, 2004.

    >>> round(phi(1000, 1000, 200), 3), round(phi(2000, 1000, 200), 3)
    (0.301, 6.543)
    """
    elapsed, mean = domain.not_negative("elapsed", elapsed), domain.positive("mean", mean)
    score = (elapsed - mean) / domain.at_least("deviation", deviation, max(elapsed, mean) * 1e-9)
    if score < 30:
        return abs(math.log10(math.erfc(score / math.sqrt(2)) / 2))
    # The tail of the normal distribution: density/z × (1 − 1/z² + 3/z⁴ …), relative error below 15/z⁶ = 2e-8.
    tail = 1 - 1 / score**2 + 3 / score**4
    return (score**2 / 2 + math.log(score * math.sqrt(2 * math.pi) / tail)) / math.log(10)


def phi_exponential(elapsed: float, mean: float) -> float:
    """Suspicion that a silent node failed when heartbeat intervals are exponential: t/(mean·ln 10).

    `elapsed` since the last heartbeat (≥ 0), `mean` interval (> 0). Raises InputError. Source: the same definition as
    for `phi`, with 1 − F = e^(−t/mean); Apache Cassandra computes it like this.

    >>> round(phi_exponential(18.42, 1), 2)
    8.0
    """
    return domain.not_negative("elapsed", elapsed) / (domain.positive("mean", mean) * math.log(10))


def phi_error(threshold: float) -> float:
    """P(a live node is suspected at this phi) = 10^−φ, for one heartbeat; `threshold` φ from 0 to 300.

    Raises InputError. Source: Akka documentation, Lightbend, 2024; Hayashibara et al., 2004.

    >>> [phi_error(threshold) for threshold in (1, 3, 8)]
    [0.1, 0.001, 1e-08]
    """
    return 10 ** -domain.at_most("threshold", domain.not_negative("threshold", threshold), 300)


def phi_timeout(threshold: float, mean: float, deviation: float) -> float:
    """The silence after which `phi` reaches `threshold` φ (0.001 to 300): the node is then suspected.

    The inverse of `phi`: `mean` interval (> 0), its standard `deviation` (> 0). Where φ is reached at once the
    result is 0. Raises InputError. Source as for `phi`.

    >>> round(phi_timeout(8, 1000, 200))
    2122
    """
    error = phi_error(domain.at_least("threshold", threshold, 0.001))
    score = -NormalDist().inv_cdf(error)
    return max(0.0, domain.positive("mean", mean) + score * domain.positive("deviation", deviation))
