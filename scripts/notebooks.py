"""Runs notebooks, each in a forked worker of one warm process, and says what came out.

Only the standard library is imported here: what a notebook needs is imported by the fork server, once. The handbook's
own library is not: it may be edited while the server lives.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from multiprocessing import connection
from pathlib import Path
from typing import Any

from scripts import outputs
from scripts.findings import ContentError, Finding
from scripts.percent import Cell

#: What workers share with the fork server. Nothing of this project but what spares it imports: a server outlives edits.
PRELOAD = ["scripts.spared_imports", "jupytext", "IPython.core.interactiveshell", "IPython.display", "pint"]

_METADATA = {
    "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
    "language_info": {
        "name": "python",
        "file_extension": ".py",
        "mimetype": "text/x-python",
        "pygments_lexer": "ipython3",
    },
}


@dataclass(frozen=True)
class Progress:
    """A notebook begins cell `cell` of `of`, which stands on `line` of its file."""

    notebook: Path
    cell: int
    of: int
    line: int

    def __str__(self) -> str:
        return f"{self.notebook}: cell {self.cell} of {self.of}, line {self.line}"


@dataclass(frozen=True)
class Executed:
    """A notebook that ran: its cells with what they showed, its facts and decisions, and how long it took (seconds)."""

    path: Path
    cells: list[Cell]
    facts: list[dict[str, Any]]
    decisions: list[dict[str, Any]]
    seconds: float

    @property
    def ipynb(self) -> str:
        """The executed notebook as a `.ipynb` file: the same text for the same run, without times or versions."""
        cells = [_node(cell) for cell in self.cells]
        book = {"cells": cells, "metadata": _METADATA, "nbformat": 4, "nbformat_minor": 5}
        return json.dumps(book, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _node(cell: Cell) -> dict[str, Any]:
    node = {"cell_type": cell.kind, "id": cell.anchor, "source": cell.source, "metadata": {}}
    if cell.tags:
        node["metadata"] = {"tags": list(cell.tags)}
    if cell.kind == "code":
        node |= {"outputs": list(cell.outputs), "execution_count": cell.count}
    return node


def run(
    notebooks: Sequence[Path],
    *,
    jobs: int = 2,
    limit: float = 60.0,
    progress: Callable[[Progress], None] = lambda _: None,
) -> list[Executed]:
    """Run the notebooks, `jobs` at a time, each for at most `limit` seconds, and draw their charts.

    Findings name the notebooks as they are given: give paths relative to the project. Raises ContentError with the
    findings of all notebooks when one of them is wrong, raises an error, ends its process or does not end.
    """
    warm()
    results: dict[Path, Future[Executed]] = {}
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(1) as drawing:
        drawing.submit(outputs.warm)
        for worker in _work(notebooks, Path(folder), jobs, limit, progress):
            findings += worker.findings
            if not worker.findings:
                results[worker.notebook] = drawing.submit(_finish, worker)
    for result in results.values():
        try:
            result.result()
        except ContentError as error:
            findings += error.findings
    if findings:
        raise ContentError(findings)
    return [results[notebook].result() for notebook in notebooks]


def _finish(worker: _Worker) -> Executed:
    _, cells, facts, decisions, seconds = worker.last
    return Executed(worker.notebook, outputs.finish(worker.notebook, cells), facts, decisions, seconds)


def _work(
    notebooks: Sequence[Path], folder: Path, jobs: int, limit: float, progress: Callable[[Progress], None]
) -> Iterator[_Worker]:
    """The workers, as they end, at most `jobs` of them alive."""
    waiting, running = deque(notebooks), {}
    try:
        while waiting or running:
            while waiting and len(running) < jobs:
                worker = _Worker(waiting.popleft(), folder, limit)
                running[worker.pipe] = worker
            pause = min(worker.remaining for worker in running.values())
            connection.wait(list(running), max(0.0, pause))
            for worker in list(running.values()):
                worker.receive(progress)
                if worker.ended:
                    del running[worker.pipe]
                    yield worker
    finally:
        for worker in running.values():
            worker.kill()


class _Worker:
    """A process that runs one notebook, and what is known of it."""

    def __init__(self, notebook: Path, folder: Path, limit: float) -> None:
        self.notebook, self.limit = notebook, limit
        self.findings: list[Finding] = []
        self.last: tuple[Any, ...] = ("cell", 0, 0, 1)
        self.ended = False
        self.pipe, theirs = multiprocessing.Pipe(duplex=False)
        files = Path(tempfile.mkdtemp(dir=folder))
        self.process = _context().Process(target=_child, args=(notebook, files, limit, theirs), daemon=True)
        with _environment(PYTHONHASHSEED="0"):
            self.process.start()
        theirs.close()  # now the worker alone holds it, and its death is seen as the end of the pipe
        self.started = time.monotonic()

    @property
    def remaining(self) -> float:
        return self.started + self.limit - time.monotonic()

    def receive(self, progress: Callable[[Progress], None]) -> None:
        """Take what the worker sent; end it when it is done, dead or out of time."""
        while not self.ended and self.pipe.poll():
            try:
                self.last = self.pipe.recv()
            except EOFError:
                self.process.join(5)
                self._end(f"the notebook's process ended with code {self.process.exitcode}",
                          "take out of this cell what ends the process, or uses all memory")  # fmt: skip
                return
            if self.last[0] == "cell":
                progress(Progress(self.notebook, *self.last[1:]))
            else:
                self.findings = self.last[1] if self.last[0] == "failed" else []
                self.kill()
        if not self.ended and self.remaining <= 0:
            self._end(f"the notebook did not end within {self.limit:g} s, and is in this cell",
                      "make the cell end, or do less in it")  # fmt: skip

    def _end(self, what: str, mend: str) -> None:
        self.findings = [Finding(str(self.notebook), self.last[3], what, mend)]
        self.kill()

    def kill(self) -> None:
        """End the process. Whatever it holds is its own: there is nothing to close in order."""
        self.ended = True
        self.process.kill()
        self.process.join()


def _child(notebook: Path, folder: Path, limit: float, pipe: connection.Connection) -> None:
    from scripts import worker  # imports IPython: in the worker, where it is there already

    worker.main(notebook, folder, limit, pipe)


@cache
def _context() -> Any:
    """Processes forked from a warm server, or fresh ones where there is no such thing."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    return context


def warm() -> None:
    """Start the fork server, if it does not run yet; it imports what it needs while the caller goes on."""
    if _context().get_start_method() == "forkserver":
        from multiprocessing import forkserver

        with _environment(PYTHONHASHSEED="0"):
            forkserver.ensure_running()


@contextmanager
def _environment(**variables: str) -> Iterator[None]:
    """Environment variables for processes started within the block."""
    before = {name: os.environ.get(name) for name in variables}
    os.environ.update(variables)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
