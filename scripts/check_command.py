"""`python -m scripts check`: everything that can be said about the content, at once."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from scripts import checks, site
from scripts.findings import ContentError, Finding
from scripts.layout import Project
from scripts.manifest import Manifest

Progress = Callable[[str], None]

#: What a finding is about: a text in quotes, a path, an anchor.
_SUBJECT = re.compile(r"""(?<=["'])[^"'\s]+(?=["'])|(?<=\[\^)[^\]]+|[^\s"']*[#/][^\s"':,;]+|UTF-8""")


#: What a failed build says that an earlier finding may well have caused.
_FOLLOWS = re.compile(r"mkdocs\.yml: |\S+: braces raise ")


def run(project: Project, progress: Progress, first: bool = False) -> list[Finding]:
    """Every finding, by path and line. A stage that fails stops only what cannot go on without it.

    With `first`, those of the first stage that finds anything: the sources, what is made of them, the pages.
    """
    told, made = _Told(), False
    told.add(checks.before_running(project))
    if not (first and told.findings):
        made = _make(project, progress, told)
    if not (first and told.findings):
        told.add_of_made(checks.before_rendering(project))
    if not told.findings:
        _build(project, progress, told)
    elif made and not first:
        _build_aside(project, progress, told)
    if not (first and told.findings):
        told.add(checks.for_review(project))  # last: what it finds keeps nothing from being built
    return sorted(told.findings)


class _Told:
    """Findings so far. What a later stage says again about the same thing on the same line is left out."""

    def __init__(self) -> None:
        self.findings: set[Finding] = set()
        self.undrawn: set[str] = set()
        """The designs whose pictures are older than their scripts."""

    def add_of_made(self, findings: Iterable[Finding]) -> None:
        """Add what was found in facts, pictures and pages, but nothing of pictures that are to be drawn anew."""
        self.add(f for f in findings if _drawn_for(f.path) not in self.undrawn)

    def add(self, findings: Iterable[Finding]) -> None:
        before = [(f.path, f.line, _subjects(f)) for f in self.findings]
        self.findings |= {
            f for f in findings
            if not any((f.path, f.line) == (path, line) and _subjects(f) & subjects for path, line, subjects in before)
        }  # fmt: skip


def _subjects(finding: Finding) -> set[str]:
    """A dead anchor is known by its name alone: MkDocs writes the link of the source, we that of the page."""
    found = _SUBJECT.findall(finding.what)
    return {*found, *(subject.rpartition("#")[2] for subject in found if "#" in subject)}


def _drawn_for(path: str) -> str:
    """The design of a diagram's file, `diagrams/<slug>.py` or `diagrams/<slug>/<name>.mmd`; empty for other files."""
    return path.split("/")[1].removesuffix(".py") if path.startswith("diagrams/") else ""


def _make(project: Project, progress: Progress, told: _Told) -> bool:
    """Run the notebooks and draw the diagrams. Returns whether pages can be made of what is there."""
    from scripts import figures, notebook_stage

    manifest = Manifest(project.build / "manifest.json")
    for stage, product in ((notebook_stage.refresh, "facts/{}.json"), (figures.refresh, "diagrams/{}/index.json")):
        try:
            stage(project, manifest, progress)
        except ContentError as error:
            told.add(error.findings)
            told.undrawn |= {_drawn_for(f.path) for f in error.findings} - {""}
        if not all((project.build / product.format(design.slug)).exists() for design in project.works):
            return False  # an older result would do; without any, whatever followed would be a consequence
    return True


def _build(project: Project, progress: Progress, told: _Told) -> None:
    try:
        built = site.build(project, progress)
    except ContentError as error:
        _check_pages(project, project.build / "staging", told)
        told.add(error.findings)
    else:
        progress("checking links")
        told.add(checks.after_building(project, built))


def _build_aside(project: Project, progress: Progress, told: _Told) -> None:
    """Build pages of content that is not all right, to find what can be seen only there. They are not published."""
    progress("building the pages, aside")
    aside = project.build / "check"
    try:
        site.render(project, aside)
        _check_pages(project, aside, told)
    except ContentError as error:
        _check_pages(project, aside, told)
        told.add(f for f in error.findings if not _follows(f, told.findings))
    except Exception as error:  # noqa: BLE001 - content that was found wrong may break anything
        progress(f"the pages cannot be built before this is mended ({type(error).__name__})")
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _follows(finding: Finding, told: set[Finding]) -> bool:
    """Whether a failed build most likely says again what was told: of no page, or of braces that stand in a page that
    was told of, list all chapters, one of which is spoilt, or name what was told of elsewhere."""
    if not _FOLLOWS.match(f"{finding.path}: {finding.what}"):
        return False
    spoilt, named = {"mkdocs.yml", *(f.path for f in told)}, {subject for f in told for subject in _subjects(f)}
    listed = any(f.rule in ("chapter", "encoding") for f in told)
    return finding.path in spoilt or listed or bool(_subjects(finding) & named)


def _check_pages(project: Project, folder: Path, told: _Told) -> None:
    """Check pages that MkDocs wrote. It writes them all before it fails for its warnings, or none."""
    if any(folder.rglob("*.html")):
        site.add_data(project, folder)
        everywhere = {subject for f in told.findings if f.rule == "navigation" for subject in _subjects(f)}
        told.add_of_made(f for f in checks.after_building(project, folder) if not _subjects(f) & everywhere)
