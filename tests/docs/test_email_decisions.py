"""Every decision of the email platform turns over at the values that its page names, and nowhere beside them."""

from __future__ import annotations

from typing import Any

import pytest

from handbook import units
from handbook.cells import Cell
from handbook.decisions import DecisionModel
from scripts import percent
from tests.projects import NOTEBOOK, ROOT


@pytest.fixture(scope="module")
def model() -> DecisionModel:
    """The decisions as a function of the assumptions, from a plain run of the notebook's cells."""
    cells = [Cell(c.source, c.line, c.section) for c in percent.read(ROOT / NOTEBOOK) if c.kind == "code"]
    namespace: dict[str, Any] = {}
    for cell in cells:
        exec(compile(cell.source, "<cell>", "exec"), namespace)
    return DecisionModel(cells, namespace)


def test_there_are_at_least_five_and_each_can_turn_over(model):
    assert len(model.published) >= 5
    assert all(model.thresholds(name) for name in model.published)


def test_both_sides_of_every_threshold(model):
    sides = 0
    for name in model.published:
        for threshold in model.thresholds(name):
            for value in map(units.base, threshold.values):
                below, above = (bool(model(**{threshold.name: value * side})[name]) for side in (0.999, 1.001))
                assert below != above, f"{name} does not turn over at {threshold.name} = {value}"
                sides += 2
    assert sides >= 20


def test_the_price_at_which_a_service_wins_is_where_the_costs_meet(model):
    [price] = model.threshold("own_or_service", "service_price").values
    decision = model(service_price=units.base(price))["own_or_service"]
    assert units.base(decision.left) == pytest.approx(units.base(decision.right), rel=1e-6)
