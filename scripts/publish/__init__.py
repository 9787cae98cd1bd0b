"""What is published for machines and hosts: feed, cards, Markdown copies, `llms.txt`, 404, headers; lighter pages.

All of it is made from the finished pages and the build's data, after MkDocs and without it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from scripts.layout import Project
from scripts.manifest import write
from scripts.store import Store


def add(project: Project, staging: Path, store: Store) -> None:
    """Add everything to a site that MkDocs has written into `staging`."""
    from scripts import search
    from scripts.beside import beside

    with beside([partial(search.split_apart, staging, project.build / "cache")]):
        _add(project, staging, store)


def _add(project: Project, staging: Path, store: Store) -> None:
    from scripts import assets
    from scripts.publish import cards, copies, feed, headers, index, missing
    from scripts.publish.about import About

    about = About.of(project)
    (staging / "sitemap.xml.gz").unlink(missing_ok=True)  # hosts compress by themselves
    write(staging / "robots.txt", index.robots(about))
    write(staging / "llms.txt", index.llms(staging, about, store))
    write(staging / "feed.xml", feed.atom(about, store.finished))
    write(staging / "404.html", missing.page(project, staging, about, store))
    cards.add(project, staging, about, store)
    copies.add(project, staging, about, store)
    assets.bundle(project, staging)
    headers.add(project, staging)  # the last: it reads what the pages hold
