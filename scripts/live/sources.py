"""One file for each design: its notebooks' cells, and what the build found."""

from __future__ import annotations

import json
from typing import Any

from handbook.uncertainty import WIDE
from scripts.layout import Design
from scripts.store import Store


def sources(design: Design, store: Store) -> dict[str, Any]:
    """The design as a session takes it."""
    facts = [fact.record for fact in store.facts.get(design.slug, {}).values()]
    return {
        "slug": design.slug,
        "assumptions": [_assumption(fact) for fact in facts if fact["kind"] in ("assumed", "sourced")],
        "notebooks": [{"name": book.stem, "cells": store.cells(design.slug, book.stem)} for book in design.notebooks],
        "facts": facts,
        "decisions": list(store.decisions.get(design.slug, {}).values()),
    }


def _assumption(fact: dict[str, Any]) -> dict[str, Any]:
    """An assumption as the page's panel shows it. A range that spans more than a factor of three is logarithmic."""
    keys = ("name", "label", "unit", "text", "value", "low", "high", "source", "because", "range", "notebook")
    wide = fact["low"] is not None and fact["low"] > 0 and fact["high"] > WIDE * fact["low"]
    return {**{key: fact[key] for key in keys}, "exact": True, "scale": "log" if wide else "linear"}


def text(design: Design, store: Store) -> str:
    """The same as JSON."""
    return json.dumps(sources(design, store), ensure_ascii=False, separators=(",", ":"))
