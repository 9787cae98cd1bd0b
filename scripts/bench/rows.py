"""What a measurement says: a median of so many, beside its goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Row:
    """One line of the table. `goal` is what `value` may at most be (at least, if `at_least`); none: only told."""

    what: str
    value: float
    unit: str
    count: int
    goal: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the goal is met."""
        if self.goal is None:
            return ""
        return "met" if (self.value >= self.goal if self.at_least else self.value <= self.goal) else "missed"


def ratio(what: str, ours: Sequence[float], theirs: Sequence[float], goal: float | None) -> Row:
    """The medians of two series of seconds, ours in theirs."""
    one, other = median(ours), median(theirs)
    return Row(what, one / other, "of plain MkDocs", len(ours), goal, note=f"{one:.2f} s, {other:.2f} s")


def table(rows: Sequence[Row]) -> str:
    """The rows as lines of text."""
    lines = [("measured", "median", "", "n", "goal", "verdict", "")]
    for row in rows:
        sign = "≥" if row.at_least else "≤"
        goal = "" if row.goal is None else f"{sign} {row.goal:g}"
        lines.append((row.what, f"{row.value:.3g}", row.unit, str(row.count), goal, row.verdict, row.note))
    widths = [max(len(line[column]) for line in lines) for column in range(7)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
                     for line in lines)  # fmt: skip
