"""A Markdown copy of each chapter, of what the page shows: numbers, cells and their outputs included."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from scripts import manifest
from scripts.layout import Project
from scripts.publish.about import About
from scripts.store import Store

_NOT_TEXT = re.compile(r"<(svg|script|style)\b.*?</\1>", re.DOTALL)


def add(project: Project, staging: Path, about: About, store: Store) -> None:
    """Write `designs/<slug>/index.md` beside each chapter. A page that has not changed is not converted anew."""
    recipe = Path(__file__).with_name("markdown.py").read_text(encoding="utf-8")
    lock = (project.root / "requirements.txt").read_text(encoding="utf-8")
    kept = []
    for slug in store.chapters:
        folder, address = staging / "designs" / slug, about.absolute(f"designs/{slug}/")
        html = article((folder / "index.html").read_text(encoding="utf-8"))
        made_from = hashlib.blake2b("\0".join((html, address, recipe, lock)).encode(), digest_size=12).hexdigest()
        copy = project.build / "copies" / f"{made_from}.md"
        if not copy.exists():
            from scripts.publish import markdown  # heavy

            manifest.write(copy, markdown.convert(html, address))
        manifest.write(folder / "index.md", copy.read_bytes())
        kept.append(copy)
    manifest.sweep([project.build / "copies"], kept)


def article(page: str) -> str:
    """What a reader reads of a page, without its drawings: their descriptions stand beside them."""
    return _NOT_TEXT.sub("", page[page.index("<article") : page.rindex("</article>") + len("</article>")])
