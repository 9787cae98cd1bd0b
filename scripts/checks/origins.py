"""From a place in the built site back to the line that an author has to mend."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath

from scripts.checks.built import Place
from scripts.checks.pictures import links
from scripts.layout import Design, Project, slug_of
from scripts.store import Store


class Origins:
    """Finds sources. `needles` are texts to look for, the most telling one first."""

    def __init__(self, project: Project, store: Store) -> None:
        self.project, self.store = project, store
        self._read: dict[Path, list[str]] = {}

    def of(self, page: str, place: Place, *needles: str) -> tuple[str, int]:
        """Path and line of what stands at a place of a page of the site; line 1 where it cannot be told."""
        parts = PurePosixPath(page).parts
        design = parts[1] if parts[0] == "diagrams" and len(parts) > 2 else slug_of(page)
        if place.diagram and (found := self._diagram(design, place.diagram, needles)):
            return found
        if place.cell and (found := self._cell(design, place.cell)):
            return found
        source = self._source(page)
        if source is None:
            return "mkdocs.yml", 1
        if source not in self._read:
            self._read[source] = source.read_text(encoding="utf-8", errors="replace").splitlines()
        return self.project.relative(source), _line(self._read[source], needles)

    def _diagram(self, design: str, name: str, needles: tuple[str, ...]) -> tuple[str, int] | None:
        picture = next((p for p in self.store.pictures.get(design, []) if p["name"] == name), None)
        if picture is None:
            return None
        named = [needle for needle in needles if needle]
        line = next((at for href, _, at in links(picture) if at and any(needle in href for needle in named)), 0)
        return picture["source"], line or picture["line"]

    def _cell(self, design: str, anchor: str) -> tuple[str, int] | None:
        section = anchor.removeprefix("cell-")
        for name in (section, re.sub(r"-\d+$", "", section)):
            marked = re.compile(rf"""^#\s*%%.*section\s*=\s*["']{re.escape(name)}["']""", re.MULTILINE)
            for notebook in Design(self.project.root, design).notebooks:
                text = notebook.read_text(encoding="utf-8", errors="replace")
                if found := marked.search(text):
                    return self.project.relative(notebook), text.count("\n", 0, found.start()) + 1
        return None

    def _source(self, page: str) -> Path | None:
        stem = (
            page.removesuffix("index.html").rstrip("/") if page.endswith("index.html") else page.removesuffix(".html")
        )
        docs = self.project.docs
        found = [
            docs / stem / "index.md",
            docs / f"{stem}.md",
            docs / stem / "README.md",
            docs / f"{stem}.py",
            docs / f"{stem}.ipynb",
        ]
        return next((path for path in found if path.is_file()), None)


def _line(lines: list[str], needles: tuple[str, ...]) -> int:
    return next((n for needle in needles if needle for n, line in enumerate(lines, 1) if needle in line), 1)
