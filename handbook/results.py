"""`show()`: the last line of a cell, which shows what the cell computed."""

from __future__ import annotations

import ast
import linecache
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from types import FrameType
from typing import Any

from handbook import rounding
from handbook.assumptions import declaration, label
from handbook.cells import Cell, statements
from handbook.errors import EstimateError
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
        declared = declaration(self.quantity)
        return rounding.full(self.quantity, exact=declared is not None and declared.exact)

    @property
    def interval(self) -> str:
        """The interval of a simulated result, "13.7 to 15.6 min"; empty for everything else."""
        declared = declaration(self.quantity)
        if declared is None or not declared.simulated:
            return ""
        return f"{rounding.text(declared.low)} to {rounding.text(declared.high)}"


class Results:
    """The rows of one cell, as a table in a notebook and as aligned text in a terminal."""

    def __init__(self, rows: list[Result]) -> None:
        self.rows = rows

    def __repr__(self) -> str:
        width = max((len(row.label) for row in self.rows), default=0)
        lines = (f"{row.label:<{width}}  {row.shown}  {row.interval and f'({row.interval})'}" for row in self.rows)
        return "\n".join(line.rstrip() for line in lines)

    def _repr_html_(self) -> str:
        body = "".join(
            f'<tr><th scope="row">{escape(row.label)}</th><td class="number"><data class="fact" data-fact="{row.name}" '
            f'value="{base(row.quantity):.12g}">{escape(row.shown)}</data>'
            + (
                f'<br><small class="interval">{escape(row.interval)}</small></td></tr>'
                if row.interval
                else "</td></tr>"
            )
            for row in self.rows
        )
        head = '<tr><th scope="col">Quantity</th><th scope="col" class="number">Value</th></tr>'
        return f'<table class="results"><thead>{head}</thead><tbody>{body}</tbody></table>'


def _named_by(caller: FrameType) -> tuple[dict[str, str], set[str]]:
    """The comments by name in the source of the caller, and the names that it bound since the last `show()`."""
    source = "".join(linecache.getlines(caller.f_code.co_filename))
    try:
        above = [s for s in statements([Cell(source)]) if s.node.lineno < caller.f_lineno]
    except EstimateError:  # a cell with IPython's own syntax: no comments to read
        return {}, set()
    calls = [place for place, s in enumerate(above) if isinstance(s.node, ast.Expr) and "show" in s.reads]
    since = above[calls[-1] :] if calls else above
    return {s.target: s.comment for s in above if s.target}, {name for s in since for name in s.binds}


def show() -> Results | None:
    """Show every quantity that was named since the last call. The last line of a cell; None where nothing is new.

    In a notebook the result is the cell's output; in a script it is printed.
    """
    caller = sys._getframe(1)
    comments, bound = _named_by(caller)
    shown: dict[str, Any] = caller.f_globals.setdefault("_shown", {})
    rows = []
    for name, value in list(caller.f_globals.items()):
        if name.startswith("_") or not isinstance(value, Quantity):
            continue
        # What this cell binds is shown again when a reader runs the cell again.
        if name in bound or shown.get(name) is not value:
            shown[name] = value
            rows.append(Result(name, label(name, value, comments.get(name, "")), value))
    results = Results(rows) if rows else None
    if results and sys.displayhook is sys.__displayhook__ and Path(caller.f_code.co_filename).is_file():
        print(results)  # a script drops the value of an expression
    return results
