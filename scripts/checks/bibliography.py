"""The bibliography: every entry complete, every id once."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import yaml

from scripts.checks import schema
from scripts.checks.recall import of_text
from scripts.checks.source import marked
from scripts.findings import Finding
from scripts.layout import Project


def findings(project: Project) -> Iterator[Finding]:
    """What is wrong with `sources.yml`, each on its line. A file that is no YAML is named elsewhere."""
    path = project.root / "sources.yml"
    try:
        text = path.read_text(encoding="utf-8")
        is_list, found = _entries(text)
    except FileNotFoundError:
        yield Finding("sources.yml", 1, "there is no bibliography", "add sources.yml, a list; empty at first: []")
        return
    except (yaml.YAMLError, UnicodeDecodeError):
        return
    if is_list:
        yield from schema.findings(project, "sources", {"sources.yml": text}, _subject)
    yield from found


@of_text
def _entries(text: str) -> tuple[bool, list[Finding]]:
    """Whether it is a list, which a schema can be asked of, and what no schema can say. Raises yaml.YAMLError."""
    node, entries = marked(text)
    if entries is None:
        return False, []
    if not isinstance(entries, list):
        return False, [Finding("sources.yml", 1, "the bibliography is no list", "begin each entry with - id: …")]
    seen: dict[str, int] = {}
    pairs = [(entry, at) for entry, at in zip(entries, node.value, strict=True) if isinstance(entry, dict)]
    return True, [finding for entry, at in pairs for finding in _entry(entry, at, seen)]


def _subject(entry: Any) -> str:
    return f'the source "{entry.get("id", "without id")}"' if isinstance(entry, dict) else "the bibliography"


def _entry(entry: dict[str, Any], written: Any, seen: dict[str, int]) -> Iterator[Finding]:
    line = written.start_mark.line + 1
    lines = {key.value: key.start_mark.line + 1 for key, _ in written.value}
    name = entry.get("id", "without id")
    if seen.setdefault(name, line) != line:
        yield Finding(
            "sources.yml", line, f'the id "{name}" is taken on line {seen[name]}', "give each source its own id"
        )
    read, review = entry.get("read"), entry.get("review")
    if type(read) is type(review) is datetime.date and review <= read:
        mend = "set review to the day by which it should be read again"
        yield Finding("sources.yml", lines["review"], f'the source "{name}" is to be reviewed before it was read', mend)
