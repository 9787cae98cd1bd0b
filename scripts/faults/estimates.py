"""Judges an estimate that may be wrong, in milliseconds: units, ranges, invariants, then the tests by hand.

The cells are those of the notebook without what is only shown. Nothing is compared with what was published before: only
what the estimate itself states, and what the tests of its design compute a second time, can find a fault.
"""

from __future__ import annotations

import ast
import importlib.util
import inspect
import re
import signal
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import dataclass, field, replace
from io import StringIO
from pathlib import Path
from types import FrameType
from typing import Any

from handbook import units
from handbook.cells import Cell, statements
from handbook.errors import EstimateError
from handbook.estimate import Model
from handbook.invariants import InvariantError, InvariantModel
from scripts import percent

LIMIT = 3.0  # seconds: a loop that a mutant never leaves. The build's own limit of a notebook is longer.


@dataclass(frozen=True)
class Verdict:
    """Who found a fault, in the words of the published table, and what they said."""

    catcher: str
    says: str
    lines: tuple[int, ...] = ()
    """The lines of the notebook that it names."""


@dataclass
class Test:
    """One test of a design: `of` are its facts in base units, `model` its estimate as a function."""

    path: Path
    function: Callable[..., None]
    takes: tuple[str, ...]
    settings: Sequence[Mapping[str, float]] = ({},)
    """Assumptions under which the facts are tested, the published ones first: `SETTINGS` of the file."""

    def __call__(self, model: Callable[..., dict[str, float]]) -> None:
        """Run it, under each of its settings. Raises what it raises when it fails."""
        for setting in self.settings if "of" in self.takes else self.settings[:1]:
            given: dict[str, Any] = {"of": model(**setting), "model": model}
            self.function(**{name: given[name] for name in self.takes})


@dataclass
class Notebook:
    """An estimate: its cells, stripped of what is only shown, what they left behind, and the tests of its design."""

    path: Path
    cells: tuple[Cell, ...]
    namespace: dict[str, Any]
    tests: list[Test] = field(default_factory=list)


def cells_of(path: Path) -> list[Cell]:
    """The code cells of a notebook."""
    return [Cell(c.source, c.line, c.section) for c in percent.read(path) if c.kind == "code"]


def model_of(path: Path) -> Model:
    """An estimate as a function of its assumptions, from a plain run of its cells: no IPython, no worker."""
    cells = cells_of(path)
    return Model(cells, run(cells))


def read(path: Path, root: Path) -> Notebook:
    """An estimate of the project at `root`, which must be all right, with the tests of its design."""
    whole = cells_of(path)
    namespace = run(whole)
    stated = InvariantModel(whole, namespace).statements.values()
    cells = stripped(whole, {statement.node.lineno for statement in stated})
    return Notebook(path, cells, namespace, tests_of(path, root))


def tests_of(path: Path, root: Path) -> list[Test]:
    """The tests of an estimate: those in `tests/docs/test_<slug>.py` and `test_<slug>_….py` that need no built site."""
    name = re.compile(rf"test_{path.parent.name.replace('-', '_')}(_\w+)?")
    files = [file for file in sorted((root.resolve() / "tests/docs").glob("*.py")) if name.fullmatch(file.stem)]
    found = [test for file in files for test in _tests(file)]
    return sorted(found, key=lambda test: "of" not in test.takes)  # the fast ones first


def stripped(cells: Sequence[Cell], kept: set[int]) -> tuple[Cell, ...]:
    """The cells without statements that only show something; those on the lines `kept` stay."""
    found = []
    for cell in cells:
        lines = cell.source.split("\n")
        for statement in statements([cell]):
            node = statement.node
            if isinstance(node, ast.Expr) and node.lineno not in kept:
                for number in range(node.lineno, (node.end_lineno or node.lineno) + 1):
                    lines[number - cell.line] = ""
        found.append(replace(cell, source="\n".join(lines)))
    return tuple(found)


def run(cells: Sequence[Cell]) -> dict[str, Any]:
    """Run the cells with units. The names that they leave behind."""
    namespace: dict[str, Any] = {}
    with redirect_stdout(StringIO()):
        for cell in cells:
            exec(compile("\n" * (cell.line - 1) + cell.source, "<estimate>", "exec"), namespace)  # noqa: S102
    return namespace


def _tests(path: Path) -> Iterator[Test]:
    """The tests of a file that need nothing but the facts, or the estimate as a function of its assumptions."""
    spec = importlib.util.spec_from_file_location(f"by_hand_{path.stem}", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    for name, function in vars(module).items():
        if name.startswith("test_") and callable(function):
            takes = inspect.signature(function).parameters
            hinted = getattr(takes.get("model"), "annotation", "Model")
            if takes and set(takes) <= {"of", "model"} and hinted in ("Model", Model):
                yield Test(path, function, tuple(takes), getattr(module, "SETTINGS", ({},)))


def judge(cells: Sequence[Cell], tests: Sequence[Test]) -> Verdict | None:
    """The first to see that something is wrong with an estimate; None if nobody does."""
    return next(verdicts(cells, tests), None)


def verdicts(cells: Sequence[Cell], tests: Sequence[Test]) -> Iterator[Verdict]:
    """All that is wrong with an estimate: what stops it, or every test that fails."""
    try:
        with _limit(LIMIT), redirect_stdout(StringIO()):
            model = _model(cells)
            for test in tests:
                if failed := _failure(test, model):
                    yield failed
    except Exception as error:  # noqa: BLE001 - whatever stops a notebook is a finding
        yield _verdict(error)


def _model(cells: Sequence[Cell]) -> Model:
    """The estimate as a function. Raises what the build raises: for what is infinite, or differs as plain numbers."""
    model = Model(cells, run(cells))
    for name, (with_units, compiled) in model.disagreements().items():
        raise EstimateError(model.lines[name], name, with_units, f"as plain numbers it is {compiled!r}")
    return model


def _verdict(error: Exception) -> Verdict:
    kind = type(error).__name__
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__)
             if frame.f_code.co_filename == "<estimate>"]  # fmt: skip
    lines += [error.line] if hasattr(error, "line") else []
    says = f"{kind}: {' '.join(str(error).split())}"
    if isinstance(error, InvariantError):
        return Verdict("invariants", says, tuple(lines))
    if isinstance(error, TimeoutError):
        return Verdict("time limit", says, tuple(lines))
    if "Dimensionality" in kind or "Undefined" in kind or isinstance(error, units.pint.errors.PintError):
        return Verdict("units", says, tuple(lines))
    return Verdict("ranges and domains", says, tuple(lines))


def _failure(test: Test, model: Model) -> Verdict | None:
    try:
        test(model)
    except TimeoutError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever makes a test fail
        frames = [line for frame, line in traceback.walk_tb(error.__traceback__)
                  if Path(frame.f_code.co_filename) == test.path]  # fmt: skip
        line = frames[0] if frames else 1
        catcher = "tests over the ranges" if "of" not in test.takes else "tests by hand"
        lines, names = _lines(test.path, line, model)
        said = f" on {', '.join(names)}" if names else ""
        return Verdict(catcher, f"tests/docs/{test.path.name}:{line} disagrees{said}", lines)
    return None


def _lines(path: Path, line: int, model: Model) -> tuple[tuple[int, ...], list[str]]:
    """The lines of the facts that the failed statement of a test reads, the derived ones first, and their names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    inside = [n for n in ast.walk(tree) if isinstance(n, ast.stmt) and n.lineno <= line <= (n.end_lineno or n.lineno)]
    failed = max(inside, key=lambda node: node.lineno)
    words = [n.value for n in ast.walk(failed) if isinstance(n, ast.Constant) and isinstance(n.value, str)]
    named: Mapping[str, int] = model.lines
    names = [word for word in words if word in model.outputs] or [word for word in words if word in named]
    return tuple(named[name] for name in names), names


@contextmanager
def _limit(seconds: float) -> Iterator[None]:
    """Ends what does not end. In the main thread only."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"it did not end within {seconds:g} s")

    signal.signal(signal.SIGPROF, stop)  # the time that it computes, on a machine that may be busy
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)  # the handler stays: a late signal must not end the process
