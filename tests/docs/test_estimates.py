"""Every design's estimate, computed by others than the build: a Jupyter kernel, and over all ranges and thresholds."""

from __future__ import annotations

import math
from pathlib import Path

import nbformat
import pytest

from handbook import units
from scripts.layout import address_of
from tests.docs import notebooks
from tests.docs.notebooks import ESTIMATES
from tests.projects import ROOT, Copy
from tests.scripts import kernel

# A provider that throttles may accept none of our rate, and a campaign may end in time: the delay is zero or less.
MAY_BE_ZERO = {"late_by"}
# Turns over only far outside the ranges, at a value that the chapter asks for and its own test holds to.
FAR = {"sample_or_all"}

every_design = pytest.mark.parametrize("design", ESTIMATES)


@every_design
def test_a_jupyter_kernel_computes_and_shows_the_same(
    design: str, built: Copy, published, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(built.root))
    shown, facts = kernel.run(built.root / notebooks.path(design).relative_to(ROOT))
    expected = published(design)
    assert len(facts) == len(expected)
    for fact in facts:
        assert fact == {key: expected[fact["name"]][key] for key in fact}
    executed = nbformat.reads(built.read(f"site/{address_of(design)}estimate.ipynb"), as_version=4)
    assert shown == [kernel.shown(cell.outputs) for cell in executed.cells if cell.cell_type == "code"]


@every_design
def test_the_compiled_estimate_computes_the_same(design: str, published) -> None:
    model = notebooks.model(design)
    assert model.disagreements() == {}
    assert model() == {n: pytest.approx(fact["base"], rel=1e-9) for n, fact in published(design).items()}


@every_design
def test_every_assumption_may_be_anywhere_in_its_range(design: str) -> None:
    model, ranges = notebooks.model(design), notebooks.ranges(design)
    assert len(ranges) > 20
    wrong = {
        f"{name} at {assumption} = {edge}": value
        for assumption, edges in ranges.items()
        for edge in edges
        for name, value in model(**{assumption: edge}).items()
        if not (math.isfinite(value) and (value > 0 or name in MAY_BE_ZERO | {assumption}))
    }
    assert wrong == {}


@every_design
@pytest.mark.parametrize("side", [0, 1])
def test_all_assumptions_may_be_at_their_ends_together(design: str, side: int) -> None:
    ends = {name: edges[side] for name, edges in notebooks.ranges(design).items()}
    assert all(map(math.isfinite, notebooks.model(design)(**ends).values()))


@every_design
def test_there_are_at_least_five_decisions_and_each_can_turn_over(design: str) -> None:
    model = notebooks.decisions(design)
    assert len(model.published) >= 5
    assert {name for name in model.published if not model.thresholds(name)} <= FAR


@every_design
def test_both_sides_of_every_threshold(design: str) -> None:
    """Every decision turns over at the values that its page names, and nowhere beside them."""
    model, sides = notebooks.decisions(design), 0
    for name in model.published:
        for threshold in model.thresholds(name):
            for value in map(units.base, threshold.values):
                below, above = (bool(model(**{threshold.name: value * side})[name]) for side in (0.999, 1.001))
                assert below != above, f"{name} does not turn over at {threshold.name} = {value}"
                sides += 2
    assert sides >= 20
