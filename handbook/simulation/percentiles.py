"""Percentiles: exact for small samples, then a sketch with a stated relative error."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs


class Percentiles:
    """Quantiles of non-negative values: exact up to `exact` of them, then within a relative `error` of the exact one.

    The quantile q of n values is the ⌈q n⌉-th smallest. Beyond `exact` values only counts in buckets
    (γ^(i-1), γ^i], γ = (1 + error) / (1 - error), are kept, and a quantile is the bucket's point 2 γ^i / (γ + 1):
    with 1 % error, 1 µs to 1 h takes 1,100 buckets at most. Mean and count stay exact, minimum and maximum too.
    Raises InputError. Source: Masson, Rim & Lee, "DDSketch", VLDB, 2019 (without its limit on buckets).
    """

    def __init__(self, exact: int = 10_000, error: float = 0.01) -> None:
        self.exact = inputs.count("exact", exact, least=0)
        self.error = inputs.share("error", error)
        if not 0 < self.error < 1:
            raise InputError("error", error, "between 0 and 1")
        self._gamma = (1 + self.error) / (1 - self.error)
        self._scale = 1 / math.log(self._gamma)
        self.clear()

    def clear(self) -> None:
        """Forget all values."""
        self._values: list[float] = []
        self._buckets: Counter[int] = Counter()
        self._zeros = 0
        self._total = 0.0
        self._least, self._most = math.inf, -math.inf

    def add(self, value: float) -> None:
        """Add a value. Raises InputError when it is negative or no finite number."""
        if not 0 <= value < math.inf:
            raise InputError("value", value, "a finite number, zero or more")
        self._values.append(value)
        if len(self._values) > self.exact:
            self._fold()

    def _fold(self) -> None:
        """Empty the list into the buckets; after the first time, in batches, which is quicker than one by one."""
        values = self._values
        if not values:
            return
        self._total = math.fsum([self._total, *values])
        self._least, self._most = min(self._least, *values), max(self._most, *values)
        scale, log, ceil = self._scale, math.log, math.ceil
        positive = [value for value in values if value > 0]
        self._zeros += len(values) - len(positive)
        self._buckets.update([ceil(log(value) * scale) for value in positive])
        values.clear()

    @property
    def is_exact(self) -> bool:
        """Whether all values are still kept."""
        return not self._buckets and not self._zeros

    @property
    def count(self) -> int:
        """How many values were added."""
        return len(self._values) + self._zeros + self._buckets.total()

    @property
    def mean(self) -> float:
        """The exact mean; NaN without values."""
        return math.fsum([self._total, *self._values]) / self.count if self.count else math.nan

    @property
    def minimum(self) -> float:
        """The smallest value; NaN without values."""
        return min([self._least, *self._values]) if self.count else math.nan

    @property
    def maximum(self) -> float:
        """The largest value; NaN without values."""
        return max([self._most, *self._values]) if self.count else math.nan

    def quantile(self, q: float) -> float:
        """The value that a share `q` (0 to 1) of the values does not exceed; NaN without values. Raises InputError."""
        q, n = inputs.share("q", q), self.count
        if not n:
            return math.nan
        rank = max(1, math.ceil(q * n - 1e-9))  # 0.07 · 100 is 7.000000000000001 in floats
        if self.is_exact:
            return sorted(self._values)[rank - 1]
        self._fold()
        return self._from_buckets(rank)

    def _from_buckets(self, rank: int) -> float:
        seen = self._zeros
        if rank <= seen:
            return 0.0
        for index in sorted(self._buckets):
            seen += self._buckets[index]
            if rank <= seen:
                middle = 2 * self._gamma**index / (self._gamma + 1)
                return min(max(middle, self._least), self._most)
        raise AssertionError("unreachable: the rank is at most the count")

    def merge(self, other: Percentiles) -> None:
        """Add all values of another one, such as that of another seed. Raises InputError when its error differs."""
        if other.error != self.error:
            raise InputError("other", other.error, f"percentiles with the same error ({self.error})")
        if other.is_exact:
            for value in list(other._values):
                self.add(value)
            return
        other._fold()
        self._fold()
        self._buckets.update(other._buckets)
        self._zeros += other._zeros
        self._total += other._total
        self._least, self._most = min(self._least, other._least), max(self._most, other._most)

    def summary(self, *qs: float) -> dict[str, Any]:
        """The quantiles by name: `summary(0.5, 0.99)` → {"p50": …, "p99": …}; by default p50, p90, p99, p99.9."""
        return {f"p{100 * q:g}": self.quantile(q) for q in qs or (0.5, 0.9, 0.99, 0.999)}
