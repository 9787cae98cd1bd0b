"""The gate before the page, with real faults: the trimmed Pyodide under Node against what the build found."""

from __future__ import annotations

import json

from scripts.layout import Project
from scripts.live import gate
from scripts.live.sources import sources
from scripts.store import Store


def test_the_page_computes_what_the_build_publishes(built):
    assert gate.run(Project(built.root), all_simulations=False) == []


#: What is changed of what the build found, and what the gate then says of the page. One run finds them all.
DIFFERENCES = [
    ("facts/email-platform.json", '"full": "34.7 thousand', '"full": "34.8 thousand', "as published"),
    ("decisions/email-platform.json", "is below", "is above", "the decision"),
    ("notebooks/email-platform/estimate.ipynb", "Value</th>", "Valve</th>", "shows another output"),
]


def test_differences_are_found(project):
    for where, old, new, _ in DIFFERENCES:
        path = project.root / "build" / where
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    found = [finding.what for finding in gate.run(Project(project.root), all_simulations=False)]
    for *_, words in DIFFERENCES:
        assert any(words in what for what in found), words
    assert all(any(words in what for *_, words in DIFFERENCES) for what in found)


def test_a_design_is_told_with_its_cells_and_assumptions(built):
    project = Project(built.root)
    [mail] = [design for design in project.designs if design.slug == "email-platform"]
    told = json.loads(json.dumps(sources(mail, Store(project))))
    window = next(a for a in told["assumptions"] if a["name"] == "campaign_window")
    assert (window["unit"], window["low"], window["high"], window["scale"]) == ("hour", 0.25, 12, "log")
    assert {book["name"] for book in told["notebooks"]} == {"estimate", "simulate"}
