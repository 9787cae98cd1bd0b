"""The build beside plain MkDocs with Material and mkdocs-jupyter, which executes notebooks that it has not kept.

mkdocs-jupyter keeps an executed notebook by what its own file says; a change of the library beside it goes unnoticed.
"""

from __future__ import annotations

import os
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from scripts.bench import projects
from scripts.bench.rows import Row, ratio
from scripts.layout import Project

ROUNDS = int(os.environ.get("BENCH_ROUNDS") or 3)
GOALS = {"cold": 0.25, "nothing changed": 0.03, "one chapter edited": 0.5, "one notebook edited": 0.25}
CHAPTER, NOTEBOOK = "docs/designs/email-platform/index.md", "docs/designs/email-platform/estimate"


def measure(project: Project, progress: Callable[[str], None]) -> list[Row]:
    """Medians of alternating builds: ours, theirs, ours, theirs."""
    taken: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with tempfile.TemporaryDirectory() as folder:
        ours = projects.ours(project, Path(folder, "ours"))
        theirs = projects.plain(project, Path(folder, "theirs"))
        for number in range(1, ROUNDS + 1):
            progress(f"build: round {number} of {ROUNDS}")
            for what in GOALS:
                for name, one in (("ours", ours), ("theirs", theirs)):
                    if what == "one chapter edited":
                        one.append(CHAPTER, f"\nA word more, the {'x' * number}th.\n")
                    if what == "one notebook edited":
                        _edit(ours, theirs, name, number)
                    taken[what][name].append(one.build(cold=what == "cold"))
    return [ratio(what, times["ours"], times["theirs"], GOALS[what]) for what, times in taken.items()]


def _edit(ours: projects.Timed, theirs: projects.Timed, name: str, number: int) -> None:
    if name == "ours":
        ours.append(f"{NOTEBOOK}.py", f"# That is all, {number}.\n")
    else:
        projects.convert(ours.root / f"{NOTEBOOK}.py", theirs.root / f"{NOTEBOOK}.ipynb")
