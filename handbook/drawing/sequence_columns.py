"""The columns of a sequence: as far apart as the words between them need, whatever the reader's font.

All lengths are px. Nothing here knows of rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from handbook.drawing.dot import BADGE, ICON, take_number
from handbook.drawing.model import Activation, Block, Drawing, Message, Node, Note, Sequence, Step
from handbook.drawing.text import Line, Run, fill, width, wrap

NAME_SIZE, SIZE, LEADING = 13, 12, 15
BAR, LOOP = 10, 26  # width of an activation bar, of the loop of a message to oneself
PAD = 10  # between the edge of a note and its words


@dataclass
class Column:
    """A participant: centre x, its box, and its life line down to `bottom`."""

    node: Node
    lines: list[Line]
    x: float
    width: float
    height: float = 0
    bottom: float = 0


class Columns:
    """The participants of a sequence, spread; the words of its steps, measured. The facts must be known."""

    def __init__(self, drawing: Drawing, facts: Mapping[str, str]) -> None:
        self.sequence: Sequence = drawing.body
        self.design, self.facts = drawing.design, facts
        self.index = {node.id: i for i, node in enumerate(self.sequence.participants)}
        self.all = [self._column(node) for node in self.sequence.participants]
        self._spread()
        self.width = self._shift()

    def x(self, name: str) -> float:
        """The centre of a participant."""
        return self.all[self.index[name]].x

    def wrap(self, label: str, limit: float) -> list[Line]:
        """A label with its facts, in lines of at most `limit`."""
        return wrap(fill(label, self.design, self.facts), SIZE, limit)

    def _column(self, node: Node) -> Column:
        lines = wrap(fill(node.label, self.design, self.facts), NAME_SIZE, 132, bold=True)
        longest = max(width(line, NAME_SIZE, bold=True) for line in lines)
        wide = longest + 28 + (ICON + 4 if node.icon else 0)
        return Column(node, lines, 0, max(wide, 92), height=len(lines) * 16 + 22)

    def label(self, message: Message) -> tuple[str, list[Line], float]:
        """The number on the badge of a message or "", its lines, and the width of both."""
        span = abs(self.index[message.sender] - self.index[message.receiver])
        runs = fill(message.label, self.design, self.facts)
        badge, runs = take_number(runs) if message.number is None else (str(message.number), runs)
        lines = wrap(runs, SIZE, 170 + 110 * max(span - 1, 0))
        return badge, lines, _longest(lines) + (BADGE + 5 if badge else 0)

    def note(self, note: Note) -> tuple[list[Line], float]:
        """The lines of a note, and its width."""
        span = abs(self.index[note.participants[0]] - self.index[note.participants[-1]])
        lines = self.wrap(note.label, 170 + 110 * max(span - 1, 0))
        return lines, _longest(lines) + 2 * PAD

    def _spread(self) -> None:
        """The least x for each column such that every label between two columns has its room."""
        needs = [
            (i, i + 1, (a.width + b.width) / 2 + 26)
            for i, (a, b) in enumerate(zip(self.all, self.all[1:], strict=False))
        ]
        for step, depth in _flat(self.sequence.steps):
            needs += self._needs(step, depth)
        for j, column in enumerate(self.all):
            column.x = max((self.all[i].x + need for i, k, need in needs if k == j), default=0)

    def _needs(self, step: Step, depth: int) -> Iterator[tuple[int, int, float]]:
        last = len(self.all) - 1
        frame = 14 * depth
        if isinstance(step, Message):
            i, j = sorted((self.index[step.sender], self.index[step.receiver]))
            words = self.label(step)[2]
            if i < j:
                yield i, j, words + 2 * BAR + 24
            elif i < last:
                yield i, i + 1, words + LOOP + BAR + 24 + frame
        elif isinstance(step, Note):
            i, j = sorted((self.index[step.participants[0]], self.index[step.participants[-1]]))
            wide = self.note(step)[1]
            if step.position == "right" and i < last:
                yield i, i + 1, wide + 30 + frame
            elif step.position == "left" and i > 0:
                yield i - 1, i, wide + 30 + frame
            elif i < j:
                yield i, j, wide - 40
            elif step.position == "over":
                yield from [(i, i + 1, wide / 2 + 16)] * (i < last) + [(i - 1, i, wide / 2 + 16)] * (i > 0)

    def _shift(self) -> float:
        """Move the columns so that the leftmost shape begins at 0; return the width."""
        spans = [(c.x - c.width / 2, c.x + c.width / 2) for c in self.all]
        spans += [self.extent(step) for step in self.sequence.steps if not isinstance(step, Activation)]
        left, right = min(lo for lo, _ in spans), max(hi for _, hi in spans)
        for column in self.all:
            column.x -= left
        return right - left

    def extent(self, step: Step) -> tuple[float, float]:
        """From which x to which x a step reaches."""
        if isinstance(step, Message):
            one, two = sorted((self.x(step.sender), self.x(step.receiver)))
            own = BAR + LOOP + self.label(step)[2] + 6 if one == two else 0
            return one - BAR, two + max(BAR, own)
        if isinstance(step, Note):
            return self.note_span(step)
        spans = [
            self.extent(item) for section in step.sections for item in section.items if not isinstance(item, Activation)
        ]
        left, right = min(lo for lo, _ in spans) - 14, max(hi for _, hi in spans) + 14
        head = max(_longest(self.wrap(section.label, 230)) for section in step.sections)
        return left, max(right, left + head + tab_width(step.kind) + 24)

    def note_span(self, note: Note) -> tuple[float, float]:
        """From which x to which x a note reaches."""
        wide = self.note(note)[1]
        one, two = sorted((self.x(note.participants[0]), self.x(note.participants[-1])))
        if note.position == "left":
            return one - 14 - wide, one - 14
        if note.position == "right":
            return one + 14, one + 14 + wide
        wide, centre = max(wide, two - one + 40 if one < two else 0), (one + two) / 2
        return centre - wide / 2, centre + wide / 2


def tab_width(kind: str) -> float:
    """The width of the tab that names a block's kind."""
    return width([Run(kind)], 11, bold=True) + 16


def _longest(lines: list[Line]) -> float:
    return max((width(line, SIZE) for line in lines), default=0)


def _flat(steps: tuple[Step, ...], depth: int = 0) -> Iterator[tuple[Step, int]]:
    """Every step with the number of blocks around it."""
    for step in steps:
        if isinstance(step, Block):
            for section in step.sections:
                yield from _flat(section.items, depth + 1)
        else:
            yield step, depth
