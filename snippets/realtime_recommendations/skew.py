"""The check that compares what a model was served with what it is trained on."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

Features = Mapping[str, Any]


# --8<-- [start:check]
@dataclass(frozen=True)
class Report:
    """How many logged lists were recomputed, and by feature, how many differed."""

    checked: int
    differed: Mapping[str, int]

    def skewed(self, allowed: float, chance: float = 0.001) -> list[str]:
        """Features that differ more often than `allowed` and chance explain."""
        limit = surprising(self.checked, allowed, chance)
        return sorted(name for name, n in self.differed.items() if n >= limit)


def compare(
    logged: Iterable[tuple[Any, Features]],
    recompute: Callable[[Any], Features],
    tolerance: float = 1e-6,
) -> Report:
    """Compute each logged row again, by the code and data that training uses.

    A feature that is missing on one side differs; so does a number beside no number.
    """
    checked, differed = 0, Counter[str]()
    for request, served in logged:
        trained = recompute(request)
        checked += 1
        for name in served.keys() | trained.keys():
            pair = served.get(name, ...), trained.get(name, ...)
            differed[name] += not _same(*pair, tolerance)
    return Report(checked, +differed)


def _same(served: Any, trained: Any, tolerance: float) -> bool:
    numbers = [isinstance(value, int | float) for value in (served, trained)]
    if not all(numbers):
        return bool(served == trained)
    if math.isnan(served) or math.isnan(trained):
        return math.isnan(served) and math.isnan(trained)
    return math.isclose(served, trained, rel_tol=tolerance, abs_tol=tolerance)


def surprising(checked: int, allowed: float, chance: float) -> int:
    """The least number of differences that is rarer than `chance`."""
    below, count = 0.0, 0
    while count <= checked and 1 - below >= chance:
        ways = _log_factorial(checked) - _log_factorial(count)
        ways -= _log_factorial(checked - count)
        odds = count * math.log(allowed) + (checked - count) * math.log1p(-allowed)
        below, count = below + math.exp(ways + odds), count + 1
    return count


def _log_factorial(number: int) -> float:
    return math.lgamma(number + 1)


# --8<-- [end:check]
