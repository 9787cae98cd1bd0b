"""A notebook that runs without a shell: its cells executed as published, then again for a reader's values.

Only the cells that a moved assumption reaches run again; what the others bound is taken as it was.
"""

from __future__ import annotations

import ast
import builtins
import linecache
import re
import traceback
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import nullcontext, redirect_stdout
from copy import copy
from dataclasses import dataclass
from functools import cached_property
from types import CodeType
from typing import Any

from handbook import decisions, invariants, ranges
from handbook.assumptions import declaration, moved
from handbook.cells import Cell, Statement, statements
from handbook.errors import EstimateError, InputError
from handbook.estimate import Model
from handbook.live.outputs import Output, Screen

#: What takes long to show, by name: it is computed when the numbers are there already.
_SLOW = {
    getattr(module, name)
    for module, names in (
        (ranges, ("intervals", "tornado", "distribution")),
        (decisions, ("threshold", "thresholds")),
    )
    for name in names
}


_SIMULATES = re.compile(r"^(?:from|import) handbook\.simulation\b", re.MULTILINE)

#: How far the lines of two cells lie apart, so that a line names its cell, however long a reader makes one.
_APART = 100_000


class CellError(ValueError):
    """A cell that a reader edited, or ran with other values, failed. `line` counts within the cell."""

    def __init__(self, message: str, cell: str, line: int | None) -> None:
        super().__init__(message)
        self.cell, self.line = cell, line


@dataclass(frozen=True)
class Step:
    """One statement of a cell, compiled; `last` for the expression whose value the cell shows."""

    statement: Statement
    code: CodeType
    last: bool


class Book:
    """The code cells of one notebook, with what each bound when all of them ran as published.

    `cells` are records with `anchor`, `source` and `line`. Raises CellError where one fails.
    """

    def __init__(self, name: str, slug: str, cells: Sequence[Mapping[str, Any]]) -> None:
        self.name, self.slug = name, slug
        self.records = list(cells)
        self.cells = [Cell(c["source"], 1 + n * _APART, c.get("section")) for n, c in enumerate(cells)]
        self.namespace: dict[str, Any] = {}
        self.bound: list[dict[str, Any]] = []
        self.seen: list[set[str]] = []

    @property
    def simulates(self) -> bool:
        """Whether it runs simulations: these take long, and run when a reader asks for it."""
        return any(_SIMULATES.search(record["source"]) for record in self.records)

    @cached_property
    def steps(self) -> list[list[Step]]:
        """The statements of each cell, compiled when they are first needed. Raises CellError."""
        return [self._compiled(number) for number in range(len(self.cells))]

    def _file(self, number: int) -> str:
        return f"<{self.name} cell {number + 1}>"

    def _compiled(self, number: int) -> list[Step]:
        record, file = self.records[number], self._file(number)
        source = record["source"]
        linecache.cache[file] = (len(source), None, source.splitlines(keepends=True), file)
        try:
            found = statements([Cell(source)])
        except EstimateError as error:
            words = str(error.__context__.msg) if isinstance(error.__context__, SyntaxError) else str(error)
            raise CellError(f"This is not Python: {words}.", record["anchor"], error.line) from None
        shows = bool(found) and isinstance(found[-1].node, ast.Expr) and not source.rstrip().endswith(";")
        steps = []
        for place, statement in enumerate(found):
            last = shows and place == len(found) - 1
            node = ast.Expression(statement.node.value) if last else ast.Module([statement.node], [])
            steps.append(Step(statement, compile(node, file, "eval" if last else "exec"), last))
        return steps

    def start(self) -> None:
        """Run all cells as published, without what takes long to show. Raises CellError."""
        for number in range(len(self.cells)):
            before = dict(self.namespace)
            self._run(number, self._fresh(number, dark=True), {})
            self.bound.append({n: v for n, v in self.namespace.items() if before.get(n, before) is not v})
            self.seen.append(set(self.namespace.get("_shown", ())))

    def _fresh(self, number: int, dark: bool = False) -> Screen:
        inputs = self.namespace.setdefault("In", [""])
        inputs.append(self.cells[number].source)
        return Screen(self.slug, dark)

    def _run(self, number: int, screen: Screen, values: Mapping[str, float], slow: bool = False) -> Step | None:
        """Run a cell; the step that shows its result is left over, and returned, if it takes long."""
        self.namespace["display"] = screen.display
        self.namespace.setdefault("__builtins__", builtins)
        self.namespace.setdefault("__name__", "__main__")
        steps = self.steps[number]
        try:
            with redirect_stdout(screen), invariants.without_raising() if values else nullcontext():
                for step in steps:
                    if step.last and self._is_slow(step) and not slow:
                        return step
                    self._take(step, screen, values)
        except Exception as error:
            raise self._failure(number, error) from error
        return None

    def _take(self, step: Step, screen: Screen, values: Mapping[str, float]) -> None:
        if step.last:
            value = eval(step.code, self.namespace)
            if value is not None:
                screen.display(value)
            return
        exec(step.code, self.namespace)
        name = step.statement.target
        if name in values and (declared := declaration(self.namespace[name])) and not declared.simulated:
            self.namespace[name] = moved(self.namespace[name], values[name])

    def _is_slow(self, step: Step) -> bool:
        value = step.statement.node.value
        return isinstance(value, ast.Call) and self._called(value.func) in _SLOW

    def _called(self, node: ast.expr) -> Any:
        found = self.namespace.get(node.id) if isinstance(node, ast.Name) else None
        return found if callable(found) and getattr(found, "__hash__", None) else None

    def _failure(self, number: int, error: Exception) -> CellError:
        """What went wrong, in plain words, at the line of the cell."""
        files = {self._file(n): n for n in range(len(self.cells))}
        places = [
            (files[f.f_code.co_filename], line)
            for f, line in traceback.walk_tb(error.__traceback__)
            if f.f_code.co_filename in files
        ]
        cell, line = places[-1] if places else (number, None)
        if cell != number:
            cell, line = number, next((line for n, line in places if n == number), None)
        return CellError(_words(error), self.records[cell]["anchor"], line)

    def reached(self, names: set[str]) -> set[int]:
        """The cells that depend on these names, directly or through others."""
        moved_names, before = set(names), -1
        while len(moved_names) != before:
            before = len(moved_names)
            for steps in self.steps:
                for step in steps:
                    if step.statement.reads & moved_names:
                        moved_names |= step.statement.binds
        return {
            number
            for number, steps in enumerate(self.steps)
            if any((s.statement.reads | s.statement.binds) & moved_names for s in steps)
        }

    def outputs(
        self, values: Mapping[str, float], edited: Collection[str] = ()
    ) -> Iterator[tuple[str, list[Output]] | None]:
        """What each cell shows for these assumptions (base units), of the cells that they reach.

        What takes long to show comes last, after a None. `edited` are the anchors of cells that reach others as well.
        Raises CellError for a cell that fails; the cells before it have been given by then.
        """
        changed = {n for n, record in enumerate(self.records) if record["anchor"] in edited}
        names = {name for n in changed for step in self.steps[n] for name in step.statement.binds}
        run, reached, left = self._again(), self.reached(names | set(values)) | changed, []
        for number in range(len(self.cells)):
            screen = run._fresh(number)
            if number not in reached:
                run.namespace.update({n: v for n, v in self.bound[number].items() if n not in ("In", "_shown")})
                run.namespace["_shown"] = {n: run.namespace[n] for n in self.seen[number] if n in run.namespace}
                continue
            step = run._run(number, screen, values)
            if step is None:
                yield self.records[number]["anchor"], screen.outputs
            else:
                left.append((number, step, screen, list(run.namespace["In"])))
        if left:
            yield None
        for number, step, screen, inputs in left:
            run.namespace["In"] = inputs
            try:
                with redirect_stdout(screen):
                    run._take(step, screen, values)
            except Exception as error:
                raise self._failure(number, error) from error
            yield self.records[number]["anchor"], screen.outputs

    def _again(self) -> Book:
        """The same cells in an empty namespace."""
        run = copy(self)
        run.namespace = {}
        return run

    def alone(self, anchor: str, values: Mapping[str, float]) -> tuple[dict[str, list[Output]], dict[str, Any]]:
        """Run one cell with the cells above that it needs: what they show, and what they bound. Raises CellError."""
        last = next((n for n, record in enumerate(self.records) if record["anchor"] == anchor), None)
        if last is None:
            raise CellError("This chapter has no such cell.", anchor, None)
        run, shown = self._again(), {}
        for number in sorted(self._needed(last)):
            screen = run._fresh(number)
            run._run(number, screen, values, slow=True)
            shown[self.records[number]["anchor"]] = screen.outputs
        return shown, run.namespace

    def _needed(self, last: int) -> set[int]:
        """A cell and those above that bind what it reads, directly or through others."""
        wanted, needed = set[str](), {last}
        for number in range(last, -1, -1):
            steps = [step.statement for step in self.steps[number]]
            if number in needed or any(s.binds & wanted for s in steps):
                needed.add(number)
                wanted |= {name for s in steps for name in s.reads}
        return needed

    def compiled(self) -> tuple[Model, decisions.DecisionModel, invariants.InvariantModel]:
        """The facts, the decisions and the invariants of the notebook, as functions of its assumptions."""
        namespace = {n: v for n, v in self.namespace.items() if n not in ("In", "_shown", "display")}
        try:
            return (
                Model(self.cells, namespace),
                decisions.DecisionModel(self.cells, namespace),
                invariants.InvariantModel(self.cells, namespace),
            )
        except EstimateError as error:
            number, line = divmod(error.line - 1, _APART)
            raise CellError(_words(error), self.records[number]["anchor"], line + 1) from error


#: What an error means to somebody who edits a cell, by its class.
_PLAIN = {
    "DimensionalityError": "The units do not match.",
    "NameError": "A name is not defined above.",
    "ModuleNotFoundError": "The page carries only the handbook and what its notebooks import.",
    "AssertionError": "A check of the notebook does not hold for these values or this seed.",
    "ZeroDivisionError": "It divides by zero.",
    "RecursionError": "It calls itself without end.",
}


def _words(error: Exception) -> str:
    """An error for a reader: what it means, then what Python says."""
    said = " ".join(str(error).split())[:300]
    name = type(error).__name__
    return " ".join(filter(None, [_PLAIN.get(name, "" if isinstance(error, InputError) else f"{name}:"), said]))
