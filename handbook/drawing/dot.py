"""From a graph to Graphviz and back: labels measured and boxed, the layout read as plain geometry.

Graphviz only places; it never sees a font. All lengths are px (handed over as points, 72 to the inch).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from handbook.drawing.model import Drawing, Edge, Graph, Group, Node
from handbook.drawing.text import LINE_END, Line, Run, fill, width, wrap

NAME_SIZE, DETAIL_SIZE, EDGE_SIZE, GROUP_SIZE = 13, 12, 12, 12
LEADING = 16  # px from line to line
ICON, BADGE = 24, 18
_GAP = 3  # px that arrows keep from the card
_ARROW = 0.8  # Graphviz' arrow of 10 px, scaled
_NUMBERED = re.compile(r"(\d{1,2}[a-z]?)[.)]?(?:\s+(?=[^\d\s])|\s*$)")


@dataclass
class Card:
    """A node with its label in lines and its place: centre and size. `wide`: the icon stands left of the label."""

    node: Node
    lines: list[Line]
    names: int  # how many of the lines are the name
    wide: bool
    width: float
    height: float
    x: float = 0
    y: float = 0


@dataclass
class Wire:
    """An edge with its label and its route: a Bézier path and the tips of its arrows in px."""

    edge: Edge
    badge: str
    lines: list[Line]
    width: float
    height: float
    x: float = 0
    y: float = 0
    path: list[tuple[float, float]] = field(default_factory=list)
    head: tuple[float, float] | None = None
    tail: tuple[float, float] | None = None


@dataclass
class Panel:
    """A group with its label in lines and its place: top left corner and size; `depth`: the groups around it."""

    group: Group
    lines: list[Line]
    label_width: float
    depth: int
    x: float = 0
    y: float = 0
    width: float = 0
    height: float = 0


@dataclass
class Plan:
    """A graph with its labels filled and measured, then placed."""

    graph: Graph
    cards: dict[str, Card]
    wires: list[Wire]
    panels: dict[str, Panel]
    width: float = 0
    height: float = 0


def plan(drawing: Drawing, facts: Mapping[str, str]) -> Plan:
    """Fill, break and measure every label. The facts must be known (see `draw`)."""
    graph: Graph = drawing.body
    wide = graph.direction in ("TB", "BT")

    def filled(label: str) -> list[Run]:
        return fill(label, drawing.design, facts)

    cards = {node.id: _card(node, filled(node.label), wide) for node in graph.nodes}
    wires = [_wire(edge, filled(edge.label)) for edge in graph.edges]
    panels: dict[str, Panel] = {}
    for group in graph.groups:
        lines = wrap(filled(group.label), GROUP_SIZE, 240, bold=True)
        depth = panels[group.parent].depth + 1 if group.parent else 0
        longest = max((width(line, GROUP_SIZE, bold=True) for line in lines), default=0)
        panels[group.id] = Panel(group, lines, longest * 1.04, depth)
    return Plan(graph, cards, wires, panels)


def to_dot(plan: Plan) -> str:
    """The dot text: boxes of the measured sizes, empty labels of the measured sizes."""
    graph = plan.graph
    layout = {"nodesep": "0.32", "ranksep": "0.5", "splines": "spline", **dict(graph.layout)}
    settings = _attributes({**layout, "rankdir": graph.direction, "labeljust": "l", "margin": "14"})
    lines = [
        "digraph {",
        f"graph {settings};",
        'node [shape="box",fixedsize="true",label=""];',
        f"edge [arrowsize={_ARROW}];",
    ]
    lines += _contents(plan, "")
    for wire in plan.wires:
        edge = wire.edge
        attributes = {"dir": edge.direction, **dict(edge.layout)}
        label = f",label={_space(wire.width, wire.height)}" if wire.width else ""
        lines.append(f"{_quote(edge.tail)} -> {_quote(edge.head)} [{_attributes(attributes)[1:-1]}{label}];")
    return "\n".join([*lines, "}"])


def place(plan: Plan, layout: dict[str, Any]) -> None:
    """Read Graphviz' json0 answer into the plan: y grows downwards, the picture begins at (0, 0)."""
    _, _, plan.width, plan.height = _numbers(layout["bb"])
    for thing in layout.get("objects", ()):
        name = thing["name"]
        if name in plan.cards:
            card = plan.cards[name]
            x, y = _numbers(thing["pos"])
            card.x, card.y = x, plan.height - y
        elif name.startswith("cluster_") and "bb" in thing:
            left, bottom, right, top = _numbers(thing["bb"])
            panel = plan.panels[name.removeprefix("cluster_")]
            panel.x, panel.y, panel.width, panel.height = left, plan.height - top, right - left, top - bottom
    for wire, thing in zip(plan.wires, layout.get("edges", ()), strict=True):
        _route(wire, thing, plan.height)


def _card(node: Node, runs: list[Run], wide: bool) -> Card:
    limit = 170 if wide else 128
    head, details = _split(runs)
    names = wrap(head, NAME_SIZE, limit, bold=True)
    lines = names + wrap(details, DETAIL_SIZE, limit)
    longest = max(
        (
            width(line, NAME_SIZE if i < len(names) else DETAIL_SIZE, bold=i < len(names))
            for i, line in enumerate(lines)
        ),
        default=0,
    )
    text_height = len(lines) * LEADING
    if wide:
        left = 12 + (ICON + 10 if node.icon else 0)
        return Card(
            node, lines, len(names), wide, max(left + longest + 14, 90), max(text_height + 20, 44 if node.icon else 36)
        )
    top = 11 + (ICON + 5 if node.icon else 0)
    return Card(node, lines, len(names), wide, max(longest + 24, 100), top + text_height + 10)


def _wire(edge: Edge, runs: list[Run]) -> Wire:
    badge, runs = take_number(runs)
    lines = wrap(runs, EDGE_SIZE, 104)
    longest = max((width(line, EDGE_SIZE) for line in lines), default=0)
    extent = longest + (BADGE + 5 * bool(lines) if badge else 0)
    return Wire(edge, badge, lines, extent, max(len(lines) * (LEADING - 1), BADGE if badge else 0))


def take_number(runs: list[Run]) -> tuple[str, list[Run]]:
    """The number with which a label begins ("1 accept"), or "", and the rest of the label."""
    if not runs or runs[0].fact or not (match := _NUMBERED.match(runs[0].text)):
        return "", runs
    rest = Run(runs[0].text[match.end() :])
    return match[1], [run for run in (rest, *runs[1:]) if run.text]


def _split(runs: list[Run]) -> tuple[list[Run], list[Run]]:
    """Name and details: what stands before and after the author's first line end."""
    for i, run in enumerate(runs):
        if not run.fact and (match := LINE_END.search(run.text)):
            before, after = Run(run.text[: match.start()]), Run(run.text[match.end() :])
            return [*runs[:i], before], [after, *runs[i + 1 :]]
    return runs, []


def _contents(plan: Plan, parent: str) -> list[str]:
    lines = []
    for card in plan.cards.values():
        if card.node.group == parent:
            size = {"width": f"{(card.width + 2 * _GAP) / 72:.4f}", "height": f"{(card.height + 2 * _GAP) / 72:.4f}"}
            lines.append(f"{_quote(card.node.id)} {_attributes(size)};")
    for panel in plan.panels.values():
        if panel.group.parent == parent:
            label = _space(panel.label_width, len(panel.lines) * LEADING - 4) if panel.lines else '""'
            lines += [f"subgraph {_quote('cluster_' + panel.group.id)} {{", f"label={label};"]
            lines += [*_contents(plan, panel.group.id), "}"]
    return lines


def _route(wire: Wire, thing: dict[str, Any], height: float) -> None:
    points = []
    for piece in thing["pos"].split(";")[0].split(" "):
        end = piece[0] if piece[0] in "se" else ""
        x, y = _numbers(piece.removeprefix(f"{end},"))
        if end == "e":
            wire.head = (x, height - y)
        elif end == "s":
            wire.tail = (x, height - y)
        else:
            points.append((x, height - y))
    wire.path = points
    if "lp" in thing:
        x, y = _numbers(thing["lp"])
        wire.x, wire.y = x, height - y


def _space(wide: float, high: float) -> str:
    """An empty label that takes this much room."""
    size = f'FIXEDSIZE="TRUE" WIDTH="{round(wide) + 8}" HEIGHT="{round(high) + 6}"'
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" CELLSPACING="0" {size}><TR><TD></TD></TR></TABLE>>'


def _attributes(values: Mapping[str, str]) -> str:
    return "[" + ",".join(f"{key}={_quote(value)}" for key, value in values.items()) + "]"


def _quote(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _numbers(text: str) -> list[float]:
    return [float(value) for value in text.split(",")]
