"""What `make check` says besides: spelling, style, sources that are due. None of it stops a build."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.checks import before_running, for_review, kept, style
from scripts.findings import Finding
from tests.scripts.content import SOURCE, Content, told

ROOT = Path(__file__).parents[2]
CHAPTER = Content.CHAPTER


@pytest.fixture
def content(content: Content) -> Content:
    for name in ("spelling.txt", ".markdownlint.json"):
        content.write(name, (ROOT / name).read_bytes())
    return content


def test_a_good_project_has_no_finding(content: Content) -> None:
    assert for_review(content.project) == []


@pytest.mark.parametrize(("path", "text", "words"), [
    ("docs/how.md", "# How\n\nIt is seperate.\n", ['"seperate"', '"separate"', "spelling.txt"]),
    ("docs/how.md", "# How\n\nIts colors.\n", ['"colors"', '"colours"']),
    ("scripts/x.py", "\n\n# The adress of it\n", ['"adress"', '"address"']),
    ("sources.yml", "# one\n# two\n# It is recieved.\n", ['"recieved"', '"received"']),
])  # fmt: skip
def test_spelling(content: Content, path: str, text: str, words: list[str]) -> None:
    content.write(path, text)
    findings = for_review(content.project)
    assert told(findings, path, 3, *words).rule == "spelling"
    assert len(findings) == 1


def test_words_that_are_right(content: Content) -> None:
    content.write("docs/how.md", "# How\n\nA `color`, and SimPy.\n\n```css\ncolor: red; /* seperate */\n```\n")
    assert [f.line for f in for_review(content.project)] == [6]  # codespell reads code too, for its comments
    content.write("spelling.txt", (ROOT / "spelling.txt").read_bytes() + b"seperate\n")
    assert for_review(content.project) == []
    content.write("docs/how.md", "# How\n\nA program has licenses.\n")
    assert for_review(content.project) == []


@pytest.mark.parametrize(("text", "line", "rule"), [
    ("# How\n\n\nWords.\n", 3, "MD012"),
    ("# How\nWords.\n", 1, "MD022"),
    ("# How\n\nWords. \n", 3, "MD009"),
    ("# How\n\n1. One.\n3. Two.\n", 4, "MD029"),
    ("# How\n\n- One.\n  - Python-Markdown does not nest this.\n", 4, "MD007"),
    ("# How\n\n    code\n", 3, "MD046"),
    ("# How\n\n!!! note\n\n    Words.\n\n\n    Words.\n", 7, "MD012"),
    ('# How\n\n=== "One"\n\n    1. One.\n    3. Two.\n', 6, "MD029"),
])  # fmt: skip
def test_style(content: Content, text: str, line: int, rule: str) -> None:
    content.write("docs/how.md", text)
    findings = for_review(content.project)
    assert told(findings, "docs/how.md", line, rule).rule == "style"
    assert len(findings) == 1


def test_what_material_adds_is_no_fault(content: Content) -> None:
    content.write("docs/how.md", """\
---
title: How
---

# How { #how }

!!! warning "Look"

    Words with {{ peak_rate }} and a note.[^one]

    ??? question "Why?"

        ```python
        === "no tab"
        ```

        | a | b |
        |---|---|
        | 1 | 2 |

=== "One"

    1. One.
    2. Two.

        ??? success "Inside a list"

            Words.

<div class="x" markdown>
--8<-- "demo/estimate.md:peak"
</div>

[^one]: A note.
""")  # fmt: skip
    assert for_review(content.project) == []


def test_the_text_moves_to_the_margin_line_by_line() -> None:
    text = '!!! note\n\n    a\n\n    ??? b "c"\n        d\n\n    e\nf\n```\n!!! no\n    g\n```'
    assert style.plain(text) == "<!-- -->\n\na\n\n<!-- -->\nd\n\ne\nf\n```\n!!! no\n    g\n```"


def test_a_source_that_is_due(content: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    content.write("sources.yml", SOURCE.replace("review: 2027-11-20", "review: 2027-01-31"))
    monkeypatch.setenv("HANDBOOK_TODAY", "2027-01-31")
    assert for_review(content.project) == []
    monkeypatch.setenv("HANDBOOK_TODAY", "2027-02-01")
    finding = told(for_review(content.project), "sources.yml", 8, '"paper"', "overdue", "2027-01-31", "make site")
    assert finding.rule == "overdue-source"
    assert before_running(content.project) == []  # a build does not mind


def test_only_what_was_edited_is_looked_at_again(content: Content, tmp_path: Path) -> None:
    asked: list[list[str]] = []

    def look(stale: list[str]) -> list[Finding]:
        asked.append(stale)
        return [Finding(name, 1, "what", "mend") for name in stale if name == "b"]

    def ask(**texts: str) -> list[str]:
        return [f.path for f in kept.findings(content.project, "x", texts, [tmp_path / "rules"], look)]

    assert ask(a="1", b="1") == ask(a="1", b="1") == ask(a="2", b="1") == ["b"]
    assert asked == [["a", "b"], ["a"]]
    assert ask(a="2") == []  # what is gone has no findings
    content.write("rules", "new")
    assert ask(a="2", b="1") == ["b"]
    assert asked[2:] == [["a", "b"]]
    content.write("build/checks/x.json", "no JSON")
    assert ask(b="1") == ["b"]


@pytest.mark.parametrize("name", ["chapter", "sources"])
def test_the_schemas_are_schemas_and_say_what_each_key_is(name: str) -> None:
    from jsonschema import Draft7Validator

    schema = json.loads((ROOT / f"docs/schema/{name}.json").read_text(encoding="utf-8"))
    Draft7Validator.check_schema(schema)
    assert schema["$id"].endswith(f"/schema/{name}.json")
    for rules in (schema if name == "chapter" else schema["items"])["properties"].values():
        assert rules["title"] and rules["description"]
