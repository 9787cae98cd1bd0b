"""The designs' notebooks as tests read them: their cells run once, as plain Python, without IPython and a worker."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from handbook import estimate, units
from handbook.cells import Cell
from handbook.decisions import DecisionModel
from handbook.estimate import Model
from scripts import percent
from scripts.layout import Design, Project
from tests.projects import ROOT

ESTIMATES = sorted(path.parent.name for path in Project(ROOT).estimates)


def path(design: str, notebook: str = "estimate") -> Path:
    """Where a notebook of a design is."""
    return Design(ROOT, design).folder / f"{notebook}.py"


def run(design: str, notebook: str, *sections: str) -> dict[str, Any]:
    """The names that some cells of a notebook define, run anew: all its cells, or those of the sections alone."""
    namespace: dict[str, Any] = {}
    for cell in _code(design, notebook):
        if not sections or cell.section in sections:
            # No file's name: `handbook.running` would take the file's first lines for the cells before this one.
            exec(compile(cell.source, f"<{design}/{notebook}: {cell.section}>", "exec"), namespace)
    return namespace


@cache
def model(design: str) -> Model:
    """The estimate as a function of its assumptions."""
    return Model(*_estimate(design))


@cache
def decisions(design: str) -> DecisionModel:
    """The decisions as a function of the assumptions."""
    return DecisionModel(*_estimate(design))


@cache
def facts(design: str) -> dict[str, dict[str, Any]]:
    """The quantities of the estimate by name, as the build describes them."""
    return {record["name"]: record for record in estimate.facts(*_estimate(design))}


def ranges(design: str) -> dict[str, tuple[float, float]]:
    """The range of each assumption that has one, in base units."""
    assumed = model(design).assumptions.items()
    return {name: (units.base(a.low), units.base(a.high)) for name, a in assumed if a.low is not None}


@cache
def _estimate(design: str) -> tuple[list[Cell], dict[str, Any]]:
    cells = [Cell(c.source, c.line, c.section) for c in _code(design, "estimate")]
    return cells, run(design, "estimate")


def _code(design: str, notebook: str) -> list[percent.Cell]:
    return [cell for cell in percent.read(path(design, notebook)) if cell.kind == "code"]
