"""The picture of a sequence, written from its placed plan; same looks as the architectures."""

from __future__ import annotations

from handbook.drawing import svg
from handbook.drawing.architecture_svg import badge, head
from handbook.drawing.dot import BADGE, ICON
from handbook.drawing.sequence_columns import BAR, LEADING, LOOP, SIZE, Column, tab_width
from handbook.drawing.sequence_layout import Arrow, Box, Frame, Plan
from handbook.drawing.svg import Theme, num, tag


def body(plan: Plan, theme: Theme) -> str:
    """Everything inside the frame: blocks below, then life lines, bars, messages, notes, and the participants."""
    lives = "".join(f"M{num(c.x)} {num(c.height)}V{num(c.bottom)}" for c in plan.columns)
    bars = [
        tag(
            "rect", x=x - BAR / 2, y=top, width=BAR, height=bottom - top, rx=3, fill=theme["node"], stroke=theme["line"]
        )
        for x, top, bottom in plan.bars
    ]
    return "".join([
        tag("g", *(_participant(column, theme) for column in plan.columns), font_weight=600, color=theme["accent"]),
        *(_frame(frame, theme) for frame in plan.frames),
        tag("path", d=lives, stroke=theme["node-line"], fill="none"),
        *(_head_of(frame, theme) for frame in plan.frames),
        *bars,
        tag("g", *(_line(arrow, theme) for arrow in plan.arrows), fill="none", stroke=theme["line"], stroke_width=1.4),
        tag("g", *(_words(arrow, theme) for arrow in plan.arrows), font_size=SIZE, **svg.HALO),
        *(_note(box, theme) for box in plan.boxes),
    ])  # fmt: skip


def _participant(column: Column, theme: Theme) -> str:
    left, node = column.x - column.width / 2, column.node
    rect = tag("rect", x=left, y=0, width=column.width, height=column.height, rx=8, fill=theme["node"],
               stroke=theme["node-line"])  # fmt: skip
    icon = theme.icon(node.icon, left + 10, (column.height - ICON) / 2, ICON) if node.icon else ""
    x, anchor = (left + ICON + 17, None) if icon else (column.x, "middle")
    first = (column.height - len(column.lines) * 16) / 2 + 12.5
    name = svg.text(column.lines, x, first, 16, text_anchor=anchor)
    return tag("g", theme.link(node.href, rect + icon + name), class_="d-node")


def _line(arrow: Arrow, theme: Theme) -> str:
    message, way = arrow.message, 1 if arrow.x2 > arrow.x1 else -1
    dashes = "5 4" if message.dashed else None
    if arrow.drop:
        way, right, bottom = -1, arrow.x1 + LOOP, arrow.y + arrow.drop
        data = (
            f"M{num(arrow.x1)} {num(arrow.y)}H{num(right - 6)}q6 0 6 6V{num(bottom - 6)}q0 6 -6 6H{num(arrow.x1 + 6)}"
        )
        tip = (arrow.x1, bottom)
    else:
        start = arrow.x1 + (7 * way if message.head == "both" else 0)
        end = arrow.x2 - (7 * way if message.head in ("filled", "both") else 0)
        data, tip = f"M{num(start)} {num(arrow.y)}H{num(end)}", (arrow.x2, arrow.y)
    line = tag("path", d=data, stroke_dasharray=dashes)
    return line + _end(message.head, tip, way, theme) + (
        tag("path", d=head((arrow.x2, arrow.y), (arrow.x1, arrow.y)), fill=theme["line"], stroke="none")
        if message.head == "both" else ""
    )  # fmt: skip


def _end(kind: str, tip: tuple[float, float], way: int, theme: Theme) -> str:
    x, y = tip
    if kind in ("filled", "both"):
        return tag("path", d=head((x - 10 * way, y), tip), fill=theme["line"], stroke="none")
    if kind == "open":
        return tag("path", d=f"M{num(x - 7 * way)} {num(y - 4)}L{num(x)} {num(y)}L{num(x - 7 * way)} {num(y + 4)}")
    if kind == "cross":
        x -= 6 * way
        return tag("path", d=f"M{num(x - 4)} {num(y - 4)}l8 8m0 -8l-8 8")
    return ""


def _words(arrow: Arrow, theme: Theme) -> str:
    x, y = arrow.at
    left = x if arrow.drop else x - arrow.words / 2
    mark, anchor = "", None if arrow.drop else "middle"
    if arrow.badge:
        mark = badge(arrow.badge, left, y, theme) + " "
        x, anchor = left + BADGE + 5, None
    first = y - len(arrow.lines) * LEADING / 2 + 11
    return mark + svg.text(
        arrow.lines, x, first, LEADING, text_anchor=anchor, stroke=theme["group" if arrow.depth % 2 else "halo"]
    )


def _note(box: Box, theme: Theme) -> str:
    rect = tag(
        "rect",
        x=box.x,
        y=box.y,
        width=box.width,
        height=box.height,
        rx=5,
        fill=theme["note"],
        stroke=theme["note-line"],
    )
    words = svg.text(box.lines, box.x + box.width / 2, box.y + 18, LEADING, font_size=SIZE, text_anchor="middle")
    return tag("g", rect, words, class_="d-note")


def _frame(frame: Frame, theme: Theme) -> str:
    """The panel of a block."""
    fill = theme["halo" if frame.depth % 2 else "group"]
    return tag(
        "rect",
        x=frame.x,
        y=frame.y,
        width=frame.width,
        height=frame.height,
        rx=8,
        fill=fill,
        stroke=theme["group-line"],
    )


def _head_of(frame: Frame, theme: Theme) -> str:
    """The words of a block: its kind on a tab, the condition of each section, a line between sections."""
    wide = tab_width(frame.kind)
    corner = f"M{num(frame.x)} {num(frame.y + 22)}V{num(frame.y + 8)}q0 -8 8 -8H{num(frame.x + wide)}v14q0 8 -8 8z"
    parts = [
        tag("path", d=corner, fill=theme["node"], stroke=theme["group-line"]),
        tag("text", frame.kind, x=frame.x + 8, y=frame.y + 15, font_size=11, fill=theme["accent"]),
    ]
    halo = theme["halo" if frame.depth % 2 else "group"]
    for number, (y, lines) in enumerate(frame.sections):
        if number:
            rule = f"M{num(frame.x)} {num(y)}h{num(frame.width)}"
            parts.append(tag("path", d=rule, stroke=theme["line"], stroke_dasharray="5 4", opacity=0.7))
        x, first = (frame.x + 14, y + 18) if number else (frame.x + wide + 10, y + 15.5)
        parts.append(svg.text(lines, x, first, LEADING, font_size=SIZE, fill=theme["muted"], stroke=halo, **svg.HALO))
    return tag("g", " ".join(filter(None, parts)), class_="d-block", font_weight=600)
