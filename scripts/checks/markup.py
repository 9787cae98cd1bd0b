"""Raw HTML in pages that would run or frame something, and footnotes that are defined twice."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scripts.checks.recall import of_page
from scripts.checks.source import Page
from scripts.findings import Finding

_RUNNING = re.compile(r"<(script|iframe|frame|object|embed|applet|base|meta|link)\b", re.IGNORECASE)
_HANDLER = re.compile(r"<[a-z][a-z0-9-]*\b(?:[^<>\"']|\"[^\"]*\"|'[^']*')*?\s(on[a-z]+)\s*=", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:\]\(\s*|(?:href|src|action)\s*=\s*[\"']?\s*)(javascript|vbscript|data:text/html)\b", re.IGNORECASE
)
_FOOTNOTE = re.compile(r"^ {0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)


def findings(pages: Iterable[Page]) -> Iterator[Finding]:
    """What an author's HTML must not hold: pages are read without scripts, printed, and copied as Markdown."""
    for page in pages:
        yield from _found(page)


@of_page
def _found(page: Page) -> list[Finding]:
    return [*_raw(page), *_footnotes(page)]


def _raw(page: Page) -> Iterator[Finding]:
    for found in _RUNNING.finditer(page.prose):
        mend = "scripts and styles belong to the theme, docs/assets/; a picture is ![…](…), code is fenced"
        what = f"the page holds a <{found[1].lower()}> of its own"
        yield Finding(page.name, page.line(found.start()), what, mend)
    for found in _HANDLER.finditer(page.prose):
        mend = "take it out: what a page does is in docs/assets/scripts/"
        yield Finding(page.name, page.line(found.start(1)), f"a tag holds the script {found[1].lower()}=…", mend)
    for found in _ADDRESS.finditer(page.prose):
        what = f"a link runs code: {found[1].lower()}:…"
        yield Finding(page.name, page.line(found.start(1)), what, "link to a page or an address with https://")


def _footnotes(page: Page) -> Iterator[Finding]:
    seen: dict[str, int] = {}
    for found in _FOOTNOTE.finditer(page.prose):
        line = page.line(found.start(1))
        first = seen.setdefault(found[1], line)
        if first != line:
            what = f"the footnote [^{found[1]}] is defined on line {first} already"
            yield Finding(page.name, line, what, "give it an id of its own, or take one of them out")
