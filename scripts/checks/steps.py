"""Numbered edges of a diagram and the numbered steps of the text beside it: the same numbers.

The steps are the ordered list behind a link to the diagram (`#diagram-final`), else the first one behind the diagram
in its section.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from scripts.checks.expressions import Expressions
from scripts.checks.source import Page
from scripts.findings import Finding
from scripts.store import Store

_ITEM = re.compile(r"(?P<indent>[ ]*)\d+[.)][ \t]+\S")


@dataclass(frozen=True)
class Steps:
    """An ordered list: the lines of its items. The page counts them from 1, whatever the author typed."""

    lines: tuple[int, ...]


def findings(store: Store, written: Mapping[Page, Expressions]) -> Iterator[Finding]:
    """Numbers that stand on one side only, at the step or at the place of the diagram in the chapter."""
    for page, expressions in written.items():
        numbered = {picture["name"]: picture.get("steps", []) for picture in store.pictures.get(page.design, [])}
        for name, line in expressions.diagrams:
            if numbered.get(name):
                others = [at for other, at in expressions.diagrams if other != name and at > line]
                yield from _compare(
                    page, name, line, numbered[name], _steps(page, name, line, min(others, default=None))
                )


def _compare(page: Page, name: str, line: int, edges: list[int], steps: Steps | None) -> Iterator[Finding]:
    if steps is None:
        what = f'the edges of the diagram "{name}" are numbered to {max(edges)}, and no numbered steps follow'
        mend = f"add the steps as 1. 2. 3. here or behind a link to #diagram-{name}, or take the numbers off the edges"
        yield Finding(page.name, line, what, mend)
        return
    last = steps.lines[-1]
    for number in sorted(set(edges) - set(range(1, len(steps.lines) + 1))):
        what = f'the diagram "{name}" has an edge {number}, and there is no step {number}'
        yield Finding(page.name, last, what, f"add step {number}, or number the edge as one of the steps")
    for number, at in enumerate(steps.lines, 1):
        if number not in edges:
            what = f'step {number} is no edge of the diagram "{name}"'
            yield Finding(page.name, at, what, f"number an edge {number}, or join the step with another")


def _steps(page: Page, name: str, line: int, before: int | None) -> Steps | None:
    """The list that goes with a diagram; None if there is none. `before` is the line of the next diagram."""
    lines = page.prose.split("\n")
    for number, text in enumerate(lines, 1):
        if f"(#diagram-{name})" in text:
            paragraph = next((n for n in range(number, len(lines)) if not lines[n].strip()), len(lines))
            first = next((n for n in range(paragraph, len(lines)) if lines[n].strip()), len(lines))
            if first < len(lines) and _ITEM.match(lines[first]):
                return _list(lines, first, len(lines))
    headings = (heading.line for heading in page.headings if heading.line > line)
    return _list(lines, line, min([before or len(lines), next(headings, len(lines))]))


def _list(lines: list[str], begin: int, end: int) -> Steps | None:
    """The first ordered list in these lines. It ends where text follows that belongs to none of its items."""
    found: list[int] = []
    indent = 0
    for number in range(begin, end):
        text = lines[number]
        item = _ITEM.match(text)
        if item and (not found or len(item["indent"]) == indent):
            indent = len(item["indent"])
            found.append(number + 1)
        elif found and text.strip() and not text.startswith(" " * (indent + 1)) and not lines[number - 1].strip():
            break
    return Steps(tuple(found)) if found else None
