"""Where a margin changes its sign: the points at which a decision turns over, by bracketing and bisection."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from handbook.errors import InputError

#: A margin as a function of one number; None where it cannot be computed.
Margin = Callable[[float], float | None]

_GOLDEN = (math.sqrt(5) - 1) / 2


@dataclass(frozen=True)
class Crossing:
    """A point where the margin changes its sign. `jump`: it leaps over zero (a rounded-up count, a pole)."""

    at: float
    jump: bool = False


@dataclass(frozen=True)
class Crossings:
    """All crossings in order, points where the margin touches zero and turns back, and the range that was scanned."""

    crossings: tuple[Crossing, ...]
    touches: tuple[float, ...]
    low: float
    high: float


def grid(low: float, high: float, points: int = 65, *, log: bool = False) -> list[float]:
    """`points` numbers from `low` to `high`, both included, evenly spaced, or evenly in their logarithm (`low` > 0).

    Raises InputError for an empty range, or one that has no logarithm.

    >>> grid(1, 100, 3, log=True)
    [1, 10.0, 100]
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise InputError("high", high, f"a number above low = {low!r}")
    if log and low <= 0:
        raise InputError("low", low, "a number above 0 on a logarithmic scale")
    steps = [step / (points - 1) for step in range(1, points - 1)]
    inner = [low * (high / low) ** s if log else low + (high - low) * s for s in steps]
    return [low, *inner, high]


def find(margin: Margin, points: Sequence[float]) -> Crossings:
    """Every sign change of `margin` between neighbouring `points`, bisected to the last digits of a float.

    A margin above zero counts as one sign, zero and below as the other. Between three points where the margin comes
    closer to zero and leaves again, the extremum is searched, so that two crossings inside one step, and a mere touch,
    are found. A dip narrower than a step, with no point in it, can be missed.
    """
    values = [margin(point) for point in points]
    known = [(x, m) for x, m in zip(points, values, strict=True) if m is not None]
    if not known:
        raise InputError("points", (points[0], points[-1]), "a range in which the margin can be computed somewhere")
    scale = max(abs(m) for _, m in known)
    points, values, touches = _refined(margin, list(points), values, scale)
    found: list[Crossing] = []
    for (a, at_a), (b, at_b) in pairwise(zip(points, values, strict=True)):
        if at_a is None or at_b is None or (at_a > 0) == (at_b > 0):
            continue
        crossing = _bisect(margin, (a, at_a), (b, at_b), scale)
        if found and math.isclose(found[-1].at, crossing.at, rel_tol=1e-7):  # there and back at one point
            touches.append(found.pop().at)
        else:
            found.append(crossing)
    return Crossings(tuple(found), tuple(touches), known[0][0], known[-1][0])


def _bisect(margin: Margin, a: tuple[float, float], b: tuple[float, float], scale: float) -> Crossing:
    while True:
        middle = (a[0] + b[0]) / 2
        value = margin(middle) if min(a[0], b[0]) < middle < max(a[0], b[0]) else None
        if value is None or abs(b[0] - a[0]) <= 4e-16 * max(abs(a[0]), abs(b[0])):
            break
        a, b = ((middle, value), b) if (value > 0) == (a[1] > 0) else (a, (middle, value))
    nearest = min(a, b, key=lambda end: abs(end[1]))
    return Crossing(nearest[0], jump=abs(a[1] - b[1]) > 1e-6 * scale)


def _refined(
    margin: Margin, points: list[float], values: list[float | None], scale: float
) -> tuple[list[float], list[float | None], list[float]]:
    """The points and values, with an extremum put in wherever it lies on the other side of zero; and the touches."""
    added, touches = [], []
    for i in range(1, len(points) - 1):
        left, middle, right = values[i - 1], values[i], values[i + 1]
        if left is None or middle is None or right is None or len({left > 0, middle > 0, right > 0}) > 1:
            continue
        drop = max(abs(left - middle), abs(right - middle))
        if not abs(middle) <= min(abs(left), abs(right)) or abs(middle) > drop or drop == 0:
            continue
        at, value = _nearest_to_zero(margin, points[i - 1], points[i + 1])
        if value is not None and (value > 0) != (middle > 0) and abs(value) > 1e-12 * scale:
            added.append((at, value))
        elif value is not None and abs(value) <= 1e-9 * scale:
            touches.append(at)
    merged = sorted([*zip(points, values, strict=True), *added], key=lambda pair: pair[0])
    return [x for x, _ in merged], [m for _, m in merged], touches


def _nearest_to_zero(margin: Margin, low: float, high: float) -> tuple[float, float | None]:
    """The extremum between two points by golden section; stops as soon as it is on the other side of zero."""
    start = margin(low)
    sign = 1 if start is not None and start > 0 else -1
    best: tuple[float, float | None] = (low, start)
    for _ in range(60):
        a, b = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        at_a, at_b = margin(a), margin(b)
        if at_a is None or at_b is None:
            break
        best = min(best, (a, at_a), (b, at_b), key=lambda pair: sign * (pair[1] or 0.0))
        if sign * (best[1] or 0.0) < 0:
            break
        low, high = (low, b) if sign * at_a <= sign * at_b else (a, high)
    return best
