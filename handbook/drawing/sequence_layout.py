"""Placing a sequence: its rows from top to bottom, across the columns that are already spread.

All lengths are px; y grows downwards. Shapes are plain data that `sequence_svg` writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from handbook.drawing.model import Activation, Block, Drawing, Message, Note, Step
from handbook.drawing.sequence_columns import BADGE, BAR, LEADING, LOOP, PAD, Column, Columns, tab_width
from handbook.drawing.text import Line


@dataclass
class Arrow:
    """A message from x1 to x2 at y, or a loop of height `drop`; `at`: its label's centre, or a loop's left end."""

    message: Message
    badge: str
    lines: list[Line]
    words: float
    x1: float
    x2: float
    y: float
    at: tuple[float, float]
    drop: float = 0
    depth: int = 0


@dataclass
class Box:
    """A note."""

    lines: list[Line]
    x: float
    y: float
    width: float
    height: float


@dataclass
class Frame:
    """A block: its corner and size, what it is, and per section the y of its divider and the lines of its condition."""

    kind: str
    x: float
    y: float
    width: float
    depth: int
    height: float = 0
    sections: list[tuple[float, list[Line]]] = field(default_factory=list)


@dataclass
class Plan:
    """A placed sequence. `bars` are (centre x, top, bottom)."""

    columns: list[Column]
    arrows: list[Arrow] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    bars: list[tuple[float, float, float]] = field(default_factory=list)
    width: float = 0
    height: float = 0


def plan(drawing: Drawing, facts: Mapping[str, str]) -> Plan:
    """Fill, break and measure every label, and place everything. The facts must be known (see `draw`)."""
    return _Rows(Columns(drawing, facts)).plan()


class _Rows:
    """Goes down the sequence; `y` is where the next row begins, `active` the starts of the open bars by participant."""

    def __init__(self, columns: Columns) -> None:
        self.columns = columns
        self.result = Plan(columns.all, width=columns.width)
        self.y = 0.0
        self.active: dict[str, list[float]] = {}

    def plan(self) -> Plan:
        tallest = max(column.height for column in self.columns.all)
        self.y = tallest + 10
        self._rows(self.columns.sequence.steps, depth=0)
        self.y += 18
        for name, starts in self.active.items():
            for depth, start in enumerate(starts):
                self.result.bars.append((self._bar(name, depth), start, self.y - 8))
        for column in self.columns.all:
            column.height, column.bottom = tallest, self.y
        self.result.height = self.y
        return self.result

    def _rows(self, steps: tuple[Step, ...], depth: int) -> None:
        for position, step in enumerate(steps):
            if isinstance(step, Message):
                after = steps[position + 1] if position + 1 < len(steps) else None
                self._message_row(step, after, depth)
            elif isinstance(step, Note):
                self._note_row(step)
            elif isinstance(step, Block):
                self._block_rows(step, depth)
            else:
                self._activation(step)

    def _message_row(self, step: Message, after: Step | None, depth: int) -> None:
        badge, lines, words = self.columns.label(step)
        high = max(len(lines) * LEADING, BADGE if badge else 0)
        starts = isinstance(after, Activation) and after.on and after.participant == step.receiver
        x1, x2 = self.columns.x(step.sender), self.columns.x(step.receiver)
        if step.sender == step.receiver:
            self.y += 14
            out = x1 + self._half(step.sender, 0)
            drop = max(high, 20)
            at = (out + LOOP + 8, self.y + drop / 2)
            self.result.arrows.append(Arrow(step, badge, lines, words, out, out, self.y, at, drop, depth))
            self.y += drop + 6
            return
        way = 1 if x2 > x1 else -1
        x1, x2 = x1 + way * self._half(step.sender, 0, way), x2 - way * self._half(step.receiver, int(starts), -way)
        self.y += 12 + high
        at = ((x1 + x2) / 2, self.y - high / 2 - 5 + 1)
        self.result.arrows.append(Arrow(step, badge, lines, words, x1, x2, self.y, at, 0, depth))
        self.y += 8

    def _note_row(self, step: Note) -> None:
        left, right = self.columns.note_span(step)
        lines = self.columns.wrap(step.label, right - left - 2 * PAD + 1)
        self.y += 10
        self.result.boxes.append(Box(lines, left, self.y, right - left, len(lines) * LEADING + 13))
        self.y += len(lines) * LEADING + 13 + 4

    def _block_rows(self, step: Block, depth: int) -> None:
        left, right = self.columns.extent(step)
        self.y += 14
        frame = Frame(step.kind, left, self.y, right - left, depth)
        self.result.frames.append(frame)
        for number, section in enumerate(step.sections):
            indent = tab_width(step.kind) + 24 if number == 0 else 28
            lines = self.columns.wrap(section.label, right - left - indent) if section.label else []
            if number:
                self.y += 12
            frame.sections.append((self.y, lines))
            self.y += max(len(lines) * LEADING + 8, 24 if number == 0 else 6)
            self._rows(section.items, depth + 1)
        self.y += 12
        frame.height = self.y - frame.y
        self.y += 2

    def _activation(self, step: Activation) -> None:
        at = self.result.arrows[-1].y + self.result.arrows[-1].drop if self.result.arrows else self.y
        stack = self.active.setdefault(step.participant, [])
        if step.on:
            stack.append(at)
        else:
            self.result.bars.append((self._bar(step.participant, len(stack) - 1), stack.pop(), at))

    def _half(self, name: str, more: int, way: int = 1) -> float:
        """How far the bars of a participant reach from its life line towards `way`."""
        depth = len(self.active.get(name, ())) + more
        return 0 if not depth else BAR / 2 + (4 * (depth - 1) if way > 0 else 0)

    def _bar(self, name: str, depth: int) -> float:
        return self.columns.x(name) + 4 * depth
