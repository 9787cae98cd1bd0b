"""The guide's pages read as one course: each ends in exercises and leads on; the four outlines keep their length."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts.layout import Design
from scripts.store import load
from tests.projects import ROOT

GUIDE = Design(ROOT, "guide")
#: Pages that are read; the ledger is looked things up in.
PAGES = [path for path in GUIDE.pages if path.stem != "ledger"]
EXERCISE = re.compile(
    r"^\d\. (?P<question>.+(?:\n(?!\n).+)*)\n\n"
    r"    \?\?\? success \"[^\"]+\"\n\n(?P<answer>(?:        .+\n?)+)",
    re.M,
)

every_page = pytest.mark.parametrize("page", GUIDE.pages, ids=lambda path: path.stem)


def words(markdown: str) -> int:
    """The words of the prose: without cells, pictures, comments and the names between braces."""
    text = re.sub(r"<!--.*?-->|\{\{.*?\}\}", " ", markdown.split("\n---\n", 1)[-1], flags=re.S)
    return len(re.findall(r"\w[\w’'-]*", re.sub(r"^ *--8<--.*$", "", text, flags=re.M)))


def section(page: Path, title: str) -> str:
    found = re.search(rf"^## {title}$(.*?)(?=^## |\Z)", page.read_text(encoding="utf-8"), re.M | re.S)
    assert found, f"{page.stem} has no section {title}"
    return found[1]


def test_it_is_a_course_of_more_than_ten_thousand_words_and_ten_pictures() -> None:
    texts = [page.read_text(encoding="utf-8") for page in PAGES]
    assert sum(map(words, texts)) >= 10_000
    assert sum(len(re.findall(r"\{\{ diagram\(", text)) for text in texts) >= 10


@every_page
def test_a_page_ends_in_three_exercises_with_answers_and_leads_to_designs(page: Path) -> None:
    last = section(page, "Check yourself")
    exercises = list(EXERCISE.finditer(last))
    assert len(exercises) == 3
    assert page.read_text(encoding="utf-8").rstrip().endswith(last.rstrip())
    after = last[exercises[-1].end() :]
    assert re.search(r"\*\*In the designs:\*\*.*\]\(\.\./designs/[a-z-]+/", after, re.S)


@every_page
def test_exercises_check_themselves_by_a_computed_number(page: Path) -> None:
    if page.stem == "ledger":
        return  # its exercises ask for sources
    last = section(page, "Check yourself")
    assert "{{ assumptions()" in last  # what the reader changes is on the page
    answers = [found["answer"] for found in EXERCISE.finditer(last)]
    assert sum("{{ " in answer for answer in answers) >= 2


@pytest.mark.parametrize("question", ["Homepage feed", "Video playback", "Event logging", "Recommendations system"])
def test_an_outline_has_its_parts_its_length_its_picture_and_bound_numbers(question: str) -> None:
    outline = section(GUIDE.folder / "questions.md", question)
    assert 600 <= words(outline) <= 900
    assert outline.count("{{ diagram(") == 1
    heads = re.findall(r"^### (\w[\w-]*)", outline, re.M)
    assert heads == ["What", "Approach", "Fallback", "Follow-ups"]
    assert len(set(re.findall(r"\{\{ (\w+)(?:\.full)? \}\}", outline))) >= 6
    assert len(re.findall(r"^- \*\*", outline.split("### Follow-ups")[1], re.M)) >= 5


def test_every_page_is_in_the_navigation_and_linked_from_the_first() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    named = re.findall(r"guide/([a-z-]+)\.md", text)
    first = GUIDE.chapter.read_text(encoding="utf-8")
    for page in GUIDE.pages[1:]:
        assert page.stem in named
        assert f"]({page.stem}.md)" in first


def test_every_claim_has_a_verdict_and_the_computed_ones_a_cell() -> None:
    text = (GUIDE.folder / "corrections.md").read_text(encoding="utf-8")
    table = section(GUIDE.folder / "corrections.md", "Names and mechanisms")
    rows = [line.split("|") for line in table.splitlines() if line.startswith("| ")][1:]
    assert len(rows) >= 19
    assert all(row[2].strip().startswith("**") for row in rows)
    notebook = (GUIDE.folder / "estimate.py").read_text(encoding="utf-8")
    cells = re.findall(r'section="(claim-[a-z0-9-]+)"', notebook)
    assert len(cells) >= 10
    assert all(f'guide/estimate.md:{cell}"' in text for cell in cells)


def test_the_set_is_taken_from_sources_that_are_there() -> None:
    sources = {entry["id"] for entry in load((ROOT / "sources.yml").read_text(encoding="utf-8"))}
    taken = set(re.findall(r'source="([a-z0-9-]+)"', (ROOT / "handbook/netflix.py").read_text(encoding="utf-8")))
    assert taken <= sources
    assert len(taken) >= 4
