"""The picture of an architecture, written from its placed plan."""

from __future__ import annotations

import math

from handbook.drawing import svg
from handbook.drawing.dot import BADGE, DETAIL_SIZE, EDGE_SIZE, GROUP_SIZE, ICON, LEADING, Card, Panel, Plan, Wire
from handbook.drawing.icons import is_picture
from handbook.drawing.svg import Theme, num, tag

Point = tuple[float, float]  # px

_DASHES = {"dashed": "6 4", "dotted": "1.5 4"}


def body(plan: Plan, theme: Theme) -> str:
    """Everything inside the frame: panels below, then edges, then cards, then the words on the edges."""
    panels = sorted(plan.panels.values(), key=lambda panel: panel.depth)
    words = [_panel_words(panel, theme) for panel in panels if panel.lines]
    words += [_words(wire, plan, theme) for wire in plan.wires if wire.width]
    anchor = None if any(card.wide for card in plan.cards.values()) else "middle"
    nodes = {"color": theme["accent"], "font_weight": 600, "text_anchor": anchor}
    layers = [
        ("d-groups", [_panel(panel, theme) for panel in panels], {}),
        ("d-edges", [_wire(wire, theme) for wire in plan.wires], {"fill": "none", "stroke_width": 1.4}),
        ("d-nodes", [_card(card, theme) for card in plan.cards.values()], nodes),
        ("d-labels", words, {"font_size": EDGE_SIZE, **svg.HALO}),
    ]
    return "".join(tag("g", *parts, class_=name, **attributes) for name, parts, attributes in layers if parts)


def _panel(panel: Panel, theme: Theme) -> str:
    box = {"x": panel.x, "y": panel.y, "width": panel.width, "height": panel.height, "rx": 10}
    return tag("rect", **box, fill=theme[_fill(panel)], stroke=theme["group-line"])


def _panel_words(panel: Panel, theme: Theme) -> str:
    words = svg.text(
        panel.lines, panel.x + 14, panel.y + 21, LEADING, font_size=GROUP_SIZE, font_weight=600, letter_spacing=".03em",
        fill=theme["muted"], stroke=theme[_fill(panel)],
    )  # fmt: skip
    return tag("g", theme.link(panel.group.href, words), class_="d-group")


def _fill(panel: Panel) -> str:
    """Panels inside panels take turns, so that each stands out from the one around it."""
    return "halo" if panel.depth % 2 else "group"


def _card(card: Card, theme: Theme) -> str:
    left, top = card.x - card.width / 2, card.y - card.height / 2
    rect = tag(
        "rect", x=left, y=top, width=card.width, height=card.height, rx=8, fill=theme["node"],
        stroke=theme["accent" if card.node.accent else "node-line"], stroke_width=1.6 if card.node.accent else None,
    )  # fmt: skip
    icon = bool(card.node.icon)
    if card.wide:
        x = left + 12 + (ICON + 10 if icon else 0)
        y = card.y - len(card.lines) * LEADING / 2 + 12
        mark = _icon(card.node.icon, left + 12, card.y - ICON / 2, theme)
    else:
        x = card.x
        y = top + 11 + (ICON + 5 if icon else 0) + 12
        mark = _icon(card.node.icon, card.x - ICON / 2, top + 11, theme)
    name = svg.text(card.lines[: card.names], x, y, LEADING)
    details = svg.text(
        card.lines[card.names :],
        x,
        y + card.names * LEADING,
        LEADING,
        font_size=DETAIL_SIZE,
        font_weight=400,
        fill=theme["muted"],
    )
    content = rect + mark + name + (" " + details if details else "")
    return tag("g", theme.link(card.node.href, content), class_="d-node")


def _icon(icon: str, x: float, y: float, theme: Theme) -> str:
    if not icon:
        return ""
    plate = ""
    if is_picture(icon):  # made for a white page: keep it on a light plate in the dark
        plate = tag("rect", x=x - 3, y=y - 3, width=ICON + 6, height=ICON + 6, rx=6, fill=theme["plate"])
    return plate + theme.icon(icon, x, y, ICON)


def _wire(wire: Wire, theme: Theme) -> str:
    colour = theme[wire.edge.colour]
    start = wire.path[0]
    curves = "".join(_curve(*wire.path[i : i + 4]) for i in range(0, len(wire.path) - 1, 3))
    line = tag(
        "path", d=f"M{num(start[0])} {num(start[1])}{curves}", stroke=colour,
        stroke_dasharray=_DASHES.get(wire.edge.style), stroke_linecap="round" if wire.edge.style == "dotted" else None,
    )  # fmt: skip
    heads = [head(base, tip) for base, tip in ((wire.path[-1], wire.head), (start, wire.tail)) if tip]
    return line + (tag("path", d="".join(heads), fill=colour) if heads else "")


def _curve(start: Point, one: Point, other: Point, end: Point) -> str:
    """A cubic curve from where the path is; one that is straight as a line, which is shorter to write."""
    length = math.dist(start, end) or 1
    across = [(end[0] - start[0]) * (p[1] - start[1]) - (end[1] - start[1]) * (p[0] - start[0]) for p in (one, other)]
    bent = max(map(abs, across)) / length > 0.1  # px, of the control points
    return ("C" if bent else "L") + " ".join(f"{num(x)} {num(y)}" for x, y in ((one, other, end) if bent else (end,)))


def head(base: tuple[float, float], tip: tuple[float, float]) -> str:
    """A slim arrow head with a slight notch, from where the line ends to the tip."""
    dx, dy = tip[0] - base[0], tip[1] - base[1]
    length = math.hypot(dx, dy) or 1
    ux, uy = dx / length, dy / length
    back, half, notch = 8.5, 3.6, 1.8
    corner = (tip[0] - back * ux, tip[1] - back * uy)
    points = [
        tip,
        (corner[0] - half * uy, corner[1] + half * ux),
        (corner[0] + notch * ux, corner[1] + notch * uy),
        (corner[0] + half * uy, corner[1] - half * ux),
    ]
    return svg.polyline(points, close=True)


def badge(number: str, left: float, y: float, theme: Theme) -> str:
    """A number on a disc whose left end is at `left` and whose middle is at `y` px."""
    disc = tag("circle", cx=left + BADGE / 2, cy=y, r=BADGE / 2, fill=theme["accent"])
    colour = theme["on-accent"]
    return disc + tag(
        "text", number, x=left + BADGE / 2, y=y + 4.3, font_size=12, font_weight=700, text_anchor="middle", fill=colour
    )


def _words(wire: Wire, plan: Plan, theme: Theme) -> str:
    """The label of an edge: a numbered badge, the words beside it, a halo in the colour of what lies behind."""
    left = wire.x - wire.width / 2
    parts = []
    if wire.badge:
        parts.append(badge(wire.badge, left, wire.y, theme))
        left += BADGE + 5
    if wire.lines:
        leading = LEADING - 1
        first = wire.y - len(wire.lines) * leading / 2 + 11.5
        middle = wire.x if not wire.badge else left
        words = svg.text(
            wire.lines,
            middle,
            first,
            leading,
            text_anchor=None if wire.badge else "middle",
            stroke=theme[_behind(wire, plan)],
        )
        parts.append(words)
    content = " ".join(parts)
    return tag("g", theme.link(wire.edge.href, content), class_="d-label")


def _behind(wire: Wire, plan: Plan) -> str:
    """The colour of the innermost panel under the middle of a label, or of the page."""
    under = [
        panel
        for panel in plan.panels.values()
        if panel.x < wire.x < panel.x + panel.width and panel.y < wire.y < panel.y + panel.height
    ]
    return _fill(max(under, key=lambda panel: panel.depth)) if under else "halo"
