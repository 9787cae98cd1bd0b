"""The cache of rendered pages: after edits of every kind the site is what a build from nothing makes."""

from __future__ import annotations

import shutil

import pytest

from tests.projects import CHAPTER, NOTEBOOK, SCRIPT, Copy

HOME = "docs/index.md"
EDITS = {
    "prose": lambda one: one.append(CHAPTER, "\nA word more.\n"),
    "notebook": lambda one: one.replace(NOTEBOOK, "Spam rate to stay below", "Spam rate to keep below"),
    "diagram": lambda one: one.replace(SCRIPT, '"Lanes\\na pair a provider"', '"Lanes\\ntwo a provider"'),
    "snippet": lambda one: one.replace("snippets/email_platform/claim.py", "def ", "def  "),
    "library": lambda one: one.replace("handbook/erlang.py", '"""', '"""Edited. '),
    "override": lambda one: one.append("overrides/partials/logo.html", "<!-- edited -->\n"),
    "style sheet": lambda one: one.append("docs/assets/stylesheets/type.css", ".md-typeset p { color: red }\n"),
    "a new page": lambda one: one.write("docs/contribute/decisions/9999-new.md", "# New\n\n[Back](../index.md)\n"),
}
PROGRAMS = {
    "macro": lambda one: one.replace("scripts/listings.py", "numbers: {counted}.", "quantities: {counted}."),
    "settings": lambda one: one.replace("mkdocs.yml", "toc_depth: 3", "toc_depth: 2"),
    "requirements": lambda one: one.append("requirements.txt", "# edited\n"),
}


# What programs are made of is edited in `make verify`: each of the two takes four builds of everything.
@pytest.mark.parametrize(
    "edits", [EDITS, pytest.param(PROGRAMS, marks=pytest.mark.verify)], ids=["content", "programs"]
)
def test_after_edits_of_every_kind_the_site_is_what_a_build_from_nothing_makes(project: Copy, edits: dict) -> None:
    before = project.contents()
    for edit in edits.values():
        edit(project)
    project.build()
    after = project.contents()
    assert after != before
    for name in ("site", "build/cache/pages", "build/cache/assets"):
        shutil.rmtree(project.root / name)
    for kept in (project.root / "build/cache").glob("*.pickle"):
        kept.unlink()
    project.build()
    assert project.contents() == after


def test_an_edit_renders_one_page(project: Copy) -> None:
    project.append(HOME, "\nA word more.\n")
    before = project.times("build/cache/pages")
    project.build()
    after = project.times("build/cache/pages")
    new = {name for name in after.keys() - before.keys() if not name.endswith(".jinja")}  # templates know their folder
    assert len(new) == 4  # rendered, finished, framed; in the search index
    assert all(after[name] == before[name] for name in after.keys() & before.keys())


def test_a_page_with_a_broken_link_is_refused_each_time(project: Copy) -> None:
    project.append(HOME, "\n[Nowhere](nowhere.md)\n")
    for _ in range(2):
        done = project.run()
        assert done.returncode == 1
        assert "nowhere.md" in done.stderr
