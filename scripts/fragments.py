"""An executed notebook as Markdown that chapters include, section by section, with `--8<-- "…/estimate.md:peak"`."""

from __future__ import annotations

import html
import re
from typing import Any

from pymdownx.snippets import SnippetPreprocessor

from scripts.notebooks import Executed
from scripts.outputs import SVG, uncoloured
from scripts.percent import Cell


def fragments(executed: Executed) -> str:
    """The fragment file of a notebook: one snippet section for each of its sections, in the order of the notebook."""
    sections: dict[str, list[Cell]] = {}
    for cell in executed.cells:
        if cell.section:
            sections.setdefault(cell.section, []).append(cell)
    lines = []
    for section, cells in sections.items():
        body = "\n\n".join(_cell(cell, executed.path.stem) for cell in cells).split("\n")
        lines += [f"--8<-- [start:{section}]", *map(_escape, body), f"--8<-- [end:{section}]", ""]
    return "\n".join(lines)


def cell_anchor(executed: Executed, line: int) -> str:
    """The id of the cell that holds `line` of the notebook's file.

    The notebook's own page has them all; a chapter those of the sections that it includes.
    """
    return max((c for c in executed.cells if c.line <= line), key=lambda c: c.line, default=executed.cells[0]).anchor


def _escape(line: str) -> str:
    """The line so that pymdownx.snippets passes it on as it is, should it look like a marker of its own."""
    for pattern in (SnippetPreprocessor.RE_ALL_SNIPPETS, SnippetPreprocessor.RE_SNIPPET_SECTION):
        if marker := pattern.match(line):
            position = marker.start("escape")
            return f"{line[:position]};{line[position:]}"
    return line


def _cell(cell: Cell, notebook: str) -> str:
    code = _fenced(cell.source)
    if "hide-input" in cell.tags:
        code = f'<details class="cell-code" markdown="1"><summary>Code</summary>\n\n{code}\n\n</details>'
    shown = [f"\n\n{part}" for output in cell.outputs if (part := _output(output))]
    opening = f'<div class="cell" id="{cell.anchor}" data-notebook="{notebook}" markdown="1">'
    return f"{opening}\n\n{code}{''.join(shown)}\n\n</div>"


def _fenced(code: str) -> str:
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}python\n{code}\n{fence}"


def _output(output: dict[str, Any]) -> str:
    if output["output_type"] == "stream":
        return _wrapped(_pre(output["text"], f"cell-{output['name']}"))
    data = output["data"]
    caption = output["metadata"].get("caption", "")
    if caption and SVG in data:
        return _wrapped(_figure(data[SVG], caption))
    if "text/html" in data:
        return _wrapped(data["text/html"])
    if "text/markdown" in data:
        return f'<div class="cell-output" markdown="1">\n\n{data["text/markdown"]}\n\n</div>'
    if SVG in data:
        return _wrapped(_figure(data[SVG]))
    if "image/png" in data:
        alt = html.escape(data.get("text/plain", ""))
        source = "data:image/png;base64," + "".join(data["image/png"].split())
        return _wrapped(_figure(f'<img src="{source}" alt="{alt}">'))
    return _wrapped(_pre(data["text/plain"])) if "text/plain" in data else ""


def _wrapped(content: str) -> str:
    # Fences are found before HTML is: one inside an output would be taken for the author's.
    content = content.replace("```", "&#96;&#96;&#96;").replace("~~~", "&#126;&#126;&#126;")
    return f'<div class="cell-output">\n{content}\n</div>'


def _pre(text: str, kind: str = "") -> str:
    attribute = f' class="{kind}"' if kind else ""
    return f"<pre{attribute}>{html.escape(uncoloured(text).rstrip(), quote=False)}</pre>"


def _figure(picture: str, caption: str = "") -> str:
    below = f"<figcaption>{html.escape(caption, quote=False)}</figcaption>" if caption else ""
    return f'<figure class="chart">{picture}{below}</figure>'
