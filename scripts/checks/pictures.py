"""Diagrams in chapters: each one used once, described, and linked to headings that exist."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from scripts.checks.expressions import Expressions
from scripts.checks.source import Page, suggestion
from scripts.findings import Finding
from scripts.layout import Project
from scripts.store import Store

_SENTENCE = re.compile(r"[.!?](?=\s|$)")


def findings(project: Project, store: Store, written: Mapping[Page, Expressions]) -> Iterator[Finding]:
    """What is wrong with the diagrams of any design, or with how its chapter uses them."""
    unreadable = {page.design for page, expressions in written.items() if not expressions.readable}
    uses: dict[tuple[str, str], list[tuple[Page, int]]] = {}
    for page, expressions in written.items():
        for name, line in expressions.diagrams:
            uses.setdefault((page.design, name), []).append((page, line))
    for (design, name), places in uses.items():
        known = [picture["name"] for picture in store.pictures.get(design, [])]
        if design in store.pictures and name not in known:
            mend = suggestion(
                name, known, otherwise=f"draw it in diagrams/{design}.py, or as diagrams/{design}/{name}.mmd"
            )
            yield from (Finding(page.name, line, f'there is no diagram "{name}"', mend) for page, line in places)
        for page, line in places if not design else places[1:]:
            what = (
                f'the diagram "{name}" is shown a second time'
                if design
                else "diagrams belong to the chapter of a design"
            )
            yield Finding(page.name, line, what, "refer to the first one by a link: #diagram-" + name)
    for picture, page in on_pages(store, written):
        shown = (page.design, picture["name"]) in uses or page.design in unreadable
        yield from _picture(picture, page, shown=shown)


def on_pages(store: Store, written: Mapping[Page, Expressions]) -> Iterator[tuple[dict[str, Any], Page]]:
    """Each drawn diagram with the page that shows it, or should: the chapter. Its links lead to headings of that."""
    shown = {(page.design, name): page for page, found in written.items() for name, _ in found.diagrams}
    chapters = {page.design: page for page in written if page.design and page.path.name == "index.md"}
    for design, drawn in store.pictures.items():
        if design in chapters:
            yield from ((picture, shown.get((design, picture["name"]), chapters[design])) for picture in drawn)


def _picture(picture: dict[str, Any], chapter: Page, *, shown: bool) -> Iterator[Finding]:
    name, path, line = picture["name"], picture["source"], picture["line"]
    if not shown:
        mend = f'write {{{{ diagram("{name}") }}}} in {chapter.name}, or take the diagram out'
        yield Finding(path, line, f'the chapter does not show the diagram "{name}"', mend)
    if not (picture.get("title") or "").strip():
        yield Finding(path, line, f'the diagram "{name}" has no title', 'add title="…": its caption')
    if len(_SENTENCE.findall(picture.get("description") or "")) < 2:
        mend = "say in at least two sentences what it shows, for a reader who does not see it"
        yield Finding(path, line, f'the description of the diagram "{name}" is too short', mend)
    anchors = [heading.anchor for heading in chapter.headings]
    for href, label, at in links(picture):
        if href.startswith("#") and href[1:] not in anchors:
            mend = suggestion(
                href[1:], anchors, otherwise=f"link to a heading of {chapter.name}: {', '.join(anchors[:4])} …"
            )
            what = (
                f'"{label}" links to {href}, which is no heading of the chapter'
                if label
                else f"{href} is no heading of the chapter"
            )
            yield Finding(path, at or line, what, mend)


def links(picture: dict[str, Any]) -> Iterator[tuple[str, str, int]]:
    """Target, words and source line of each link of a drawn diagram."""
    for link in picture.get("links") or []:
        if isinstance(link, str):
            yield link, "", 0
        elif isinstance(link, dict):
            yield link["href"], link.get("label", ""), link.get("line", 0)
        else:
            yield link[0], " ".join(str(link[1]).split()), link[2]
