"""The text of a page in blocks (paragraphs, list items, table rows) and their sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scripts.checks.source import Page, blank

_NOT_PROSE = re.compile(
    r"""
    \{\{.*?\}\} | \{%.*?%\}                                  # macros
    | (?<=\])\([^()\s]*(?:\([^()]*\)[^()]*)?(?:\s+"[^"]*")?\)  # the address of a link or an image
    | <(?:https?|mailto):[^>\s]+> | https?://[^\s)>\]]+      # addresses
    | </?[a-zA-Z](?:[^<>"']|"[^"]*"|'[^']*')*>               # tags, with their attributes
    | \{:?\ +[#.][^{}\n]*\}                                  # attribute lists
    """,
    re.DOTALL | re.VERBOSE,
)
_ENTRY = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)]|:|!!!|\?\?\?\+?|===)[ \t]|\|)")
_FOOTNOTE = re.compile(r" {0,3}\[\^[^\]\s]+\]:")
_HEADING = re.compile(r" {0,3}#{1,6}[ \t]")
_ABBREVIATED = re.compile(r"(?:\b(?:e\.g|i\.e|vs|cf|approx|ca|no|fig|etc|st|dr)|\b[A-Z])\.$", re.IGNORECASE)
_END = re.compile(r"[.!?][\"')\]”’*_]*(?:\[\^[^\]\s]+\])*(?=\s|$)")


@dataclass(frozen=True)
class Block:
    """A paragraph, a list item or a table row: its first and last line, its text without what is no prose."""

    begin: int
    """Where its text begins in the page."""
    first: int
    last: int
    text: str
    part: bool
    """Whether it belongs to a list or a table."""


def blocks(page: Page) -> Iterator[Block]:
    """The text of a page, in order. Headings and definitions of footnotes are left out."""
    text = blank(page.prose, [found.span() for found in _NOT_PROSE.finditer(page.prose)])
    lines: list[str] = []
    part, position = False, 0
    for number, (line, source) in enumerate(zip([*text.split("\n"), ""], [*page.lines, ""], strict=True), 1):
        starts = bool(_ENTRY.match(source))
        left_out = not line.strip() or _HEADING.match(source) or _FOOTNOTE.match(source)
        if lines and (starts or left_out):
            words = "\n".join(lines)
            yield Block(position - len(words) - 1, number - len(lines), number - 1, words, part)
            lines = []
        if not left_out:
            part = part if lines else starts or source[0] in " \t"
            lines.append(line)
        position += len(line) + 1


def sentences(words: str) -> Iterator[tuple[int, int]]:
    """Begin and end of each sentence of a block."""
    begin = 0
    for end in _END.finditer(words):
        if not _ABBREVIATED.search(words[: end.start() + 1]):
            yield begin, end.end()
            begin = end.end()
    yield begin, len(words)
