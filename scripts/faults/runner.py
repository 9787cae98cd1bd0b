"""Injects faults into copies of the project, one at a time, and looks who names them.

A copy is built once, without a finding; every fault begins with that built copy and goes through the real command line.
What the check does not see is shown to the tests by hand of the estimate. Snapshots of results catch nothing here:
nothing is compared with what was published before.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import Manager, get_context
from pathlib import Path
from typing import Any

from scripts.copies import DEADLINE, ROOT, Copy
from scripts.faults import estimates
from scripts.faults.fault import Fault
from scripts.findings import ContentError, Finding

JOBS = max(2, os.cpu_count() or 2)
_FINDING = re.compile(r"(?P<path>[^\s:]+):(?P<line>\d+): (?P<what>.*); (?P<mend>.*)")
_FAILED = re.compile(r"^FAILED ([^\s:]+)::(\w+)", re.MULTILINE)


@dataclass(frozen=True)
class Outcome:
    """What became of a fault: who named it ("" if nobody) with which finding, or what was said instead."""

    fault: Fault
    catcher: str
    finding: str
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether somebody named it, where it is."""
        return bool(self.catcher)


class Workshop:
    """A built copy of the project, and a second one in its place to break."""

    def __init__(self, root: Path) -> None:
        self.built, self.copy = root / "built", Copy(root / "work")

    def build(self) -> list[str]:
        """Copy the sources and check them. Returns what is wrong with the project as it is, which should be nothing.

        What the project has built itself is copied as well, so that only what is stale there is built again.
        """
        for folder in (self.built, self.copy.root):
            shutil.rmtree(folder, ignore_errors=True)
        Copy.of_sources(self.copy.root, "tests", "site", *_built())
        done = self.copy.run("check")
        self.copy.root.rename(self.built)
        return (done.stderr.splitlines() or [done.stdout]) if done.returncode else []

    def inject(self, fault: Fault) -> None:
        """Put a broken copy where the built one was built. Raises ValueError for an edit that does not fit."""
        shutil.rmtree(self.copy.root, ignore_errors=True)
        shutil.copytree(self.built, self.copy.root, symlinks=True)
        for edit in fault.edits:
            self.copy.write(edit.file, edited(self.copy.read(edit.file), edit.old, edit.new, edit.file))

    def try_out(self, fault: Fault) -> Outcome:
        """Break the copy and let the checks and tests look at it."""
        began = time.monotonic()
        self.inject(fault)
        findings: list[tuple[str, Finding]] = []
        for catcher in [self._tests] if fault.tests else [self._by_hand, self._check_first, self._check]:
            found = list(catcher(fault))
            findings += found
            place = (fault.file, place_of(fault.at, self.copy.read(fault.file)))
            named = next((one for one in found if names(one[1], *place, fault.says)), None)
            if named is not None:
                return Outcome(fault, named[0], str(named[1]), time.monotonic() - began)
        said = "; ".join(str(finding) for _, finding in findings[:3]) or "nobody said anything"
        return Outcome(fault, "", said, time.monotonic() - began)

    def _check_first(self, fault: Fault) -> Iterator[tuple[str, Finding]]:
        return self._check(fault, "check --first")

    def _check(self, fault: Fault, command: str = "check") -> Iterator[tuple[str, Finding]]:
        for line in self.copy.run(command).stderr.splitlines():
            if found := _FINDING.fullmatch(line):
                yield "make check", Finding(found["path"], int(found["line"]), found["what"], found["mend"])

    def _by_hand(self, fault: Fault) -> Iterator[tuple[str, Finding]]:
        """The estimates that the fault changes, under the tests of their designs: what the build sees is left to it."""
        for name in dict.fromkeys(edit.file for edit in fault.edits):
            if not name.endswith("/estimate.py"):
                continue
            try:
                cells = estimates.cells_of(self.copy.root / name)
            except ContentError:
                continue  # the check says so
            for verdict in estimates.verdicts(cells, estimates.tests_of(self.built / name, self.built)):
                for line in verdict.lines if verdict.catcher.startswith("tests") else ():
                    yield verdict.catcher, Finding(name, line, verdict.says, "mend the formula, or the test")

    def _tests(self, fault: Fault) -> Iterator[tuple[str, Finding]]:
        command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--tb=no", "-rf", fault.tests]
        try:
            done = subprocess.run(
                command, cwd=self.copy.root, capture_output=True, text=True, timeout=DEADLINE, check=False
            )
        except subprocess.TimeoutExpired:
            return  # a test that does not end names nothing
        for path, name in dict.fromkeys(_FAILED.findall(done.stdout)):
            yield "tests", Finding(path, self.copy.line(f"def {name}(", path), f"{name} fails", "mend the code")


def edited(text: str, old: str, new: str, file: str) -> str:
    """The text with one edit made. Raises ValueError when what is to be replaced does not stand there exactly once."""
    if (found := text.count(old)) != 1:
        raise ValueError(f"{file} holds {found} times, not once: {old!r}; bring the catalogue of faults up to date")
    return text.replace(old, new)


def place_of(words: str, text: str) -> int:
    """The line on which these words begin. Raises ValueError where they do not stand."""
    return text.count("\n", 0, text.index(words)) + 1


def names(finding: Finding, path: str, line: int, says: str) -> bool:
    """Whether a finding names a place, as its own or, for a law that is broken there, as where its sides come from."""
    on_line = finding.line == line or re.search(rf"\bis from line {line}\b", f"{finding.what}; {finding.mend}")
    return finding.path == path and bool(on_line) and says in str(finding)


def _built() -> list[str]:
    """What the project has built, without the copies of it that faults are tried on."""
    return [f"build/{path.name}" for path in sorted((ROOT / "build").glob("*")) if path.name != "faults"]


_workshop: Workshop


def _open(folders: Any) -> None:
    global _workshop
    _workshop = Workshop(Path(folders.get()))
    if wrong := _workshop.build():
        raise RuntimeError("the copy is not all right before a fault is injected:\n" + "\n".join(wrong))


def _try_out(fault: Fault) -> Outcome:
    return _workshop.try_out(fault)


def run(faults: Sequence[Fault], folder: Path, jobs: int = JOBS) -> Iterator[Outcome]:
    """Try all faults, `jobs` at a time, and yield what became of each, in their order. Leaves nothing in the folder."""
    try:
        with Manager() as manager:
            folders = manager.Queue()
            for number in range(jobs):
                folders.put(str(folder / str(number)))
            with ProcessPoolExecutor(jobs, get_context("fork"), _open, (folders,)) as workers:
                yield from workers.map(_try_out, faults)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
