"""A new chapter builds green at once, is marked as a draft, and takes nobody's place."""

from __future__ import annotations

import subprocess
import sys

from tests.projects import Copy


def start(project: Copy, slug: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "scripts", "new", slug]
    return subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)


def test_a_new_chapter_builds_and_passes_every_check(project: Copy) -> None:
    done = start(project, "demo-design")
    assert (done.returncode, done.stderr) == (0, "")
    assert "docs/designs/demo-design/index.md" in done.stdout
    checked = project.run("check")
    assert (checked.returncode, checked.stderr) == (0, ""), checked.stderr
    assert "This chapter is being written" in project.read("site/designs/demo-design/index.html")
    assert '<span class="design-status">draft</span>' in project.read("site/index.html")
    tests = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/snippets/demo_design"]
    ran = subprocess.run(tests, cwd=project.root, capture_output=True, text=True, check=False)
    assert "2 passed" in ran.stdout or ran.returncode == 0, ran.stdout


def test_a_slug_that_is_taken_or_none_writes_nothing(project: Copy) -> None:
    for slug, says in (("email-platform", "this is there already"), ("Email Platform", "is no slug")):
        before = project.contents("docs")
        done = start(project, slug)
        assert done.returncode == 1
        assert says in done.stderr
        assert "Traceback" not in done.stderr
        assert project.contents("docs") == before
