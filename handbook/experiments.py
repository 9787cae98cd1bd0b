"""A/B tests: how many users they need, what they can detect, and what looking early costs.

All tests are two-sided with normal approximations; two arms of equal size.
"""

from __future__ import annotations

import math
from functools import lru_cache
from statistics import NormalDist

from handbook import domain
from handbook.errors import InputError

_NORMAL = NormalDist()
MOST_LOOKS = 100


def _z(alpha: float, power: float) -> tuple[float, float]:
    """The normal quantiles of a two-sided test at `alpha` and of its `power`, which must be at least `alpha`."""
    alpha, power = domain.between("alpha", alpha), domain.between("power", power)
    if power < alpha:
        raise InputError("power", power, f"a number from alpha = {alpha:g} to below 1")
    return -_NORMAL.inv_cdf(alpha / 2), _NORMAL.inv_cdf(power)


def sample_size(deviation: float, difference: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Users in each arm to detect a `difference` of means: 2(z₁₋α/₂ + z_power)²·σ²/δ²; round it up.

    `deviation` σ of one user's value (> 0) and `difference` δ (> 0) in one unit; `alpha`, the share of false positives,
    and `power`, the share of true differences found, strictly between 0 and 1 (power ≥ alpha). Raises InputError.
    Source: Cohen, Statistical Power Analysis, 1988.

    >>> round(sample_size(0.05, 0.001))
    39244
    """
    significance, detection = _z(alpha, power)
    ratio = domain.positive("deviation", deviation) / domain.positive("difference", difference)
    return 2 * ((significance + detection) * ratio) ** 2


def sample_size_rule(variance: float, difference: float) -> float:
    """The rule of thumb for `sample_size` at 80 % power and α = 5 %: 16·σ²/δ² users in each arm.

    `variance` σ² (> 0) of one user's value, `difference` δ of the means (> 0). Raises InputError. Source: van Belle,
    Statistical Rules of Thumb, 2002.

    >>> round(sample_size_rule(0.05 * 0.95, 0.05 * 0.02))
    760000
    """
    return 16 * domain.positive("variance", variance) / domain.positive("difference", difference) ** 2


def sample_size_shares(control: float, treatment: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """Users in each arm to tell two shares apart, such as click rates, by the z test; round it up.

    (z₁₋α/₂·√(2·p̄·q̄) + z_power·√(p₁q₁ + p₂q₂))²/(p₁ − p₂)², p̄ = (p₁ + p₂)/2, q = 1 − p. `control` p₁ and `treatment` p₂
    strictly between 0 and 1 and different; the rest and errors as for `sample_size`. Source: Fleiss, Statistical
    Methods for Rates and Proportions, 1981.

    >>> round(sample_size_shares(0.05, 0.051))
    752702
    """
    first, second = domain.between("control", control), domain.between("treatment", treatment)
    if first == second:
        raise InputError("treatment", treatment, f"a share other than control = {control!r}")
    significance, detection = _z(alpha, power)
    mean = (first + second) / 2
    pooled = math.sqrt(2 * mean * (1 - mean))
    separate = math.sqrt(first * (1 - first) + second * (1 - second))
    return ((significance * pooled + detection * separate) / (first - second)) ** 2


def detectable_difference(deviation: float, users: float, alpha: float = 0.05, power: float = 0.8) -> float:
    """The smallest difference of means that `users` (≥ 1) in each arm detect: (z₁₋α/₂ + z_power)·σ·√(2/n).

    The inverse of `sample_size`; its other arguments, errors and source.

    >>> round(detectable_difference(0.05, 39244), 6)
    0.001
    """
    significance, detection = _z(alpha, power)
    users = domain.at_least("users", users, 1)
    return (significance + detection) * domain.positive("deviation", deviation) * math.sqrt(2 / users)


def peeking_false_positive(looks: int, alpha: float = 0.05) -> float:
    """P(a test of nothing comes out significant at least once) when checked at level `alpha` on `looks` occasions.

    Looks are at equal intervals. By numerical integration over the paths that stay within the limits, exact to about
    eight digits. `looks` is a whole number from 1 to 100, `alpha` from 1e-4 to 0.5. Raises InputError. Source:
    Armitage, McPherson & Rowe, Repeated Significance Tests on Accumulating Data, JRSS A, 1969.

    >>> [round(peeking_false_positive(looks), 3) for looks in (1, 2, 5, 10, 20)]
    [0.05, 0.083, 0.142, 0.193, 0.248]
    """
    return _crossing(domain.whole("looks", looks, 1, MOST_LOOKS), _level(alpha))


def peeking_level(looks: int, alpha: float = 0.05) -> float:
    """The level to test at on each of `looks` so that all together have false positives `alpha` (Pocock's limits).

    The inverse of `peeking_false_positive`; its other arguments and errors. Source: Pocock, Group Sequential Methods
    in the Design and Analysis of Clinical Trials, Biometrika, 1977.

    >>> round(peeking_level(5), 4)
    0.0158
    """
    looks, alpha = domain.whole("looks", looks, 1, MOST_LOOKS), _level(alpha)
    if looks == 1:
        return alpha
    # Between Bonferroni's level, which is too strict, and the uncorrected one, which is too lax, the false positives
    # are nearly a straight line in logarithms: the secant method needs a handful of steps.
    (old, level), target = (math.log(alpha / looks), math.log(alpha)), math.log(alpha)
    before, excess = (math.log(_crossing(looks, math.exp(guess))) - target for guess in (old, level))
    while abs(excess) > 1e-7:
        old, level = level, level - excess * (level - old) / (excess - before)
        before, excess = excess, math.log(_crossing(looks, math.exp(level))) - target
    return math.exp(level)


def _level(alpha: float) -> float:
    return domain.at_most("alpha", domain.at_least("alpha", alpha, 1e-4), 0.5)


@lru_cache(maxsize=256)  # an estimate asks for the same few looks in each of its thousand draws
def _crossing(looks: int, alpha: float) -> float:
    """P(|S_k| > z√k for some k ≤ looks), S_k a sum of k standard normals.

    The density of S_k on paths that stayed within the limits so far is kept at the nodes of a quadrature over
    [−z√k, z√k]; each look convolves it with one more normal step.
    """
    limit = -_NORMAL.inv_cdf(alpha / 2)
    # Nodes are then at most 0.9 apart, close enough for a density that varies on a scale of 1: error below 1e-9.
    nodes = _gauss_legendre(16 + math.ceil(3.5 * limit * math.sqrt(looks)))
    points, density = [0.0], [1.0]  # all weight at S₀ = 0
    for look in range(1, looks + 1):
        edge = limit * math.sqrt(look)
        following = [edge * node for node, _ in nodes]
        arrived = [
            math.fsum(mass * math.exp(-((there - here) ** 2) / 2) for here, mass in zip(points, density, strict=True))
            for there in following
        ]
        scale = edge / math.sqrt(2 * math.pi)
        density = [value * weight * scale for value, (_, weight) in zip(arrived, nodes, strict=True)]
        points = following
    return 1 - math.fsum(density)


@lru_cache(maxsize=8)
def _gauss_legendre(count: int) -> tuple[tuple[float, float], ...]:
    """Nodes and weights of Gauss–Legendre quadrature on [−1, 1], by Newton's method on the Legendre polynomial."""
    pairs = []
    for index in range(1, count + 1):
        node = math.cos(math.pi * (index - 0.25) / (count + 0.5))
        for _ in range(6):
            value, before = node, 1.0
            for degree in range(2, count + 1):
                value, before = ((2 * degree - 1) * node * value - (degree - 1) * before) / degree, value
            slope = count * (node * value - before) / (node**2 - 1)
            node -= value / slope
        pairs.append((node, 2 / ((1 - node**2) * slope**2)))
    return tuple(pairs)
