"""What the checks say about the parts of diagrams and about their numbered edges, against the text of the chapter."""

from __future__ import annotations

import pytest

from scripts.checks import before_rendering
from tests.scripts.content import Content, picture, told

CHAPTER, SCRIPT = Content.CHAPTER, "diagrams/demo.py"


def named(content: Content, name: str, text: str, href: str = "#failure") -> list[str]:
    content.failure(text)
    content.pictures(picture(nodes=[[href, name, 5], ["#failure", "Router", 6]]))
    findings = [f for f in before_rendering(content.project) if "Router" not in f.what]
    for finding in findings:
        assert (finding.path, finding.line, finding.rule) == (SCRIPT, 5, "named-part")
    return [finding.what for finding in findings]


@pytest.mark.parametrize(("name", "text"), [
    ("Request log", "The request log keeps what was asked."),
    ("Request log", "**Request logs** are copied\nwithin seconds."),
    ("Request log B", "Request logs A and B are copied to each other."),
    ("Members", "It reads the address from the members' table."),
    ("Feature store", "It asks the [feature store](../x.md#feature) for values."),
    ("Registry", "1. Words stand here.\n2. The registry holds the versions."),
    ("Policy", "| Policy |\n|---|\n| x |\n\nA policy decides when to write."),
    ("Policy", "### Below\n\nA policy decides when to write."),
])  # fmt: skip
def test_a_part_that_a_sentence_names(content: Content, name: str, text: str) -> None:
    assert named(content, name, text) == []


@pytest.mark.parametrize(("name", "text"), [
    ("Request log", "It keeps the request, and later the log."),
    ("Request log", "The log of requests keeps what was asked."),
    ("Policy", "| Policy |\n|---|\n| A policy decides when to write. |"),
    ("Policy", "The policy and the router."),
    ("Policy", "- Policy\n- Router"),
    ("Policy", "```text\nThe policy decides when to write.\n```"),
    ("Policy", "<!-- The policy decides when to write. -->"),
    ("Policy", "### Policy\n\nIt decides when to write."),
    ("Policies and more", "A policy decides when to write."),
])  # fmt: skip
def test_a_part_that_none_names(content: Content, name: str, text: str) -> None:
    assert named(content, name, text) == [f'nothing under "Failure" names the part "{name}"']


def test_a_sentence_of_the_next_section_does_not_count(content: Content) -> None:
    content.chapter(Operations="The policy decides when to write.")
    content.pictures(picture(nodes=[["#failure", "Policy", 5], ["#operations", "Policy", 6]]))
    findings = before_rendering(content.project)
    told(findings, SCRIPT, 5, "Failure", f"{CHAPTER}:{content.line('## Failure')}")
    assert len(findings) == 1


def test_a_part_that_links_nowhere(content: Content) -> None:
    assert named(content, "Policy", "The policy decides when to write.", href="") == [
        'the part "Policy" of the diagram "final" links to no heading'
    ]


def shown(content: Content, text: str, steps: list[int]) -> list[tuple[int, str]]:
    """The chapter with this text behind the diagram "final"; path and rule of all findings are checked."""
    content.chapter(The_design__grown=text)
    content.pictures(picture(steps=steps))
    findings = before_rendering(content.project)
    assert {(f.path, f.rule) for f in findings} <= {(CHAPTER, "numbered-step")}
    return [(f.line, f.what) for f in findings]


FINAL = '{{ diagram("final") }}\n\n'


@pytest.mark.parametrize("text", [
    FINAL + "1. One.\n2. Two,\n   which is long.\n\n3. Three.\n\nWords.\n\n1. Another list.",
    FINAL + "Words.\n\n1. One.\n    - with a part\n2. Two.\n3. Three.",
    FINAL + "1. Decisions.\n2. No steps.\n\n### Later\n\n[It](#diagram-final) works:\n\n1. A.\n2. B.\n3. C.",
    FINAL + "[It](#diagram-final) is seen above.\n\nWords.\n\n1. One.\n2. Two.\n3. Three.",
])  # fmt: skip
def test_numbers_that_agree(content: Content, text: str) -> None:
    assert shown(content, text, [1, 2, 3]) == []


def test_a_diagram_without_numbers_needs_no_steps(content: Content) -> None:
    assert shown(content, FINAL + "1. A list of something else.", []) == []


def test_numbers_that_stand_on_one_side_only(content: Content) -> None:
    text = FINAL + "1. One.\n2. Two.\n3. Three."
    (line, what), *rest = shown(content, text, [1, 2, 3, 4])
    assert (line, what) == (content.line("3. Three."), 'the diagram "final" has an edge 4, and there is no step 4')
    assert rest == []
    assert shown(content, text, [1, 3]) == [(content.line("2. Two."), 'step 2 is no edge of the diagram "final"')]


@pytest.mark.parametrize("text", [FINAL + "Words.", FINAL + "### Next\n\n1. One.\n2. Two."])
def test_numbered_edges_without_steps(content: Content, text: str) -> None:
    ((line, what),) = shown(content, text, [1, 2])
    assert line == content.line(FINAL.strip())
    assert "numbered to 2, and no numbered steps follow" in what
