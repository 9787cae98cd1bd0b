"""What the commands read of the environment: each variable, and what it may be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator


def wrong() -> Iterator[str]:
    """A line for each variable that is set to what it cannot be, with an example. An empty one is not set."""
    for name, (read, what, example) in _VARIABLES.items():
        given = os.environ.get(name)
        if given and not _is_read(read, given):
            yield f"{name}={given} is no {what}: give one, as in {name}={example}, or take it out of the environment"


def _is_read(read: Callable[[str], bool], given: str) -> bool:
    try:
        return read(given)
    except ValueError:
        return False


def _is_day(given: str) -> bool:
    from datetime import date

    return bool(date.fromisoformat(given))


def _is_address(given: str) -> bool:
    from urllib.parse import urlsplit

    parts = urlsplit(given)
    return parts.scheme in ("http", "https") and bool(parts.hostname)


#: What tells whether a text can be taken, what it is called, and one that can. A day is the most a notebook may ask
#: for; in less than half a GiB Python does not even import what runs one.
_VARIABLES: dict[str, tuple[Callable[[str], bool], str, str]] = {
    "BENCH_ROUNDS": (lambda given: int(given) > 0, "number of rounds", "3"),
    "HANDBOOK_CELL_LIMIT": (lambda given: 0 < float(given) <= 86_400, "time in seconds, up to a day", "120"),
    "HANDBOOK_MEMORY_LIMIT": (lambda given: 0.5 <= float(given) < 2**20, "size in GiB, from 0.5 on", "4"),
    "HANDBOOK_PROCESSES": (lambda given: int(given) > 0, "number of processes", "2"),
    "HANDBOOK_TODAY": (_is_day, "date", "2027-01-31"),
    "SITE_URL": (_is_address, "address of a site", "https://example.org/handbook/"),
}
