"""Labels: facts put into them, broken into lines, measured.

A page is set in the reader's own system font, which the build does not know. Widths are therefore those of DejaVu Sans,
the widest of the usual ones (Helvetica and Segoe UI run 10 to 15 % narrower): a label that fits in it fits everywhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from handbook.drawing.errors import LabelError

_PLACEHOLDER = re.compile(
    r"""\{\{\s*(?:fact\(\s*["'](?P<full>[a-z0-9][a-z0-9-]*\.[A-Za-z_]\w*)["']\s*\)|(?P<own>[A-Za-z_]\w*))\s*\}\}"""
)

LINE_END = re.compile(r"\n|<br\s*/?>")

# Advance widths of DejaVu Sans, U+0020 to U+007E, in thousandths of the font size.
_TABLE = """
318 401 460 838 636 950 780 275 390 390 500 838 318 361 318 337 636 636 636 636 636 636 636 636 636 636 337
337 838 838 838 531 1000 684 686 698 770 632 575 775 752 295 295 656 557 863 748 787 603 787 695 635 611 732
684 989 685 611 685 390 337 390 838 500 500 613 635 550 635 615 352 635 634 278 278 579 278 974 634 612 635
635 411 521 392 634 592 818 592 592 525 636 337 636 838
"""
_WIDTHS = [int(units) for units in _TABLE.split()]
_NARROW = {
    "·": 318,
    "’": 318,
    "‘": 318,
    "–": 500,
    "\u00a0": 318,
    "\u202f": 200,
    "\u2009": 200,
    "²": 401,
    "³": 401,
    "µ": 636,
}
_BOLD = 1.14


@dataclass(frozen=True)
class Run:
    """A piece of a line that is not broken. `fact` names the fact whose text it is, else it is ""."""

    text: str
    fact: str = ""


Line = tuple[Run, ...]


def fact_names(template: str, design: str) -> list[str]:
    """The facts that a template names, as `design.name`; `{{ name }}` is one of the diagram's own design."""
    return [m["full"] or f"{design}.{m['own']}" for m in _PLACEHOLDER.finditer(template)]


def fill(template: str, design: str, facts: Mapping[str, str]) -> list[Run]:
    """Replace the placeholders of a template by the texts of the facts. Raises `LabelError` for one that is unknown."""
    runs, end = [], 0
    for match, name in zip(_PLACEHOLDER.finditer(template), fact_names(template, design), strict=True):
        if name not in facts:
            raise LabelError(f"there is no fact {name}", _suggestion(name, facts))
        runs += [Run(template[end : match.start()]), Run(facts[name], name)]
        end = match.end()
    runs.append(Run(template[end:]))
    if any("{{" in run.text or "}}" in run.text for run in runs if not run.fact):
        raise LabelError(f"cannot read the placeholder in {template!r}",
                         'write {{ name }} or {{ fact("design.name") }}')  # fmt: skip
    return [run for run in runs if run.text]


def plain(template: str, design: str, facts: Mapping[str, str]) -> str:
    """The text of a template on one line, without marks."""
    return " ".join(LINE_END.sub(" ", "".join(run.text for run in fill(template, design, facts))).split())


def wrap(runs: Iterable[Run], size: float, limit: float, *, bold: bool = False) -> list[Line]:
    """Break runs into lines of at most `limit` px at font size `size` px, at spaces and at the author's own line ends.

    A word or a fact that is longer than that keeps its line. The lines of a paragraph are made about equally long.
    `bold` text is measured as such.
    """
    lines: list[Line] = []
    for paragraph in _paragraphs(runs):
        words = [word for word in _words(paragraph) if word.text]
        broken = _break(words, size, limit, bold)
        tighter = limit
        while len(broken) > 1 and tighter > 40:  # px; a narrower limit that needs no more lines balances them
            tighter -= 8
            again = _break(words, size, tighter, bold)
            if len(again) > len(broken):
                break
            if max(width(line, size, bold=bold) for line in again) < max(
                width(line, size, bold=bold) for line in broken
            ):
                broken = again
        lines += broken
    return [line for line in lines if line]


def _break(words: list[Run], size: float, limit: float, bold: bool) -> list[Line]:
    lines: list[Line] = []
    current: list[Run] = []
    for word in words:
        apart = current and (word.text[0].isspace() or current[-1].text[-1].isspace())
        if apart and width(_tidy([*current, word]), size, bold=bold) > limit:
            lines.append(_tidy(current))
            current = []
        current.append(word)
    return [*lines, _tidy(current)]


def width(runs: Iterable[Run], size: float, *, bold: bool = False) -> float:
    """The width of a line in px at font size `size` px, on the safe side."""
    units = sum(_unit(char) for run in runs for char in run.text)
    return units * size / 1000 * (_BOLD if bold else 1)


def _unit(char: str) -> int:
    code = ord(char)
    if 32 <= code < 127:
        return _WIDTHS[code - 32]
    if char in _NARROW:
        return _NARROW[char]
    return 640 if code < 0x250 else 1000


def _paragraphs(runs: Iterable[Run]) -> list[list[Run]]:
    paragraphs: list[list[Run]] = [[]]
    for run in runs:
        if run.fact:
            paragraphs[-1].append(run)
            continue
        first, *rest = LINE_END.split(run.text)
        paragraphs[-1].append(Run(first))
        paragraphs += [[Run(text)] for text in rest]
    return paragraphs


def _words(paragraph: list[Run]) -> list[Run]:
    """Words with the space before them; a fact is one word."""
    return [
        word for run in paragraph for word in ([run] if run.fact else map(Run, re.findall(r"\s*\S+|\s+", run.text)))
    ]


def _tidy(words: list[Run]) -> Line:
    """Join the plain words of a line, and drop the space at its ends."""
    line: list[Run] = []
    for word in words:
        if line and not word.fact and not line[-1].fact:
            line[-1] = Run(line[-1].text + word.text)
        else:
            line.append(word)
    if line and not line[0].fact:
        line[0] = Run(line[0].text.lstrip())
    if line and not line[-1].fact:
        line[-1] = Run(line[-1].text.rstrip())
    return tuple(run for run in line if run.text)


def _suggestion(name: str, facts: Mapping[str, str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, facts, n=1, cutoff=0.6)
    return f"did you mean {near[0]}?" if near else "name a quantity that the design's notebook declares or derives"
