"""A new chapter builds green at once, is marked as a draft, and takes nobody's place."""

from __future__ import annotations

import subprocess
import sys

from tests.projects import ROOT, Copy
from tests.scripts.content import coming

TOLD = ("sitemap.xml", "feed.xml", "llms.txt", "designs.json", "facts.json")  # what tells others of the chapters


def start(project: Copy, slug: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts", "new", slug]
    return subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)


def test_a_new_chapter_builds_and_passes_every_check(project: Copy) -> None:
    done = start(project, "demo-design")
    assert (done.returncode, done.stderr) == (0, "")
    assert "docs/designs/demo-design/index.md" in done.stdout
    checked = project.run("check")
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr
    assert "This chapter is being written. Don't rely on it yet." in project.read("site/designs/demo-design/index.html")
    assert '<span class="design-status">draft</span>' in project.read("site/index.html")
    assert 'title="This chapter is being written"' in project.read("site/index.html")
    assert "Answered in time, queue of five" in project.read("site/designs/demo-design/simulate/index.html")
    for name in ("projects.py", "docs/notebooks.py"):  # what the tests of a notebook use
        project.write(f"tests/{name}", (ROOT / "tests" / name).read_bytes())
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/snippets/demo_design", "tests/docs"]
    ran = subprocess.run(tests, cwd=project.root, capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.split()[0]) == (0, "....."), ran.stdout
    for command in (["check"], ["format", "--check"]):
        linted = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "."], cwd=project.root, capture_output=True, text=True
        )
        assert linted.returncode == 0, linted.stdout


def test_a_draft_is_told_to_nobody_until_it_is_finished(project: Copy) -> None:
    start(project, "demo-design")
    project.build()
    folder, card = project.root / "site/designs/demo-design", project.root / "site/cards/demo-design.png"
    pages = list(folder.rglob("index.html"))
    assert len(pages) == 4  # the chapter, its ledger, two notebooks
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert '<meta name="robots" content="noindex">' in text and 'handbook/cards/home.png">' in text, page
    assert not [
        name for name in (*TOLD, "404.html", "search/pages.json") if "demo-design" in project.read(f"site/{name}")
    ]
    assert "diagrams/demo-design/final" not in project.read("site/diagrams/index.html")
    assert not card.exists() and not (folder / "index.md").exists()
    project.replace("docs/designs/demo-design/index.md", "status: draft\n", "")
    project.build()
    for page in (project.root / "site").rglob("index.html"):
        text = page.read_text(encoding="utf-8")
        assert "md-status--draft" not in text and '<meta name="robots"' not in text, page
    assert all("demo-design" in project.read(f"site/{name}") for name in (*TOLD, "404.html", "search/pages.json"))
    assert "diagrams/demo-design/final" in project.read("site/diagrams/index.html")
    assert card.exists() and (folder / "index.md").exists()


def test_a_design_that_is_coming_brings_its_title_and_prompt(project: Copy) -> None:
    known = {"title": "A demo of designs", "company": "Example", "prompt": "From a demo to a design, and back."}
    project.write("mkdocs.yml", coming(project.read("mkdocs.yml"), "demo-design", **known))
    assert start(project, "demo-design").returncode == 0
    chapter = project.read("docs/designs/demo-design/index.md")
    assert all(f"{name}: {text}\n" in chapter for name, text in known.items())


def test_a_slug_that_is_taken_or_none_writes_nothing(project: Copy) -> None:
    told = {
        "email-platform": "this is there already", "Email Platform": "is no slug", "": "is no slug",
        "email": "a module", "import": "a word of Python", "1-to-1-chat": "a number",
    }  # fmt: skip
    for slug, says in told.items():
        before = project.contents("docs")
        done = start(project, slug)
        assert done.returncode == 1
        assert says in done.stderr
        assert "Traceback" not in done.stderr
        assert project.contents("docs") == before
