"""Where an assumption turns a decision over: solved for through its range, and said in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise
from typing import Any

from handbook import crossings, rounding, units
from handbook.assumptions import Assumption
from handbook.comparisons import in_unit_of
from handbook.uncertainty import WIDE, spread

#: How far beyond its plausible range an assumption is followed when no threshold lies within it.
BEYOND = 10.0


@dataclass(frozen=True)
class Region:
    """Values of an assumption (quantities; None: without end) for which the alternative is the right choice."""

    low: Any
    high: Any
    now: Any

    @property
    def words(self) -> str:
        """`above 1,240 followers`, `below 3 h`, `from 2 to 5`."""
        if self.low is None:
            return f"below {told(self.high, self.now)}"
        if self.high is None:
            return f"above {told(self.low, self.now)}"
        return f"from {told(self.low, self.now)} to {told(self.high, self.now)}"


def told(value: Any, now: Any) -> str:
    """`value` with three digits, or with as many as tell it from `now`: 99.97% where that is 99.99%."""
    size, apart = value.magnitude, abs(value.magnitude - now.to(value.units).magnitude)
    if abs(rounding.significant(size) - size) <= 0.05 * apart:
        return rounding.full(value)
    enough = (n for n in range(4, 12) if abs(rounding.significant(size, n) - size) <= 0.05 * apart)
    digits = next(enough, 12)
    return rounding.full(units.Quantity(rounding.significant(size, digits), value.units), exact=True)


@dataclass(frozen=True)
class Threshold:
    """Where one assumption, all others as they are, turns a decision over. Values are quantities in its unit."""

    name: str
    label: str
    chosen: str
    """What the decision is now."""
    alternative: str
    now: Any
    values: tuple[Any, ...]
    """The values at which it turns over, in order; none, one or several."""
    regions: tuple[Region, ...]
    """Where the alternative is the right choice."""
    jump: bool
    """Whether a side leaps over the other there (a rounded-up count, a pole) instead of meeting it."""
    plausible: bool
    """Whether a value lies within the assumption's own range."""
    scanned: tuple[Any, Any]
    touches: tuple[Any, ...] = ()

    @property
    def words(self) -> str:
        """A sentence: `Use a sending service when the price is below $0.12 (now $0.13).`"""
        if not self.values:
            low, high = map(rounding.full, self.scanned)
            met = "".join(f"; both sides are equal at {rounding.full(value)}" for value in self.touches)
            return f"{self.chosen} for every “{self.label}” from {low} to {high}{met}."
        return f"{self.alternative} when “{self.label}” is {self.where} (now {rounding.full(self.now, exact=True)})."

    @property
    def where(self) -> str:
        """The values for which the alternative is right: `above 1,240 followers`."""
        beyond = "" if self.plausible else ", outside its plausible range"
        return ", or ".join(region.words for region in self.regions) + beyond

    def __repr__(self) -> str:
        return self.words

    def _repr_html_(self) -> str:
        return f'<p class="threshold">{escape(self.words)}</p>'


class Thresholds:
    """The assumptions that turn a decision over, each alone, as a table in a notebook and as text in a terminal."""

    def __init__(self, decision: Any, found: Sequence[Threshold]) -> None:
        self.decision, self.rows = decision, sorted(found, key=lambda row: not row.plausible)

    @property
    def words(self) -> str:
        """What the table holds, or that there is nothing to hold."""
        if not self.rows:
            return f"{self.decision.chosen}: no single assumption changes that."
        return f"{self.decision.chosen}; {self.decision.alternative} when one of these, alone, is"

    def __repr__(self) -> str:
        return "\n".join(
            [self.words, *(f"  {r.label}: {r.where} (now {rounding.full(r.now, exact=True)})" for r in self.rows)]
        )

    def _repr_html_(self) -> str:
        if not self.rows:
            return f'<p class="thresholds">{escape(self.words)}</p>'
        head = (
            '<tr><th scope="col">Assumption</th><th scope="col" class="number">Now</th>'
            f'<th scope="col">{escape(self.decision.alternative)} when</th></tr>'
        )
        body = "".join(
            f'<tr><th scope="row">{escape(row.label)}</th><td class="number">'
            f"{escape(rounding.full(row.now, exact=True))}</td><td>{escape(row.where)}</td></tr>"
            for row in self.rows
        )
        caption = f"<caption>{escape(self.words)}:</caption>"
        return f'<table class="results thresholds">{caption}<thead>{head}</thead><tbody>{body}</tbody></table>'


def solve(
    name: str,
    assumption: Assumption,
    decision: Any,
    margin: crossings.Margin,
    *,
    now: float,
    within: tuple[float, float] | None = None,
) -> Threshold:
    """Where `margin`, a function of the assumption in base units, changes its sign; `decision` is how it stands `now`.

    The assumption is followed through its plausible range; where nothing turns over there, on to ten times beyond (a
    share to all or nothing). `within` says how far instead. Raises InputError.
    """
    plausible = spread(assumption, now)
    for low, high in [within] if within else _ranges(assumption, now):
        found = crossings.find(margin, _points(low, high, now))
        if found.crossings:
            break
    edges = [crossing.at for crossing in found.crossings]
    inside = plausible is not None and any(plausible.low <= edge <= plausible.high for edge in edges)

    def quantities(values: Sequence[float]) -> tuple[Any, ...]:
        return tuple(in_unit_of(assumption.quantity, value) for value in values)

    return Threshold(
        name, assumption.label, decision.chosen, decision.alternative, *quantities([now]), quantities(edges),
        tuple(Region(*ends, *quantities([now])) for ends in _regions(found, margin, decision.holds, quantities)),
        any(crossing.jump for crossing in found.crossings), inside,
        quantities([found.low, found.high]), quantities(found.touches),
    )  # fmt: skip


def _regions(found: crossings.Crossings, margin: crossings.Margin, holds: bool, quantities: Any) -> list[list[Any]]:
    """The ends of each stretch where the decision is the other one; None at an end of what was scanned."""
    edges = [found.low, *(crossing.at for crossing in found.crossings), found.high]
    stretches = []
    for number, (low, high) in enumerate(pairwise(edges)):
        size = margin((low + high) / 2)
        if len(edges) > 2 and size is not None and (size > 0) != holds:
            start, end = quantities([low, high])
            stretches.append([start if number else None, end if number < len(edges) - 2 else None])
    return stretches


def _ranges(assumption: Assumption, now: float) -> list[tuple[float, float]]:
    """The ranges to scan, the plausible one first."""
    found = spread(assumption, now)
    low, high = (found.low, found.high) if found else (now, now)
    most = 1.0 if str(units.registry.Quantity(assumption.quantity).units) == "percent" and high <= 1 else math.inf
    wide = (low / BEYOND if low > 0 else low * BEYOND, min(most, high * BEYOND if high > 0 else high / BEYOND))
    return ([(low, high)] if low < high else []) + ([wide] if wide[0] < wide[1] else [])


def _points(low: float, high: float, now: float) -> list[float]:
    points = crossings.grid(low, high, log=low > 0 and high > WIDE * low)
    return sorted({*points, now}) if low < now < high else points
