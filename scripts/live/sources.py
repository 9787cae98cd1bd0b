"""One file for each design: its notebooks' cells, and what the build found."""

from __future__ import annotations

import json
from typing import Any

from scripts import percent
from scripts.layout import Design
from scripts.store import Store


def sources(design: Design, store: Store) -> dict[str, Any]:
    """The design as a session takes it."""
    return {
        "slug": design.slug,
        "notebooks": [_notebook(book) for book in design.notebooks],
        "facts": [fact.record for fact in store.facts.get(design.slug, {}).values()],
        "decisions": list(store.decisions.get(design.slug, {}).values()),
    }


def _notebook(book: Any) -> dict[str, Any]:
    cells = [cell for cell in percent.read(book) if cell.kind == "code"]
    kept = [{"anchor": c.anchor, "section": c.section, "line": c.line, "source": c.source} for c in cells]
    return {"name": book.stem, "cells": kept}


def text(design: Design, store: Store) -> str:
    """The same as JSON."""
    return json.dumps(sources(design, store), ensure_ascii=False, separators=(",", ":"))
