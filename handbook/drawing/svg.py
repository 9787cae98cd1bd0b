"""Writing SVG: themes, elements, text, and the frame that both kinds of diagram share."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import pairwise

from handbook.drawing.icons import symbol
from handbook.drawing.text import Line

# Light and dark values. In the page the light one is the fallback of a CSS variable `--d-<name>`; a self-contained file
# holds the light ones, and a style sheet that swaps them in the dark. So each light value may stand here only once.
_COLOURS = {
    "ink": ("#1a211d", "#e1e8e4"),
    "muted": ("#545f58", "#a3b1a9"),
    "line": ("#5f6b64", "#93a199"),
    "node": ("#fffffe", "#1d2522"),
    "node-line": ("#7b867f", "#74827a"),
    "group": ("#f3f5ef", "#171d1a"),
    "group-line": ("#b9c2b9", "#3d4943"),
    "accent": ("#0a6650", "#74d3ae"),
    "on-accent": ("#fffffd", "#0e1512"),
    "halo": ("#ffffff", "#121715"),
    "note": ("#fff0b3", "#463b10"),
    "note-line": ("#d9c46a", "#6b5b1e"),
    "plate": ("#fefffe", "#e1e8e5"),
}
_PAGE_FONT = "var(--d-font,system-ui,sans-serif)"
_FILE_FONT = "system-ui,-apple-system,'Segoe UI','Liberation Sans',Helvetica,Arial,sans-serif"
MARGIN = 6  # px around the picture
# Text with a seam in the colour of what lies behind it (`stroke`), so that it can be read across a line.
HALO = {"paint_order": "stroke", "stroke_width": 4, "stroke_linejoin": "round"}


class Theme:
    """How colours, icons and links are written: for a page (`sprite`: address of the icon sprite) or a file (None)."""

    def __init__(self, sprite: str | None) -> None:
        self.sprite = sprite
        self.font = _FILE_FONT if sprite is None else _PAGE_FONT

    def __getitem__(self, colour: str) -> str:
        light = _COLOURS[colour][0]
        return light if self.sprite is None else f"var(--d-{colour},{light})"

    def icon(self, icon: str, x: float, y: float, size: float) -> str:
        """An icon of `size` px with its top left corner at (x, y)."""
        return tag("use", href=f"{self.sprite or ''}#icon-{icon}", x=x, y=y, width=size, height=size)

    def link(self, href: str, content: str) -> str:
        """The content as a link, if there is somewhere to lead to; a file has no headings around it, so no links."""
        return tag("a", content, href=href, class_="d-link") if href and self.sprite is not None else content


def tag(name: str, *children: str, **attributes: object) -> str:
    """An element. `_` in names becomes `-`, a trailing one is dropped; attributes that are None or "" are left out."""
    text = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(_value(value))}"'
        for key, value in attributes.items()
        if value is not None and value != ""
    )
    return f"<{name}{text}>{''.join(children)}</{name}>" if children else f"<{name}{text}/>"


def num(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{round(value, 1) + 0.0:.1f}".removesuffix(".0")  # + 0.0 turns -0.0 into 0.0


def text(lines: Iterable[Line], x: float, y: float, leading: float, **attributes: object) -> str:
    """Lines of text, the first with its base line at (x, y) px, `leading` px apart; facts are marked for the page."""
    elements = [tag("text", _runs(line), x=x, y=y + i * leading, **attributes) for i, line in enumerate(lines)]
    return " ".join(elements)  # the space keeps the words of two lines apart for a screen reader


def polyline(points: Iterable[tuple[float, float]], *, close: bool = False) -> str:
    """Path data through the points, by steps: alike shapes are written alike, which a server's compression likes."""
    (x, y), *rest = ((round(x, 1), round(y, 1)) for x, y in points)
    steps = " ".join(f"{num(x2 - x1)} {num(y2 - y1)}" for (x1, y1), (x2, y2) in pairwise([(x, y), *rest]))
    return f"M{num(x)} {num(y)}l{steps}" + ("z" if close else "")


def frame(
    body: str, theme: Theme, *, kind: str, key: str, title: str, description: str, size: tuple[float, float],
    icons: Iterable[str] = (),
) -> str:  # fmt: skip
    """The whole SVG: size in px, title and description for those who cannot see it.

    In a page it is a `graphics-document` (falling back to `group`): inside an `img` no link would be reached.
    """
    width, height = (round(side) + 2 * MARGIN for side in size)
    ids = key.replace("/", "-")
    own_file = theme.sprite is None
    head = tag("title", escape(title), id=f"{ids}-title") + tag("desc", escape(description), id=f"{ids}-desc")
    if own_file:
        head += _dark_style() + tag("defs", *(symbol(icon) for icon in sorted(set(icons)))) * bool(icons)
        head += tag("rect", x=-MARGIN, y=-MARGIN, width=width, height=height, fill=theme["halo"])
    return tag(
        "svg", head, body,
        xmlns="http://www.w3.org/2000/svg" if own_file else None,
        class_=f"drawing drawing-{kind}", role="img" if own_file else "graphics-document group",
        aria_labelledby=f"{ids}-title", aria_describedby=f"{ids}-desc",
        viewBox=f"{-MARGIN} {-MARGIN} {width} {height}", width=width, height=height,
        font_family=theme.font, font_size=13, fill=theme["ink"],
    )  # fmt: skip


def for_print(standalone: str) -> str:
    """A standalone SVG in its light colours alone, and in the one font that the PNG renderer always has."""
    light = re.sub(r"<style>.*?</style>", "", standalone, flags=re.S)
    return re.sub(r'font-family="[^"]*"', 'font-family="Liberation Sans"', light)


def _dark_style() -> str:
    rules = "".join(
        f'[fill="{light}"]{{fill:{dark}}}[stroke="{light}"]{{stroke:{dark}}}[color="{light}"]{{color:{dark}}}'
        for light, dark in _COLOURS.values()
    )
    return f"<style>@media (prefers-color-scheme:dark){{{rules}}}</style>"


def _runs(line: Line) -> str:
    return "".join(
        tag("tspan", escape(run.text), class_="fact", data_fact=run.fact) if run.fact else escape(run.text, quote=False)
        for run in line
    )


def _value(value: object) -> str:
    return num(value) if isinstance(value, (int, float)) else str(value)
