"""Bars and lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handbook import rounding
from handbook.charts.chart import Chart, described, marked, require_finite, series_encoding, ticks
from handbook.errors import InputError


def bars(values: Mapping[str, float], *, axis: str, description: str = "", note: str = "", log: bool = False) -> Chart:
    """Horizontal bars, one for each name, in the order given; `axis` names what is measured and its unit.

    `log` sets a logarithmic axis, which needs values above zero. Raises InputError for no values at all, or one that is
    not finite.
    """
    if not values:
        raise InputError("values", dict(values), "at least one bar")
    require_finite("values", values.values(), above_zero=log)
    rows = [{"name": name, "value": value, "text": rounding.count(value)} for name, value in values.items()]
    low, high = (min(values.values()) / 10, max(values.values())) if log else (0.0, 0.0)
    x = {
        "field": "value",
        "type": "quantitative",
        "title": axis,
        "axis": ticks(log=(low, high) if log else None, grid=False),
    }
    if log:
        x["scale"] = {"type": "log", "domainMin": low}
    y = {"field": "name", "type": "nominal", "sort": None, "title": None}
    bar = {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.7}}
    text = {"type": "text", "align": {"expr": "datum.value < 0 ? 'right' : 'left'"},
            "dx": {"expr": "datum.value < 0 ? -5 : 5"}}  # fmt: skip
    spec = {
        "data": {"values": rows},
        "height": {"step": 26},
        "encoding": {"y": y},
        "layer": [
            {"mark": bar, "encoding": {"x": x, **({"x2": {"datum": low}} if log else {})}},
            {"mark": text, "encoding": {"x": x, "text": {"field": "text"}}},
        ],
    }
    words = "; ".join(f"{name}: {rounding.count(value)}" for name, value in values.items()) + f" ({axis})."
    return Chart(spec, described(words, description, note))


def lines(
    series: Mapping[str, Sequence[tuple[float, float]]],
    *,
    x: str,
    y: str,
    description: str = "",
    note: str = "",
    events: Mapping[str, float] | None = None,
    log: bool = False,
) -> Chart:
    """One line for each named series of (x, y) points; `events` marks moments on the x axis by a rule with its name.

    Raises InputError for no series, an empty one, or a point that is not finite.
    """
    if not series or not all(series.values()):
        raise InputError("series", dict(series), "at least one series, each with points")
    for points in series.values():
        require_finite("series", [b for _, b in points], above_zero=log)
        require_finite("series", [a for a, _ in points])
    require_finite("events", (events or {}).values())
    rows = [{"series": name, "x": a, "y": b} for name, points in series.items() for a, b in points]
    heights = [b for points in series.values() for _, b in points]
    span = (min(heights), max(heights)) if log else None
    drawn: list[dict[str, Any]] = [{
        "data": {"values": rows},
        "mark": {"type": "line"},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "title": x, "axis": ticks()},
            "y": {"field": "y", "type": "quantitative", "title": y, "axis": ticks(log=span),
                  **({"scale": {"type": "log"}} if log else {})},
            **series_encoding(list(series), len(events or {})),
        },
    }]  # fmt: skip
    moments = [a for points in series.values() for a, _ in points] + list((events or {}).values())
    drawn += marked(events or {}, min(moments), max(moments))
    return Chart({"height": 260, "layer": drawn}, described(_words(series, x, y, events or {}), description, note))


def _words(series: Mapping[str, Sequence[tuple[float, float]]], x: str, y: str, events: Mapping[str, float]) -> str:
    def said(name: str, points: Sequence[tuple[float, float]]) -> str:
        ordered = sorted(points)
        top = max(ordered, key=lambda point: point[1])
        shown = rounding.count
        return (
            f"{name} starts at {shown(ordered[0][1])}, is highest with {shown(top[1])} at {shown(top[0])} and ends at "
            f"{shown(ordered[-1][1])}"
        )

    marked = "".join(f"; {name} at {rounding.count(at)}" for name, at in sorted(events.items(), key=lambda e: e[1]))
    return f"{y} against {x}. " + "; ".join(said(*item) for item in series.items()) + marked + "."
