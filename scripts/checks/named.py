"""Parts of diagrams: each one links to a heading of its chapter, and a sentence under that heading names it.

A name is the first line of a label. Case, plurals and a few words in between do not matter: "request logs A and B"
names both "Request log A" and "Request log B". A table, or a sentence that only lists names, explains nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from scripts.checks.blocks import blocks, sentences
from scripts.checks.expressions import Expressions
from scripts.checks.pictures import on_pages
from scripts.checks.recall import of_page
from scripts.checks.source import Heading, Page
from scripts.findings import Finding
from scripts.store import Store

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")
_ROW = re.compile(r"[ \t>]*\|")

#: How many words may stand between two words of a name.
_BETWEEN = 2
#: How many words a sentence must have besides names of parts: fewer are a list made for the check.
_SAID = 2
_SAYS_NOTHING = {
    "a", "an", "and", "are", "as", "by", "for", "here", "in", "is", "it", "its", "of", "on", "or", "our", "that", "the",
    "there", "these", "this", "to", "we",
}  # fmt: skip


def findings(store: Store, written: Mapping[Page, Expressions]) -> Iterator[Finding]:
    """Every part that links to no heading, or to one under which no sentence names it."""
    explained: dict[Page, dict[str, tuple[Heading, list[tuple[str, ...]]]]] = {}
    for picture, page in on_pages(store, written):
        if page not in explained:
            said = _sentences(page)
            explained[page] = {heading.anchor: (heading, _under(heading, page, said)) for heading in page.headings}
        yield from _picture(picture, page, explained[page])


def _picture(
    picture: dict[str, Any], page: Page, under: Mapping[str, tuple[Heading, list[tuple[str, ...]]]]
) -> Iterator[Finding]:
    names = [_words(name) for _, name, _ in picture.get("nodes", [])]
    for href, name, line in picture.get("nodes", []):
        if not href:
            mend = 'give it an href="#…", or in a sequence a link line: link X: words @ #…'
            what = f'the part "{name}" of the diagram "{picture["name"]}" links to no heading'
            yield Finding(picture["source"], line, what, mend)
        elif href[1:] in under and href.startswith("#"):
            heading, sentences_there = under[href[1:]]
            if not any(_names(sentence, _words(name), names) for sentence in sentences_there):
                mend = f"say in a sentence there what it does ({page.name}:{heading.line}), or link to where it is"
                yield Finding(picture["source"], line, f'nothing under "{heading.text}" names the part "{name}"', mend)


@of_page
def _sentences(page: Page) -> list[tuple[int, tuple[str, ...]]]:
    """The words of each sentence of a page, with the line on which its block begins; tables are left out."""
    return [
        (block.first, _words(block.text[begin:end]))
        for block in blocks(page)
        if not _ROW.match(block.text)
        for begin, end in sentences(block.text)
    ]


def _under(heading: Heading, page: Page, said: list[tuple[int, tuple[str, ...]]]) -> list[tuple[str, ...]]:
    """The sentences of a section, those of its subsections included."""
    later = (other.line for other in page.headings if other.line > heading.line and other.level <= heading.level)
    end = next(later, len(page.lines) + 1)
    return [words for line, words in said if heading.line < line < end]


@cache
def _words(text: str) -> tuple[str, ...]:
    return tuple(_singular(word.lower()) for word in _WORD.findall(text))


def _singular(word: str) -> str:
    word = re.sub(r"['’]s?$", "", word)
    word = re.sub(r"ies$", "y", word)
    return re.sub(r"(?<=ss|sh|ch)es$|(?<!s)s$", "", word)


def _names(sentence: tuple[str, ...], name: tuple[str, ...], names: list[tuple[str, ...]]) -> bool:
    """Whether a sentence holds the words of a name in their order, and says something besides."""
    known = {word for other in names for word in other} | _SAYS_NOTHING
    return _holds(sentence, name) and len([word for word in sentence if word not in known]) >= _SAID


def _holds(sentence: tuple[str, ...], name: tuple[str, ...]) -> bool:
    for start in (n for n, word in enumerate(sentence) if word == name[0]) if name else ():
        at = start
        for word in name[1:]:
            near = sentence[at + 1 : at + 2 + _BETWEEN]
            if word not in near:
                break
            at += 1 + near.index(word)
        else:
            return True
    return False
