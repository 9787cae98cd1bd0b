"""The two projects that are compared: a copy of this one, and the same prose and notebooks under plain MkDocs."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

from scripts.layout import Project
from scripts.manifest import FILES, INPUTS
from scripts.store import FRONT, Store

PLAIN = """\
site_name: Handbook
theme: {name: material}
plugins:
  - search
  - mkdocs-jupyter: {execute: true, include: ["*.ipynb"]}
markdown_extensions: [abbr, admonition, attr_list, def_list, footnotes, md_in_html, tables, toc, pymdownx.details,
  pymdownx.highlight, pymdownx.superfences, {pymdownx.tabbed: {alternate_style: true}}]
"""
_CALL = re.compile(r"\{\{ *\w+\([^}]*\}\}|\{%.*?%\}|^ *(?:>|-)? *--8<--.*$", re.MULTILINE)
_FACT = re.compile(r"\{\{ *(\w+)(?:\.\w+)? *\}\}")
_LINK = re.compile(r"(?<!!)\[([^\]^][^\]]*)\]\((?!http)[^)]*\)")
CHAPTER = "docs/designs/email-platform/index.md"


class Timed:
    """A project in a folder, and the command that builds it."""

    def __init__(self, root: Path, *command: str) -> None:
        self.root, self.command = root, [sys.executable, "-m", *command]

    def build(self, cold: bool = False) -> float:
        """Build, from nothing if `cold`. Returns the seconds; raises CalledProcessError if it fails."""
        if cold:
            for name in ("build", "site", ".cache"):  # the last is mkdocs-jupyter's: executed notebooks
                shutil.rmtree(self.root / name, ignore_errors=True)
        start = time.perf_counter()
        subprocess.run(self.command, cwd=self.root, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    def append(self, name: str, text: str) -> None:
        """Edit a file."""
        with (self.root / name).open("a", encoding="utf-8") as file:
            file.write(text)


def ours(project: Project, folder: Path) -> Timed:
    """A copy of this project's sources."""
    folder.mkdir(parents=True)
    for name in INPUTS:
        shutil.copytree(project.root / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    for name in FILES:
        shutil.copy2(project.root / name, folder)
    shutil.copy2(project.root / "pyproject.toml", folder)
    (folder / "node_modules").symlink_to(project.root / "node_modules")
    return Timed(folder, "scripts", "site")


def plain(project: Project, folder: Path, notebooks: bool = True) -> Timed:
    """The same prose, without macros and includes, and the same notebooks, under plain MkDocs."""
    (folder / "docs").mkdir(parents=True)
    (folder / "mkdocs.yml").write_text(PLAIN, encoding="utf-8")
    for page in sorted(project.docs.rglob("*.md")):
        target = folder / "docs" / page.relative_to(project.docs)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(prose(project, page), encoding="utf-8")
    for design in project.designs if notebooks else ():
        for book in design.notebooks:
            convert(book, folder / book.relative_to(project.root).with_suffix(".ipynb"))
    return Timed(folder, "mkdocs", "build", "--quiet")


def convert(book: Path, target: Path) -> None:
    """A percent notebook as `.ipynb`, without outputs."""
    import jupytext

    jupytext.write(jupytext.read(book), target)


def prose(project: Project, page: Path, bound: bool = False) -> str:
    """A page's words: numbers as their text (or still bound, for our build), calls, includes and inner links gone."""
    design = page.parent.name
    facts = Store(project).facts.get(design, {})

    def number(found: re.Match[str]) -> str:
        fact = facts.get(found[1])
        if fact is None:
            return ""
        return f'{{{{ fact("{fact.key}") }}}}' if bound else fact.plain

    text = _CALL.sub("", FRONT.sub("", page.read_text(encoding="utf-8")))
    return _LINK.sub(r"\1", _FACT.sub(number, text))
