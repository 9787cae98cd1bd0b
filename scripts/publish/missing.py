"""The page for addresses that lead nowhere: `404.html`.

A host shows it at any depth, so that no relative address holds in it. It carries its styles itself, and its links start
from one `<base>`: the path of the site's address. Where the site is published elsewhere, a small script finds the root.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from scripts.layout import Project
from scripts.publish.about import About
from scripts.store import Store

_TEMPLATE = Path(__file__).with_name("missing.html")
_PLACES = {
    "diagrams/": "all diagrams", "reference/": "the library", "reference/glossary/": "the glossary",
    "contribute/": "how to contribute",
}  # fmt: skip
_PALETTE = "assets/stylesheets/palette.css"


def page(project: Project, staging: Path, about: About, store: Store) -> str:
    """The whole page. It names only what has been built."""
    there = [(path, words) for path, words in _PLACES.items() if (staging / path / "index.html").exists()]
    places = [f'<a href="{path}">{words}</a>' for path, words in there]
    ready = "".join(
        f'<li><a href="designs/{slug}/">{escape(meta["title"])}</a> <small>{escape(meta["company"])}</small>'
        f"<p>{escape(meta['prompt'])}</p></li>"
        for slug, meta in store.finished.items()
    )
    return Template(_TEMPLATE.read_text(encoding="utf-8")).substitute(
        site=escape(about.name), base=escape(about.path), designs=ready,
        places=", ".join(['<a href=".">the first page</a>', *places]),
        palette=(project.docs / _PALETTE).read_text(encoding="utf-8").strip(),
    )  # fmt: skip
