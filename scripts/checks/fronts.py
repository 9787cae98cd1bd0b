"""The front matter of pages: YAML that can be read, as docs/schema/ has it for chapters and for other pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from scripts.checks import schema
from scripts.checks.encoding import unreadable
from scripts.checks.source import Page, marked
from scripts.findings import Finding
from scripts.layout import GUIDE, Design, Project


def findings(project: Project, pages: Iterable[Page]) -> Iterator[Finding]:
    """What is wrong with the front matter of any page, at its line. Only chapters and the guide must have one."""
    fronts: dict[str, dict[str, str]] = {"chapter": {}, "page": {}}
    for page in pages:
        kind = "chapter" if page.is_chapter else "page"
        if page.front is not None and not (problem := _problem(page)):
            fronts[kind][page.name] = page.front
        elif page.front is not None:
            yield problem
        elif page.is_chapter or page.path == Design(project.root, GUIDE).chapter:
            keys = ", ".join(schema.read(kind)["required"])
            yield Finding(page.name, 1, "the page has no front matter", f"begin it with ---, {keys}, ---")
    for kind, texts in fronts.items():
        yield from schema.findings(project, kind, texts, lambda _: "the front matter", offset=1)


def _problem(page: Page) -> Finding | None:
    try:
        _, meta = marked(page.front or "")
    except yaml.YAMLError as error:
        return unreadable(page.name, error, offset=1)
    if isinstance(meta, dict):
        return None
    return Finding(page.name, 2, "the front matter is no list of keys and values", 'write it as "key: value" lines')
