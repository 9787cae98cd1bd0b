"""Naked quantities: numbers with a unit that an author typed, and that neither code computed nor a source backs.

It is fine when it is bound to a fact (`{{ name }}`), when its sentence or table row cites a source (`[^id]`), or
when `<!-- literal: reason -->` ends its paragraph, row or list item, or stands alone above a list or table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from scripts.checks.blocks import Block, blocks, sentences
from scripts.checks.citations import CITED
from scripts.checks.measures import naked
from scripts.checks.recall import of_page
from scripts.checks.source import Page
from scripts.findings import Finding

MEND = "bind it to a fact ({{ name }}), cite a source in its sentence ([^id]) or exempt it with <!-- literal: why -->"

#: Records of decisions and guides for contributors report measurements of their own; they are not part of a design.
_FREE = ("docs/contribute/",)

_LITERAL = re.compile(r"<!--\s*literal\b:?(?P<reason>.*?)-->", re.DOTALL)
_ITEM = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)]|:)[ \t]+)+")


def findings(pages: Iterable[Page]) -> Iterator[Finding]:
    """Every naked quantity, every exemption that gives no reason, and every one that exempts nothing."""
    for page in pages:
        if not page.name.startswith(_FREE):
            yield from _found(page)


@of_page
def _found(page: Page) -> list[Finding]:
    return list(_page(page))


def _page(page: Page) -> Iterator[Finding]:
    all_blocks = list(blocks(page))
    exempt = {mark: _exempted(mark, page, all_blocks) for mark in _LITERAL.finditer(page.without_code)}
    used: set[re.Match[str]] = set()
    for block in all_blocks:
        marks = [mark for mark, found in exempt.items() if block in found]
        for position, quantity in _naked(block):
            # A comment within a paragraph speaks of what stands before it.
            backing = [mark for mark in marks if not block.begin <= mark.start() < position]
            used.update(backing[:1])
            if not backing:
                yield Finding(page.name, page.line(position), f'naked quantity "{quantity}"', MEND)
    for mark in exempt:
        line = page.line(mark.start())
        if not mark["reason"].strip():
            mend = "write <!-- literal: why this number is typed -->"
            yield Finding(page.name, line, "an exemption gives no reason", mend)
        elif mark not in used:
            mend = "take the comment out, or put it behind the number, in its paragraph"
            yield Finding(page.name, line, "an exemption exempts nothing", mend)


def _exempted(mark: re.Match[str], page: Page, blocks: list[Block]) -> list[Block]:
    """The block in which a comment stands; for one that stands alone, all that is below."""
    line = page.line(mark.start())
    if page.lines[line - 1].strip() != mark[0].strip():
        return [block for block in blocks if block.first <= line <= block.last]
    if ends := [block for block in blocks if block.last == line - 1]:
        return ends
    below = [block for block in blocks if block.first > line]
    rest = takewhile(lambda block: below[0].part and block.part, below[1:])
    return [*below[:1], *rest]


def _naked(block: Block) -> Iterator[tuple[int, str]]:
    """Position in the page and words of each quantity in a block that no citation backs."""
    words = block.text
    if item := _ITEM.match(words):  # the number of a list item is none of its text
        words = " " * item.end() + words[item.end() :]
    row = words.lstrip(" >").startswith("|")
    for begin, end in [(0, len(words))] if row else sentences(words):
        if not CITED.search(words, begin, end):
            yield from ((block.begin + begin + at, quantity) for at, quantity in naked(words[begin:end]))
