"""The navigation: every page that it names is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.checks.encoding import read_yaml
from scripts.checks.source import suggestion
from scripts.findings import Finding
from scripts.layout import Project, source_files


def findings(project: Project) -> Iterator[Finding]:
    """Each page of `nav` that does not exist, at its line of mkdocs.yml."""
    settings = read_yaml(project.root / "mkdocs.yml")
    lines = (project.root / "mkdocs.yml").read_text(encoding="utf-8", errors="replace").splitlines()
    for name in _pages(settings.get("nav") if isinstance(settings, dict) else None):
        if "://" not in name and not (project.docs / name).exists():
            line = next((n for n, text in enumerate(lines, 1) if name in text), 1)
            known = [path.relative_to(project.docs).as_posix() for path in source_files(project.docs, "**/*.md")]
            mend = suggestion(name, known, otherwise="add the page, or take the entry out")
            yield Finding("mkdocs.yml", line, f"the navigation names {name}, which is not there", mend)


def _pages(entries: Any) -> Iterator[str]:
    if isinstance(entries, str):
        yield entries
    elif isinstance(entries, list | dict):
        for entry in entries.values() if isinstance(entries, dict) else entries:
            yield from _pages(entry)
