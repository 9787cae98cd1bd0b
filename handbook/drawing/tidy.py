"""Two things mended after Graphviz: edges that are almost straight, and labels that stand far from their edge."""

from __future__ import annotations

from collections.abc import Iterator

from handbook.drawing.dot import Plan, Wire

_ALMOST = 13  # px: an edge that rises or falls less than this over its whole way is drawn level
_CORNER = 14  # px that a level edge keeps from the corners of a card
_BOW = 7  # px: an edge that strays less than this from the straight line between its ends is drawn straight
_NEAR = 4  # px between a label and its edge
_STEPS = 24  # places that are tried on the way from where Graphviz put a label to the edge

Point = tuple[float, float]


def straighten(plan: Plan) -> None:
    """Draw edges level (upright in a diagram that runs down) that almost are; drop slight bows from straight ones."""
    across = 1 if plan.graph.direction in ("LR", "RL") else 0  # the axis at right angles to the flow
    for wire in plan.wires:
        ends = [*([wire.tail] if wire.tail else []), *wire.path, *([wire.head] if wire.head else [])]
        first, last = ends[0], ends[-1]
        if max(_distance(point, first, last) for point in ends) > _BOW:
            continue
        level = (first[across] + last[across]) / 2
        if abs(first[across] - last[across]) < _ALMOST and _meets_both(wire, plan, across, level):
            wire.path = [_at(point, across, level) for point in wire.path]
            wire.head, wire.tail = (tip and _at(tip, across, level) for tip in (wire.head, wire.tail))
            if wire.width and across:
                wire.y += level - (first[1] + last[1]) / 2
        else:
            start, end = wire.path[0], wire.path[-1]
            wire.path = [_between(start, end, t) for t in (0, 1 / 3, 2 / 3, 1)]


def nestle(plan: Plan) -> None:
    """Move each label towards its edge until it almost touches, unless something stands in the way."""
    samples = [list(_samples(wire)) for wire in plan.wires]
    for number, wire in enumerate(plan.wires):
        if not wire.width:
            continue
        own = samples[number]
        others = [point for n, points in enumerate(samples) if n != number for point in points]
        goal = min(own, key=lambda p: (p[0] - wire.x) ** 2 + (p[1] - wire.y) ** 2)
        best = start = (wire.x, wire.y)
        for step in range(1, _STEPS + 1):
            place = _between(start, goal, step / _STEPS)
            if _gap(place, wire, own) < _NEAR:
                break
            if not _blocked(place, wire, plan, others):
                best = place
        wire.x, wire.y = best


def _meets_both(wire: Wire, plan: Plan, across: int, level: float) -> bool:
    """Whether a line at `level` meets both cards well away from their corners."""
    for card in (plan.cards[wire.edge.tail], plan.cards[wire.edge.head]):
        centre, size = ((card.x, card.width), (card.y, card.height))[across]
        if abs(level - centre) > size / 2 - _CORNER:
            return False
    return True


def _blocked(place: Point, wire: Wire, plan: Plan, others: list[Point]) -> bool:
    """Whether a label at `place` would touch a card, another edge or another label."""
    if _gap(place, wire, others) < _NEAR:
        return True
    boxes = [(card.x, card.y, card.width, card.height) for card in plan.cards.values()]
    boxes += [(w.x, w.y, w.width, w.height) for w in plan.wires if w is not wire and w.width]
    boxes += [(p.x + 14 + p.label_width / 2, p.y + 17, p.label_width, 16) for p in plan.panels.values()]
    return any(
        abs(place[0] - x) < (wire.width + wide) / 2 + _NEAR and abs(place[1] - y) < (wire.height + high) / 2 + _NEAR
        for x, y, wide, high in boxes
    )


def _gap(place: Point, wire: Wire, points: list[Point]) -> float:
    """The distance from the label's box at `place` to the nearest of the points."""
    half_width, half_height = wire.width / 2, wire.height / 2
    return min(
        (max(abs(x - place[0]) - half_width, abs(y - place[1]) - half_height) for x, y in points), default=float("inf")
    )


def _samples(wire: Wire) -> Iterator[Point]:
    """Points along the Bézier path, close enough to feel for collisions."""
    for i in range(0, len(wire.path) - 3, 3):
        a, b, c, d = wire.path[i : i + 4]
        for t in (n / 24 for n in range(25)):
            s = 1 - t
            yield tuple(s**3 * a[k] + 3 * s * s * t * b[k] + 3 * s * t * t * c[k] + t**3 * d[k] for k in (0, 1))


def _distance(point: Point, first: Point, last: Point) -> float:
    """From a point to the line through two others."""
    dx, dy = last[0] - first[0], last[1] - first[1]
    length = (dx * dx + dy * dy) ** 0.5 or 1
    return abs(dx * (point[1] - first[1]) - dy * (point[0] - first[0])) / length


def _between(start: Point, end: Point, t: float) -> Point:
    return start[0] + (end[0] - start[0]) * t, start[1] + (end[1] - start[1]) * t


def _at(point: Point, axis: int, value: float) -> Point:
    return (value, point[1]) if axis == 0 else (point[0], value)
