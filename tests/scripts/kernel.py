"""Runs a notebook in a real Jupyter kernel: the judge of what the build's own workers make of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jupytext
import nbformat
from nbclient import NotebookClient

from scripts import percent

_FACTS = """
import json
from handbook import estimate
from handbook.cells import Cell
print(json.dumps(estimate.facts([Cell(*c) for c in json.loads({cells!r})], globals())))
"""


def run(notebook: Path) -> tuple[list[list[Any]], list[dict[str, Any]]]:
    """What each code cell of the notebook shows, and its facts, from nbclient and ipykernel."""
    book = jupytext.read(notebook)
    cells = [(cell.source, cell.line, cell.section) for cell in percent.read(notebook) if cell.kind == "code"]
    book.cells.append(nbformat.v4.new_code_cell(_FACTS.format(cells=json.dumps(cells))))
    client = NotebookClient(book, kernel_name="python3", resources={"metadata": {"path": str(notebook.parent)}})
    client.execute()
    *code, last = (cell for cell in book.cells if cell.cell_type == "code")
    return [shown(cell.outputs) for cell in code], json.loads(last.outputs[0].text)


def shown(outputs: Any) -> list[Any]:
    """Outputs as they can be compared: text and bundles, without the charts that the build adds."""
    return [
        output["text"] if output["output_type"] == "stream" else without_drawing(output["data"]) for output in outputs
    ]


def without_drawing(data: dict[str, Any]) -> dict[str, Any]:
    charts = any("vegalite" in mime for mime in data)
    return {mime: value for mime, value in data.items() if not (charts and mime == "image/svg+xml")}
