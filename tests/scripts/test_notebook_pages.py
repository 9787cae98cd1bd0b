"""Notebook pages, in a small MkDocs site that is built strictly with Material and mkdocs-jupyter."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FIXTURES = ROOT / "tests/fixtures/notebooks"

SETTINGS = """
site_name: Site
theme:
  name: material
  font: false
hooks: [hooks.py]
plugins:
  - macros: {on_undefined: strict, on_error_fail: true}
  - search
  - mkdocs-jupyter:
      include: ["build/notebooks/*/*.ipynb"]
      ignore: ["*.md"]
      execute: false
      allow_errors: false
      cache_dir: build/notebook-pages
validation: {unrecognized_links: warn, anchors: warn}
"""
HOOKS = """
from pathlib import Path
from scripts import notebook_pages


def on_config(config):
    notebook_pages.configure(config)


def on_files(files, config):
    return notebook_pages.replace_notebooks(files, config, Path("build/notebooks"))


def on_page_content(html, page, config, files):
    return notebook_pages.finish(html, page, "https://repository")
"""
BUILD = """
import logging, sys
from scripts import notebook_pages
logging.basicConfig()
notebook_pages.defer_imports()
from mkdocs.commands.build import build
from mkdocs.config import load_config
build(load_config("mkdocs.yml", strict=True))
print(*sorted({"nbconvert", "nbformat"} & set(sys.modules)))
"""
INDEX = "# Home\n\n[The notebook](designs/mail/estimate.py), [its file](designs/mail/estimate.ipynb)\n"


@pytest.fixture(scope="module")
def project(tmp_path_factory, plain) -> Path:
    root = tmp_path_factory.mktemp("project")
    for name, text in {
        "mkdocs.yml": SETTINGS,
        "hooks.py": HOOKS,
        "docs/index.md": INDEX,
        "docs/designs/mail/estimate.py": plain.path.read_text("utf-8"),
        "build/notebooks/mail/estimate.ipynb": plain.ipynb,
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    return root


def build(project: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", BUILD], cwd=project, env=environment, text=True, capture_output=True)


@pytest.fixture(scope="module")
def page(project) -> str:
    done = build(project)
    assert done.returncode == 0, done.stderr
    return (project / "site/designs/mail/estimate/index.html").read_text("utf-8")


class Reader(HTMLParser):
    """Collects what a page loads, the ids in it, and its text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.ids: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        given = dict(attrs)
        if tag in {"script", "img", "iframe", "source"} and given.get("src"):
            self.loads.append(given["src"])
        if tag == "link" and given.get("rel") in {"stylesheet", "icon", "preload"}:
            self.loads.append(given["href"])
        if "id" in given:
            self.ids.append(given["id"])

    def handle_data(self, data):
        self.words.append(data)


def test_the_page_is_small_and_asks_no_other_host(page):
    assert len(page.encode()) < 40_000  # the shell of Material is 14 kB of it
    assert [url for url in Reader(page).loads if re.match(r"(https?:)?//", url)] == []
    assert not re.search(r"cdnjs|unpkg|require\.js|mathjax|import\(", page, re.IGNORECASE)
    assert page.count("<style") <= 1  # Material's own


def test_cells_have_the_same_elements_and_ids_as_in_a_chapter(page, plain):
    ids = Reader(page).ids
    assert [name for name in ids if name.startswith("cell-")] == [cell.anchor for cell in plain.cells]
    assert len(ids) == len(set(ids))
    assert page.count('<div class="highlight"><pre><code>') == 7
    assert "Two bars: A is 28, B is 55." in page and 'fill="var(--c-1, #2563eb)"' in page
    assert "<figcaption>B is about twice as large as A.</figcaption>" in page
    assert "jp-" not in page


def test_the_text_of_cells_is_untouched(page, plain):
    words = "".join(Reader(page).words)
    for cell in plain.cells:
        if cell.kind == "code":
            assert cell.source in words
    assert "ünïcode & <angle> {{ brace }} $ * _ `tick`\ntwo lines,\n\nwith a blank one between" in words


def test_title_contents_and_download(page, project, plain):
    assert "<title>What a cell can show - Site</title>" in page
    assert 'href="#what-a-cell-can-show"' in page
    assert '<a href="../estimate.ipynb" download>' in page
    assert (project / "site/designs/mail/estimate.ipynb").read_text("utf-8") == plain.ipynb
    home = (project / "site/index.html").read_text("utf-8")
    assert 'href="designs/mail/estimate/"' in home and 'href="designs/mail/estimate.ipynb"' in home


def test_search_finds_the_chapter_not_the_notebook(page, project):
    index = json.loads((project / "site/search/search_index.json").read_text("utf-8"))
    assert {entry["location"].split("#")[0] for entry in index["docs"]} == {""}


def test_an_unchanged_notebook_is_not_rendered_again(page, project):
    done = build(project)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == []  # nothing of Jupyter was imported
    assert (project / "site/designs/mail/estimate/index.html").read_text("utf-8") == page


def test_a_notebook_that_mkdocs_jupyter_passes_over_stops_the_build(page, project):
    settings = project / "mkdocs.yml"
    settings.write_text(SETTINGS.replace("build/notebooks/*/*.ipynb", "designs/*/*.py"))
    done = build(project)
    settings.write_text(SETTINGS)
    assert done.returncode != 0
    assert "'designs/mail/estimate.py' was not rendered" in done.stderr


def test_a_notebook_that_was_not_executed_stops_the_build(page, project):
    forgotten = project / "docs/designs/mail/simulate.py"
    forgotten.write_text("# %%\n1\n")
    done = build(project)
    forgotten.unlink()
    assert done.returncode != 0
    assert "'designs/mail/simulate.py' has not been executed" in done.stderr
