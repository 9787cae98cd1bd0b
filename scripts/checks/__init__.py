"""The checks: what an author is told before a reader sees it. They give findings; bad content makes none raise."""

from __future__ import annotations

from pathlib import Path

from scripts.findings import Finding, ruled
from scripts.layout import Project


def before_running(project: Project) -> list[Finding]:
    """Checks of the sources alone: cheap, before a notebook runs."""
    from scripts.checks import (
        bibliography,
        chapters,
        elsewhere,
        encoding,
        fronts,
        labels,
        markup,
        navigation,
        quantities,
        recall,
        reproducible,
        sequences,
        source,
        theme,
    )

    pages = source.pages(project)
    everything = [*pages, *source.shared(project)]
    with recall.recalling(project, anew=True):
        return sorted({
            *ruled("encoding", encoding.findings(project)),
            *ruled("bibliography", bibliography.findings(project)),
            *ruled("chapter", fronts.findings(project, pages)),
            *ruled("chapter", chapters.findings(project, pages)),
            *ruled("naked-quantity", quantities.findings(everything)),
            *ruled("naked-quantity", labels.findings(project)),
            *ruled("raw-html", markup.findings(everything)),
            *ruled("navigation", navigation.findings(project)),
            *ruled("reproducible", reproducible.findings(project)),
            *ruled("participant", sequences.findings(project)),
            *ruled("other-host", theme.findings(project)),
            *ruled("other-host", elsewhere.findings(project, everything)),
        })  # fmt: skip


def before_rendering(project: Project) -> list[Finding]:
    """Checks of the pages against what notebooks and diagram scripts made: facts, fragments, pictures, citations.

    A design whose notebooks or diagrams were not made is passed over: that is somebody else's finding.
    """
    from scripts.checks import bound, citations, expressions, includes, named, pictures, recall, source, steps
    from scripts.store import Store

    store, pages = Store(project), source.pages(project)
    everything = [*pages, *source.shared(project)]
    with recall.recalling(project):
        read = {page: expressions.read(page) for page in everything}
        written = {page: found for page, (found, _) in read.items()}
        return sorted({
            *ruled("template", (finding for _, findings in read.values() for finding in findings)),
            *ruled("fact", bound.findings(project, store, written)),
            *ruled("include", includes.findings(project, everything)),
            *ruled("diagram", pictures.findings(project, store, written)),
            *ruled("named-part", named.findings(store, {page: written[page] for page in pages})),
            *ruled("numbered-step", steps.findings(store, written)),
            *ruled("citation", citations.findings(store, everything)),
        })  # fmt: skip


def for_review(project: Project) -> list[Finding]:
    """What `make check` says besides, and what stops no build: spelling, style, sources that are due, unstated laws.

    Raises ContentError when the checker of style does not run.
    """
    from scripts.checks import declared, freshness, spelling, style
    from scripts.store import Store

    return sorted({
        *ruled("spelling", spelling.findings(project)),
        *ruled("style", style.findings(project)),
        *ruled("overdue-source", freshness.findings(project)),
        *ruled("unstated-invariant", declared.findings(project, Store(project))),
    })  # fmt: skip


def after_building(project: Project, site: Path) -> list[Finding]:
    """Checks of the built site, offline: links, anchors, images, leftovers, shown numbers, other hosts.

    Raises ContentError when the link checker does not run.
    """
    from scripts.checks import published

    return sorted(ruled("published", published.findings(project, site)))
