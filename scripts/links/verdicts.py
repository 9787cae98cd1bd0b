"""What is known of one external address, and what its answers mean."""

from __future__ import annotations

from dataclasses import dataclass

OK = "ok"
MOVED = "moved"  # answers, at an address that the old one names as the new one for good
REFUSED = "refused"  # the host answers, but not to programs
DEAD = "dead"
ANCHOR = "anchor"  # the page is there, the place in it is not
FAILING = "failing"  # a time-out, a server's error, a loop: may pass

GOOD = (OK, MOVED)
TEMPORARY = frozenset({408, 425, *range(500, 600)})
_GONE = {404, 410}


@dataclass(frozen=True)
class Answer:
    """The verdict on an address. `detail` says why in a few words; `moved` and `archived` are better addresses."""

    verdict: str
    detail: str = ""
    moved: str = ""
    archived: str = ""


def of_status(status: int) -> Answer:
    """What the last HTTP status means. Whatever else a host says (401, 403, 429, 999), it says that to programs."""
    if 200 <= status < 300:
        return Answer(OK)
    if status in _GONE:
        return Answer(DEAD, f"HTTP {status}")
    if status in TEMPORARY:
        return Answer(FAILING, f"HTTP {status}")
    return Answer(REFUSED, f"HTTP {status}")
