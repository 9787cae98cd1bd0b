"""What the checks say about pages against what was made: facts, fragments, diagrams, citations."""

from __future__ import annotations

import pytest

from scripts.checks import before_rendering
from tests.scripts.content import NOTEBOOK, Content, fact, picture, told

CHAPTER = Content.CHAPTER
NOTEBOOK_PATH = "docs/designs/demo/estimate.py"


def test_a_good_project_has_no_finding(content: Content) -> None:
    assert before_rendering(content.project) == []


@pytest.mark.parametrize("words", [
    "{{ peak_rate }} and {{ peak_rate.full }} and {{ peak_rate.plain }} and {{ title }}",
    "{{ assumptions() }} {{ ledger() }} {{ chapter_meta() }} {{ computed('demo.peak_rate') }}",
    "{% for n in range(3) %}{{ n }}{% endfor %}",
    "{% raw %}\n`{{ whatever }}`\n{% endraw %}",
    "[a link with {{ peak_rate.plain }}](../)",
    "![a picture of {{ peak_rate.plain }}](x.png)",
    "{{ peak_rate }}[^paper]",
    "See.[^own]\n\n[^own]: A footnote of the page.",
    "`[^nobody]`",
])  # fmt: skip
def test_what_is_fine(content: Content, words: str) -> None:
    content.failure(words)
    assert before_rendering(content.project) == []


@pytest.mark.parametrize(("words", "expected"), [
    ("It is {{ peak_rat }}.", ["peak_rat", 'did you mean "peak_rate"?']),
    ('It is {{ fact("demo.peak_rte") }}.', ["peak_rte", 'did you mean "peak_rate"?']),
    ('It is {{ fact("dema.peak_rate") }}.', ["dema", 'did you mean "demo"?']),
    ("It is {{ peak_rate.fulll }}.", ["fulll", 'did you mean "full"?']),
    ('It is {{ computed("demo.nothing") }}.', ["nothing"]),
    ("{% if pek_rate %}x{% endif %}", ["pek_rate"]),
    ("### At {{ peak_rate }}", ["heading", "first sentence"]),
    ("[a link with {{ peak_rate }}](../)", ["link", "{{ peak_rate.plain }}"]),
    ("![a picture of {{ peak_rate.full }}](x.png)", ["image", "{{ peak_rate.plain }}"]),
    ('<abbr title="{{ peak_rate }}">x</abbr>', ["attribute", "{{ peak_rate.plain }}"]),
    ("`{{ peak_rate }}`", ["code", "raw"]),
    ("It is {{ peak_rate", ["not closed"]),
    ("### Words {#words}", ["template", "{ #id }"]),
    ("{{ diagram('finale') }}", ["finale", 'did you mean "final"?']),
    ("{{ diagram('final') }}", ["second time"]),
    ("A claim.[^papre]", ["papre", 'did you mean "paper"?']),
    ('--8<-- "demo/estimate.md:peek"', ["peek", 'did you mean "peak"?']),
    ('--8<-- "demo/estimat.md"', ["demo/estimat.md", 'did you mean "demo/estimate.md"?']),
])  # fmt: skip
def test_what_is_not(content: Content, words: str, expected: list[str]) -> None:
    content.failure(f"Words.\n\n{words}")
    findings = before_rendering(content.project)
    told(findings, CHAPTER, content.line(words), *expected)
    assert len(findings) == 1


def test_a_page_of_no_design_names_facts_in_full(content: Content) -> None:
    content.write("docs/index.md", '# Home\n\n{{ fact("demo.peak_rate") }}\n{{ peak_rate }}\n')
    findings = before_rendering(content.project)
    told(findings, "docs/index.md", 4, "peak_rate", "design.name")
    assert len(findings) == 1


def test_a_page_that_renders_no_macros_is_left_alone(content: Content) -> None:
    content.write("docs/how.md", "---\nrender_macros: false\n---\n\nWrite {{ anything }}.\n")
    assert before_rendering(content.project) == []


def test_a_fact_that_nothing_uses(content: Content) -> None:
    facts = (
        fact("members", 2, kind="assumed"),
        fact("peak_rate", 3, inputs=["members"]),
        fact("idle", 4),
        fact("spare", 5, kind="assumed"),
    )
    content.facts(*facts)
    findings = before_rendering(content.project)
    told(findings, NOTEBOOK_PATH, 4, '"idle"', "_idle")
    told(findings, NOTEBOOK_PATH, 5, 'the assumption "spare"')
    assert len(findings) == 2


@pytest.mark.parametrize(("name", "text"), [
    (NOTEBOOK_PATH, NOTEBOOK + "idle = members\nassert idle < peak_rate\n"),
    ("diagrams/demo.py", 'draw("final", label="at {{ idle }}")\n'),
    ("diagrams/demo/send.mmd", 'A->>B: at {{ fact("demo.idle") }}\n'),
    ("docs/index.md", '{{ fact("demo.idle") }}\n'),
])  # fmt: skip
def test_a_fact_that_something_uses(content: Content, name: str, text: str) -> None:
    content.facts(fact("members", 2, kind="assumed"), fact("peak_rate", 3), fact("idle", 4))
    content.write(name, text)
    assert before_rendering(content.project) == []


def test_a_section_that_no_page_shows(content: Content) -> None:
    content.write(NOTEBOOK_PATH, NOTEBOOK + '\n# %% section="cost"\ncost = 1\n')
    content.write(
        "build/fragments/demo/estimate.md",
        "--8<-- [start:peak]\n--8<-- [end:peak]\n--8<-- [start:cost]\n--8<-- [end:cost]\n",
    )
    told(before_rendering(content.project), NOTEBOOK_PATH, 5, '"cost"', '--8<-- "demo/estimate.md:cost"')


def test_includes_of_blocks_and_of_lines(content: Content) -> None:
    content.write("snippets/demo/retry.py", "a = 1\nb = 2\n")
    content.failure(
        '```python\n--8<-- "demo/retry.py:1:2"\n--8<--\ndemo/retry.py\ndemo/gone.py\n--8<--\n;--8<-- "escaped.py"\n```'
    )
    findings = before_rendering(content.project)
    told(findings, CHAPTER, content.line("demo/gone.py"), "demo/gone.py")
    assert len(findings) == 1


@pytest.mark.parametrize(("change", "line", "words"), [
    ({"name": "other"}, 3, ["does not show", '{{ diagram("other") }}']),
    ({"title": " "}, 3, ["no title"]),
    ({"description": "One sentence only."}, 3, ["too short", "two sentences"]),
    ({"links": [["#estimaton", "Queue", 7]]}, 7, ["Queue", "#estimaton", 'did you mean "estimation"?']),
])  # fmt: skip
def test_pictures(content: Content, change: dict[str, object], line: int, words: list[str]) -> None:
    content.pictures(picture(), picture(**change)) if "name" in change else content.pictures(picture(**change))
    findings = before_rendering(content.project)
    told(findings, "diagrams/demo.py", line, *words)
    assert len(findings) == 1


def test_pictures_link_to_the_ids_that_the_page_will_have(content: Content) -> None:
    content.failure("### Twice\n\n### Twice\n\n### `Code` & *more* { #own-id }\n\n### See [there](../)")
    hrefs = ["#twice", "#twice_1", "#own-id", "#see-there", "#security-privacy-abuse", "https://example.org/"]
    content.pictures(picture(links=[[href, "", 1] for href in hrefs]))
    assert before_rendering(content.project) == []


def test_an_assumption_with_a_source_that_is_not_there(content: Content) -> None:
    content.facts(fact("members", 2, kind="sourced", source="papre"), fact("peak_rate", 3))
    told(before_rendering(content.project), NOTEBOOK_PATH, 2, "papre", 'did you mean "paper"?')


def test_a_design_that_was_not_made_is_passed_over(content: Content) -> None:
    for made in ("build/facts/demo.json", "build/diagrams/demo/index.json", "build/fragments/demo/estimate.md"):
        (content.root / made).unlink()
    assert before_rendering(content.project) == []


def test_nothing_is_said_to_be_unused_where_a_page_cannot_be_read(content: Content) -> None:
    content.write(content.CHAPTER, (content.root / content.CHAPTER).read_bytes() + b"\xff\n")
    assert before_rendering(content.project) == []
