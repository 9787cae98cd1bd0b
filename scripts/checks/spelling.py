"""Spelling: codespell's list of common mistakes over all texts, and British words in what readers read.

`spelling.txt` holds the words that are right here, one a line. The settings of codespell are in pyproject.toml, where
an editor finds them as well.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib import resources
from pathlib import Path

from scripts.checks import kept
from scripts.checks.source import Page
from scripts.findings import Finding
from scripts.layout import Project
from scripts.manifest import files_below

#: Tests misspell on purpose. What is generated or locked is nobody's text.
_READ = (
    "docs", "diagrams", "snippets", "handbook", "scripts", "overrides", ".github", "sources.yml", "mkdocs.yml",
    "Makefile", "README.md", "CONTRIBUTING.md", "requirements.in", "pyproject.toml",
)  # fmt: skip
_PICTURES = {".svg", ".png", ".jpg", ".webp", ".ico", ".woff2"}
_LIST = "spelling.txt"
_FOUND = re.compile(r"(?P<path>.+?):(?P<line>\d+): (?P<word>\S+) ==> (?P<better>.+)")
_WORD = re.compile(r"[A-Za-z]+")


def findings(project: Project) -> list[Finding]:
    """Every word that is misspelt. Nothing is imported when no file changed."""
    paths = [path for path in files_below(*(project.root / name for name in _READ)) if path.suffix not in _PICTURES]
    lists = [project.root / name for name in (_LIST, "pyproject.toml", "requirements.txt")]
    texts = {path.relative_to(project.root).as_posix(): path.read_bytes() for path in paths}
    return kept.findings(project, "spelling", texts, [*lists, Path(__file__)], lambda stale: _look(project, stale))


def _look(project: Project, names: Sequence[str]) -> Iterator[Finding]:
    paths = {str(project.root / name): name for name in names}
    yield from _mistakes(project, paths)
    for path in map(Path, paths):
        if path.suffix == ".md" and path.is_relative_to(project.docs):
            yield from _american(project, path)


def _mistakes(project: Project, paths: Mapping[str, str]) -> Iterator[Finding]:
    from codespell_lib import main

    said = io.StringIO()
    options = ["--toml", str(project.root / "pyproject.toml")] if (project.root / "pyproject.toml").exists() else []
    if (project.root / _LIST).exists():
        options += ["--ignore-words", str(project.root / _LIST)]
    with contextlib.redirect_stdout(said):
        main(*options, "--quiet-level", "35", "--check-hidden", *paths)
    for found in filter(None, map(_FOUND.fullmatch, said.getvalue().splitlines())):
        yield _finding(paths[found["path"]], int(found["line"]), found["word"], found["better"].strip())


def _american(project: Project, path: Path) -> Iterator[Finding]:
    """American words in prose: code names things as its libraries do. A file that is no UTF-8 is named elsewhere."""
    try:
        page = Page(project, path)
    except UnicodeDecodeError:
        return
    right = (project.root / _LIST).read_text(encoding="utf-8").split() if (project.root / _LIST).exists() else []
    for found in _WORD.finditer(page.prose):
        british = _british().get(found[0].lower())
        if british and found[0].lower() not in right:
            yield _finding(page.name, page.line(found.start()), found[0], british)


@cache
def _british() -> dict[str, str]:
    """British words by the American ones: codespell's dictionary, read backwards."""
    dictionary = resources.files("codespell_lib") / "data/dictionary_en-GB_to_en-US.txt"
    pairs = (line.split("->") for line in dictionary.read_text(encoding="utf-8").split())
    return {american.rstrip(","): british for british, american in pairs}


def _finding(path: str, line: int, word: str, better: str) -> Finding:
    mend = f'write "{better.split(", ")[0]}", or add "{word.lower()}" to {_LIST} if it is right'
    return Finding(path, line, f'"{word}" is misspelt', mend)
