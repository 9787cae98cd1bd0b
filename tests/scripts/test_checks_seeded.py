"""Checks that seeded faults asked for: notebooks that differ or swallow, raw HTML, the theme's requests, ids."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import checks, notebooks
from scripts.checks import markup, published, reproducible, source, theme
from scripts.findings import ContentError
from tests.scripts.content import Content, told

BOOK = "docs/designs/demo/estimate.py"


@pytest.mark.parametrize(("code", "words"), [
    ("import random\nx = random.random()", "random.random()"),
    ("import random as r\nx = r.choice([1])", "r.choice"),
    ("from random import Random\nx = Random()", "Random()"),
    ("from time import time\nx = time()", "time()"),
    ("from datetime import datetime\nx = datetime.now()", "datetime.now()"),
    ("import datetime as dt\nx = dt.date.today()", "dt.date.today()"),
    ("from uuid import uuid4\nx = uuid4()", "uuid4()"),
    ("class A: ...\nx = id(A)", "id(A)"),
    ("a = [1]\nx = [n for n in set(a)]", "set(a)"),
    ("a = [1]\nx = list({1, 2})", "{1, 2}"),
    ("import os\ntry:\n    x = 1\nexcept: x = 2", "passed over"),
    ("import os\ntry:\n    x = 1\nexcept (ValueError, Exception) as e: x = 2", "passed over"),
    ("for x in (1,):\n  try:\n    x = 1\n  except ValueError: continue", "passed over"),
    ("x = 1\nimport requests", '"requests" is not there'),
    ("import math\nfrom numpy.random import default_rng", '"numpy.random" is not there'),
    ("import contextlib\nx = 1\nwith contextlib.suppress(ValueError): pass", "passed over"),
])  # fmt: skip
def test_what_differs_from_run_to_run_or_passes_over_an_error(code: str, words: str, content: Content) -> None:
    content.write(BOOK, code + "\n")
    [finding] = reproducible.findings(content.project)
    assert finding.line == len(code.split("\n"))
    assert words in finding.what


@pytest.mark.parametrize("code", [
    "import random\nx = random.Random(1).random()",
    "from time import sleep\nrandom = [1]\nx = random.count(1)",
    "try:\n    x = 1 / 0\nexcept ZeroDivisionError:\n    x = 0",
    "try:\n    x = 1\nexcept Exception as error:\n    raise ValueError from error",
    "x = sorted({1, 2})",
    "import pint, simpy, handbook.tails, collections.abc\nfrom snippets.demo import x",
    "no python (",
])  # fmt: skip
def test_what_stays_the_same_is_fine(code: str, content: Content) -> None:
    content.write(BOOK, code + "\n")
    assert list(reproducible.findings(content.project)) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("<script>run()</script>", "<script>"),
        ('<iframe src="a"></iframe>', "<iframe>"),
        ('<IMG src="a.png" alt="a > b" onerror=run()>', "onerror"),
        ("[x](javascript:run())", "javascript:"),
        ('<a href="javascript:run()">x</a>', "javascript:"),
    ],
)
def test_html_that_runs_something(words: str, says: str, content: Content) -> None:
    content.failure(f"It fails.\n\n{words}")
    findings = checks.before_running(content.project)
    told(findings, content.CHAPTER, content.line(words), says)


def test_code_and_plain_html_are_fine(content: Content) -> None:
    content.failure(
        '`<script>` runs.\n\n```html\n<p onclick="x()">\n```\n\n<!-- <script> -->\n<div class="answer">on = 1</div>'
    )
    assert list(markup.findings(source.pages(content.project))) == []


def test_a_footnote_defined_twice(content: Content) -> None:
    content.failure("So.[^a]\n\n[^a]: One.\n[^b]: Other.\n[^a]: Two.")
    [finding] = markup.findings(source.pages(content.project))
    assert finding.line == content.line("[^a]: Two.")


@pytest.mark.parametrize(("name", "text"), [
    ("docs/assets/a.css", 'a {}\n@import "https://example.org/a.css";'),
    ("docs/assets/a.css", "a {}\nb { background: url(//example.org/a.png) }"),
    ("docs/assets/a.js", '// https://example.org\nawait fetch("https://example.org/hit");'),
    ("docs/assets/a.js", '// modules\nimport { a } from "https://example.org/a.js";'),
    ("overrides/main.html", '<a href="https://example.org">x</a>\n<script async src="https://example.org/a.js"></script>'),
    ("overrides/main.html", '<p>\n<link rel="stylesheet" href="https://example.org/a.css">'),
])  # fmt: skip
def test_a_theme_that_asks_another_host(name: str, text: str, content: Content) -> None:
    content.write(name, text + "\n")
    told(list(theme.findings(content.project)), name, 2, "example.org")


def test_links_of_the_theme_are_no_requests(content: Content) -> None:
    content.write(
        "overrides/main.html", '<a href="https://example.org">x</a><link rel="canonical" href="https://e.org">'
    )
    content.write("docs/assets/a.js", 'const SVG = "http://www.w3.org/2000/svg"; fetch("facts.json");')
    assert list(theme.findings(content.project)) == []


def test_an_id_that_a_page_has_twice(content: Content) -> None:
    content.failure('It fails.\n\n<p id="late">Late.</p>')
    content.write("site/designs/demo/index.html", '<h2 id="late">Late</h2><p id="late">Late.</p><p id="x"></p>')
    findings = [f for f in published.findings(content.project, content.root / "site") if "twice" in f.what]
    told(findings, content.CHAPTER, content.line('id="late"'), '"late"')
    assert len(findings) == 1


def test_an_assumption_that_nothing_uses(content: Content) -> None:
    content.write(BOOK, '# %% section="peak"\nmembers = assume(5)\npeak_rate = 3\n')
    content.replace(content.CHAPTER, 'of {{ fact("demo.members").full }}', "of some")
    told(checks.before_rendering(content.project), BOOK, 2, 'nothing uses the assumption "members"')
    content.write(BOOK, '# %% section="peak"\nmembers = assume(5\npeak_rate = members\n')  # no Python: nobody knows
    assert not [f for f in checks.before_rendering(content.project) if "nothing uses" in f.what]


def test_a_broken_law_says_where_its_sides_come_from(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    cells = "from handbook import Q, invariants\n\npeak = Q(5)\nroom = Q(4)\n", "invariants.capacity(room, peak)\n"
    Path("lane.py").write_text("".join(f"# %%\n{cell}\n" for cell in cells), encoding="utf-8")
    with pytest.raises(ContentError) as caught:
        notebooks.run([Path("lane.py")])
    told(caught.value.findings, "lane.py", 8, "capacity", "peak is from line 4", "room is from line 5")


def test_a_participant_that_nobody_declared(content: Content) -> None:
    lines = [
        "sequenceDiagram",
        "participant Lane as The lane",
        "actor S",
        "Lane->>+S: 1",
        "S-->>-Lnae: 2",
        "Note over S: x",
    ]
    content.write("diagrams/demo/claim.mmd", "\n    ".join(lines) + "\n")
    told(checks.before_running(content.project), "diagrams/demo/claim.mmd", 5, '"Lnae"', 'did you mean "Lane"?')


def test_a_page_of_the_navigation_that_is_not_there(content: Content) -> None:
    nav = "nav:\n  - Home: index.md\n  - Designs:\n      - designs/dmeo/index.md\n  - Elsewhere: https://example.org\n"
    content.write("mkdocs.yml", (content.root / "mkdocs.yml").read_text(encoding="utf-8") + nav)
    findings = [f for f in checks.before_running(content.project) if "navigation" in f.what]
    told(findings, "mkdocs.yml", content.line("dmeo", "mkdocs.yml"), 'did you mean "designs/demo/index.md"?')
    assert len(findings) == 1
