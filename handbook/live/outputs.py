"""What a cell shows, as a page takes it: the same choice among an object's forms as the build makes."""

from __future__ import annotations

import io
import re
from typing import Any

_CHART = re.compile(r"application/vnd\.vegalite\.v[56]\+json")

Output = dict[str, Any]


def bind(markup: str, slug: str) -> str:
    """Give the numbers that a notebook shows their stable names: `peak_rate` → `email-platform.peak_rate`."""
    return re.sub(r'data-(fact|interval)="(\w+)"', rf'data-\1="{slug}.\2"', markup)


def output(value: Any, slug: str) -> Output:
    """One object as `{"kind": "vega" | "html" | "markdown" | "svg" | "text", "data": …}`, a chart with its caption."""
    data = _bundle(value)
    chart = next((spec for mime, spec in data.items() if _CHART.fullmatch(mime)), None)
    if chart is not None:
        return {"kind": "vega", "data": chart, "caption": caption(chart), "label": data.get("text/plain", "")}
    for mime, kind in (("text/html", "html"), ("text/markdown", "markdown"), ("image/svg+xml", "svg")):
        if mime in data:
            return {"kind": kind, "data": bind(data[mime], slug)}
    return {"kind": "text", "data": data.get("text/plain", "")}


def caption(spec: dict[str, Any]) -> str:
    """What stands under a chart: its description, else its title."""
    title = spec.get("title", "")
    return spec.get("description") or (title.get("text", "") if isinstance(title, dict) else title)


def _bundle(value: Any) -> dict[str, Any]:
    """The forms that an object has, by media type, as IPython's display protocol asks for them."""
    if hasattr(value, "_repr_mimebundle_"):
        found = value._repr_mimebundle_()
        bundle = dict(found[0] if isinstance(found, tuple) else found or {})
    else:
        bundle = {}
    forms = {"text/html": "_repr_html_", "text/markdown": "_repr_markdown_", "image/svg+xml": "_repr_svg_"}
    for mime, method in forms.items():
        if mime not in bundle and not isinstance(value, type) and (form := getattr(value, method, None)):
            shown = form()
            if shown is not None:
                bundle[mime] = shown
    bundle.setdefault("text/plain", repr(value))
    return bundle


class Screen(io.TextIOBase):
    """Where a cell shows what it does: what it displays and prints, in order."""

    def __init__(self, slug: str, dark: bool = False) -> None:
        self.slug, self.dark = slug, dark
        self.outputs: list[Output] = []

    def display(self, *values: Any, **_: Any) -> None:
        """Show objects, as IPython's `display` does; in the dark they are not even rendered."""
        self.outputs += [] if self.dark else [output(value, self.slug) for value in values]

    def writable(self) -> bool:
        """True: it takes what is printed."""
        return True

    def write(self, text: str) -> int:
        """Add printed text."""
        last = self.outputs[-1] if self.outputs else {}
        if last.get("printed"):
            last["data"] += text
        elif text and not self.dark:
            self.outputs.append({"kind": "text", "data": text, "printed": True})
        return len(text)
