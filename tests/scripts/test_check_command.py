"""`make check` end to end: real notebook, real diagrams, real MkDocs, real link checker; all findings at once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from scripts import check_command
from scripts.findings import Finding
from tests.scripts.content import Content, coming, told

ROOT = Path(__file__).parents[2]

NOTEBOOK = """\
# %% section="peak"
from handbook import assume, show, to

members = assume("Members", 2, "member", because="a test")
rate = assume("Requests of a member", 3, "request/member/second", because="a test")
peak_rate = members * rate  # Requests at the peak
show()
"""

SCRIPT = """\
from handbook.drawing import Architecture, Service

with Architecture("final", title="Final", description="One part takes {{ peak_rate }}. There is no other."):
    Service("Front", href="#failure")
"""


@pytest.fixture
def content(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Content:
    """A project that is built for real, by the scripts, hooks and theme of this one."""
    content = Content(tmp_path)
    shutil.rmtree(tmp_path / "build")
    for name in (
        "scripts", "handbook", "overrides", "requirements.txt", "package-lock.json", "node_modules", "spelling.txt",
        ".markdownlint.json",
    ):  # fmt: skip
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copytree(ROOT / "docs/assets", tmp_path / "docs/assets")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    before, rest = settings.split("\nnav:", 1)
    known = {"title": "Later", "company": "Example", "prompt": "Design another demo."}
    content.write("mkdocs.yml", coming(before + rest[rest.index("\n\n") :], "later", **known))
    content.failure("The front takes every request.")
    content.write("docs/designs/demo/estimate.py", NOTEBOOK)
    content.write("diagrams/demo.py", SCRIPT)
    monkeypatch.chdir(tmp_path)
    return content


def check(content: Content) -> list[Finding]:
    return check_command.run(content.project, lambda message: None)


def test_a_good_project_then_one_with_a_fault_for_every_stage(content: Content) -> None:
    assert check(content) == []
    published = (content.root / "site/designs/demo/index.html").read_bytes()
    assert b"demo.peak_rate" in published

    content.replace(content.CHAPTER, "every request.", "every request. It takes 20 ms. [x](#gone) {{ peak_rat }}")
    content.replace("diagrams/demo.py", "#failure", "#failures")
    findings = check(content)
    line = content.line("It takes")
    told(findings, content.CHAPTER, line, "naked quantity", "20 ms")
    told(findings, content.CHAPTER, line, "peak_rat", 'did you mean "peak_rate"?')
    told(findings, "diagrams/demo.py", 4, "#failures", 'did you mean "failure"?')
    assert len(findings) == 3

    content.replace(content.CHAPTER, "{{ peak_rat }}", "{{ peak_rate }}")
    content.replace("docs/designs/demo/estimate.py", "show()", "1 / 0")
    findings = check(content)
    told(findings, "docs/designs/demo/estimate.py", 7, "ZeroDivisionError")
    told(findings, content.CHAPTER, line, "#gone leads nowhere")
    told(findings, content.CHAPTER, line, "20 ms")
    assert len(findings) == 4
    assert (content.root / "site/designs/demo/index.html").read_bytes() == published


def test_a_dead_link_in_a_project_that_was_never_built_is_a_finding_and_no_traceback(content: Content) -> None:
    content.failure("The front takes every request. [Nowhere](#nowhere)")
    found = check(content)
    assert found and all("nowhere" in str(finding) for finding in found), [str(finding) for finding in found]


def test_what_follows_from_a_finding_is_not_told(content: Content) -> None:
    content.replace("diagrams/demo.py", "#failure", "#failures")
    told(check(content), "diagrams/demo.py", 4, "#failures")
    content.replace("diagrams/demo.py", "with Architecture", "with with Architecture")
    [finding] = check(content)  # the picture that was drawn before is no longer that of the script
    assert (finding.path, finding.line) == ("diagrams/demo.py", 3) and "syntax" in finding.what

    content.write("diagrams/demo.py", SCRIPT)
    content.write("mkdocs.yml", (content.root / "mkdocs.yml").read_text() + "nav: [index.md, designs/dmo/index.md]\n")
    first, second = check(content)  # every page of the site has the link that leads nowhere
    assert (first.path, first.line) == (content.CHAPTER, 1) and "- Its title: designs/demo/index.md" in first.mend
    assert second.path == "mkdocs.yml" and "designs/dmo/index.md" in second.what

    content.write("mkdocs.yml", (content.root / "mkdocs.yml").read_text().replace("designs/dmo", "designs/demo"))
    content.replace(content.CHAPTER, "tags: [queues]", "tags: [queues")
    content.write("docs/index.md", "# Home\n\n{{ designs_table() }}\n")
    [finding] = check(content)
    told([finding], content.CHAPTER, content.line("prompt:"), "not YAML")
