"""The notebook that is running: its cells so far and what they bound, for functions that a cell calls.

The cells are read from the list `In` among the caller's globals, where IPython keeps them (a kernel, the build, or
whatever else runs cells and fills `In`). In a script they are the statements above the call. Where neither can be read
there is no notebook, and the functions that need one show nothing.
"""

from __future__ import annotations

import ast
import linecache
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

from handbook.assumptions import label
from handbook.cells import Cell, Statement, statements
from handbook.comparisons import Comparison, sliced
from handbook.errors import InputError
from handbook.estimate import Model
from handbook.units import Quantity


@dataclass(frozen=True)
class Notebook:
    """The code cells that ran and the names that they left behind."""

    cells: Sequence[Cell]
    namespace: Mapping[str, Any]

    def name_of(self, argument: str, value: Any) -> str:
        """The name that a cell gave this very object; `value` may be the name too. Raises InputError for neither."""
        if isinstance(value, str):
            if isinstance(self.namespace.get(value), Quantity | Comparison):
                return value
        else:
            for name, bound in self.namespace.items():
                if bound is value and not name.startswith("_") and isinstance(value, Quantity | Comparison):
                    return name
        raise InputError(argument, str(value), "a quantity or a decision that a cell of this notebook named")

    def labels(self) -> dict[str, str]:
        """What each quantity is called."""
        bound = {s.target: s for s in statements(self.cells) if s.target}
        found = {n: q for n, q in self.namespace.items() if isinstance(q, Quantity) and not n.startswith("_")}
        return {n: label(n, q, bound[n].comment if n in bound else "") for n, q in found.items()}

    def model(self, names: Sequence[str]) -> Model:
        """The cells compiled for these facts. Raises InputError where they compute something else than was shown."""
        model = sliced(self.cells, self.namespace, {name: self.namespace[name] for name in names})
        for name, (held, computed) in model.disagreements().items():
            raise InputError(name, held, f"the cells compute {computed!r}: run all of them again, in order")
        return model


def notebook(cells: Sequence[Cell | str] | None = None, depth: int = 1) -> Notebook | None:
    """The notebook of the cell that called the caller of this function; `cells` if they are known already."""
    frame = sys._getframe(depth + 1)
    if cells is not None:
        return Notebook([Cell(c) if isinstance(c, str) else c for c in cells], frame.f_globals)
    inputs = frame.f_globals.get("In")
    sources = _latest(inputs, frame.f_globals) if isinstance(inputs, list) else _above(frame)
    return Notebook([Cell(source) for source in sources], frame.f_globals) if sources else None


def _latest(inputs: list[str], namespace: Mapping[str, Any]) -> list[str]:
    """Each cell once: one that was edited and run again takes the place where it stood first."""
    kept: list[tuple[str, set[str]]] = []
    for source in inputs:
        try:
            named = {name for s in statements([Cell(source)]) if (name := _names_once(s, namespace))}
        except (SyntaxError, ValueError):  # it never ran
            continue
        before = [number for number, (_, names) in enumerate(kept) if names & named]
        if before:
            kept[before[0]] = (source, named)
            kept = [cell for number, cell in enumerate(kept) if number not in before[1:]]
        else:
            kept.append((source, named))
    return [source for source, _ in kept if source.strip()]


def _names_once(statement: Statement, namespace: Mapping[str, Any]) -> str | None:
    """The name that marks a cell: a function, or a quantity or decision, which a notebook names once."""
    if isinstance(statement.node, ast.FunctionDef | ast.ClassDef):
        return statement.node.name
    return statement.target if isinstance(namespace.get(statement.target or ""), Quantity | Comparison) else None


def _above(frame: FrameType) -> list[str]:
    """The statements of a script that end above the line that runs."""
    lines = linecache.getlines(frame.f_code.co_filename)
    if frame.f_code.co_name != "<module>" or not lines:
        return []
    body = ast.parse("".join(lines)).body
    last = max((node.end_lineno or 0 for node in body if (node.end_lineno or 0) < frame.f_lineno), default=0)
    return ["".join(lines[:last])] if last else []
