"""The gate before the page, with real faults: the trimmed Pyodide under Node against what the build found."""

from __future__ import annotations

import json

import pytest

from scripts.layout import Project
from scripts.live import gate
from scripts.live.sources import sources
from scripts.store import Store


def test_the_page_computes_what_the_build_publishes(built):
    assert gate.run(Project(built.root), all_simulations=False) == []


@pytest.mark.parametrize(
    ("where", "old", "new", "words"),
    [
        ("facts/email-platform.json", '"full": "34.7 thousand', '"full": "34.8 thousand', "as published"),
        ("decisions/email-platform.json", "is below", "is above", "the decision"),
        ("notebooks/email-platform/estimate.ipynb", "Value</th>", "Valve</th>", "shows another output"),
    ],
)
def test_a_difference_is_found(project, where, old, new, words):
    path = project.root / "build" / where
    text = path.read_text(encoding="utf-8")
    if old not in text:
        old, new = '"full": "', '"full": "about '
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    findings = gate.run(Project(project.root), all_simulations=False)
    assert findings
    assert all(words in finding.what for finding in findings)


def test_a_design_is_told_with_its_cells_and_assumptions(built):
    project = Project(built.root)
    [mail] = [design for design in project.designs if design.slug == "email-platform"]
    told = json.loads(json.dumps(sources(mail, Store(project))))
    window = next(a for a in told["assumptions"] if a["name"] == "campaign_window")
    assert (window["unit"], window["low"], window["high"], window["scale"]) == ("hour", 0.25, 12, "log")
    assert {book["name"] for book in told["notebooks"]} == {"estimate", "simulate"}
