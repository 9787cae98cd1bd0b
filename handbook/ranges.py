"""`intervals()`, `tornado()` and `distribution()`: the last line of a cell that shows how sure its numbers are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from handbook import charts, rounding, uncertainty
from handbook.cells import Cell
from handbook.comparisons import in_unit_of
from handbook.errors import InputError
from handbook.running import Notebook, notebook

#: Which percentiles are shown: eight of ten cases lie between the outer ones.
PERCENTILES = (10, 50, 90)


@dataclass(frozen=True)
class Interval:
    """A fact's published value with the percentiles of its samples, all as quantities in its unit."""

    name: str
    label: str
    published: Any
    p10: Any
    p50: Any
    p90: Any


class Intervals:
    """The rows of `intervals()`: a table in a notebook, aligned text in a terminal."""

    def __init__(self, rows: list[Interval]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        width = max(len(row.label) for row in self.rows)
        shown = rounding.full
        return "\n".join(
            f"{r.label:<{width}}  p50 {shown(r.p50)}, p10 {shown(r.p10)} to p90 {shown(r.p90)}" for r in self.rows
        )

    def _repr_html_(self) -> str:
        head = (
            '<tr><th scope="col">Quantity</th><th scope="col" class="number">Median (p50)</th>'
            '<th scope="col" class="number">Eight of ten cases (p10 to p90)</th></tr>'
        )
        body = "".join(
            f'<tr><th scope="row">{escape(row.label)}</th><td class="number">{_data(row, 50)}</td>'
            f'<td class="number">{_data(row, 10)} to {_data(row, 90)}</td></tr>'
            for row in self.rows
        )
        return f'<table class="results intervals"><thead>{head}</thead><tbody>{body}</tbody></table>'


def _data(row: Interval, percent: int) -> str:
    quantity = getattr(row, f"p{percent}")
    return (
        f'<data class="fact-interval" data-interval="{row.name}" data-percentile="{percent}" '
        f'value="{float(quantity.to_base_units().magnitude):.12g}">{escape(rounding.full(quantity))}</data>'
    )


def intervals(*quantities: Any, cells: Sequence[Cell | str] | None = None, runs: int = uncertainty.RUNS) -> Any:
    """The p10, p50 and p90 of quantities that cells named, over the ranges of all assumptions so far.

    The last line of a cell: `intervals(peak_rate, own_cost)`. `cells` are their sources where they cannot be found (see
    `handbook.running`; nothing is shown then). Raises InputError for no quantity or one that no cell named.
    """
    if not quantities:
        raise InputError("quantities", quantities, "at least one quantity that a cell named")
    found = notebook(cells)
    if found is None:
        return None
    names = [found.name_of("quantities", quantity) for quantity in quantities]
    samples, labels = uncertainty.sample(found.model(names), names, runs=runs), found.labels()
    rows = []
    for name in names:
        like = found.namespace[name]
        marks = [in_unit_of(like, uncertainty.percentile(samples[name], p)) for p in PERCENTILES]
        rows.append(Interval(name, labels[name], like, *marks))
    return Intervals(rows)


def tornado(
    quantity: Any, *, most: int = 8, note: str = "", log: bool = False, cells: Sequence[Cell | str] | None = None
) -> Any:
    """A chart of what each assumption does to a quantity at both ends of its range, the largest effect first.

    The last line of a cell: `tornado(own_cost)`. `most` bars are drawn, the others are summed up in the description, to
    which `note` is added. Raises InputError for a quantity that no cell named.
    """
    found = notebook(cells)
    if found is None:
        return None
    name = found.name_of("quantity", quantity)
    moved = uncertainty.swings(found.model([name]), name)
    bars = [_bar(found, swing, found.namespace[name]) for swing in moved]
    return charts.tornado(
        bars, found.namespace[name], label=found.labels()[name], most=most, note=note, log=log
    )  # fmt: skip


def _bar(found: Notebook, swing: uncertainty.Swing, like: Any) -> charts.Bar:
    assumed = found.namespace[swing.name]
    low, high = (rounding.text(in_unit_of(assumed, end)) for end in (swing.low, swing.high))
    return charts.Bar(swing.label, low, high, in_unit_of(like, swing.at_low), in_unit_of(like, swing.at_high))


def distribution(
    quantity: Any, *, note: str = "", cells: Sequence[Cell | str] | None = None, runs: int = uncertainty.RUNS
) -> Any:
    """A chart of the values that a quantity takes over the ranges of all assumptions, with p10, p50 and p90 marked.

    The last line of a cell: `distribution(own_cost)`. `note` is added to the description. Raises InputError for a
    quantity that no cell named.
    """
    found = notebook(cells)
    if found is None:
        return None
    name = found.name_of("quantity", quantity)
    values = uncertainty.sample(found.model([name]), [name], runs=runs)[name]
    return charts.distribution(values, like=found.namespace[name], label=found.labels()[name], note=note)
