"""Reads a notebook in Jupytext's percent format, keeping for each cell the line of the file on which it begins."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scripts.findings import ContentError, Finding

#: What an author may say about a cell: `# %% section="peak" tags=["hide-input"]`. Anything else is a typing error.
OPTIONS = {"section", "tags", "title"}
TAGS = {"hide-input", "notebook-only"}

_SECTION = re.compile(r"[a-z][a-z0-9_-]*")  # what pymdownx.snippets takes for the name of a section, in lower case


@dataclass(frozen=True)
class Cell:
    """A cell of a notebook. `outputs` and `count` are empty until it ran."""

    kind: str
    """`code`, `markdown` or `raw`, as in the notebook format."""
    source: str
    line: int
    """The line of the file that holds the first line of `source`."""
    section: str | None = None
    """The section of the fragments that shows this cell; None if only the notebook's own page does."""
    anchor: str = ""
    """The cell's id, in the chapter and on the notebook's own page."""
    tags: tuple[str, ...] = ()
    outputs: tuple[dict[str, Any], ...] = ()
    """What the cell showed, as in the notebook format."""
    count: int | None = None
    """Its execution count."""


def read(path: Path) -> list[Cell]:
    """The cells of the notebook `path`. Raises ContentError for one that is not UTF-8 or whose options are wrong."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ContentError([Finding(str(path), line, "this is not UTF-8", "save the file in UTF-8")]) from None
    blocks = list(_blocks(lines))
    findings = [f for line, node in blocks for f in _wrong_options(str(path), line, node)]
    cells = _sections(blocks)
    findings += _clashes(str(path), cells)
    if findings:
        raise ContentError(findings)
    return cells


def _blocks(lines: list[str]) -> Iterator[tuple[int, Any]]:
    """The cells as Jupytext reads them, each with the number of the line under its `# %%`."""
    from scripts import spared_imports  # noqa: F401, I001 - before Jupytext, which takes 0.3 s: only when a notebook is run
    from jupytext.cell_reader import DoublePercentScriptCellReader
    from jupytext.header import header_to_metadata_and_cell

    position = header_to_metadata_and_cell(lines, "#", "", ".py")[3]
    while position < len(lines):
        reader = DoublePercentScriptCellReader({"extension": ".py", "format_name": "percent"})
        node, length = reader.read(lines[position:])
        marker = reader.start_code_re.match(lines[position]) or reader.alternative_start_code_re.match(lines[position])
        node.metadata.pop("lines_to_next_cell", None)
        if marker or node.source.strip():
            yield position + (2 if marker else 1), node
        position += length


def _sections(blocks: list[tuple[int, Any]]) -> list[Cell]:
    cells: list[Cell] = []
    section, seen = None, Counter[str]()
    for number, (line, node) in enumerate(blocks, 1):
        section = node.metadata.get("section", section)
        tags = tuple(node.metadata.get("tags", ()))
        blank = len(node.source) - len(node.source.lstrip("\n"))
        cell = Cell(node.cell_type, node.source.strip("\n"), line + blank, None, f"cell-{number}", tags)
        if section and cell.kind == "code" and "notebook-only" not in tags:
            seen[section] += 1
            suffix = f"-{seen[section]}" if seen[section] > 1 else ""
            cell = replace(cell, section=section, anchor=f"cell-{section}{suffix}")
        cells.append(cell)
    return cells


def _wrong_options(path: str, line: int, node: Any) -> Iterator[Finding]:
    line -= 1  # the options stand on the marker, one line above the source
    for option in sorted(set(node.metadata) - OPTIONS):
        yield Finding(path, line, f"unknown cell option {option!r}", 'a cell takes section="…" and tags=["…"]')
    for tag in sorted(set(node.metadata.get("tags", ())) - TAGS):
        yield Finding(path, line, f"unknown tag {tag!r}", f"use one of {', '.join(sorted(TAGS))}")
    section = node.metadata.get("section")
    if section is not None and not _SECTION.fullmatch(str(section)):
        yield Finding(path, line, f"{section!r} cannot name a section", "use a-z, 0-9, - and _, with a letter first")


def _clashes(path: str, cells: list[Cell]) -> Iterator[Finding]:
    """Cells that would share an id: the second cell of `peak` and the first of a section named `peak-2`."""
    seen: dict[str, Cell] = {}
    for cell in cells:
        first = seen.setdefault(cell.anchor, cell)
        if first is not cell:
            what = f"the id {cell.anchor} is taken by the cell on line {first.line}"
            yield Finding(path, cell.line, what, "rename one of the two sections")
