"""Distributions of service times, latencies and lags: each knows its mean and squared coefficient of variation.

Draws use `Random.random` and the inverse of the distribution function, which give the same numbers in every Python
version; the logarithmic normal uses `Random.normalvariate` (unchanged since Python 2.3), never `gauss`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs

Draw = Callable[[], float]


@dataclass(frozen=True)
class Distribution:
    """A distribution of non-negative times. `mean` in seconds; `cv2` is variance / mean², infinite when it has none."""

    label: str
    mean: float
    cv2: float
    sampler: Callable[[Random], Draw] = field(repr=False, compare=False)


def exponential(mean: Any) -> Distribution:
    """Exponential times with this mean (s): memoryless, cv² = 1. Raises InputError."""
    mean = inputs.duration("mean", mean)

    def sampler(rng: Random) -> Draw:
        log, uniform = math.log, rng.random
        return lambda: -mean * log(1.0 - uniform())

    return Distribution(f"exponential({mean:g})", mean, 1.0, sampler)


def constant(value: Any) -> Distribution:
    """Always this time (s), zero allowed: cv² = 0. Raises InputError."""
    value = inputs.duration("value", value, zero=True)
    return Distribution(f"constant({value:g})", value, 0.0, lambda rng: lambda: value)


def uniform(low: Any, high: Any) -> Distribution:
    """Times spread evenly from `low` to `high` (s). Raises InputError unless 0 ≤ low < high."""
    low = inputs.duration("low", low, zero=True)
    high = inputs.duration("high", high)
    if high <= low:
        raise InputError("high", high, f"more than low ({low})")
    width, mean = high - low, (low + high) / 2

    def sampler(rng: Random) -> Draw:
        draw = rng.random
        return lambda: low + width * draw()

    return Distribution(f"uniform({low:g}, {high:g})", mean, width**2 / 12 / mean**2, sampler)


def erlang(mean: Any, stages: int) -> Distribution:
    """The sum of `stages` equal exponential stages, mean in s: cv² = 1 / stages. Raises InputError."""
    mean, stages = inputs.duration("mean", mean), inputs.count("stages", stages)
    stage = mean / stages

    def sampler(rng: Random) -> Draw:
        draw = rng.random

        def value() -> float:
            product = 1.0
            for _ in range(stages):
                product *= 1.0 - draw()
            return -stage * math.log(product)

        return value

    return Distribution(f"erlang({mean:g}, {stages})", mean, 1 / stages, sampler)


def hyperexponential(mean: Any, cv2: float) -> Distribution:
    """Two exponential branches with balanced means, for times more variable than exponential; mean in s.

    Branch i is taken with probability p_i and has mean `mean` / 2p_i, where p = (1 ± √((cv²-1)/(cv²+1))) / 2.
    Raises InputError unless cv² > 1. Source: Whitt, "Approximating a point process by a renewal process", 1982.
    """
    mean, cv2 = inputs.duration("mean", mean), inputs.amount("cv2", cv2)
    if cv2 <= 1:
        raise InputError("cv2", cv2, "more than 1 (1 is exponential, below it erlang)")
    share = (1 + math.sqrt((cv2 - 1) / (cv2 + 1))) / 2
    short, long = mean / (2 * share), mean / (2 * (1 - share))

    def sampler(rng: Random) -> Draw:
        draw, log = rng.random, math.log
        return lambda: -(short if draw() < share else long) * log(1.0 - draw())

    return Distribution(f"hyperexponential({mean:g}, {cv2:g})", mean, cv2, sampler)


def lognormal(mean: Any, cv2: float) -> Distribution:
    """Logarithmic normal times with this mean (s) and squared coefficient of variation. Raises InputError."""
    mean, cv2 = inputs.duration("mean", mean), inputs.amount("cv2", cv2)
    variance = math.log1p(cv2)
    mu, sigma = math.log(mean) - variance / 2, math.sqrt(variance)
    return Distribution(
        f"lognormal({mean:g}, {cv2:g})", mean, cv2, lambda rng: lambda: math.exp(rng.normalvariate(mu, sigma))
    )


def pareto(minimum: Any, alpha: float) -> Distribution:
    """Pareto times: P(T > t) = (minimum / t)^alpha, minimum in s. Raises InputError unless alpha > 1 (finite mean).

    cv² = 1 / (alpha (alpha - 2)) for alpha > 2, else infinite.
    """
    minimum, alpha = inputs.duration("minimum", minimum), inputs.amount("alpha", alpha)
    if alpha <= 1:
        raise InputError("alpha", alpha, "more than 1 (else the mean is infinite)")
    power = -1 / alpha

    def sampler(rng: Random) -> Draw:
        draw = rng.random
        return lambda: minimum * (1.0 - draw()) ** power

    cv2 = 1 / (alpha * (alpha - 2)) if alpha > 2 else math.inf
    return Distribution(f"pareto({minimum:g}, {alpha:g})", minimum * alpha / (alpha - 1), cv2, sampler)


def empirical(values: Iterable[Any]) -> Distribution:
    """Measured times (s), each drawn with the same probability. Raises InputError for none or for a negative one."""
    times = [inputs.duration("values", value, zero=True) for value in values]
    if not times or not any(times):
        raise InputError("values", times, "at least one time that is more than zero")
    n = len(times)
    mean = math.fsum(times) / n
    cv2 = math.fsum((time - mean) ** 2 for time in times) / n / mean**2

    def sampler(rng: Random) -> Draw:
        draw = rng.random
        return lambda: times[int(draw() * n)]

    return Distribution(f"empirical({n} values)", mean, cv2, sampler)


def distribution(argument: str, value: Any) -> Distribution:
    """Check that `value` is a distribution. Raises InputError."""
    if not isinstance(value, Distribution):
        raise InputError(argument, value, "a distribution, such as exponential(0.1) or constant(0.1)")
    return value
