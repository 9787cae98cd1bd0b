"""Files that must be text, and YAML that must be YAML."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from scripts.checks.recall import of_text
from scripts.checks.source import marked
from scripts.findings import Finding
from scripts.layout import Project
from scripts.manifest import files_below

_FOLDERS = ("docs", "diagrams", "snippets", "handbook", "overrides")
_TEXTS = set(
    ".css .csv .html .js .json .md .mjs .mmd .proto .py .sql .svg .toml .txt .yaml .yml".split()  # noqa: SIM905 - a list of words
)


class _Tolerant(yaml.SafeLoader):
    """Reads mkdocs.yml without MkDocs: what its own tags stand for does not matter here."""


_Tolerant.add_multi_constructor("!", lambda loader, suffix, node: None)
_Tolerant.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, suffix, node: None)


def findings(project: Project) -> Iterator[Finding]:
    """Bytes that are not UTF-8, and marks before the text, in anything that is text; YAML files that cannot be read."""
    named = [project.root / "mkdocs.yml", project.root / "sources.yml"]
    for path in files_below(*(project.root / folder for folder in _FOLDERS), *named):
        if path.suffix.lower() in _TEXTS:
            yield from _undecodable(project, path)
    for path in named:
        if isinstance(read := read_yaml(path), yaml.YAMLError):
            yield unreadable(project.relative(path), read)


def _undecodable(project: Project, path: Path) -> Iterator[Finding]:
    data = path.read_bytes()
    if data.startswith(codecs.BOM_UTF8):
        what = "the file begins with a byte order mark, which hides its first line from most readers"
        yield Finding(project.relative(path), 1, what, 'save it as "UTF-8", not as "UTF-8 with BOM"')
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        what = f"byte 0x{data[error.start]:02X} is not UTF-8"
        yield Finding(project.relative(path), line, what, "save the file in UTF-8")


def read_yaml(path: Path) -> Any:
    """What a YAML file holds; the error as a value when it cannot be read; None when it is not there or not UTF-8."""
    try:
        return _parsed(path.read_text(encoding="utf-8"))
    except yaml.YAMLError as error:
        return error
    except (OSError, UnicodeDecodeError):
        return None


@of_text
def _parsed(text: str) -> Any:
    """As `read_yaml`, of a text: several steps of a build read the same one. Only to be read."""
    try:
        return marked(text)[1]
    except yaml.constructor.ConstructorError:
        return yaml.load(text, _Tolerant)


def unreadable(name: str, error: yaml.YAMLError, offset: int = 0) -> Finding:
    """A finding at the line where YAML stops to make sense; `offset` lines stand before the YAML in its file."""
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    line = mark.line + 1 if mark else 1
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    return Finding(name, line + offset, f"this is not YAML: {problem}", "correct it; quote a text that holds a colon")
