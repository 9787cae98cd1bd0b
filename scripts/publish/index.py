"""What programs look for at a site's root: `robots.txt` and `llms.txt` (llmstxt.org)."""

from __future__ import annotations

from pathlib import Path

from scripts.publish.about import About
from scripts.store import Store


def robots(about: About) -> str:
    """Everything may be read, and where the list of pages is. Counts only at the root of a host."""
    return f"User-agent: *\nAllow: /\n\nSitemap: {about.absolute('sitemap.xml')}\n"


def llms(staging: Path, about: About, store: Store) -> str:
    """The chapters with their Markdown copies, and the data."""
    designs = [(f"designs/{slug}/index.md", meta["title"], meta["prompt"]) for slug, meta in store.finished.items()]
    data = [
        ("facts.json", "Facts", "every number of every design: value, unit, text, kind, source, formula, inputs"),
        ("designs.json", "Designs", "the front matter of every chapter"),
        ("feed.xml", "Changes", "what was added or changed, as Atom"),
    ]
    pages = [
        ("guide/", "Netflix interview guide", "a course in pages, with the claims of the usual guide checked"),
        ("reference/", "Library", "closed forms, simulation parts and drawing, with examples that run"),
        ("reference/numbers/", "Numbers to know", "each with its source"),
        ("reference/glossary/", "Glossary", "the terms that the chapters use"),
    ]
    return "\n".join([
        f"# {about.name}\n",
        f"> {about.description}\n",
        "Each chapter answers one interview question on one page. Numbers are computed by the notebook that stands in\n"
        "the chapter, from assumptions that have a range and a reason or a source.\n",
        "## Designs\n", *(_line(about, *one) for one in designs), "",
        "## Data\n", *(_line(about, *one) for one in data), "",
        "## Optional\n", *(_line(about, *one) for one in pages if (staging / one[0] / "index.html").exists()), "",
    ])  # fmt: skip


def _line(about: About, path: str, title: str, notes: str) -> str:
    return f"- [{title}]({about.absolute(path)}): {notes}"
