"""Chapters as their standard has them: sections in their order, siblings under one slug, designs that exist."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import yaml

from scripts.checks.encoding import read_yaml
from scripts.checks.source import Page, marked, suggestion
from scripts.findings import Finding
from scripts.layout import SLUG, Project

#: The sections of a chapter, in their order. Other pages link to them: their words, and so their ids, are fixed.
SECTIONS = (
    "The answer in a minute", "The question", "Requirements and objectives", "Estimation", "API and events",
    "Data model", "The design, grown", "Deep dives", "Trade-offs", "Failure", "Operations",
    "Security, privacy, abuse", "In the interview", "Check yourself", "Sources and ledger",
)  # fmt: skip
#: What the home page shows of a design that has no chapter yet.
COMING = ("slug", "title", "company", "prompt")
_KEYS = f"{', '.join(COMING[:-1])} and {COMING[-1]}"


def findings(project: Project, pages: Iterable[Page]) -> Iterator[Finding]:
    """What is wrong with any chapter, or between them."""
    chapters = {p.design: p for p in pages if p.is_chapter}
    coming, incomplete = _coming(project)
    yield from incomplete
    known = None if coming is None else {*chapters, *coming}
    slugs: dict[str, Page] = {}
    for slug, page in chapters.items():
        yield from _front_matter(page, known, slugs)
        yield from _sections(page)
        yield from _siblings(project, slug, page)
    yield from _strays(project, chapters)


def _front_matter(page: Page, known: set[str] | None, slugs: dict[str, Page]) -> Iterator[Finding]:
    """What no schema can say. Only `known` slugs may be related to; None: any. `slugs` says which page took which."""
    try:
        node, meta = marked(page.front or "")
    except yaml.YAMLError:
        return
    if not isinstance(meta, dict):
        return
    lines = {key.value: key.start_mark.line + 2 for key, _ in node.value}
    yield from _slug(page, meta.get("slug"), lines.get("slug", 1), slugs)
    if known is not None and isinstance(meta.get("related"), list):
        yield from _related(page, [slug for slug in meta["related"] if isinstance(slug, str)], lines["related"], known)


def _related(page: Page, related: list[str], line: int, known: set[str]) -> Iterator[Finding]:
    for slug in related:
        if slug not in known:
            at = next((n for n, text in enumerate(page.lines[line - 1 :], line) if slug in text), line)
            otherwise = "name a design, or list it as coming in mkdocs.yml"
            mend = suggestion(slug, known - {page.design}, otherwise=otherwise)
            yield Finding(page.name, at, f'there is no design "{slug}" to relate to', mend)


def _slug(page: Page, slug: Any, line: int, slugs: dict[str, Page]) -> Iterator[Finding]:
    if not SLUG.fullmatch(page.design):
        yield Finding(page.name, 1, f'the folder name "{page.design}" is no slug', "use a-z, 0-9 and single hyphens")
    if not isinstance(slug, str) or not slug.strip():
        return
    first = slugs.setdefault(slug, page)
    if first is not page:
        mend = f"each slug belongs to one chapter: write slug: {page.design}"
        yield Finding(page.name, line, f'the slug "{slug}" is that of {first.name} as well', mend)
    elif slug != page.design:
        mend = f"write slug: {page.design}, or rename the folder"
        yield Finding(page.name, line, f'the slug "{slug}" is not the name of the folder, "{page.design}"', mend)


def _coming(project: Project) -> tuple[set[str] | None, list[Finding]]:
    """The slugs of designs that have no chapter yet, from mkdocs.yml, and what is wrong with their list there.

    None when it cannot be read: which designs there are is not known then.
    """
    settings = read_yaml(project.root / "mkdocs.yml")
    if not isinstance(settings, dict):
        return None, []  # somebody else's finding
    extra = settings.get("extra")
    listed = extra.get("coming") if isinstance(extra, dict) else None
    if not isinstance(listed, list):
        mend = f"write it under extra, as coming: [], or with a {_KEYS} for each"
        return None, [Finding("mkdocs.yml", 1, "there is no list of coming designs", mend)]
    broken = [d for d in listed if not (isinstance(d, dict) and all(isinstance(d.get(key), str) for key in COMING))]
    if not broken:
        return {design["slug"] for design in listed}, []
    mend = f"give it a {_KEYS}, each a text"
    return None, [
        Finding("mkdocs.yml", _line_of(project, design), f"a coming design is not whole: {design!r}", mend)
        for design in broken
    ]


def _line_of(project: Project, design: Any) -> int:
    """The line of mkdocs.yml on which a coming design is named."""
    words = [str(word) for word in (design.values() if isinstance(design, dict) else [design]) if word]
    lines = (project.root / "mkdocs.yml").read_text(encoding="utf-8").splitlines()
    return next((n for word in words for n, text in enumerate(lines, 1) if word in text), 1)


def _sections(page: Page) -> Iterator[Finding]:
    found = [h for h in page.headings if h.level == 2]
    order = {text: n for n, text in enumerate(SECTIONS)}
    first: dict[str, int] = {}
    for heading in found:
        if heading.text not in order:
            mend = suggestion(
                heading.text, SECTIONS, otherwise="chapters have fixed ## sections: make it a ### under one of them"
            )
            yield Finding(page.name, heading.line, f'"{heading.text}" is no section of a chapter', mend)
        elif heading.text in first:
            mend = f"join it with the one on line {first[heading.text]}"
            yield Finding(page.name, heading.line, f'the section "{heading.text}" is there twice', mend)
        else:
            first[heading.text] = heading.line
    yield from _missing(page, first, order)
    yield from _misplaced(page, list(first), first, order)
    yield from _renamed(page)


def _missing(page: Page, lines: dict[str, int], order: dict[str, int]) -> Iterator[Finding]:
    for text, place in order.items():
        if text not in lines:
            line = next((lines[later] for later in SECTIONS[place:] if later in lines), len(page.lines))
            before = f'after "{SECTIONS[place - 1]}"' if place else "at the beginning"
            yield Finding(page.name, line, f'the section "{text}" is missing', f"add ## {text} {before}")


def _misplaced(page: Page, found: list[str], lines: dict[str, int], order: dict[str, int]) -> Iterator[Finding]:
    """The sections to move: those outside the longest run that is in order."""
    best: list[list[str]] = []
    for text in found:
        runs = [run for run in best if order[run[-1]] < order[text]]
        best.append([*max(runs, key=len, default=[]), text])
    kept = set(max(best, key=len, default=[]))
    for text in found:
        if text not in kept:
            place = order[text]
            after = f'after "{SECTIONS[place - 1]}"' if place else "to the beginning"
            yield Finding(page.name, lines[text], f'the section "{text}" is out of order', f"move it {after}")


def _renamed(page: Page) -> Iterator[Finding]:
    for heading in page.headings:
        if heading.level == 2 and heading.text in SECTIONS and "{" in page.lines[heading.line - 1]:
            what = f'the section "{heading.text}" has an id of its own'
            yield Finding(page.name, heading.line, what, "take { #… } out: sections keep the ids of their words")


def _siblings(project: Project, slug: str, page: Page) -> Iterator[Finding]:
    if not (page.path.parent / "estimate.py").exists():
        yield Finding(page.name, 1, "the design has no estimate", f"add the notebook docs/designs/{slug}/estimate.py")
    if not (project.root / "diagrams" / f"{slug}.py").exists():
        yield Finding(page.name, 1, "the design has no diagrams", f"add the script diagrams/{slug}.py")


def _strays(project: Project, chapters: dict[str, Page]) -> Iterator[Finding]:
    """Notebooks and diagrams of no chapter, mostly by a misspelt slug."""
    books = [path for path in sorted((project.docs / "designs").glob("*")) if path.is_dir()]
    drawn = [path for path in sorted((project.root / "diagrams").glob("*")) if path.suffix == ".py" or path.is_dir()]
    strays = {path.stem: path for path in [*reversed(drawn), *books] if not path.name.startswith(("_", "."))}
    known = {*chapters, *(design.slug for design in project.works)}
    for slug in sorted(strays.keys() - known):
        mend = suggestion(slug, chapters, otherwise=f"add the chapter docs/designs/{slug}/index.md")
        yield Finding(project.relative(strays[slug]), 1, f'there is no chapter of the design "{slug}"', mend)
