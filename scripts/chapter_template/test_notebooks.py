"""The numbers of $title: the estimate by hand, and what the simulation must do whatever its numbers are."""

from __future__ import annotations

from typing import Any

import pytest

from scripts import percent
from tests.projects import ROOT

FOLDER = ROOT / "docs/designs/$slug"


def run(notebook: str, *sections: str) -> dict[str, Any]:
    """The names that a notebook defines, of some sections or of all."""
    names: dict[str, Any] = {}
    for cell in percent.read(FOLDER / notebook):
        if cell.kind == "code" and (not sections or cell.section in sections):
            exec(compile(cell.source, notebook, "exec"), names)
    return names


def test_the_peak_rate_by_hand():
    assert run("estimate.py")["peak_rate"].to("request/second").magnitude == pytest.approx(1e6 * 10 * 3 / 86_400)


def test_a_seed_gives_the_same_run_and_another_seed_another():
    run_once = run("simulate.py", "model")["overload"](5)
    assert run_once(3) == run_once(3) != run_once(4)


def test_a_short_queue_answers_more_in_time():
    overload = run("simulate.py", "model")["overload"]
    assert all(overload(5)(seed)["answered"] > overload(None)(seed)["answered"] for seed in range(1, 6))
