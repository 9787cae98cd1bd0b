"""The guide is checked, linked and counted as the designs are, although it has several pages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts import ledgers, pages
from scripts.checks import before_rendering, before_running
from scripts.layout import Project, address_of, slug_of
from scripts.store import Store
from tests.scripts.content import SOURCE, Content, fact, picture, told

INDEX, PAGE, NOTEBOOK, SCRIPT = (
    "docs/guide/index.md",
    "docs/guide/scale.md",
    "docs/guide/estimate.py",
    "diagrams/guide.py",
)
WORDS = """\
# Estimate

--8<-- "guide/estimate.md:starts"

## Load

Therefore {{ starts }} of {{ hours }}.[^paper] A router sends each answer on its way.

{{ diagram("flow") }}
"""


@pytest.fixture
def content(tmp_path: Path) -> Content:
    content = Content(tmp_path)
    content.write(INDEX, "---\ntitle: The guide\n---\n\n# The guide\n\n## Load\n\nWords.\n")
    content.write(PAGE, WORDS)
    content.write(NOTEBOOK, '# %% section="starts"\nhours = assume(5)\nstarts = hours * 2\n')
    content.write(SCRIPT, '# a script\n\ndraw("flow")\n')
    ours = {"design": "guide", "section": "starts", "cell": "cell-starts"}
    own = [
        fact("hours", 2, kind="sourced", label="Hours", source="paper", range="4 to 6", **ours),
        fact("starts", 3, inputs=["hours"], label="Starts", range="", **ours),
    ]
    content.write("build/facts/guide.json", json.dumps(own))
    content.write("build/fragments/guide/estimate.md", "--8<-- [start:starts]\ncode\n--8<-- [end:starts]\n")
    drawn(content)
    content.write("snippets/reference/numbers.py", "")
    return content


def drawn(content: Content, **more: object) -> None:
    told = {"name": "flow", "source": SCRIPT, "links": [["#load", "Router", 5]], "nodes": [["#load", "Router", 5]]}
    content.write("build/diagrams/guide/index.json", json.dumps([picture(**(told | more))]))


def test_where_things_are() -> None:
    assert slug_of("guide/scale.md") == slug_of("guide/estimate.py") == "guide"
    assert slug_of("designs/demo/index.md") == "demo"
    assert slug_of("designs/index.md") == slug_of("guide.md") == slug_of("index.md") == ""
    assert (address_of("guide"), address_of("demo")) == ("guide/", "designs/demo/")


def test_a_guide_that_is_all_right(content: Content) -> None:
    assert before_running(content.project) == []
    assert before_rendering(content.project) == []
    assert [work.slug for work in content.project.works] == ["demo", "guide"]
    assert [design.slug for design in content.project.designs] == ["demo"]


def test_a_project_without_a_guide_has_none(content: Content) -> None:
    (content.root / INDEX).unlink()
    assert [work.slug for work in content.project.works] == ["demo"]
    told(before_running(content.project), SCRIPT, 1, "guide")


def test_quantities_of_a_page_are_bound_or_cited(content: Content) -> None:
    content.replace(PAGE, "A router sends", "It is 40 million streams. A router sends")
    told(before_running(content.project), PAGE, content.line("40 million", PAGE), "40 million")


def test_a_page_names_only_facts_of_the_guide_s_notebooks(content: Content) -> None:
    content.replace(PAGE, "{{ hours }}", "{{ hourz }}")
    findings = before_rendering(content.project)
    told(findings, PAGE, content.line("hourz", PAGE), '"hourz"', '"hours"')


def test_a_fact_that_no_page_uses(content: Content) -> None:
    content.replace(PAGE, "{{ starts }} of ", "")
    told(before_rendering(content.project), NOTEBOOK, 3, '"starts"')


def test_a_section_that_no_page_shows(content: Content) -> None:
    content.replace(PAGE, '--8<-- "guide/estimate.md:starts"\n', "")
    told(before_rendering(content.project), NOTEBOOK, 1, '"starts"', "guide/estimate.md:starts")


def test_a_part_links_to_a_heading_of_the_page_that_shows_the_diagram(content: Content) -> None:
    content.replace(PAGE, "## Load", "## Weight")
    told(before_rendering(content.project), SCRIPT, 5, "#load")  # the first page has a heading of that name


def test_a_part_is_named_on_the_page_that_shows_the_diagram(content: Content) -> None:
    content.replace(PAGE, "A router sends each answer on its way.", "")
    content.replace(INDEX, "Words.", "A router sends each answer on its way.")
    told(before_rendering(content.project), SCRIPT, 5, '"Router"', PAGE)


def test_a_diagram_is_shown_once_on_all_pages_together(content: Content) -> None:
    content.replace(INDEX, "Words.", '{{ diagram("flow") }}')
    assert any("a second time" in finding.what for finding in before_rendering(content.project))


def test_a_diagram_that_no_page_shows(content: Content) -> None:
    content.replace(PAGE, '{{ diagram("flow") }}', "")
    told(before_rendering(content.project), SCRIPT, 3, '"flow"')


def test_numbered_edges_are_compared_with_the_steps_of_their_page(content: Content) -> None:
    drawn(content, steps=[1, 2])
    content.replace(PAGE, '{{ diagram("flow") }}\n', '{{ diagram("flow") }}\n\n1. One.\n')
    told(before_rendering(content.project), PAGE, content.line("1. One.", PAGE), "edge 2")


def test_a_number_leads_to_the_page_that_computes_it(content: Content) -> None:
    shown = '<p><data class="fact" data-fact="guide.starts" value="5">5/s</data></p>'
    html = pages.finish(shown, store=Store(content.project), relative=lambda target: target)
    assert 'href="guide/scale/#cell-starts"' in html
    content.replace(PAGE, '--8<-- "guide/estimate.md:starts"\n', "")
    html = pages.finish(shown, store=Store(content.project), relative=lambda target: target)
    assert 'href="guide/estimate/#cell-starts"' in html  # on the notebook's own page, when no other shows it


def test_the_ledger_names_numbers_places_and_what_is_overdue(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HANDBOOK_TODAY", "2027-11-20")
    ledger = ledgers.sources_ledger(store := Store(content.project))
    assert ledger.count("overdue") == ledger.count("0 overdue") == 1
    monkeypatch.setenv("HANDBOOK_TODAY", "2027-11-21")
    ledger = ledgers.sources_ledger(store)
    assert '<strong class="overdue">overdue: review by 2027-11-20</strong>' in ledger
    assert "1 sources, 0 of them secondary; 1 numbers" in ledger
    assert "1 overdue" in ledger
    assert 'data-fact="guide.hours"' in ledger
    assert 'href="../../guide/scale/">Estimate</a>' in ledger
    assert 'href="../../designs/demo/">A demo</a>' in ledger
    assert "That it is so." in ledger


def test_a_source_that_nothing_uses_is_in_the_ledger_too(content: Content) -> None:
    content.write("sources.yml", SOURCE + SOURCE.replace("id: paper", "id: other"))
    row = ledgers.sources_ledger(Store(content.project)).split('<tr id="source-other">')[1]
    assert "nowhere at present" in row


def test_the_set_says_what_follows_where(content: Content) -> None:
    content.write("handbook/netflix.py", 'hours = assume("Hours", 5)\nother = assume("Other", 1)\n')
    content.write("build/notebooks/guide/estimate.ipynb", json.dumps({"cells": []}))
    content.write(NOTEBOOK, "hours = netflix.hours\n")
    table = ledgers.set_table(Store(content.project))
    assert table.count("<tr>") == 2  # the head, and the one that a notebook takes
    assert '<a href="../../guide/">The guide</a>: Starts' in table
    assert "4 to 6" in table
    assert "read on 2026-11-20" in table


def test_the_guide_of_this_project_is_a_work_with_an_estimate() -> None:
    project = Project(Path(__file__).parents[2])
    assert project.root / NOTEBOOK in project.estimates
    guide = next(work for work in project.works if work.slug == "guide")
    assert guide.pages[0] == guide.chapter
    assert guide.address_of(guide.folder / "scale.md") == "guide/scale/"
