"""What the checks say about sources alone: encoding, YAML, front matter, sections, bibliography."""

from __future__ import annotations

import pytest

from scripts.checks import before_running
from scripts.checks.chapters import SECTIONS
from scripts.store import Store
from tests.scripts.content import FRONT, SOURCE, Content, told

CHAPTER = Content.CHAPTER


def test_a_good_project_has_no_finding(content: Content) -> None:
    assert before_running(content.project) == []


@pytest.mark.parametrize(
    "name",
    [
        "docs/index.md",
        "snippets/demo/retry.py",
        "diagrams/demo/send.mmd",
        "overrides/main.html",
        "sources.yml",
        CHAPTER,
    ],
)
def test_a_file_that_is_not_utf_8(content: Content, name: str) -> None:
    content.write(name, b"# one\n# two\xe9\n")
    told(before_running(content.project), name, 2, "0xE9", "UTF-8")


def test_a_mark_before_the_text(content: Content) -> None:
    content.write(CHAPTER, b"\xef\xbb\xbf" + (content.root / CHAPTER).read_bytes())
    told(before_running(content.project), CHAPTER, 1, "byte order mark", "UTF-8")


def test_a_picture_need_not_be_text(content: Content) -> None:
    content.write("docs/assets/logo.png", b"\x89PNG\r\n")
    assert before_running(content.project) == []


@pytest.mark.parametrize("name", ["mkdocs.yml", "sources.yml"])
def test_broken_yaml(content: Content, name: str) -> None:
    content.write(name, "site_name: a\nextra: b: c\n")
    findings = before_running(content.project)
    told(findings, name, 2, "not YAML")
    assert not [f for f in findings if "to relate to" in f.what]  # which designs are coming is not known then


def test_broken_front_matter(content: Content) -> None:
    content.chapter(FRONT.replace("company: Example", "company: Example: Inc"))
    told(before_running(content.project), CHAPTER, 4, "not YAML", "quote")


def test_front_matter_is_read_as_the_build_reads_it(content: Content) -> None:
    content.chapter(FRONT.replace("[And with more load]", "[And with more load?]"))  # libyaml would take it
    told(before_running(content.project), CHAPTER, 14, "not YAML")


@pytest.mark.parametrize(("first", "last"), [("---", "---"), ("--- ", "---\t"), ("---", "...")])
def test_front_matter_begins_and_ends_as_mkdocs_has_it(content: Content, first: str, last: str) -> None:
    content.chapter(FRONT.replace("---\ntitle", f"{first}\ntitle").replace("seed.txt\n---", f"seed.txt\n{last}"))
    assert before_running(content.project) == []
    assert Store(content.project).titles == {"demo": "A demo"}


def test_no_front_matter(content: Content) -> None:
    content.chapter("")
    told(before_running(content.project), CHAPTER, 1, "no front matter")


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("title: A demo\n", "", 1, ["no", '"title"']),
    ("asked: 2025-10-20", "asked: last year", 8, ["asked", "a date"]),
    ("minutes: 45", "minutes: 45\nstatus: drafft", 11, ["status", "the word draft"]),
    ("minutes: 45", "minutes: about an hour", 10, ["minutes", "whole number"]),
    ("tags: [queues]", "tags: queues", 11, ["tags", "list of texts"]),
    ("company: Example", "company: ", 4, ["company", "a text"]),
    ("difficulty: Hard", "difficulty: Hard\ndificulty: Easy", 8, ["unknown key", 'did you mean "difficulty"?']),
    ("slug: demo", "slug: dema", 3, ["dema", "slug: demo"]),
    ("minutes: 45", "minutes: 45\nchanges:\n  - date: soon\n    what: x", 11, ["changes", "a list of changes"]),
    ("related: [later]", "related:\n  - latre", 16, ["latre", 'did you mean "later"?']),
])  # fmt: skip
def test_front_matter(content: Content, old: str, new: str, line: int, words: list[str]) -> None:
    content.chapter(FRONT.replace(old, new))
    told(before_running(content.project), CHAPTER, line, *words)


@pytest.mark.parametrize("name", ["docs/contribute/index.md", "docs/guide/index.md"])
@pytest.mark.parametrize(("front", "line", "words"), [
    ("title: One: two", 2, ["not YAML", "quote"]), ("- title", 2, ["no list of keys"]), ("", 2, ["no list of keys"]),
    ("description: Words.", 1, ["no", '"title"']), ("hide: [toc]\ntitle: 5", 3, ['"title"', "a text", "not 5"]),
    ("title: A\ndescription: [a, b]", 3, ['"description"', "a text"]),
])  # fmt: skip
def test_front_matter_of_other_pages(content: Content, name: str, front: str, line: int, words: list[str]) -> None:
    content.write(name, f"---\n{front}\n---\n\n# A page\n")
    [finding] = [finding for finding in before_running(content.project) if finding.path == name]
    told([finding], name, line, *words)


def test_the_guide_has_a_title_and_other_pages_need_no_front_matter(content: Content) -> None:
    for name in ("docs/guide/index.md", "docs/contribute/index.md"):
        content.write(name, "# A page\n")
    [finding] = [finding for finding in before_running(content.project) if finding.path.endswith("/index.md")]
    told([finding], "docs/guide/index.md", 1, "no front matter", "title")


@pytest.mark.parametrize(("old", "new", "words"), [
    ("title: Later, ", "", ["not whole", "Design another"]), ("slug: later", "slug: 5", ["not whole", "5"]),
    ("{ slug: later", "later # { slug: later", ["not whole", "later"]),
])  # fmt: skip
def test_a_coming_design_is_whole(content: Content, old: str, new: str, words: list[str]) -> None:
    content.replace("mkdocs.yml", old, new)
    [finding] = before_running(content.project)  # and nothing of what may be related
    told([finding], "mkdocs.yml", 5, *words, "slug, title, company and prompt")


@pytest.mark.parametrize("settings", [b"", b"- a\n", b"site_name: \xff\n", b"extra: { coming: 5 }\n"])
def test_what_is_related_is_not_judged_by_settings_that_say_nothing(content: Content, settings: bytes) -> None:
    content.write("mkdocs.yml", settings)
    assert not [f for f in before_running(content.project) if "to relate to" in f.what]


def test_two_chapters_with_one_slug(content: Content) -> None:
    for name in ("index.md", "estimate.py"):
        content.write(f"docs/designs/other/{name}", (content.root / "docs/designs/demo" / name).read_bytes())
    content.write("diagrams/other.py", "")
    findings = before_running(content.project)
    told(findings, "docs/designs/other/index.md", 3, '"demo"', "docs/designs/demo/index.md", "slug: other")
    assert len(findings) == 1


def test_a_missing_section(content: Content) -> None:
    content.chapter(sections=tuple(s for s in SECTIONS if s != "Failure"))
    line = content.line("## Operations")
    told(before_running(content.project), CHAPTER, line, "Failure", "missing", 'after "Trade-offs"')


def test_a_section_out_of_order_is_named_once(content: Content) -> None:
    order = ["Failure", *(s for s in SECTIONS if s != "Failure")]
    content.chapter(sections=tuple(order))
    findings = before_running(content.project)
    told(findings, CHAPTER, content.line("## Failure"), "out of order", 'after "Trade-offs"')
    assert len(findings) == 1


def test_an_unknown_section_and_one_that_is_there_twice(content: Content) -> None:
    content.chapter(sections=(*SECTIONS, "Failures", "Operations"))
    findings = before_running(content.project)
    told(findings, CHAPTER, content.line("## Failures"), "no section", 'did you mean "Failure"?')
    told(findings, CHAPTER, content.line("## Failures") + 4, "twice", str(content.line("## Operations")))


def test_a_section_keeps_its_id(content: Content) -> None:
    content.replace(CHAPTER, "## Failure", "## Failure { #faults }")
    told(before_running(content.project), CHAPTER, content.line("## Failure"), "id of its own")


def test_headings_in_code_are_no_sections(content: Content) -> None:
    content.failure("```sh\n## Not a section\n```")
    assert before_running(content.project) == []


def test_a_design_without_its_siblings(content: Content) -> None:
    (content.root / "docs/designs/demo/estimate.py").unlink()
    (content.root / "diagrams/demo.py").unlink()
    findings = before_running(content.project)
    told(findings, CHAPTER, 1, "docs/designs/demo/estimate.py")
    told(findings, CHAPTER, 1, "diagrams/demo.py")


def test_diagrams_of_no_chapter(content: Content) -> None:
    content.write("diagrams/dmo.py", "")
    content.write("diagrams/dmo/send.mmd", "")
    findings = before_running(content.project)
    assert len(findings) == 1
    assert '"dmo"' in findings[0].what and 'did you mean "demo"?' in findings[0].mend


@pytest.mark.parametrize(("old", "new", "line", "words"), [
    ("  year: 2024\n", "", 1, ["paper", '"year"']),
    ("kind: primary", "kind: first-hand", 6, ["primary or secondary"]),
    ("read: 2026-11-20", "read: yesterday", 7, ["a date"]),
    ("review: 2027-11-20", "review: 2026-01-01", 8, ["before it was read"]),
    ("  says:", "  sais: it\n  says:", 9, ["unknown key", 'did you mean "says"?']),
    ("address: https://example.org/paper", "address: example.org", 5, ["https://"]),
])  # fmt: skip
def test_the_bibliography(content: Content, old: str, new: str, line: int, words: list[str]) -> None:
    content.write("sources.yml", SOURCE.replace(old, new))
    told(before_running(content.project), "sources.yml", line, *words)


def test_two_sources_with_one_id(content: Content) -> None:
    content.write("sources.yml", SOURCE + SOURCE)
    told(before_running(content.project), "sources.yml", 10, "paper", "taken on line 1")


@pytest.mark.parametrize("words", [
    "![A plan](https://example.org/plan.png)", "![A plan]( <//example.org/plan.png> )", "![A plan][plan]", "![Plan][]",
    '<img alt="A plan" src="https://example.org/plan.png">',
    '<img srcset="plan.png 1x, https://example.org/plan.png 2x">',
    "<video controls\n  poster='http://example.org/plan.png'></video>",
    '<p style="background: url(https://example.org/plan.png)">Words.</p>',
])  # fmt: skip
def test_a_page_that_would_load_from_another_host(content: Content, words: str) -> None:
    content.failure(f"{words}\n\n[plan]: https://example.org/plan.png")
    [finding] = before_running(content.project)
    at = "[plan]:" if "]" in words[-7:] else "example.org"
    told([finding], CHAPTER, content.line(at), "//example.org/plan.png", "another host")


def test_a_notebook_that_would_load_from_another_host(content: Content) -> None:
    content.write("docs/designs/demo/estimate.py", "# %% [markdown]\n# ![A plan](https://example.org/plan.png)\n")
    [finding] = before_running(content.project)
    told([finding], "docs/designs/demo/estimate.py", 2, "another host")


@pytest.mark.parametrize("words", [
    "[A page](https://example.org/plan.png) and <a href='https://example.org/'>another</a>.",
    "`![A plan](https://example.org/plan.png)` is how.", "![A plan](../../assets/plan.png)",
])  # fmt: skip
def test_a_link_loads_nothing(content: Content, words: str) -> None:
    content.failure(words)
    assert before_running(content.project) == []
