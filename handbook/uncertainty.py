"""How sure an estimate is: intervals from the ranges of its assumptions, and which assumption moves it most.

A range (low, value, high) is read as bounds, and values in it as triangular with the mode at the published value; on a
logarithmic scale where the range is positive and spans more than a factor of three, because "a third to three times"
is what such a range means. Bounds, not percentiles: then no sample leaves what the author declared (a share stays below
one), and each sample is a state that a reader can set. Triangular, not PERT: people's ranges are too narrow rather than
too wide, so the tails keep more weight. Assumptions vary independently.

Sampling is stratified (Latin hypercube) with one stream of random numbers for each assumption, seeded by its name:
another assumption does not change the draws of this one, and every Python draws the same, to rounding.
"""

from __future__ import annotations

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from handbook import units
from handbook.assumptions import Assumption
from handbook.errors import InputError
from handbook.estimate import Model

#: From this ratio of high to low a positive range is read on a logarithmic scale.
WIDE = 3.0

#: How many values are drawn of each assumption, and from which seed.
RUNS, SEED = 2000, 1


@dataclass(frozen=True)
class Range:
    """A range of plausible values with the most plausible one, in base units: a triangular distribution.

    Raises InputError unless low ≤ mode ≤ high, all finite.
    """

    low: float
    mode: float
    high: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.low) and math.isfinite(self.high) and self.low <= self.mode <= self.high):
            raise InputError("mode", self.mode, f"a number from low = {self.low!r} to high = {self.high!r}")

    @property
    def logarithmic(self) -> bool:
        """Whether it spans more than a factor of three above zero."""
        return self.low > 0 and WIDE * self.low < self.high < 1e300 * self.low  # beyond, high / low overflows

    def at(self, share: float) -> float:
        """The value below which `share` (0 to 1) of the distribution lies.

        >>> Range(0, 5, 10).at(0.5)
        5.0
        """
        if not 0 <= share <= 1:
            raise InputError("share", share, "a number from 0 to 1")
        if not self.logarithmic:
            return _triangular(share, self.low, self.mode, self.high)
        low, high = self.low, self.high
        exponent = _triangular(share, 0.0, math.log(self.mode / low), math.log(high / low))
        return min(high, max(low, low * math.exp(exponent)))


def _triangular(share: float, low: float, mode: float, high: float) -> float:
    if high == low:
        return low
    if share * (high - low) < mode - low:
        return low + math.sqrt(share * (high - low) * (mode - low))
    return high - math.sqrt((1 - share) * (high - low) * (high - mode))


def spread(assumption: Assumption, mode: float | None = None) -> Range | None:
    """The range of an assumption in base units, None for one that is fixed.

    `mode` puts a reader's own value in place of the published one; the range is stretched to hold it.
    """
    if assumption.low is None:
        return None
    low, high = units.base(assumption.low), units.base(assumption.high)
    mode = units.base(assumption.quantity) if mode is None else mode
    return Range(min(low, mode), mode, max(high, mode))


def _draws(name: str, varied: Range, runs: int, seed: int) -> list[float]:
    """One value from each of `runs` equally probable strata, in random order."""
    source = random.Random(f"{seed}:{name}")  # of `random` only what all Pythons compute alike: random()
    strata = sorted([(source.random(), stratum) for stratum in range(runs)])
    return [varied.at((stratum + source.random()) / runs) for _, stratum in strata]


def sample(
    model: Model, facts: Sequence[str], *, values: Mapping[str, float] | None = None, runs: int = RUNS, seed: int = SEED
) -> dict[str, list[float]]:
    """Values of each of the `facts`, in base units, over `runs` draws of all assumptions; of one draw at one position.

    `values` are a reader's own assumptions (base units, by name), around which the ranges are then laid.
    Raises InputError for an unknown fact or assumption, and where plausible assumptions give no finite result.
    """
    if isinstance(runs, bool) or not isinstance(runs, int) or runs < 1:
        raise InputError("runs", runs, "a whole number from 1")
    own = dict(values or {})
    _require(model, facts, own)
    ranges = {name: spread(a, own.get(name)) for name, a in model.assumptions.items()}
    drawn = {name: _draws(name, r, runs, seed) for name, r in ranges.items() if r is not None and r.low < r.high}
    found: dict[str, list[float]] = {fact: [] for fact in facts}
    for position in range(runs):
        case = {**own, **{name: series[position] for name, series in drawn.items()}}
        result = _run(model, case, facts)
        for fact in facts:
            found[fact].append(result[fact])
    return found


def _require(model: Model, facts: Sequence[str], values: Mapping[str, float]) -> None:
    for fact in facts:
        if fact not in model.published:
            raise InputError("facts", fact, f"one of {', '.join(model.published)}")
    for name, value in values.items():
        if name not in model.assumptions:
            raise InputError(name, value, f"one of the assumptions {', '.join(model.assumptions)}")


def _run(model: Model, case: Mapping[str, float], facts: Sequence[str]) -> dict[str, float]:
    """The facts of one case. An estimate must be computable wherever its assumptions are plausible."""
    try:
        result = model(**case)
        bad = next((f for f in facts if isinstance(result[f], complex) or not math.isfinite(result[f])), None)
        why = f"{bad} becomes {result[bad]!r}" if bad else None
    except (ArithmeticError, ValueError) as error:
        why = str(error)
    if why:
        shown = ", ".join(f"{name} = {value:.6g}" for name, value in case.items())
        raise InputError("between", shown, f"ranges within which every fact can be computed ({why})")
    return result


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of `values` with at least `percent` (0 to 100) of all at or below it: one that occurred.

    Raises InputError for no values or another percentage.

    >>> percentile([3, 1, 2, 4], 50)
    2
    """
    if not values:
        raise InputError("values", list(values), "at least one value")
    if not 0 <= percent <= 100:
        raise InputError("percent", percent, "a number from 0 to 100")
    return sorted(values)[max(0, math.ceil(len(values) * percent / 100 - 1e-9) - 1)]


@dataclass(frozen=True)
class Swing:
    """What one assumption does to a fact: at its low and at its high end, all others as published. Base units."""

    name: str
    label: str
    low: float
    high: float
    at_low: float
    at_high: float
    published: float

    @property
    def size(self) -> float:
        """The width of what the fact then takes, in its base units."""
        outcomes = (self.at_low, self.at_high, self.published)
        return max(outcomes) - min(outcomes)


def swings(model: Model, fact: str, values: Mapping[str, float] | None = None) -> list[Swing]:
    """Each assumption moved to the ends of its range, one at a time: the largest effect on `fact` first.

    Those without effect are left out. `values` are a reader's own assumptions. Raises InputError as `sample` does.
    """
    own = dict(values or {})
    _require(model, [fact], own)
    published = _run(model, own, [fact])[fact]
    found = []
    for name, assumption in model.assumptions.items():
        varied: Any = spread(assumption, own.get(name))
        if varied is None or varied.low == varied.high:
            continue
        low, high = (_run(model, {**own, name: end}, [fact])[fact] for end in (varied.low, varied.high))
        found.append(Swing(name, assumption.label, varied.low, varied.high, low, high, published))
    noise = 1e-12 * abs(published)
    return sorted((s for s in found if s.size > noise), key=lambda s: -s.size)
