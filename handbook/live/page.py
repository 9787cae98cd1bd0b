"""Where the page's worker comes in: a session behind two functions of JSON strings."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass

from handbook.live.session import Session


@dataclass(frozen=True)
class Page:
    """`answer(request)` gives the reply; `follow()` the next cells that an update changed, null after the last,
    none yet before those that take long."""

    answer: Callable[[str], str]
    follow: Callable[[], str]


def open(design: str, progress: Callable[[float, str], None] = lambda *_: None) -> Page:
    """A session over a design's sources (JSON, as the build writes them)."""
    session = Session(json.loads(design), progress)
    return Page(
        answer=lambda request: json.dumps(session.answer(json.loads(request)), allow_nan=False),
        follow=lambda: json.dumps(session.follow(), allow_nan=False),
    )
