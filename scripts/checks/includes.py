"""What pages include with `--8<--`: it is there, and every section of a notebook is shown by its chapter."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scripts.checks.encoding import read_yaml
from scripts.checks.recall import of_page, of_text
from scripts.checks.source import Page, suggestion, unread
from scripts.findings import Finding
from scripts.layout import Project, address_of

_LINE = re.compile(r"""^[ \t]*(?P<escape>;*)-+8<-+(?:[ \t]+(?P<quote>["'])(?P<what>[^"'\n]+)(?P=quote))?[ \t]*$""")
_START = re.compile(r"-+8<-+[ \t]+\[[ \t]*start[ \t]*:[ \t]*([a-z][-_0-9a-z]*)[ \t]*\]", re.IGNORECASE)
_SECTION = re.compile(r"(?P<file>.*?):(?P<section>[a-zA-Z][-_0-9a-zA-Z]*)$")
_LINES = re.compile(r"(?::-?[0-9]*){1,2}(?:,-?[0-9]*(?::-?[0-9]*)?)*$")


@dataclass(frozen=True)
class Include:
    """One file that a page includes, or one `section` of it ("" for the whole file)."""

    page: Page
    line: int
    file: str
    section: str


def findings(project: Project, pages: Collection[Page]) -> Iterator[Finding]:
    """Files and sections that are not there, and sections of notebooks that no page shows."""
    bases = _bases(project)
    used: set[tuple[Path, str]] = set()
    asked = [Include(page, *written) for page in pages for written in _includes(page)]
    paths = {file: next((b / file for b in bases if (b / file).is_file()), None) for file in {i.file for i in asked}}
    for include in asked:
        path = paths[include.file]
        if path is None:
            yield from _missing_file(project, include, bases)
            continue
        sections = _sections(path)
        used |= {(path.resolve(), name) for name in ([include.section] if include.section else sections)}
        if include.section and include.section not in sections:
            mend = suggestion(
                include.section, sections, otherwise=f"it has {', '.join(sections) or 'no sections at all'}"
            )
            what = f'{include.file} has no section "{include.section}"'
            yield Finding(include.page.name, include.line, what, mend)
    yield from _leftover(project, used, unread(project, pages))


def _bases(project: Project) -> list[Path]:
    """The folders in which pymdownx.snippets looks, as mkdocs.yml sets them."""
    settings = read_yaml(project.root / "mkdocs.yml")
    extensions: list[Any] = (settings.get("markdown_extensions") if isinstance(settings, dict) else None) or []
    options = next(
        (e["pymdownx.snippets"] for e in extensions if isinstance(e, dict) and "pymdownx.snippets" in e), None
    )
    bases = (options or {}).get("base_path") or ["build/fragments", "snippets"]
    return [project.root / base for base in ([bases] if isinstance(bases, str) else bases)]


@of_page
def _includes(page: Page) -> list[tuple[int, str, str]]:
    """Line, file and section of each include."""
    found: list[tuple[int, str]] = []
    inside = False
    for number, line in enumerate(page.lines, 1):
        mark = _LINE.match(line)
        if mark and not mark["escape"]:
            if mark["what"]:
                found.append((number, mark["what"]))
            else:
                inside = not inside
        elif inside and line.strip() and not line.strip().startswith(";"):
            found.append((number, line.strip()))
    return [(line, *_apart(what)) for line, what in found if not what.startswith(("http://", "https://"))]


def _apart(what: str) -> tuple[str, str]:
    """The file and the section of it, or of lines the file."""
    named = _SECTION.match(what)
    return (named["file"], named["section"]) if named else (_LINES.sub("", what), "")


def _sections(path: Path) -> list[str]:
    return _named(path.read_text(encoding="utf-8", errors="replace"))


@of_text
def _named(text: str) -> list[str]:
    return _START.findall(text)


def _missing_file(project: Project, include: Include, bases: Iterable[Path]) -> Iterator[Finding]:
    slug, _, rest = include.file.partition("/")
    notebook = project.docs / address_of(slug) / f"{Path(rest).stem}.py"
    if notebook.is_file() and not (project.build / "fragments" / include.file).is_file():
        return  # the notebook did not run: that is the finding
    known = [p.relative_to(base).as_posix() for base in bases if base.is_dir() for p in base.rglob("*") if p.is_file()]
    mend = suggestion(
        include.file, known, otherwise="paths start in snippets/, or with design/notebook.md for a notebook's cells"
    )
    yield Finding(include.page.name, include.line, f"there is no {include.file} to include", mend)


def _leftover(project: Project, used: set[tuple[Path, str]], passed: set[str]) -> Iterator[Finding]:
    """Sections that no page shows, but of the designs to be passed over."""
    for path in sorted((project.build / "fragments").glob("*/*.md")):
        notebook = project.docs / address_of(path.parent.name) / f"{path.stem}.py"
        if not notebook.is_file() or path.parent.name in passed:
            continue  # of a notebook that is gone
        lines = notebook.read_text(encoding="utf-8", errors="replace").splitlines()
        for section in _sections(path):
            if (path.resolve(), section) not in used:
                marked = re.compile(rf"""#\s*%%.*section\s*=\s*["']{re.escape(section)}["']""")
                line = next((n for n, text in enumerate(lines, 1) if marked.match(text)), 1)
                mend = f'write --8<-- "{path.parent.name}/{path.stem}.md:{section}", or tag its cells "notebook-only"'
                yield Finding(project.relative(notebook), line, f'no page shows the section "{section}"', mend)
