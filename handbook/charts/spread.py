"""How sure a number is: the distribution of its values, and what each assumption does to it."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from handbook import rounding, units
from handbook.charts.axes import Axis
from handbook.charts.chart import COLOURS, ONCE, TEXT, WIDTH, Chart, described, padded, require_finite, ticks
from handbook.errors import InputError

_MARKS = (10, 50, 90)
_BINS = 40
_HEIGHT = 200

#: How many characters of an assumption's label stand on one line.
_LINE = 78

#: The marks of a tornado, as its legend names them.
_LOW, _HIGH, _HERE = "assumption at its low end", "at its high end", "as assumed"


def distribution(
    values: Sequence[float], *, like: Any = 1.0, label: str, description: str = "", note: str = ""
) -> Chart:
    """A histogram of sampled `values` (base units), with p10, p50 and p90 marked; the axis is in a unit for `like`.

    On a logarithmic axis where p90 is above ten times p10. The outermost hundredth on each side is not drawn.
    Raises InputError for fewer than ten values or one that is not finite.
    """
    require_finite("values", values)
    if len(values) < 10:
        raise InputError("values", list(values), "at least ten values")
    ordered = sorted(values)
    marks = {p: _rank(ordered, p) for p in _MARKS}
    low, high = _rank(ordered, 1), _rank(ordered, 99)
    shown = {p: rounding.full(_quantity(like, mark)) for p, mark in marks.items()}
    words = (
        f"{label}: half of all cases lie below {shown[50]} (p50), eight of ten between {shown[10]} (p10) and "
        f"{shown[90]} (p90)."
    )
    axis = Axis.for_quantity(_quantity(like, max(abs(marks[10]), abs(marks[90])) or 1.0))
    log = low > 0 and marks[90] > 10 * marks[10]
    scale = {"type": "log", "nice": False} if log else {"zero": False, "nice": False}
    ends = (low * axis.factor, high * axis.factor) if log else None
    x = {"field": "from", "type": "quantitative", "title": axis.title(label), "scale": scale,
         "axis": ticks(log=ends, grid=False)}  # fmt: skip
    bins = [
        {"from": a * axis.factor, "to": b * axis.factor, "cases": n, "inner": marks[10] <= (a + b) / 2 <= marks[90]}
        for a, b, n in _histogram(ordered, low, high, log)
    ]
    most = max(b["cases"] for b in bins)
    drawn: list[dict[str, Any]] = [{
        "data": {"values": bins},
        "mark": {"type": "bar", "binSpacing": 0.5},
        "encoding": {
            "x": x, "x2": {"field": "to"},
            "y": {"field": "cases", "type": "quantitative", "axis": None, "scale": {"domain": [0, most * 1.45]}},
            "y2": {"datum": 0},
            "opacity": {"condition": {"test": "datum.inner", "value": 1}, "value": 0.4},
        },
    }]  # fmt: skip
    first, last = bins[0]["from"], bins[-1]["to"]
    for p, mark in marks.items():
        at = axis.number(mark)
        share = math.log(at / first) / math.log(last / first) if log else (at - first) / (last - first)
        drawn += _marked(p, at, share)
    return Chart({"height": _HEIGHT, "layer": drawn}, described(words, description, note))


def _rank(ordered: Sequence[float], percent: float) -> float:
    return ordered[max(0, math.ceil(len(ordered) * percent / 100 - 1e-9) - 1)]


def _quantity(like: Any, value: float) -> Any:
    if not isinstance(like, units.Quantity):
        return value
    return units.Quantity(float(value), like.to_base_units().units).to(like.units)


def _histogram(ordered: Sequence[float], low: float, high: float, log: bool) -> list[tuple[float, float, int]]:
    """(from, to, how many), over what lies from `low` to `high`; bins of whole numbers where there are few of them."""
    if high == low:
        half = abs(low) * 0.05 or 0.5
        return [(low - half, low + half, len(ordered))]
    whole = all(value == int(value) for value in ordered) and high - low < _BINS and not log
    count = int(high - low) + 1 if whole else _BINS
    if whole:
        low, high = low - 0.5, high + 0.5
    edges = [low * (high / low) ** (i / count) if log else low + (high - low) * i / count for i in range(count + 1)]
    found, position = [0] * count, 0
    for value in ordered:
        if not edges[0] <= value <= edges[-1]:
            continue
        while position < count - 1 and value >= edges[position + 1]:
            position += 1
        found[position] += 1
    return [(a, b, n) for a, b, n in zip(edges, edges[1:], found, strict=False)]


def _marked(percent: int, at: float, share: float) -> list[dict[str, Any]]:
    """A rule at a percentile, `share` of the way from left to right, with its value above it; p50 a line higher.

    The text of p10 ends at its rule and that of p90 begins there, as long as it stays on the drawing.
    """
    middle, text = percent == 50, f"p{percent}: {rounding.count(at)}"
    length, plot = 7 * len(text), WIDTH - 10
    start = share * plot - {10: length + 5, 50: length / 2, 90: -5}[percent]
    start = min(max(0, start), plot - length)
    rule = {"type": "rule", "color": TEXT, "strokeWidth": 1.5, "strokeDash": [1, 0] if middle else [4, 3]}
    words = {"type": "text", "text": text, "align": {10: "right", 50: "center", 90: "left"}[percent],
             "baseline": "top", "fontWeight": "bold" if middle else "normal"}  # fmt: skip
    anchor = start + {10: length, 50: length / 2, 90: 0}[percent]
    top = 0 if middle else 22
    x = {"datum": at, "type": "quantitative"}
    return [
        {**ONCE, "mark": rule, "encoding": {"x": x, "y": {"value": top + 16}, "y2": {"value": _HEIGHT}}},
        {**ONCE, "mark": words, "encoding": {"x": {"value": anchor}, "y": {"value": top}}},
    ]


@dataclass(frozen=True)
class Bar:
    """A bar of a tornado: an assumption, its ends in words, and what they make of the fact (quantities)."""

    label: str
    low: str
    high: str
    at_low: Any
    at_high: Any


def tornado(
    bars: Sequence[Bar],
    published: Any,
    *,
    label: str,
    most: int = 8,
    log: bool = False,
    description: str = "",
    note: str = "",
) -> Chart:
    """What each assumption does to a fact, one at a time: a bar from the outcome at its low to that at its high end.

    `bars` come with the largest first, as from `uncertainty.swings`; `published` is the fact as it stands, and a rule.
    A triangle that points down marks the outcome at an assumption's low end, one that points up at its high end.
    Raises InputError for no bars, or outcomes of zero and below on a logarithmic axis.
    """
    if not bars:
        raise InputError("bars", list(bars), "at least one assumption with an effect")
    if most < 1:
        raise InputError("most", most, "at least 1")
    drawn = list(bars[:most])
    outcomes = [units.base(q) for bar in drawn for q in (bar.at_low, bar.at_high)] + [units.base(published)]
    require_finite("bars", outcomes, above_zero=log)
    axis = Axis.for_quantity(_quantity(published, max(outcomes, key=abs)))
    rows = [_row(bar, axis, published) for bar in drawn]
    low, high = min(outcomes) * axis.factor, max(outcomes) * axis.factor
    words = _tornado_words(bars, drawn, published, label)
    return Chart(_tornado_spec(rows, axis, label, published, (low, high), log), described(words, description, note))


def _row(bar: Bar, axis: Axis, published: Any) -> dict[str, Any]:
    at_low, at_high = axis.number(bar.at_low), axis.number(bar.at_high)
    least, most, here = min(at_low, at_high), max(at_low, at_high), axis.number(published)
    return {
        "name": "\n".join(textwrap.wrap(f"{bar.label} ({bar.low} to {bar.high})", _LINE)),
        "from": min(least, here), "to": max(most, here),
        "left": rounding.count(least), "right": rounding.count(most), "low": at_low, "high": at_high,
    }  # fmt: skip


def _tornado_words(bars: Sequence[Bar], drawn: Sequence[Bar], published: Any, label: str) -> str:
    first = "; ".join(
        f"{bar.label}, {bar.low} to {bar.high}: {rounding.text(bar.at_low)} to {rounding.text(bar.at_high)}"
        for bar in drawn[:3]
    )
    left = len(bars) - len(drawn)
    rest = f" {left} more {'moves' if left == 1 else 'move'} it less than those drawn." if left else ""
    return f"{label}, {rounding.full(published)} as assumed, when one assumption at a time is moved. {first}.{rest}"


def _tornado_spec(
    rows: list[dict[str, Any]], axis: Axis, label: str, published: Any, ends: tuple[float, float], log: bool
) -> dict[str, Any]:
    left, right = (max(len(row[side]) for row in rows) for side in ("left", "right"))
    domain = padded(*ends, left, right, log=log)
    scale = {"type": "log" if log else "linear", "domain": domain, "nice": False, "zero": False}
    x_axis = ticks(log=ends if log else None, grid=False)
    x = {"type": "quantitative", "title": axis.title(label), "scale": scale, "axis": x_axis}
    y = {"field": "name", "type": "nominal", "sort": None, "axis": None}
    text = {"type": "text", "baseline": "middle", "yOffset": 9}
    marks = [
        {"name": row["name"], "at": at, "end": end}
        for row in rows
        for at, end in ((row["low"], _LOW), (row["high"], _HIGH), (axis.number(published), _HERE))
    ]
    end = {
        "field": "end",
        "type": "nominal",
        "sort": None,
        "legend": {"orient": "top", "title": None, "symbolSize": 90},
    }
    names = {"domain": [_LOW, _HIGH, _HERE]}
    shapes = {**names, "range": ["triangle-down", "triangle-up", "M-0.15,-1.8h0.3v3.6h-0.3z"]}
    layers: list[dict[str, Any]] = [
        {"mark": {"type": "bar", "height": 12, "yOffset": 9, "opacity": 0.45, "color": COLOURS[2]},
         "encoding": {"x": {**x, "field": "from"}, "x2": {"field": "to"}, "y": y}},
        {"mark": {"type": "point", "filled": True, "size": 90, "opacity": 1, "yOffset": 9},
         "data": {"values": marks},
         "encoding": {"x": {**x, "field": "at"}, "y": y,
                      "shape": {**end, "scale": shapes},
                      "color": {**end, "scale": {**names, "range": [COLOURS[1], COLOURS[0], TEXT]}}}},
        {"mark": {**text, "align": "right", "dx": -9},
         "encoding": {"x": {**x, "field": "from"}, "y": y, "text": {"field": "left"}}},
        {"mark": {**text, "align": "left", "dx": 9},
         "encoding": {"x": {**x, "field": "to"}, "y": y, "text": {"field": "right"}}},
        {"mark": {"type": "text", "align": "left", "baseline": "bottom", "yOffset": -1, "lineBreak": "\n",
                  "dy": {"expr": "-15 * (length(split(datum.name, '\\n')) - 1)"}},
         "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "name"}}},
    ]  # fmt: skip
    lines = max(row["name"].count("\n") for row in rows)
    return {"data": {"values": rows}, "height": {"step": 46 + 16 * lines}, "layer": layers}
