"""Places inside somebody else's page."""

from __future__ import annotations

import codecs
import re
import time
from collections.abc import Iterable
from html.parser import HTMLParser
from urllib.parse import unquote

LARGEST = 8_000_000  # bytes: what is beyond is not read, and no anchor is then missed
# Made by a script in the browser, or by the browser itself: lines on GitHub, routes, text fragments, the top.
_NOT_IN_HTML = re.compile(r"L\d+(?:C\d+)?(?:-L\d+(?:C\d+)?)?|[!/].*|:~:.*|top|issuecomment-\d+", re.DOTALL)


def read(chunks: Iterable[bytes], timeout: float) -> frozenset[str] | None:
    """The ids and names of a page that comes in pieces; None when it is too long to tell. Raises TimeoutError."""
    parser, size, end = _Ids(), 0, time.monotonic() + timeout
    text = codecs.getincrementaldecoder("utf-8")(errors="replace")  # a letter may be cut in two
    for chunk in chunks:
        size += len(chunk)
        if size > LARGEST:
            return None
        if time.monotonic() > end:
            raise TimeoutError
        parser.feed(text.decode(chunk))
    return frozenset(parser.found)


def has(ids: frozenset[str] | None, fragment: str) -> bool:
    """Whether a page with these ids has the place, as far as can be told: with no id at all a script makes them."""
    fragment = fragment.partition(":~:")[0]
    if not ids or not fragment or _NOT_IN_HTML.fullmatch(fragment):
        return True
    names = {fragment, unquote(fragment)}
    return bool(ids & (names | {f"user-content-{name}" for name in names}))  # GitHub puts that before


class _Ids(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {value for key, value in attrs if value and (key == "id" or (key == "name" and tag == "a"))}
