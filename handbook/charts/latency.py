"""What a system feels like: the tail of its latency, and a measure before and after a change."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from handbook import rounding
from handbook.charts.chart import COLOURS, Chart, described, marked, padded, require_finite, series_encoding, ticks
from handbook.errors import InputError

#: Percentiles by the share of requests that are slower.
_NAMED = {0.5: "p50", 0.1: "p90", 0.01: "p99", 0.001: "p99.9", 1e-4: "p99.99", 1e-5: "p99.999"}
_POINTS_PER_DECADE = 24


def latency(
    series: Mapping[str, Sequence[float]],
    *,
    unit: str = "ms",
    objective: tuple[float, str] | None = None,
    description: str = "",
    note: str = "",
) -> Chart:
    """The share of requests slower than each latency, both axes logarithmic: one line for each named sample.

    The tail, which a histogram hides, is what one sees. `series` maps a name to latencies above zero, in `unit`;
    `objective` is a latency with its name, drawn as a rule. Raises InputError for no series, fewer than ten latencies,
    or one at or below zero.
    """
    if not series or min(map(len, series.values())) < 10:
        raise InputError("series", dict(series), "at least one series, each of ten latencies or more")
    for values in series.values():
        require_finite("series", values, above_zero=True)
    rows = [{"series": name, "x": x, "y": y} for name, values in series.items() for x, y in _tail(values)]
    smallest, across = min(row["y"] for row in rows), [row["x"] for row in rows]
    shares = [share for share in _NAMED if share >= smallest * 0.999]
    labels = "[" + ",".join(f"'{_NAMED[share]}'" for share in shares) + "]"
    y_axis = {"values": shares, "labelExpr": f"{labels}[indexof({shares}, datum.value)]"}
    drawn: list[dict[str, Any]] = [{
        "data": {"values": rows},
        "mark": {"type": "line"},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "title": f"Latency ({unit})",
                  "scale": {"type": "log", "nice": False}, "axis": ticks(log=(min(across), max(across)))},
            "y": {"field": "y", "type": "quantitative", "title": "Percentile", "axis": y_axis,
                  "scale": {"type": "log", "domain": [1.0, smallest], "nice": False, "reverse": False}},
            **series_encoding(list(series), 1 if objective else 0),
        },
    }]  # fmt: skip
    if objective:
        require_finite("objective", [objective[0]], above_zero=True)
        drawn += marked({objective[1]: objective[0]}, 0, 2 * math.sqrt(min(across) * max(across)))
    return Chart({"height": 260, "layer": drawn}, described(_tail_words(series, unit), description, note))


def _tail(values: Sequence[float]) -> list[tuple[float, float]]:
    """(latency, share of requests slower than it): as many points to each decade of the share, to the last request."""
    ordered, count = sorted(values), len(values)
    shares = [10 ** (-step / _POINTS_PER_DECADE) for step in range(8 * _POINTS_PER_DECADE)]
    ranks = dict.fromkeys(max(1, round(share * count)) for share in shares if share * count >= 0.5)
    return [(ordered[count - rank], rank / count) for rank in ranks]


def _tail_words(series: Mapping[str, Sequence[float]], unit: str) -> str:
    def said(name: str, values: Sequence[float]) -> str:
        ordered, count = sorted(values), len(values)
        shares = [share for share in (0.5, 0.01, 0.001) if share * count >= 1]
        parts = [f"{_NAMED[s]} {rounding.count(ordered[count - max(1, round(s * count))])} {unit}" for s in shares]
        return f"{name}: {', '.join(parts)}"

    return f"Latency against percentile, both logarithmic. {'; '.join(said(*item) for item in series.items())}."


def before_after(
    pairs: Mapping[str, tuple[float, float]],
    *,
    axis: str,
    names: tuple[str, str] = ("before", "after"),
    log: bool = False,
    description: str = "",
    note: str = "",
) -> Chart:
    """Each measure before and after a change: a ring, an arrow's line, a disc, both with their value.

    `pairs` maps a measure to its two values in the unit that `axis` names; `names` say what the two states are
    ("without retry budget", "with it"). `log` sets a logarithmic axis. Raises InputError for no pairs, a value that is
    not finite, or one at or below zero on a logarithmic axis.
    """
    if not pairs:
        raise InputError("pairs", dict(pairs), "at least one measure with its two values")
    if len(set(names)) != 2 or not all(names):
        raise InputError("names", names, "two different names")
    values = [value for pair in pairs.values() for value in pair]
    require_finite("pairs", values, above_zero=log)
    rows = [
        {"name": name, "low": min(pair), "high": max(pair), "value": value, "state": state,
         "text": rounding.count(value), "side": "left" if value < other or (value == other and not i) else "right"}
        for name, pair in pairs.items()
        for i, (state, value, other) in enumerate(zip(names, pair, pair[::-1], strict=True))
    ]  # fmt: skip
    words = f"{axis}, {names[0]} and {names[1]}. " + "; ".join(
        f"{name}: {rounding.count(a)} and {rounding.count(b)}" for name, (a, b) in pairs.items()
    )
    spec = {"data": {"values": rows}, "height": {"step": 46}, "layer": _dumbbells(values, axis, list(names), log)}
    return Chart(spec, described(words + ".", description, note))


def _dumbbells(values: Sequence[float], axis: str, names: list[str], log: bool) -> list[dict[str, Any]]:
    low, high = (min(values), max(values)) if log else (min(0, *values), max(0, *values))
    longest = max(len(rounding.count(value)) for value in values)
    domain = padded(low, high, longest, longest, log=log)
    scale = {"type": "log" if log else "linear", "domain": domain, "nice": False}
    axis_ticks = ticks(log=(low, high) if log else None, grid=False)
    x = {"type": "quantitative", "title": axis, "scale": scale, "axis": axis_ticks}
    y = {"field": "name", "type": "nominal", "sort": None, "axis": None}
    state = {"field": "state", "type": "nominal", "sort": None, "legend": {"orient": "top", "title": None}}
    colours = {**state, "scale": {"domain": names, "range": [COLOURS[1], COLOURS[0]]}}
    shapes = {**state, "scale": {"domain": names, "range": ["diamond", "circle"]}}
    point = {"type": "point", "size": 110, "filled": True, "opacity": 1, "yOffset": 9}
    text = {"type": "text", "baseline": "middle", "yOffset": 9}

    def words(side: str, align: str, dx: int) -> dict[str, Any]:
        return {"transform": [{"filter": f"datum.side == '{side}'"}], "mark": {**text, "align": align, "dx": dx},
                "encoding": {"x": {**x, "field": "value"}, "y": y, "text": {"field": "text"}}}  # fmt: skip

    return [
        {"mark": {"type": "rule", "strokeWidth": 3, "yOffset": 9, "y2Offset": 9},
         "encoding": {"x": {**x, "field": "low"}, "x2": {"field": "high"}, "y": y}},
        {"mark": point, "encoding": {"x": {**x, "field": "value"}, "y": y, "color": colours, "shape": shapes}},
        words("left", "right", -10), words("right", "left", 10),
        {"mark": {"type": "text", "align": "left", "baseline": "middle", "yOffset": -10},
         "encoding": {"x": {"value": 0}, "y": y, "text": {"field": "name"}},
         "transform": [{"filter": f"datum.state == {names[0]!r}"}]},
    ]  # fmt: skip
