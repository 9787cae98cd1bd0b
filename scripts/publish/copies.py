"""A Markdown copy of each chapter, of what the page shows: numbers, cells and their outputs included."""

from __future__ import annotations

import re
from pathlib import Path

from scripts import manifest
from scripts.layout import Project
from scripts.memory import Memory, key
from scripts.publish.about import About
from scripts.store import Store

_SECTION = re.compile(r"(?=<h2\b)")
_NOT_TEXT = re.compile(r"<(svg|script|style)\b.*?</\1>", re.DOTALL)


def add(project: Project, staging: Path, about: About, store: Store) -> None:
    """Write `designs/<slug>/index.md` beside each finished chapter. A section is converted when it has changed."""
    converter = [Path(__file__).with_name("markdown.py"), project.root / "requirements.txt"]
    memory = Memory(project.build / "cache/copies.pickle", manifest.digest(converter, root=project.root))

    def convert(part: str, address: str) -> str:
        from scripts.publish import markdown  # heavy

        return markdown.convert(part, address)

    for slug in store.finished:
        folder, address = staging / "designs" / slug, about.absolute(f"designs/{slug}/")
        parts = _SECTION.split(article((folder / "index.html").read_text(encoding="utf-8")))
        copies = [memory.of(key(part, address), lambda part=part, at=address: convert(part, at)) for part in parts]  # type: ignore[misc]
        head, _, rest = copies[0].partition("\n")
        text = "\n".join([head, f"\nThe page itself: <{address}>\n{rest}", *copies[1:]])
        manifest.write(folder / "index.md", text)
    memory.save()


def article(page: str) -> str:
    """What a reader reads of a page, without its drawings: their descriptions stand beside them."""
    return _NOT_TEXT.sub("", page[page.index("<article") : page.rindex("</article>") + len("</article>")])
