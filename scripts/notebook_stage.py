"""The notebooks of all designs: run what is stale, and write what the later steps read."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

from scripts import imports
from scripts.findings import ContentError, Finding
from scripts.layout import Design, Project
from scripts.manifest import Manifest, digest, sweep, write

#: How long a notebook may run, in seconds.
LIMIT = float(os.environ.get("HANDBOOK_CELL_LIMIT") or 120)
#: What notebooks tell besides what they show: one file for each design in the folder of that name.
KINDS = ("facts", "decisions")
#: What the page's own Python is told of each cell of code (scripts/live).
CELL = ("anchor", "section", "line", "source")
_VALUE = re.compile(r'(<data class="fact" data-fact="[\w.-]+" value=")([^"]+)"')


def refresh(project: Project, manifest: Manifest, progress: Callable[[str], None]) -> None:
    """Run the stale notebooks, then bring each design's facts up to date. Raises ContentError with every finding."""
    wanted = {book: _made_from(book, project) for design in project.works for book in design.notebooks}
    stale = [
        book
        for book, made_from in wanted.items()
        if not manifest.is_fresh(_product(book, project), made_from, *_made(book, project))
    ]
    if stale:
        _run(stale, wanted, project, manifest, progress)
    merged = [_merge(project, design, kind) for design in project.works for kind in KINDS]
    kept = [path for book in wanted for path in _made(book, project)]
    kept += [project.build / kind / f"{design.slug}.json" for design in project.works for kind in KINDS]
    sweep([project.build / name for name in (*KINDS, "fragments", "notebooks")], kept)
    if findings := [finding for found in merged for finding in found]:
        raise ContentError(findings)


def _run(
    stale: list[Path], wanted: dict[Path, str], project: Project, manifest: Manifest, progress: Callable[[str], None]
) -> None:
    from scripts import fragments, notebook_pages, notebooks  # heavy: only when something runs
    from scripts.beside import beside

    for book in stale:
        progress(f"running {project.relative(book)}")
    with beside([notebook_pages.load]):  # they run in other processes
        done = notebooks.run([book.relative_to(project.root) for book in stale], limit=LIMIT)
    for executed in done:
        book = project.root / executed.path
        named = [
            {**record, "notebook": book.stem, "cell": fragments.cell_anchor(executed, record["line"])}
            for record in (*executed.facts, *executed.decisions)
        ]
        learnt = {
            "facts": named[: len(executed.facts)],
            "decisions": named[len(executed.facts) :],
            "cells": [{key: getattr(c, key) for key in CELL} for c in executed.cells if c.kind == "code"],
        }
        fragment, notebook, learnt_from = _made(book, project)
        write(fragment, bind(fragments.fragments(executed), book.parent.name))
        write(notebook, executed.ipynb)
        write(learnt_from, json.dumps(learnt, ensure_ascii=False))
        manifest.record(_product(book, project), wanted[book])


def _made(book: Path, project: Project) -> tuple[Path, Path, Path]:
    """What a run of a notebook makes: its fragments, its executed copy, its facts and decisions."""
    slug, executed = book.parent.name, project.build / "notebooks" / book.parent.name
    fragment = project.build / "fragments" / slug / f"{book.stem}.md"
    return fragment, executed / f"{book.stem}.ipynb", executed / f"{book.stem}.json"


def _product(book: Path, project: Project) -> str:
    return f"notebook/{project.relative(book)}"


def _made_from(book: Path, project: Project) -> str:
    """What a run depends on: the notebook, all it imports of the library, the locked packages, and how it is run."""
    runner = [
        project.root / "scripts" / f"{name}.py"
        for name in ("fragments", "notebook_stage", "notebooks", "outputs", "percent", "shell", "worker")
    ]
    return digest([*sorted(imports.dependencies(book)), *runner, project.root / "requirements.txt"], root=project.root)


def bind(fragment: str, slug: str) -> str:
    """Give the numbers that a notebook showed their stable names: `peak_rate` → `email-platform.peak_rate`.

    Their values get the digits that pages give theirs: with all of them a chapter would be a kilobyte more.
    """
    named = re.sub(r'data-(fact|interval)="(\w+)"', rf'data-\1="{slug}.\2"', fragment)
    return _VALUE.sub(lambda found: f'{found[1]}{float(found[2]):.4g}"', named)


def _merge(project: Project, design: Design, kind: str) -> list[Finding]:
    """One file of facts, and one of decisions, for each design. A name belongs to one of its notebooks."""
    merged: dict[str, dict[str, object]] = {}
    findings = []
    for book in design.notebooks:
        for record in json.loads(_made(book, project)[2].read_text(encoding="utf-8"))[kind]:
            other = merged.setdefault(record["name"], record)
            if other is not record:
                what = f"the name {record['name']!r} is given in {other['notebook']}.py as well"
                findings.append(Finding(project.relative(book), record["line"], what, "give one of them another name"))
    path = project.build / kind / f"{design.slug}.json"
    write(path, json.dumps(list(merged.values()), ensure_ascii=False))
    return findings
