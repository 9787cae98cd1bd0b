"""`show()`: the last line of a cell, which shows what the cell computed."""

from __future__ import annotations

import linecache
import sys
from dataclasses import dataclass
from html import escape
from typing import Any

from handbook import rounding
from handbook.assumptions import declaration, label
from handbook.cells import Cell, Statement, statements
from handbook.units import Quantity, base


@dataclass(frozen=True)
class Result:
    """One row: the name in the notebook, what it is, and the quantity."""

    name: str
    label: str
    quantity: Any

    @property
    def shown(self) -> str:
        """The quantity as a table shows it."""
        return rounding.full(self.quantity, exact=declaration(self.quantity) is not None)


class Results:
    """The rows of one cell, as a table in a notebook and as aligned text in a terminal."""

    def __init__(self, rows: list[Result]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        width = max((len(row.label) for row in self.rows), default=0)
        return "\n".join(f"{row.label:<{width}}  {row.shown}" for row in self.rows)

    def _repr_html_(self) -> str:
        body = "".join(
            f'<tr><th scope="row">{escape(row.label)}</th><td class="number"><data class="fact" data-fact="{row.name}" '
            f'value="{base(row.quantity):.12g}">{escape(row.shown)}</data></td></tr>'
            for row in self.rows
        )
        head = '<tr><th scope="col">Quantity</th><th scope="col" class="number">Value</th></tr>'
        return f'<table class="results"><thead>{head}</thead><tbody>{body}</tbody></table>'


def _statements_by_name(source: str) -> dict[str, Statement]:
    try:
        return {s.target: s for s in statements([Cell(source)]) if s.target}
    except SyntaxError:  # a cell with IPython's own syntax: no formulas to show
        return {}


def show() -> Results | None:
    """Show every quantity that was named since the last call. The last line of a cell; None where nothing is new."""
    caller = sys._getframe(1)
    source = "".join(linecache.getlines(caller.f_code.co_filename))
    bound = _statements_by_name(source)
    shown: set[str] = caller.f_globals.setdefault("_shown", set())
    rows = []
    for name, value in list(caller.f_globals.items()):
        if name.startswith("_") or name in shown or not isinstance(value, Quantity):
            continue
        shown.add(name)
        comment = bound[name].comment if name in bound else ""
        rows.append(Result(name, label(name, value, comment), value))
    return Results(rows) if rows else None
