"""Tail latency of fan-out: what rare slowness in one place does to a request that needs many places.

All shares are probabilities, all times are in one unit; the parts are taken to be slow independently of each other
(shared causes, such as a garbage collection of a common cache, make the real tail lumpier).
"""

from __future__ import annotations

import math

from handbook import domain


def fan_out_tail(slow: float, parts: float) -> float:
    """P(a request that waits for all of its `parts` is slow) = 1 − (1 − p)ⁿ, from 0 to 1.

    `slow` p is the share of slow answers of one part (0 to 1), `parts` n ≥ 0; a fraction interpolates between whole
    numbers. Accurate for p down to 1e-70. Raises InputError. Source: Dean & Barroso, The Tail at Scale, CACM, 2013.

    >>> round(fan_out_tail(0.01, 100), 5)
    0.63397
    """
    slow, parts = domain.probability("slow", slow), domain.not_negative("parts", parts)
    if slow == 1:
        return 1.0 if parts else 0.0
    return -math.expm1(parts * math.log1p(-slow))


def fan_out_limit(slow: float, target: float) -> float:
    """The fan-out at which the share `target` of requests is slow: n = ln(1 − target)/ln(1 − p); round it down.

    The inverse of `fan_out_tail` in n: `slow` p and `target` are strictly between 0 and 1. Raises InputError. Source as
    for `fan_out_tail`.

    >>> round(fan_out_limit(0.001, 0.05), 2)
    51.27
    """
    return math.log1p(-domain.between("target", target)) / math.log1p(-domain.between("slow", slow))


def part_share(parts: float, target: float) -> float:
    """How rare slowness of one part must be for the share `target` of requests to be slow: 1 − (1 − target)^(1/n).

    The inverse of `fan_out_tail` in p: `parts` n > 0, `target` from 0 to below 1. Its complement is the percentile
    of one part that the whole request's percentile depends on. Raises InputError. Source as for `fan_out_tail`.

    >>> round(part_share(100, 0.01), 8)
    0.0001005
    """
    return -math.expm1(math.log1p(-domain.below_one("target", target)) / domain.positive("parts", parts))


def slowest_mean(mean: float, parts: int) -> float:
    """Mean time of the slowest of `parts` exponential times: mean × (1 + 1/2 + … + 1/n), in the unit of `mean`.

    `mean` ≥ 0, `parts` n a whole number from 1 to a billion. Raises InputError. Source: Rényi's representation of
    exponential order statistics, 1953.

    >>> round(slowest_mean(10, 100), 2)
    51.87
    """
    return domain.not_negative("mean", mean) * _harmonic(domain.whole("parts", parts, 1))


def slowest_percentile(mean: float, parts: float, quantile: float) -> float:
    """The time that the slowest of `parts` exponential times stays within with probability `quantile` (0 ≤ q < 1).

    −mean × ln(1 − q^(1/n)), in the unit of `mean` (≥ 0); `parts` n ≥ 1. Raises InputError. Source: the distribution
    of a maximum of independent times.

    >>> round(slowest_percentile(10, 100, 0.99), 2)
    92.05
    """
    mean, parts = domain.not_negative("mean", mean), domain.at_least("parts", parts, 1)
    quantile = domain.below_one("quantile", quantile)
    if quantile == 0:
        return 0.0
    exponent = math.log(quantile) / parts
    # Two ways to write ln(1 − eˣ): the first is exact for x near 0 (many parts), the second for large −x.
    later = math.log(-math.expm1(exponent)) if exponent > -math.log(2) else math.log1p(-math.exp(exponent))
    return -mean * later


def hedged_tail(slow: float, copies: int) -> float:
    """P(all `copies` of a request are slow) = p^k: the share that stays slow when the first answer is used.

    `slow` p from 0 to 1, `copies` k a whole number from 1. Raises InputError. Source: Dean & Barroso, The Tail at
    Scale, CACM, 2013.

    >>> round(hedged_tail(0.01, 2), 6)
    0.0001
    """
    return domain.probability("slow", slow) ** domain.whole("copies", copies, 1)


def _harmonic(count: int) -> float:
    """1 + 1/2 + … + 1/count: summed while that is quick, else by the Euler–Maclaurin series (error below 1e-14)."""
    if count <= 1000:
        return math.fsum(1 / index for index in range(1, count + 1))
    euler = 0.5772156649015329
    return math.log(count) + euler + 1 / (2 * count) - 1 / (12 * count**2)
