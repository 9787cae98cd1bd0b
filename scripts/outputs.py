"""What cells show, made fit for pages: charts drawn as SVG, and outputs refused that no page should carry."""

from __future__ import annotations

import dataclasses
import html
import itertools
import math
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from scripts.findings import ContentError, Finding
from scripts.percent import Cell

SVG = "image/svg+xml"

_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_CHART = re.compile(r"application/vnd\.vegalite\.v[56]\+json")
_ADDRESS = re.compile(r" at 0x[0-9A-Fa-f]{6,}")
_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_LOADS = {"src", "srcset", "data", "poster", "background", "xlink:href"}
_REMOTE = re.compile(r"\s*(https?:)?//", re.IGNORECASE)
_REMOTE_STYLE = re.compile(r"(url\(|@import)\s*[\"']?\s*(https?:)?//", re.IGNORECASE)


def finish(notebook: Path, cells: list[Cell]) -> list[Cell]:
    """The cells with their charts drawn. Raises ContentError for outputs that cannot be published."""
    findings: list[Finding] = []
    finished = []
    for cell in cells:
        shown = []
        for number, output in enumerate(cell.outputs, 1):
            try:
                output = _drawn(output, f"{notebook.stem}-{cell.anchor}-{number}")
            except ValueError as error:
                findings.append(_refusal(notebook, cell, f"the chart cannot be drawn: {_first_line(error)}",
                                         "mend its Vega-Lite specification"))  # fmt: skip
            findings += [_refusal(notebook, cell, what, mend) for what, mend in problems(output)]
            shown.append(output)
        finished.append(dataclasses.replace(cell, outputs=tuple(shown)))
    if findings:
        raise ContentError(findings)
    return finished


def _refusal(notebook: Path, cell: Cell, what: str, mend: str) -> Finding:
    return Finding(str(notebook), cell.line, what, mend)


def _first_line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def uncoloured(text: str) -> str:
    """The text without the codes that colour it on a terminal."""
    return _ANSI.sub("", text)


def _caption(spec: dict[str, Any]) -> str:
    """What stands under a chart: its description, else its title."""
    title = spec.get("title", "")
    return spec.get("description") or (title.get("text", "") if isinstance(title, dict) else title)


def _drawn(output: dict[str, Any], prefix: str) -> dict[str, Any]:
    """The output; one that shows a Vega-Lite specification with its picture, and with its caption as metadata."""
    spec = next((value for mime, value in output.get("data", {}).items() if _CHART.fullmatch(mime)), None)
    if spec is None:
        return output
    words = _caption(spec)
    drawing = draw(spec, prefix, str(output["data"].get("text/plain") or words))
    return output | {"data": output["data"] | {SVG: drawing}, "metadata": output["metadata"] | {"caption": words}}


def warm() -> None:
    """Start the drawing engine, which takes half a second the first time."""
    draw({"data": {"values": [{}]}, "mark": "point"}, "warm", "")


def draw(spec: dict[str, Any], prefix: str, label: str) -> str:
    """A Vega-Lite specification as SVG of its natural size; `prefix` makes its ids the page's own.

    Raises ValueError for a specification that cannot be drawn.
    """
    import vl_convert

    if "description" not in spec:
        spec = {name: value for name, value in spec.items() if name != "title"}  # the caption shows it
    schema = str(spec.get("$schema", ""))
    svg = vl_convert.vegalite_to_svg(spec, vl_version="5.21" if "/v5" in schema else None)
    for number, name in enumerate(dict.fromkeys(re.findall(r'\bid="([^"]+)"', svg)), 1):
        # Vega counts its ids through the life of the process: ours depend on the chart alone.
        svg = re.sub(rf'(?<=[#"]){re.escape(name)}(?=[")])', f"{prefix}-{number}", svg)
    # One picture with one description: the roles and labels of single marks would be read out one by one.
    opening = f'<svg role="img" aria-label="{html.escape(label)}" font-family="var(--c-font, system-ui, sans-serif)" '
    return _lean(svg).replace("<svg ", opening, 1)


def _lean(svg: str) -> str:
    """Without what says nothing to a reader: roles, defaults, what is not painted, hundredths of a pixel."""
    silent = "role|aria-[a-z]+|pointer-events|stroke-miterlimit|class|font-family"
    svg = re.sub(rf' (?:{silent})="[^"]*"| opacity="1"', "", svg)
    svg = re.sub(r'<path\b[^>]* d=""[^>]*(?:/>|></path>)|<text\b[^>]* opacity="0"[^>]*>[^<]*</text>', "", svg)
    svg = re.sub(r'(<clipPath[^>]*>)?<path d="[^"]*"/>', lambda path: path[0] if path[1] else "", svg)  # no colour
    while (fewer := re.sub(r"<g[^>]*></g>", "", svg)) != svg:
        svg = fewer
    svg = re.sub(r"<[^>]+>", _tenths, svg)  # places and sizes; what stands between the tags is read: 0.974 is not 0.9
    return _LINE.sub(_steps, svg)


def _tenths(tag: re.Match[str]) -> str:
    return re.sub(r"(\d)\.0(?!\d)", r"\1", re.sub(r"(\d\.\d)\d+", r"\1", tag[0]))


#: A curve as Vega writes it: straight from point to point, each in full.
_LINE = re.compile(r"(?<=M)(-?[\d.]+,-?[\d.]+)((?:L-?[\d.]+,-?[\d.]+){8,})")


def _steps(line: re.Match[str]) -> str:
    """A long line by its steps, which are shorter to write than its points, and alike."""
    points = _needed([tuple(round(10 * float(number)) for number in point.split(",")) for point in line[0].split("L")])
    steps = ((x - before_x, y - before_y) for (before_x, before_y), (x, y) in itertools.pairwise(points))
    return line[1] + "l" + " ".join(f"{dx / 10:g},{dy / 10:g}" for dx, dy in steps)


def _needed(points: list[tuple[int, ...]]) -> list[tuple[int, ...]]:
    """The points without which a line would run more than 0.3 px off (Douglas and Peucker, 1973); in tenths of a px."""
    (x, y), (end_x, end_y) = points[0], points[-1]
    if length := math.hypot(end_x - x, end_y - y):
        away = [abs((end_x - x) * (b - y) - (end_y - y) * (a - x)) / length for a, b in points[1:-1]]
    else:  # a line that comes back
        away = [math.hypot(a - x, b - y) for a, b in points[1:-1]]
    if not away or max(away) <= 3:
        return [points[0], points[-1]]
    middle = away.index(max(away)) + 1
    return _needed(points[: middle + 1])[:-1] + _needed(points[middle:])


def problems(output: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """What makes an output unfit for a page, and how to mend it."""
    data = output.get("data", {})
    text = output.get("text") or data.get("text/plain") or ""
    if not set(data) - {"text/plain"} and (found := _ADDRESS.search(text)):
        yield f"the output shows a memory address ({found[0].strip()})", "show a value, or give its class a __repr__"
    for mime in ("text/html", SVG):
        if isinstance(data.get(mime), str):
            yield from _Page(data[mime]).found


class _Page(HTMLParser):
    """Reads HTML that a cell shows, and finds what may not stand on a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        if self.open:
            self._unbalanced(self.open[-1])
        if _REMOTE_STYLE.search(text):
            self.found.append(("a style sheet of the output loads from another host", "inline what it loads"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _VOID:
            self.open.append(tag)
        self._check(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._check(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID:
            return
        if not self.open or self.open.pop() != tag:
            self._unbalanced(tag)

    def _unbalanced(self, tag: str) -> None:
        if not any("not closed" in what for what, _ in self.found):
            self.found.append((f"<{tag}> is not closed in order in the HTML of the output", "close each element"))

    def _check(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "script":
            self.found.append(("the output holds a script", "show a chart or a table: pages run no code of a notebook"))
        for name, value in attrs:
            loads = name in _LOADS or (tag == "link" and name == "href")
            if loads and _REMOTE.match(value or ""):
                self.found.append((f"the output loads {value} from another host", "keep the file beside the notebook"))
            if name.startswith("on") and tag != "svg":
                self.found.append((f"the output runs code on {name}", "take the handler out"))
