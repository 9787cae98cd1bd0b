"""The notebooks of all designs: run what is stale, and write what the later steps read."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

from scripts import imports
from scripts.findings import ContentError, Finding
from scripts.layout import Design, Project
from scripts.manifest import Manifest, digest, write


def refresh(project: Project, manifest: Manifest, progress: Callable[[str], None]) -> None:
    """Run the stale notebooks, then bring each design's facts up to date. Raises ContentError with every finding."""
    wanted = {book: _made_from(book, project) for design in project.designs for book in design.notebooks}
    stale = [book for book, made_from in wanted.items() if not manifest.is_fresh(_product(book, project), made_from)]
    if not stale:
        return
    from scripts import fragments, notebooks  # heavy: only when something runs

    for book in stale:
        progress(f"running {project.relative(book)}")
    for executed in notebooks.run([book.relative_to(project.root) for book in stale]):
        book, slug = project.root / executed.path, executed.path.parent.name
        facts = [
            {**fact, "notebook": book.stem, "cell": fragments.cell_anchor(executed, fact["line"])}
            for fact in executed.facts
        ]
        write(project.build / "fragments" / slug / f"{book.stem}.md", bind(fragments.fragments(executed), slug))
        write(project.build / "notebooks" / slug / f"{book.stem}.ipynb", executed.ipynb)
        write(_facts_of(book, project), json.dumps(facts, indent=1, ensure_ascii=False))
        manifest.record(_product(book, project), wanted[book])
    findings = [finding for design in project.designs for finding in _merge_facts(project, design)]
    if findings:
        raise ContentError(findings)


def _facts_of(book: Path, project: Project) -> Path:
    return project.build / "notebooks" / book.parent.name / f"{book.stem}.facts.json"


def _product(book: Path, project: Project) -> str:
    return f"notebook/{project.relative(book)}"


def _made_from(book: Path, project: Project) -> str:
    """What a run depends on: the notebook, all it imports of the library, the locked packages, and how it is run."""
    runner = [
        project.root / "scripts" / f"{name}.py"
        for name in ("fragments", "notebooks", "outputs", "percent", "shell", "worker")
    ]
    return digest([*sorted(imports.dependencies(book)), *runner, project.root / "requirements.txt"])


def bind(fragment: str, slug: str) -> str:
    """Give the numbers that a notebook showed their stable names: `peak_rate` → `email-platform.peak_rate`."""
    return re.sub(r'data-fact="(\w+)"', rf'data-fact="{slug}.\1"', fragment)


def _merge_facts(project: Project, design: Design) -> list[Finding]:
    """One file of facts for each design. A name belongs to one of its notebooks."""
    merged: dict[str, dict[str, object]] = {}
    findings = []
    for book in design.notebooks:
        for fact in json.loads(_facts_of(book, project).read_text(encoding="utf-8")):
            other = merged.setdefault(fact["name"], fact)
            if other is not fact:
                what = f"the quantity {fact['name']!r} is named in {other['notebook']}.py as well"
                findings.append(Finding(project.relative(book), fact["line"], what, "give one of them another name"))
    write(
        project.build / "facts" / f"{design.slug}.json", json.dumps(list(merged.values()), indent=1, ensure_ascii=False)
    )
    return findings
