"""Drawings to pictures: one batch, one Node process."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import replace

from handbook.drawing import architecture_svg, dot, node, sequence_layout, sequence_svg, svg, tidy
from handbook.drawing.errors import DrawingError, LabelError, raise_all
from handbook.drawing.model import Drawing, Graph, Link, Picture
from handbook.drawing.svg import Theme
from handbook.drawing.text import fill, plain


def draw(drawings: Iterable[Drawing], facts: Mapping[str, str], *, sprite_url: str = "icons.svg") -> dict[str, Picture]:
    """Draw a batch. Returns the pictures by `Drawing.key` ("design/name").

    `facts` maps "design.name" to the text that stands for it; `sprite_url` is where pages find `sprite(...)`.
    Raises `DrawingError` (with all the errors of the batch in `.all`) for a name used twice, an unknown fact, a layout
    that Graphviz refuses; `SetupError` when a tool is missing.
    """
    drawings = list(drawings)
    raise_all([*_twice(drawings), *(error for drawing in drawings for error in _unfilled(drawing, facts))])
    plans = {d.key: dot.plan(d, facts) for d in drawings if isinstance(d.body, Graph)}
    answers = node.layouts({key: dot.to_dot(plan) for key, plan in plans.items()})
    raise_all(_refused(drawings, answers))
    for key, plan in plans.items():
        dot.place(plan, answers[key]["layout"])
        tidy.straighten(plan)
        tidy.nestle(plan)
    return {d.key: _picture(d, facts, plans.get(d.key), sprite_url) for d in drawings}


def png(standalone_svg: str) -> bytes:
    """A PNG of a standalone SVG at twice its size, in light colours on white."""
    import vl_convert  # both are heavy: only those who export load them
    from PIL import Image

    image = Image.open(io.BytesIO(vl_convert.svg_to_png(svg.for_print(standalone_svg), scale=2))).convert("RGB")
    out = io.BytesIO()
    image.quantize(256, dither=Image.Dither.NONE).save(out, "PNG", optimize=True)  # a sixth of the bytes
    return out.getvalue()


def _picture(drawing: Drawing, facts: Mapping[str, str], plan: dot.Plan | None, sprite_url: str) -> Picture:
    filled = replace(
        drawing,
        title=plain(drawing.title, drawing.design, facts),
        description=plain(drawing.description, drawing.design, facts),
    )
    layout = plan or sequence_layout.plan(drawing, facts)
    icons = frozenset(n.icon for n in drawing.nodes if n.icon)
    page, standalone = (_svg(filled, layout, Theme(sprite), icons) for sprite in (sprite_url, None))
    size = (round(side) + 2 * svg.MARGIN for side in (layout.width, layout.height))
    return Picture(page, standalone, *size, filled.title, filled.description, _links(drawing, facts), icons)


def _svg(drawing: Drawing, layout: dot.Plan | sequence_layout.Plan, theme: Theme, icons: frozenset[str]) -> str:
    kind, writer = ("architecture", architecture_svg) if isinstance(layout, dot.Plan) else ("sequence", sequence_svg)
    return svg.frame(
        writer.body(layout, theme), theme, kind=kind, key=drawing.key, title=drawing.title,
        description=drawing.description, size=(layout.width, layout.height), icons=icons,
    )  # fmt: skip


def _links(drawing: Drawing, facts: Mapping[str, str]) -> tuple[Link, ...]:
    parts = [*drawing.nodes]
    if isinstance(drawing.body, Graph):
        parts += [*drawing.body.edges, *drawing.body.groups]
    return tuple(
        Link(p.href, plain(p.label.replace("\n", " "), drawing.design, facts), p.line) for p in parts if p.href
    )


def _twice(drawings: list[Drawing]) -> Iterable[DrawingError]:
    seen: dict[str, Drawing] = {}
    for drawing in drawings:
        first = seen.setdefault(drawing.key, drawing)
        if first is not drawing:
            what = f"a diagram named {drawing.name!r} is already drawn in {first.path.name}, line {first.line}"
            yield DrawingError(drawing.path, drawing.line, what, "give each diagram of a design a name of its own")


def _unfilled(drawing: Drawing, facts: Mapping[str, str]) -> Iterable[DrawingError]:
    texts = [(drawing.title, drawing.line), (drawing.description, drawing.line), *drawing.body.labels()]
    for template, line in texts:
        try:
            fill(template, drawing.design, facts)
        except LabelError as error:
            yield DrawingError(drawing.path, line, error.what, error.mend)


def _refused(drawings: list[Drawing], answers: Mapping[str, Mapping[str, object]]) -> Iterable[DrawingError]:
    for drawing in drawings:
        error = answers.get(drawing.key, {}).get("error")
        if error:
            reason = " ".join(str(error).split())
            yield DrawingError(drawing.path, drawing.line, f"Graphviz cannot lay out {drawing.name!r}: {reason}",
                               "take out layout attributes (minlen, weight, constraint, …) one by one")  # fmt: skip
