"""Runs one notebook, in a process of its own, and reports over a pipe how far it is and what came out.

Messages are tuples: ("cell", number, of, line) before each cell, then ("failed", findings) or ("done", cells, facts,
seconds).
"""

from __future__ import annotations

import ast
import dataclasses
import json
import os
import signal
import sys
import time
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from scripts import outputs, percent
from scripts.findings import ContentError, Finding
from scripts.shell import Shell, open_shell

_STARTED_IN = Path.cwd()  # findings name files from here: the project's root

#: How much memory a notebook may ask for, in GiB.
MEMORY = float(os.environ.get("HANDBOOK_MEMORY_LIMIT") or 4)

#: What an author can do about an error, by the name of its class.
_MEND = {
    "DimensionalityError": "convert with `to`, or multiply by the quantity whose unit is missing",
    "MemoryError": f"hold less at a time: a notebook may have {MEMORY:g} GiB (HANDBOOK_MEMORY_LIMIT)",
    "NameError": "define the name in an earlier cell, or mend its spelling",
    "ModuleNotFoundError": "import only `handbook`, what stands beside the notebook, and what requirements.in names",
    "SyntaxError": "mend the syntax",
    "InputError": "give a value that is allowed",
    "EstimateError": "mend this line",
    "SystemExit": "take the call out: a notebook ends with its last cell",
    "EOFError": "take the call out: nobody is there to answer",
}


def main(notebook: Path, folder: Path, limit: float, pipe: Connection) -> None:
    """Run `notebook`; IPython's own files go to `folder`. The process ends by itself some seconds after `limit`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends its workers
    if hasattr(signal, "alarm"):
        signal.alarm(int(limit) + 5)  # should the parent be gone, nobody else would end an endless cell
    _limit_memory()
    os.environ.setdefault("HANDBOOK_PROCESSES", str(os.cpu_count() or 1))  # handbook.simulation.processes
    began = time.monotonic()
    try:
        message = _run(notebook, open_shell(folder), pipe) + (time.monotonic() - began,)
    except ContentError as error:
        message = ("failed", error.findings)
    pipe.send(message)


def _limit_memory() -> None:
    """Let a cell that asks for too much fail by itself, before the machine does. Only Linux counts it."""
    if sys.platform == "linux":
        import resource

        limit = int(MEMORY * 2**30)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def _run(notebook: Path, shell: Shell, pipe: Connection) -> tuple[Any, ...]:
    cells = percent.read(notebook)
    os.chdir(notebook.parent)
    sys.path.insert(0, "")  # a notebook imports what stands beside it
    lines: dict[str, int] = {}  # the name of a cell's code → its first line in the file
    for number, cell in enumerate(cells):
        if cell.kind != "code":
            continue
        lines[f"<cell {shell.execution_count}>"] = cell.line
        pipe.send(("cell", number + 1, len(cells), cell.line))
        shown, count, error = shell.run(cell.source)
        if error is not None:
            raise ContentError([_finding(notebook, cell.line, error, lines)])
        cells[number] = dataclasses.replace(cell, outputs=tuple(shown), count=count)
    for cell in cells:
        _require_json(notebook, cell)
    return "done", cells, *_learnt(notebook, cells, shell)


def _learnt(notebook: Path, cells: list[percent.Cell], shell: Shell) -> tuple[list[Any], list[Any]]:
    """The facts and the decisions of a notebook that ran."""
    from handbook import (
        decisions,
        estimate,
    )  # here, not above: the library is the notebook's, and may be what is broken
    from handbook.cells import Cell

    try:
        code = [Cell(c.source, c.line, c.section) for c in cells if c.kind == "code"]
        return estimate.facts(code, shell.user_ns), decisions.decisions(code, shell.user_ns)
    except Exception as error:
        raise ContentError([_finding(notebook, getattr(error, "line", 1), error, {})]) from error


def _require_json(notebook: Path, cell: percent.Cell) -> None:
    try:
        json.dumps(cell.outputs, allow_nan=False)
    except (TypeError, ValueError) as error:
        what = f"an output of this cell cannot be kept: {error}"
        raise ContentError([Finding(str(notebook), cell.line, what, "show text, numbers, tables or charts")]) from error


def _finding(notebook: Path, line: int, error: BaseException, lines: dict[str, int]) -> Finding:
    """The error, at the innermost line of the notebook, or in the file of the library that cannot be read."""
    path = str(notebook)
    for frame, number in traceback.walk_tb(error.__traceback__):
        file = Path(frame.f_code.co_filename)
        if frame.f_code.co_filename in lines:
            line = lines[frame.f_code.co_filename] + number - 1
        elif frame.f_code.co_name == "<module>" and file.is_relative_to(_STARTED_IN / "handbook"):
            path, line = file.relative_to(_STARTED_IN).as_posix(), number  # a figure that it declares, not one of ours
    if isinstance(error, SyntaxError) and error.lineno:
        if error.filename in lines:
            line = lines[error.filename] + error.lineno - 1
        elif error.filename and Path(error.filename).is_file():
            path, line = os.path.relpath(error.filename, _STARTED_IN), error.lineno
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    text = " ".join(outputs.uncoloured(text).split())[:300]
    text += _computed_on(notebook, line) if type(error).__name__ == "InvariantError" else ""
    names = [kind.__name__ for kind in type(error).__mro__]
    mend = next((_MEND[name] for name in names if name in _MEND), f"run `python {notebook}` to see the whole traceback")
    return Finding(path, line, f"{names[0]}: {text}" if text else names[0], mend)


def _computed_on(notebook: Path, line: int) -> str:
    """Where the sides of an invariant come from: the names on its line, each with the line that computes it."""
    body = ast.parse((_STARTED_IN / notebook).read_text(encoding="utf-8")).body
    stated = next((node for node in body if node.lineno <= line <= (node.end_lineno or line)), None)
    named = {name.id for name in ast.walk(stated) if isinstance(name, ast.Name)} if stated else set()
    lines = {
        target.id: node.lineno
        for node in body if isinstance(node, ast.Assign) and node.lineno < line
        for target in node.targets if isinstance(target, ast.Name) and target.id in named
    }  # fmt: skip
    return "; " + ", ".join(f"{name} is from line {at}" for name, at in lines.items()) if lines else ""
