"""The bibliography: every entry complete, every id once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from scripts.checks.source import marked, suggestion
from scripts.findings import Finding
from scripts.layout import SLUG, Project

_DATE = (lambda value: type(value) is datetime.date, "a date such as 2026-11-21")
_TEXT = (lambda value: isinstance(value, str) and bool(value.strip()), "a text")
_ADDRESS = (lambda value: isinstance(value, str) and re.match(r"https?://[^/\s]+", value), "an address with https://")

_REQUIRED: dict[str, tuple[Callable[[Any], Any], str]] = {
    "id": (lambda value: isinstance(value, str) and SLUG.fullmatch(value), "a-z, 0-9 and single hyphens"),
    "title": _TEXT,
    "publisher": _TEXT,
    "year": (lambda value: type(value) is int and 1900 <= value <= 2100, "a year"),
    "address": _ADDRESS,
    "kind": (lambda value: value in ("primary", "secondary"), "primary or secondary"),
    "read": _DATE,
    "review": _DATE,
    "says": _TEXT,
}
_OPTIONAL = {"via": _ADDRESS, "undated": (lambda value: isinstance(value, bool), "true or false")}


def findings(project: Project) -> Iterator[Finding]:
    """What is wrong with `sources.yml`, each on its line. A file that is no YAML is named elsewhere."""
    path = project.root / "sources.yml"
    try:
        text = path.read_text(encoding="utf-8")
        node, entries = marked(text)
    except FileNotFoundError:
        yield Finding("sources.yml", 1, "there is no bibliography", "add sources.yml, a list; empty at first: []")
        return
    except (yaml.YAMLError, UnicodeDecodeError):
        return
    if entries is None:
        return
    if not isinstance(entries, list):
        yield Finding("sources.yml", 1, "the bibliography is no list", "begin each entry with - id: …")
        return
    seen: dict[str, int] = {}
    for entry, written in zip(entries, node.value, strict=True):
        yield from _entry(entry, written, seen)


def _entry(entry: Any, written: Any, seen: dict[str, int]) -> Iterator[Finding]:
    line = written.start_mark.line + 1
    if not isinstance(entry, dict):
        yield Finding("sources.yml", line, "an entry is no list of keys and values", "begin each entry with - id: …")
        return
    lines = {key.value: key.start_mark.line + 1 for key, _ in written.value}
    name = entry.get("id", "without id")
    for key, (holds, kind) in {**_REQUIRED, **_OPTIONAL}.items():
        if key in entry and not holds(entry[key]):
            yield Finding("sources.yml", lines[key], f'"{key}" of the source "{name}" is not {kind}', f"write {kind}")
        elif key not in entry and key in _REQUIRED:
            yield Finding("sources.yml", line, f'the source "{name}" has no "{key}"', f"add {key}: {kind}")
    for key in entry.keys() - _REQUIRED.keys() - _OPTIONAL.keys():
        mend = suggestion(key, [*_REQUIRED, *_OPTIONAL], otherwise="take it out")
        yield Finding("sources.yml", lines[key], f'the source "{name}" has an unknown key "{key}"', mend)
    if seen.setdefault(name, line) != line:
        yield Finding(
            "sources.yml", line, f'the id "{name}" is taken on line {seen[name]}', "give each source its own id"
        )
    if _DATE[0](entry.get("read")) and _DATE[0](entry.get("review")) and entry["review"] <= entry["read"]:
        mend = "set review to the day by which it should be read again"
        yield Finding("sources.yml", lines["review"], f'the source "{name}" is to be reviewed before it was read', mend)
