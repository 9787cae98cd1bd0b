"""The checks: what an author is told before a reader sees it. They give findings; bad content makes none raise."""

from __future__ import annotations

from pathlib import Path

from scripts.findings import Finding
from scripts.layout import Project


def before_running(project: Project) -> list[Finding]:
    """Checks of the sources alone: cheap, before a notebook runs."""
    from scripts.checks import bibliography, chapters, encoding, labels, quantities, source

    pages = source.pages(project)
    return sorted({
        *encoding.findings(project),
        *bibliography.findings(project),
        *chapters.findings(project, pages),
        *quantities.findings([*pages, *source.shared(project)]),
        *labels.findings(project),
    })  # fmt: skip


def before_rendering(project: Project) -> list[Finding]:
    """Checks of the pages against what notebooks and diagram scripts made: facts, fragments, pictures, citations.

    A design whose notebooks or diagrams were not made is passed over: that is somebody else's finding.
    """
    from scripts.checks import bound, citations, expressions, includes, pictures, source
    from scripts.store import Store

    store, pages = Store(project), source.pages(project)
    everything = [*pages, *source.shared(project)]
    read = {page: expressions.read(page) for page in everything}
    written = {page: found for page, (found, _) in read.items()}
    return sorted({
        *(finding for _, findings in read.values() for finding in findings),
        *bound.findings(project, store, written),
        *includes.findings(project, everything),
        *pictures.findings(project, store, written),
        *citations.findings(store, everything),
    })  # fmt: skip


def after_building(project: Project, site: Path) -> list[Finding]:
    """Checks of the built site, offline: links, anchors, images, leftovers, shown numbers, other hosts.

    Raises ContentError when the link checker does not run.
    """
    from scripts.checks import published

    return sorted(set(published.findings(project, site)))
