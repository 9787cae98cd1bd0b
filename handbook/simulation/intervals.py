"""Confidence intervals for the mean of a few independent runs, by Student's t distribution."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist

from handbook.errors import InputError
from handbook.simulation import inputs

#: Beyond so many degrees of freedom t is taken as normal; at 99 % that is less than 0.2 % too narrow.
NORMAL_FROM = 1000


def student_cdf(t: float, freedom: int) -> float:
    """P(T ≤ t) for Student's t with a whole number of degrees of freedom, by the finite series for it.

    Exact but for rounding. Raises InputError. Source: Abramowitz & Stegun, "Handbook of Mathematical Functions",
    1964, 26.7.3 and 26.7.4.
    """
    freedom = inputs.count("freedom", freedom)
    angle = math.atan(t / math.sqrt(freedom))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = freedom % 2
    term = cosine if odd else 1.0
    terms = [term] if freedom > 1 else []
    for k in range(2 if odd else 1, freedom - 2, 2):
        term *= k / (k + 1) * cosine * cosine
        terms.append(term)
    central = 2 / math.pi * (angle + sine * math.fsum(terms)) if odd else sine * math.fsum(terms)
    return (1 + central) / 2


@lru_cache(maxsize=256)
def student_quantile(p: float, freedom: int) -> float:
    """The t that T stays below with probability `p`, 0.5 ≤ p < 1, by bisection, to 1e-12 relative.

    From 1,000 degrees of freedom on the normal quantile. Raises InputError.
    """
    freedom = inputs.count("freedom", freedom)
    if not 0.5 <= p < 1:
        raise InputError("p", p, "from 0.5 to below 1")
    if freedom >= NORMAL_FROM:
        return NormalDist().inv_cdf(p)
    low, high = 0.0, 1.0
    while student_cdf(high, freedom) < p:
        low, high = high, 2 * high
    while high - low > 1e-12 * high:
        middle = (low + high) / 2
        low, high = (middle, high) if student_cdf(middle, freedom) < p else (low, middle)
    return (low + high) / 2


@dataclass(frozen=True)
class Interval:
    """A mean with its confidence interval: `mean` ± `half_width` at `level`, from `n` runs."""

    mean: float
    half_width: float
    level: float
    n: int

    @property
    def low(self) -> float:
        """The lower end."""
        return self.mean - self.half_width

    @property
    def high(self) -> float:
        """The upper end."""
        return self.mean + self.half_width

    @property
    def relative(self) -> float:
        """Half width / |mean|; infinite for a mean of 0."""
        return self.half_width / abs(self.mean) if self.mean else math.inf

    def covers(self, value: float) -> bool:
        """Whether the value lies in the interval."""
        return self.low <= value <= self.high

    def __str__(self) -> str:
        if not self.half_width:
            return f"{self.mean:,.6g} ± 0"
        decimals = max(0, 1 - math.floor(math.log10(self.half_width)))  # two digits of the half width
        return f"{self.mean:,.{decimals}f} ± {self.half_width:,.{decimals}f}"


def confidence_interval(samples: Sequence[float], level: float = 0.95) -> Interval:
    """The mean of independent samples ± t · s / √n. Raises InputError for fewer than two or for one that is not finite.

    Exact for normal samples; run averages are nearly normal by the central limit theorem.
    """
    if not 0 < level < 1:
        raise InputError("level", level, "between 0 and 1")
    n = len(samples)
    if n < 2 or not all(map(math.isfinite, samples)):
        raise InputError("samples", list(samples), "at least two finite numbers")
    mean = math.fsum(samples) / n
    deviation = math.sqrt(math.fsum((sample - mean) ** 2 for sample in samples) / (n - 1))
    return Interval(mean, student_quantile((1 + level) / 2, n - 1) * deviation / math.sqrt(n), level, n)
