"""The author's side: `Architecture` and `Group`, which record what the package `diagrams` would hand to Graphviz.

`diagrams` gives nodes random ids, points at icon files of this machine and wants a `dot` program. So inside an
`Architecture` its `graphviz.Digraph` is replaced by a `_Tape` that only notes down what happens; ids, colours, layout
and picture are ours.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import diagrams
from handbook.drawing import icons
from handbook.drawing.errors import DrawingError, SetupError
from handbook.drawing.model import Drawing, Edge, Graph, Node
from handbook.drawing.model import Group as GroupModel

#: Where finished drawings go while `collect` runs a script; None when the author runs the script alone.
collecting: ContextVar[list[Drawing] | None] = ContextVar("collecting", default=None)

_LAYOUT = frozenset({"minlen", "weight", "constraint", "headport", "tailport", "group", "samehead", "sametail"})
_OF_NODES = frozenset({"label", "icon", "href", "URL", "color"})
_OF_EDGES = frozenset({"label", "href", "URL", "color", "style", "direction"}) | _LAYOUT
_FROM_DIAGRAMS = frozenset({"tail", "head", "dir", "fontcolor", "fontname", "fontsize", "shape", "height", "image"})
_GRAPH_LAYOUT = frozenset({"nodesep", "ranksep", "ordering", "newrank"})
_DIRECTIONS = ("LR", "TB", "RL", "BT")
_COLOURS = ("line", "accent", "muted")


@contextmanager
def _said_in_a_line() -> Iterator[None]:
    """In a script that runs alone, what is wrong ends it with one line rather than with a traceback."""
    try:
        yield
    except (DrawingError, SetupError) as error:
        if collecting.get() is not None:
            raise
        raise SystemExit("\n".join(map(str, getattr(error, "all", (error,))))) from None


class Architecture(diagrams.Diagram):
    """An architecture diagram: `with Architecture("final", title="…", description="…"):` and nodes inside.

    `name` becomes part of file names and addresses (a-z, 0-9, -); `title` is its caption; `description` says in
    sentences what it shows, for people who cannot see it; `direction` is LR, TB, RL or BT. `graph_attr` may
    hold Graphviz' nodesep, ranksep, ordering and newrank. Raises `DrawingError` when something is missing.
    """

    def __init__(
        self,
        name: str,
        *,
        title: str = "",
        description: str = "",
        direction: str = "LR",
        graph_attr: dict | None = None,
    ) -> None:
        self.source, self.line = _place()
        with _said_in_a_line():
            _check_words(Path(self.source), self.line, name, title, description)
            self._check_layout(direction, graph_attr or {})
        super().__init__(title, filename=name, direction=direction, show=False)
        self.name, self.title, self.description, self.direction = name, title, description, direction
        self.layout = tuple(sorted((k, str(v)) for k, v in (graph_attr or {}).items()))
        self.dot = _Tape()

    def __enter__(self) -> Architecture:
        self._digraph, diagrams.Digraph = diagrams.Digraph, _Tape
        _Tape.source = self.source
        diagrams.setdiagram(self)
        return self

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        diagrams.Digraph = self._digraph
        diagrams.setdiagram(None)
        diagrams.setcluster(None)
        if error is None:
            self.render()

    def render(self) -> None:
        """Hand the finished drawing to `collect`, or draw it to files when the script runs alone."""
        with _said_in_a_line():
            found = collecting.get()
            if found is not None:
                found.append(self.drawing())
                return
            from handbook.drawing import standalone

            standalone.write(self.drawing())

    def drawing(self) -> Drawing:
        """What was recorded, with ids that are the same on every run."""
        graph = _Reader(Path(self.source)).graph(self.dot, self.direction, self.layout)
        if not graph.nodes:
            raise self._error(f"the diagram {self.name!r} has no nodes", "add nodes inside the with block")
        source = Path(self.source)
        return Drawing(source.stem, self.name, self.title, self.description, source, self.line, graph)

    def _check_layout(self, direction: str, graph_attr: dict[str, Any]) -> None:
        if direction not in _DIRECTIONS:
            raise self._error(f"direction {direction!r} is unknown", f"choose one of {', '.join(_DIRECTIONS)}")
        if unknown := sorted(graph_attr.keys() - _GRAPH_LAYOUT):
            known = ", ".join(sorted(_GRAPH_LAYOUT))
            raise self._error(f"graph_attr {unknown[0]!r} has no effect", f"known are {known}")

    def _error(self, what: str, mend: str) -> DrawingError:
        return DrawingError(Path(self.source), self.line, what, mend)


class Group(diagrams.Cluster):
    """A labelled panel around nodes: `with Group("Delivery", href="#delivery"):`. Groups nest."""

    def __init__(self, label: str = "", *, href: str = "", **attributes: Any) -> None:
        super().__init__(label, graph_attr={"href": href, **attributes})


class _Tape:
    """Takes the place of `graphviz.Digraph`: notes nodes, edges and subgraphs with the line that made them."""

    source = ""  # of the script that is running: set when an Architecture is entered

    def __init__(self, *_: object, **__: object) -> None:
        self.line = _line(self.source)
        self.graph_attr: dict[str, Any] = {}
        self.node_attr: dict[str, Any] = {}
        self.edge_attr: dict[str, Any] = {}
        self.parts: list[tuple[str, int, dict[str, Any]]] = []
        self.edges: list[tuple[int, dict[str, Any]]] = []
        self.groups: list[_Tape] = []

    def node(self, name: str, label: str = "", **attributes: Any) -> None:
        self.parts.append((name, _line(self.source), {"label": label, **attributes}))

    def edge(self, tail_name: str, head_name: str, **attributes: Any) -> None:
        self.edges.append((_line(self.source), {"tail": tail_name, "head": head_name, **attributes}))

    def subgraph(self, graph: _Tape) -> None:
        self.groups.append(graph)


class _Reader:
    """Turns tapes into a `Graph`: random ids become slugs of the labels, attributes become fields."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.ids: dict[str, str] = {}
        self.taken: set[str] = set()
        self.nodes: list[Node] = []
        self.groups: list[GroupModel] = []

    def graph(self, tape: _Tape, direction: str, layout: tuple[tuple[str, str], ...]) -> Graph:
        self._read(tape, parent="")
        edges = tuple(self._edge(line, attributes) for line, attributes in tape.edges)
        return Graph(direction, tuple(self.nodes), edges, tuple(self.groups), layout)

    def _read(self, tape: _Tape, parent: str) -> None:
        for name, line, attributes in tape.parts:
            self.nodes.append(self._node(name, line, attributes, parent))
        for inner in tape.groups:
            label, href = str(inner.graph_attr.get("label", "")), _href(inner.graph_attr)
            group = GroupModel(self._id(label or "group"), label, inner.line, href, parent)
            self.groups.append(group)
            self._read(inner, group.id)

    def _node(self, name: str, line: int, attributes: dict[str, Any], group: str) -> Node:
        self._check(line, attributes, _OF_NODES)
        self.ids[name] = self._id(attributes["label"])
        icon = attributes.get("icon", "")
        try:
            icon = icons.check(icon) if icon else icons.of_file(attributes.get("image", ""))
        except LookupError as error:
            what, mend = error.args
            raise DrawingError(self.source, line, what, mend) from None
        accent = self._colour(line, attributes) == "accent"
        return Node(self.ids[name], attributes["label"], line, _href(attributes), icon, group, accent)

    def _edge(self, line: int, attributes: dict[str, Any]) -> Edge:
        self._check(line, attributes, _OF_EDGES)
        style = str(attributes.get("style") or "solid")
        direction = str(attributes.get("direction") or attributes["dir"])
        if direction not in ("forward", "back", "both", "none"):
            mend = "use forward, back, both or none"
            raise DrawingError(self.source, line, f"edge direction {direction!r} is unknown", mend)
        if style not in ("solid", "dashed", "dotted"):
            raise DrawingError(self.source, line, f"edge style {style!r} is unknown", "use solid, dashed or dotted")
        layout = tuple(sorted((k, str(v)) for k, v in attributes.items() if k in _LAYOUT))
        tail, head = self.ids[attributes["tail"]], self.ids[attributes["head"]]
        label = str(attributes.get("label") or attributes.get("xlabel") or "")
        colour = self._colour(line, attributes)
        return Edge(tail, head, label, line, _href(attributes), direction, style, colour, layout)

    def _check(self, line: int, attributes: dict[str, Any], known: frozenset[str]) -> None:
        for name in sorted(attributes.keys() - known - _FROM_DIAGRAMS):
            mend = f"take it out; known are {', '.join(sorted(known))}"
            raise DrawingError(self.source, line, f"the argument {name!r} has no effect", mend)

    def _colour(self, line: int, attributes: dict[str, Any]) -> str:
        colour = str(attributes.get("color") or "line")
        if colour not in _COLOURS:
            mend = "colours come from the reader's theme: use color='accent' or color='muted'"
            raise DrawingError(self.source, line, f"color {colour!r} is unknown", mend)
        return colour

    def _id(self, label: str) -> str:
        """A slug of the label without its facts, with a number when it is taken."""
        words = re.sub(r"\{\{.*?\}\}", " ", label).lower()
        slug = re.sub(r"[^a-z0-9]+", "-", words).strip("-") or "part"
        unique, count = slug, 1
        while unique in self.taken:
            count += 1
            unique = f"{slug}-{count}"
        self.taken.add(unique)
        return unique


def _href(attributes: dict[str, Any]) -> str:
    return str(attributes.get("href") or attributes.get("URL") or "")


def _check_words(source: Path, line: int, name: str, title: str, description: str) -> None:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", str(name)):
        raise DrawingError(source, line, f"the diagram's name {name!r} cannot be part of an address",
                           "write it with a-z, 0-9 and single hyphens")  # fmt: skip
    for value, word in ((title, "title"), (description, "description")):
        if not str(value).strip():
            mend = {
                "title": 'add title="…": its caption',
                "description": 'add description="…": what it shows, in sentences',
            }
            raise DrawingError(source, line, f"the diagram {name!r} has no {word}", mend[word])


def _place() -> tuple[str, int]:
    """File and line of the first frame that is neither ours nor that of `diagrams`."""
    frame = sys._getframe(1)
    while frame.f_back and frame.f_globals.get("__name__", "").split(".")[0] in ("handbook", "diagrams"):
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _line(source: str) -> int:
    """The line of the script `source` that is running now."""
    frame = sys._getframe(1)
    while frame and frame.f_code.co_filename != source:
        frame = frame.f_back
    return frame.f_lineno if frame else 1
