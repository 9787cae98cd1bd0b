"""What a diagram consists of, before it is laid out. Labels are templates: they may hold fact placeholders."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from handbook.drawing.text import fact_names


@dataclass(frozen=True)
class Node:
    """A part of an architecture, or a participant of a sequence. `icon` is an icon id (see `icons`) or ""."""

    id: str
    label: str
    line: int
    href: str = ""
    icon: str = ""
    group: str = ""
    accent: bool = False


@dataclass(frozen=True)
class Edge:
    """A connection. `direction`: forward, back, both or none; `style`: solid, dashed or dotted;
    `layout`: Graphviz attributes that steer the layout (minlen, weight, constraint, …).
    """

    tail: str
    head: str
    label: str
    line: int
    href: str = ""
    direction: str = "forward"
    style: str = "solid"
    colour: str = "line"
    layout: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Group:
    """A labelled panel around nodes and other groups; `parent` is the id of the group around it, or ""."""

    id: str
    label: str
    line: int
    href: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Graph:
    """An architecture: nodes, edges and groups in the order in which the script made them."""

    direction: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    groups: tuple[Group, ...]
    layout: tuple[tuple[str, str], ...] = ()

    def labels(self) -> Iterator[tuple[str, int]]:
        """Every label template with its line."""
        for part in (*self.nodes, *self.edges, *self.groups):
            yield part.label, part.line


@dataclass(frozen=True)
class Message:
    """An arrow of a sequence. `head`: filled, open, cross, none or both; `number` is set under `autonumber`."""

    sender: str
    receiver: str
    label: str
    line: int
    dashed: bool = False
    head: str = "filled"
    number: int | None = None


@dataclass(frozen=True)
class Activation:
    """A participant starts (`on`) or stops to be busy."""

    participant: str
    on: bool
    line: int


@dataclass(frozen=True)
class Note:
    """A remark `left` of, `right` of or `over` one or two participants."""

    position: str
    participants: tuple[str, ...]
    label: str
    line: int


@dataclass(frozen=True)
class Section:
    """One compartment of a block: its condition and what happens under it."""

    label: str
    line: int
    items: tuple[Step, ...]


@dataclass(frozen=True)
class Block:
    """A framed part of a sequence (loop, alt, opt, par, critical, break) with one or more sections."""

    kind: str
    sections: tuple[Section, ...]
    line: int


Step = Message | Activation | Note | Block


@dataclass(frozen=True)
class Sequence:
    """A sequence diagram: its participants from left to right, and its steps from top to bottom."""

    participants: tuple[Node, ...]
    steps: tuple[Step, ...]

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The participants, under the name that an architecture has for its parts."""
        return self.participants

    def messages(self) -> Iterator[Message]:
        """Every arrow, those inside blocks included."""
        return (step for step in _flat(self.steps) if isinstance(step, Message))

    def labels(self) -> Iterator[tuple[str, int]]:
        """Every label template with its line."""
        for participant in self.participants:
            yield participant.label, participant.line
        yield from _step_labels(self.steps)


def _flat(steps: tuple[Step, ...]) -> Iterator[Step]:
    for step in steps:
        yield step
        if isinstance(step, Block):
            for section in step.sections:
                yield from _flat(section.items)


def _step_labels(steps: tuple[Step, ...]) -> Iterator[tuple[str, int]]:
    for step in steps:
        if isinstance(step, Block):
            for section in step.sections:
                yield section.label, section.line
                yield from _step_labels(section.items)
        elif not isinstance(step, Activation):
            yield step.label, step.line


@dataclass(frozen=True)
class Drawing:
    """One diagram as its author wrote it.

    `design` is the slug of the design that it belongs to, `name` is unique in it; `title`, `description` and the labels
    of `body` are templates; `line` is where the diagram begins in the file `path`.
    """

    design: str
    name: str
    title: str
    description: str
    path: Path
    line: int
    body: Graph | Sequence

    @property
    def key(self) -> str:
        """`design/name`: unique among all the diagrams of the handbook."""
        return f"{self.design}/{self.name}"

    @property
    def nodes(self) -> tuple[Node, ...]:
        """The parts (or participants), each with id, label template, href and line."""
        return self.body.nodes

    @property
    def facts(self) -> frozenset[str]:
        """The facts that the labels, the title and the description name, as `design.name`."""
        texts = [self.title, self.description, *(label for label, _ in self.body.labels())]
        return frozenset(name for text in texts for name in fact_names(text, self.design))


class Link(NamedTuple):
    """A link in a picture: where it leads, the words that it stands on, and the line in the author's file."""

    href: str
    label: str
    line: int


@dataclass(frozen=True)
class Picture:
    """A drawn diagram. `width` and `height` in px; `icons`: the ids that `page_svg` uses of the sprite."""

    page_svg: str
    standalone_svg: str
    width: int
    height: int
    title: str
    description: str
    links: tuple[Link, ...] = ()
    icons: frozenset[str] = field(default_factory=frozenset)
