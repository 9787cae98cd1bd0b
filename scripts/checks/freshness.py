"""Sources whose day of review has passed. Only `make check` says so: no build breaks because time went by."""

from __future__ import annotations

import datetime
from collections.abc import Iterator

import yaml

from scripts.checks.source import marked
from scripts.findings import Finding
from scripts.layout import Project
from scripts.today import today


def findings(project: Project) -> Iterator[Finding]:
    """Every source that should have been read again by now. What is no bibliography is named elsewhere."""
    try:
        node, entries = marked((project.root / "sources.yml").read_text(encoding="utf-8"))
    except (yaml.YAMLError, OSError, UnicodeDecodeError):
        return
    for entry, written in zip(entries, node.value, strict=True) if isinstance(entries, list) else ():
        due = entry.get("review") if isinstance(entry, dict) else None
        if type(due) is datetime.date and due < today():
            line = next(key.start_mark.line + 1 for key, _ in written.value if key.value == "review")
            what = f'the source "{entry.get("id")}" is overdue: it was to be read again by {due}'
            mend = "read it, correct what we take from it, set read and review (make site and make serve do not mind)"
            yield Finding("sources.yml", line, what, mend)
