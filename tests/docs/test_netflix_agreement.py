"""One set of assumptions about Netflix: the numbers that rest on it alone are the same wherever they appear."""

from __future__ import annotations

import ast
import copy
from typing import Any

import pytest

from handbook import netflix, units
from handbook.assumptions import declaration
from scripts import ledgers
from scripts.layout import Design
from scripts.store import Fact
from tests.docs import notebooks
from tests.projects import ROOT

Facts = dict[str, dict[str, Any]]

#: What a reader compares between pages. Each is named so in every notebook that has it.
COMPARED = ("mean_streams", "peak_streams", "mean_starts", "peak_starts", "mean_home", "peak_home", "peak_events")


@pytest.fixture
def chapters() -> dict[str, Facts]:
    """The facts of every estimate that takes anything from the set, without the answers of its exercises."""
    return {design: published(design) for design in notebooks.ESTIMATES if ledgers.takes_set(Design(ROOT, design))}


def published(design: str) -> Facts:
    lines = notebooks.path(design).read_text(encoding="utf-8").splitlines()
    end = lines.index(f"# ## {ledgers.EXERCISES}") + 1 if f"# ## {ledgers.EXERCISES}" in lines else len(lines)
    return {name: copy.copy(fact) for name, fact in notebooks.facts(design).items() if fact["line"] < end}


def disagreements(chapters: dict[str, Facts]) -> list[str]:
    """Numbers that rest on the same assumptions of the set alone, have one dimension, and differ between notebooks."""
    labels = set(ledgers.shared_labels(ROOT).values())
    seen: dict[tuple[frozenset[str], str], dict[str, set[float]]] = {}
    for design, facts in chapters.items():
        named = {name: Fact(design, record) for name, record in facts.items()}
        for name, record in facts.items():
            behind = ledgers.own_inputs(named, name)
            if behind and behind <= labels:
                dimension = str(units.Q(1, record["unit"]).dimensionality)
                found = seen.setdefault((behind, dimension), {})
                found.setdefault(design, set()).add(float(f"{record['base']:.9g}"))
    return [
        f"{sorted(behind)} in {dimension}: {values}"
        for (behind, dimension), values in seen.items()
        if not set.intersection(*values.values())
    ]


def test_concurrency_starts_pages_and_events_agree_wherever_they_appear(chapters) -> None:
    assert {"guide", "netflix-chat"} <= chapters.keys()
    assert disagreements(chapters) == []


def test_the_numbers_that_readers_compare_are_the_same_by_name_and_all_in_the_guide(chapters) -> None:
    for name in COMPARED:
        values = {design: facts[name]["base"] for design, facts in chapters.items() if name in facts}
        assert "guide" in values
        assert len({float(f"{value:.9g}") for value in values.values()}) == 1, values


def test_assumptions_of_the_set_are_taken_and_not_written_again(chapters) -> None:
    known = ledgers.shared_labels(ROOT)
    for design, facts in chapters.items():
        for fact in facts.values():
            name = next((name for name, label in known.items() if label == fact["label"]), None)
            if name and fact["kind"] != "derived":
                assert fact["base"] == units.base(getattr(netflix, name)), (design, name)
        nodes = ast.walk(ast.parse(notebooks.path(design).read_text(encoding="utf-8")))
        written = [node.value for node in nodes if isinstance(node, ast.Constant)]
        assert not set(written) & set(known.values()), design


@pytest.mark.parametrize("name", ["peak_streams", "mean_streams"])
def test_a_chapter_that_computes_another_number_from_the_same_hours_is_named(chapters, name) -> None:
    chapters["netflix-chat"][name]["base"] *= 1.02
    [words] = disagreements(chapters)
    assert "netflix-chat" in words
    assert "Hours viewed" in words


def test_another_name_does_not_hide_it(chapters) -> None:
    fact = chapters["netflix-chat"].pop("mean_streams")
    fact |= {"name": "viewers", "base": fact["base"] / 2}
    chapters["netflix-chat"]["viewers"] = fact
    for other in chapters["netflix-chat"].values():
        other["inputs"] = ["viewers" if each == "mean_streams" else each for each in other["inputs"]]
    assert any("viewers" not in words and "netflix-chat" in words for words in disagreements(chapters))


def test_the_set_is_read_from_its_source_as_python_reads_it() -> None:
    declared = {name: declaration(quantity) for name, quantity in vars(netflix).items()}
    assert ledgers.shared_labels(ROOT) == {name: found.label for name, found in declared.items() if found}
