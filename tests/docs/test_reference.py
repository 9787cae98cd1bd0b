"""The reference pages: the example runs, every module is there, numbers are backed, links lead somewhere."""

from __future__ import annotations

import datetime
import importlib
import io
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import griffe
import pytest
import yaml
from markdown.extensions.toc import slugify

from scripts import docstrings, reference_tables
from tests.projects import ROOT

REFERENCE = ROOT / "docs/reference"
#: Parts of the library that only the build and other modules call.
INNER = {
    "cells", "comparisons", "crossings", "domain", "netflix", "running", "simulation.inputs", "simulation.updown",
    "charts.axes", "charts",
    "simulation.processes",
}  # fmt: skip

TERM = re.compile(r"(?m)^(?P<term>\S.*?) \{ #(?P<id>[a-z0-9-]+) \}\n:   (?P<text>(?:.+\n?)+)")
LINK = re.compile(r"\]\((?P<page>[^)#\s]*)(?:#(?P<anchor>[^)\s]+))?\)")


def page(name: str) -> str:
    return (REFERENCE / name).read_text(encoding="utf-8")


def modules_shown() -> set[str]:
    return set(re.findall(r"(?m)^::: handbook\.([\w.]+)", "".join(map(page, PAGES))))


PAGES = ("estimates.md", "closed-forms.md", "simulation.md", "drawing.md")


# The library


def test_the_example_says_what_the_page_says():
    example, output = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", page("index.md"), re.DOTALL).groups()
    said = io.StringIO()
    with redirect_stdout(said):
        exec(compile(example, "index.md", "exec"), {})
    assert said.getvalue() == output


def test_every_module_of_the_library_is_on_a_page():
    library = ROOT / "handbook"
    files = [path.relative_to(library).with_suffix("") for path in library.rglob("*.py")]
    modules = {".".join(path.parts).removesuffix(".__init__") for path in files} - {"__init__"}
    inner = {name for name in modules if name in INNER or name.startswith(("drawing.", "live"))}
    assert modules - inner - modules_shown() == set()
    assert modules_shown() <= modules


@pytest.mark.parametrize("name", ["index.md", "numbers.md", "glossary.md", *PAGES])
def test_links_lead_somewhere(name):
    text = re.sub(r"```.*?```", "", page(name), flags=re.DOTALL)
    for link in LINK.finditer(text):
        if not link["page"].startswith("https://"):
            assert leads_somewhere(REFERENCE / name, link["page"], link["anchor"]), link[0]


def leads_somewhere(origin: Path, target: str, anchor: str | None) -> bool:
    path = (origin.parent / target).resolve() if target else origin
    if not path.is_file() or anchor is None:
        return path.is_file()
    if anchor.startswith("handbook."):
        module = next(m for m in (anchor, anchor.rpartition(".")[0]) if m.removeprefix("handbook.") in modules_shown())
        name = anchor.removeprefix(module).lstrip(".")
        shown = re.search(rf"(?m)^::: {re.escape(module)}$", path.read_text(encoding="utf-8")) is not None
        return shown and (not name or hasattr(importlib.import_module(module), name))
    return anchor in anchors(path)


def anchors(path: Path) -> set[str]:
    text = path.read_text(encoding="utf-8")
    headings = {slugify(found, "-") for found in re.findall(r"(?m)^#+ (.+?)(?: \{.*\})?$", text)}
    numbers = {name.replace("_", "-") for name in facts()} if path.name == "numbers.md" else set()
    return headings | numbers | set(re.findall(r"#([a-z0-9-]+) \}", text))


# How docstrings are prepared


def visited(code: str) -> griffe.Module:
    module = griffe.visit("sample", filepath=Path("sample.py"), code=code)
    for each in (module, *module.members.values()):
        docstrings.LibraryDocstrings().on_object(obj=each, loader=None)
    return module


def test_a_docstring_gets_its_signature_its_examples_as_code_and_links():
    module = visited(
        "def rate(count: float, *, over: float = 1.0) -> float:\n"
        '    """As `speed`.\n\n    >>> rate(4)\n    4.0\n    """\n'
        'def speed(x):\n    """As itself, `speed`, of `x`."""\n'
    )
    assert module["rate"].docstring.value == (
        "```python\nrate(count: float, *, over: float = 1.0) -> float\n```\n\n"
        "As [`speed`][sample.speed].\n\n```pycon\n>>> rate(4)\n4.0\n```"
    )
    assert module["speed"].docstring.value == "```python\nspeed(x)\n```\n\nAs itself, `speed`, of `x`."


def test_a_long_signature_has_a_line_for_each_parameter():
    module = visited(f'def f({", ".join(f"parameter_{n}: float" for n in range(5))}, *rest: int):\n    """Says."""\n')
    lines = module["f"].docstring.value.splitlines()
    assert lines[1:3] == ["f(", "    parameter_0: float,"]
    assert lines[6:9] == ["    parameter_4: float,", "    *rest: int,", ")"]


def test_indented_code_becomes_a_block():
    assert docstrings.fenced("Use:\n\n    a = 1\n    b = 2\n\nSo.") == "Use:\n\n```python\na = 1\nb = 2\n```\n\nSo."


# Numbers to know


def facts() -> dict[str, dict[str, Any]]:
    return {fact["name"]: fact for fact in reference_tables.compute(ROOT / reference_tables.NOTEBOOK)}


@pytest.fixture(scope="module")
def known() -> dict[str, dict[str, Any]]:
    return facts()


@pytest.fixture(scope="module")
def sources() -> dict[str, dict[str, Any]]:
    return {each["id"]: each for each in yaml.safe_load((ROOT / "sources.yml").read_text(encoding="utf-8"))}


def test_every_number_is_shown_or_behind_one_that_is(known):
    shown = set(re.findall(r'numbers\("(\w+)"\)', page("numbers.md")))
    assert {fact["section"] for fact in known.values()} == shown | {"behind"}
    needed = {name for fact in known.values() for name in fact["inputs"]}
    assert {name for name, fact in known.items() if fact["section"] == "behind"} <= needed


def test_every_number_is_sourced_and_dated_or_computed(known, sources):
    for name, fact in known.items():
        if fact["kind"] == "sourced":
            assert sources[fact["source"]]["review"] > datetime.date(2026, 11, 21), name
        elif fact["kind"] == "assumed":
            assert (fact["section"], bool(fact["because"])) == ("behind", True), name


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("day_seconds", 24 * 60 * 60),
        ("three_nines", 365 * 24 * 3600 / 12 / 1000),
        ("two_beside", 365 * 24 * 3600 / 12 / 10_000),
        ("million_daily", 1e6 / 86_400),
        ("first_answer", 0.24),
        ("kafka_broker", 500e6 / 15),
        ("cassandra_node", 11_000),
        ("vcpu_month", 0.0408 / 3600),
        ("petabyte_egress", 90_000),
        ("uuid_size", 16),
        ("video_hour", 5.8e6 / 8 * 3600),
    ],
)
def test_computed_numbers_by_hand(known, name, value):
    assert known[name]["base"] == pytest.approx(value, rel=1e-9)
    assert known[name]["kind"] == "derived"


def test_a_row_names_its_source_and_the_day_of_its_review(known, sources):
    from scripts.layout import Project
    from scripts.store import Store

    table = reference_tables.numbers_table(list(known.values()), "servers", Store(Project(ROOT)))
    row = re.search(r'<tr id="kafka-broker">.*?</tr>', table)[0]
    source = sources["kafka-throughput-automq"]
    assert source["address"] in row
    assert str(source["review"]) in row
    assert "33.3 MB/s per node" in row


# The glossary


@pytest.fixture(scope="module")
def terms() -> list[re.Match[str]]:
    return list(TERM.finditer(page("glossary.md")))


def test_terms_are_sorted_and_unique(terms):
    assert 80 <= len(terms) <= 120
    assert len(terms) == page("glossary.md").count("\n:   ")
    order = [re.sub(r"[^a-z0-9 ]", "", re.sub(r"[-/]", " ", term["term"].lower())) for term in terms]
    assert order == sorted(set(order))
    assert len({term["id"] for term in terms}) == len(terms)


def test_terms_are_explained_briefly(terms):
    for term in terms:
        words = LINK.sub("", term["text"]).split()
        assert 5 <= len(words) <= 45, term["term"]
