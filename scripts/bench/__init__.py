"""`make bench`: how fast the build and the pages are, measured beside plain MkDocs, with goals and verdicts.

Each part is a module with `measure(project, progress) -> list[Row]`; a new one needs a line in PARTS.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from importlib import import_module

from scripts.bench.rows import Row, table
from scripts.layout import Project

PARTS = ("build", "growth", "page", "live")


def run(project: Project, only: str | None, progress: Callable[[str], None]) -> list[Row]:
    """Measure all parts, or one; print the table and keep it in build/bench.json. Slow results are no failure."""
    rows: list[Row] = []
    for part in (only,) if only else PARTS:
        rows += import_module(f"scripts.bench.{part}").measure(project, progress)
    path = project.build / "bench.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps([asdict(row) | {"verdict": row.verdict} for row in rows], indent=1), encoding="utf-8")
    progress(table(rows))
    return rows
