"""A chart: its specification, its looks, its description."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from handbook.errors import InputError

MIME = "application/vnd.vegalite.v6+json"

#: How wide a chart is with all its labels: CSS pixels.
WIDTH = 560

#: The colours of the page's palette, with what is drawn where the page does not define them. No two are alike.
COLOURS = [
    "var(--c-1, #0a6650)", "var(--c-2, #da6e09)", "var(--c-3, #618ce1)",
    "var(--c-4, #5f0057)", "var(--c-5, #664e00)", "var(--c-6, #848e9a)",
]  # fmt: skip
TEXT, RULE = "var(--c-text, #444)", "var(--c-axis, #888)"

#: Dashes that tell the lines of a chart apart without their colour.
DASHES = [[1, 0], [7, 3], [2, 3], [10, 3, 2, 3], [4, 2], [1, 1.5]]

#: How a tick is labelled: 0.25, 5,000, 34k, 10µ.
_TICK = (
    "datum.value == 0 ? '0' : abs(datum.value) >= 1e4 || abs(datum.value) < 1e-3 "
    "? format(datum.value, '~s') : format(datum.value, ',~r')"
)

#: The data of a mark that stands once, at a place given as such.
ONCE = {"data": {"values": [{}]}}

_CONFIG = {
    "background": "transparent",
    "font": "var(--c-font, system-ui, sans-serif)",
    "view": {"stroke": None},
    "axis": {
        "labelColor": TEXT, "titleColor": TEXT, "gridColor": "var(--c-grid, #ddd)",
        "domainColor": RULE, "tickColor": RULE, "labelFontSize": 12,
        "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 260,
    },
    "text": {"color": TEXT, "fontSize": 12},
    "bar": {"color": COLOURS[0]},
    "line": {"color": COLOURS[0], "strokeWidth": 2},
    "rule": {"color": RULE},
    "legend": {"labelColor": TEXT, "titleColor": TEXT, "labelFontSize": 12, "labelLimit": 240},
}  # fmt: skip


class Chart:
    """A Vega-Lite specification with its description in words. Jupyter draws it; the build draws it as SVG."""

    def __init__(self, spec: Mapping[str, Any], description: str) -> None:
        if not description.strip():
            raise InputError("description", description, "words that say what the chart shows")
        self.spec = {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "description": description,
            "config": _CONFIG,
            "width": WIDTH,
            "autosize": {"type": "fit-x", "contains": "padding"},
            **spec,
        }
        self.description = description

    def __repr__(self) -> str:
        return self.description

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {MIME: self.spec, "text/plain": self.description}


def described(computed: str, description: str, note: str) -> str:
    """The words of a chart: the author's, else those computed from its data; then the author's note."""
    return " ".join(part.strip() for part in (description or computed, note) if part.strip())


def require_finite(argument: str, values: Iterable[float], *, above_zero: bool = False) -> None:
    """Raise InputError unless all are finite numbers, and above zero where a logarithmic axis needs that."""
    for value in values:
        real = isinstance(value, int | float) and not isinstance(value, bool)
        if not real or not math.isfinite(value):
            raise InputError(argument, value, "finite numbers")
        if above_zero and value <= 0:
            raise InputError(argument, value, "values above zero on a logarithmic axis")


def ticks(*, log: tuple[float, float] | None = None, grid: bool = True) -> dict[str, Any]:
    """Few ticks with short labels; on a logarithmic axis from `log[0]` to `log[1]` one, two or three to a decade."""
    looks = {"labelExpr": _TICK, "grid": grid}
    if log is None:
        return {**looks, "tickCount": 5}
    first, last = math.floor(math.log10(log[0])), math.ceil(math.log10(log[1]))
    steps = [1, 2, 5] if last - first <= 2 else [1, 3] if last - first <= 4 else [1]
    values = [step * 10.0**power for power in range(first, last + 1) for step in steps]
    inside = [value for value in values if log[0] <= value <= log[1]]
    return {**looks, "tickCount": 5} if len(inside) < 3 else {**looks, "values": inside, "labelOverlap": False}


def padded(low: float, high: float, left: int, right: int, *, log: bool = False) -> list[float]:
    """The ends of an axis that leave room for words of that many characters beyond `low` and `high`."""
    shares = [min(0.3, (length * 7 + 16) / WIDTH) for length in (left, right)]
    if log:
        start, end = math.log(low), math.log(high)
        span = (end - start or 1.0) / (1 - sum(shares))
        return [math.exp(start - shares[0] * span), math.exp(end + shares[1] * span)]
    span = (high - low or abs(high) or 1.0) / (1 - sum(shares))
    return [low - shares[0] * span, high + shares[1] * span]


def series_encoding(names: list[str], marked: int = 0) -> dict[str, Any]:
    """Colour and dash of each series, shown together in the legend; no legend for a single one.

    The legend leaves room for the names of that many `marked` moments.
    """
    legend = {"orient": "top", "symbolType": "stroke", "symbolSize": 900, "symbolStrokeWidth": 2, "title": None,
              "columns": 2, "offset": 10 + 15 * marked}  # fmt: skip
    field = {"field": "series", "type": "nominal", "sort": None, "legend": legend if len(names) > 1 else None}

    def pick(options: list[Any]) -> dict[str, Any]:
        return {"domain": names, "range": [options[i % len(options)] for i in range(len(names))]}

    return {"color": {**field, "scale": pick(COLOURS)}, "strokeDash": {**field, "scale": pick(DASHES)}}


def marked(moments: Mapping[str, float], first: float, last: float) -> list[dict[str, Any]]:
    """A rule at each moment of the x axis; its name on a line of its own above the plot, where there is more room."""
    drawn: list[dict[str, Any]] = []
    for row, (name, moment) in enumerate(sorted(moments.items(), key=lambda item: item[1])):
        at = {"x": {"datum": moment, "type": "quantitative"}}
        left = moment - first > last - moment
        text = {"type": "text", "text": name, "align": "right" if left else "left", "dx": -4 if left else 4,
                "baseline": "bottom"}  # fmt: skip
        above = -15 * (len(moments) - 1 - row) - 4
        rule = {"type": "rule", "strokeDash": [4, 4], "color": TEXT}
        drawn.append({**ONCE, "mark": rule, "encoding": {**at, "y": {"value": above - 12}, "y2": {"value": "height"}}})
        drawn.append({**ONCE, "mark": text, "encoding": {**at, "y": {"value": above}}})
    return drawn
