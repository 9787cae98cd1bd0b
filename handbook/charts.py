"""Charts as Vega-Lite specifications: plain dictionaries, so that a notebook stays pure Python.

A chart is described in words as well (`description`); the words are what a screen reader reads, and the caption.
Colours are CSS variables of the page, so that one drawing serves the light and the dark theme.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handbook.errors import InputError

MIME = "application/vnd.vegalite.v6+json"

_CONFIG = {
    "background": "transparent",
    "font": "var(--c-font, system-ui, sans-serif)",
    "view": {"stroke": None},
    "axis": {
        "labelColor": "var(--c-text, #444)", "titleColor": "var(--c-text, #444)", "gridColor": "var(--c-grid, #ddd)",
        "domainColor": "var(--c-axis, #888)", "tickColor": "var(--c-axis, #888)", "labelFontSize": 12,
        "titleFontSize": 12, "titleFontWeight": "normal", "labelLimit": 260,
    },
    "text": {"color": "var(--c-text, #444)", "fontSize": 12},
    "bar": {"color": "var(--c-1, #0a6650)"},
    "line": {"color": "var(--c-1, #0a6650)", "strokeWidth": 2},
    "rule": {"color": "var(--c-axis, #888)"},
    "legend": {"labelColor": "var(--c-text, #444)", "titleColor": "var(--c-text, #444)"},
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
            "width": 560,
            **spec,
        }
        self.description = description

    def __repr__(self) -> str:
        return self.description

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return {MIME: self.spec, "text/plain": self.description}


def bars(values: Mapping[str, float], *, axis: str, description: str, log: bool = False) -> Chart:
    """Horizontal bars, one for each name, in the order given; `axis` names what is measured and its unit.

    `log` sets a logarithmic axis, which needs values above zero. Raises InputError for no values at all.
    """
    if not values:
        raise InputError("values", dict(values), "at least one bar")
    if log and min(values.values()) <= 0:
        raise InputError("values", dict(values), "values above zero on a logarithmic axis")
    rows = [{"name": name, "value": value} for name, value in values.items()]
    start = {"x2": {"datum": min(values.values()) / 10}} if log else {}
    x = {"field": "value", "type": "quantitative", "title": axis, "axis": {"format": "~s", "tickCount": 5}}
    if log:
        x["scale"] = {"type": "log", "domainMin": min(values.values()) / 10}
    y = {"field": "name", "type": "nominal", "sort": None, "title": None}
    spec = {
        "data": {"values": rows},
        "height": {"step": 26},
        "mark": {"type": "bar", "cornerRadiusEnd": 3, "height": {"band": 0.7}},
        "encoding": {"x": x, "y": y, **start},
    }
    return Chart(spec, description)


def lines(
    series: Mapping[str, Sequence[tuple[float, float]]],
    *,
    x: str,
    y: str,
    description: str,
    events: Mapping[str, float] | None = None,
    log: bool = False,
) -> Chart:
    """One line for each named series of (x, y) points; `events` marks moments on the x axis by a rule with its name.

    Raises InputError for no series or an empty one.
    """
    if not series or not all(series.values()):
        raise InputError("series", dict(series), "at least one series, each with points")
    rows = [{"series": name, "x": a, "y": b} for name, points in series.items() for a, b in points]
    colours = [f"var(--c-{i % 6 + 1}, {c})" for i, c in zip(range(len(series)), _FALLBACK * len(series), strict=False)]
    colour = {"field": "series", "type": "nominal", "title": None, "sort": None, "scale": {"range": colours},
              "legend": {"orient": "top"} if len(series) > 1 else None}  # fmt: skip
    drawn: list[dict[str, Any]] = [{
        "data": {"values": rows},
        "mark": {"type": "line"},
        "encoding": {
            "x": {"field": "x", "type": "quantitative", "title": x},
            "y": {"field": "y", "type": "quantitative", "title": y, "axis": {"format": "~s"},
                  **({"scale": {"type": "log"}} if log else {})},
            "color": colour,
            "strokeDash": {"field": "series", "type": "nominal", "sort": None, "legend": None},
        },
    }]  # fmt: skip
    for name, moment in (events or {}).items():
        at = {"x": {"datum": moment, "type": "quantitative"}}
        drawn.append({"mark": {"type": "rule", "strokeDash": [4, 4]}, "encoding": at})
        label = {"type": "text", "text": name, "align": "left", "dx": 4, "dy": 2, "baseline": "top"}
        drawn.append({"mark": label, "encoding": {**at, "y": {"value": 0}}})
    return Chart({"height": 260, "layer": drawn}, description)


_FALLBACK = ["#0a6650", "#da6e09", "#618ce1", "#5f0057", "#664e00", "#848e9a"]
