"""History, page by page, while people go on talking."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from snippets.netflix_chat.sequencer import Message

MOST = 100


# --8<-- [start:page]
@dataclass(frozen=True)
class Page:
    """Messages in order, and the cursors of the pages before and after it."""

    messages: tuple[Message, ...]
    older: int | None
    newer: int


def page(
    log: Sequence[Message],
    *,
    before: int | None = None,
    after: int | None = None,
    limit: int = 50,
) -> Page:
    """The last messages before a number, or the first after one.

    A cursor names a message and not a position: what is inserted or removed meanwhile
    moves nothing. The log is ordered by number.
    """
    if before is not None and after is not None:
        raise ValueError("a page lies before a message or after one")
    limit = max(1, min(limit, MOST))
    if after is not None:
        start = bisect_right(log, after, key=lambda message: message.number)
        found = log[start : start + limit]
    else:
        end = len(log)
        if before is not None:
            end = bisect_left(log, before, key=lambda message: message.number)
        start = max(0, end - limit)
        found = log[start:end]
    newest = found[-1].number if found else after or 0
    oldest = found[0].number if found else newest + 1
    return Page(tuple(found), oldest if start > 0 else None, newest)


# --8<-- [end:page]
