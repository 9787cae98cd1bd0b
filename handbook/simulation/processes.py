"""Runs of a model in several processes at once, where a build asks for it and the system can fork.

A run depends on its seed alone, so nothing changes but the time it takes. Only what a model prints, or keeps outside
itself, is lost: a model returns what it has found.
"""

from __future__ import annotations

import marshal
import math
import os
import signal
from collections.abc import Callable, Mapping, Sequence
from typing import Any

#: The environment variable that says in how many processes; 1 if it is not set.
VARIABLE = "HANDBOOK_PROCESSES"


def runs(model: Callable[[int], Mapping[str, float]], seeds: Sequence[int]) -> list[dict[str, float]] | None:
    """What each seed gives, in their order; None where they must run here: not asked for, or one of them fails."""
    wanted = min(int(os.environ.get(VARIABLE) or 1), len(seeds))
    if wanted < 2 or not hasattr(os, "fork"):
        return None
    children = [_start(model, seeds[first::wanted]) for first in range(1, wanted)]
    found: list[Any] = [None] * len(seeds)
    try:
        found[::wanted] = [dict(model(seed)) for seed in seeds[::wanted]]
    finally:  # each is waited for, whatever happens
        for first, child in enumerate(children, 1):
            found[first::wanted] = _end(*child) or [None] * math.ceil((len(seeds) - first) / wanted)
    return found if None not in found else None


def _start(model: Callable[[int], Mapping[str, float]], seeds: Sequence[int]) -> tuple[int, int]:
    """A child that runs these seeds: its process id, and the pipe that it writes to."""
    ours, theirs = os.pipe()
    remaining = signal.getitimer(signal.ITIMER_REAL)[0]
    if child := os.fork():
        os.close(theirs)
        return child, ours
    try:
        os.close(ours)
        signal.setitimer(signal.ITIMER_REAL, remaining)  # a child does not inherit its parent's alarm
        with os.fdopen(theirs, "wb") as pipe:
            pipe.write(marshal.dumps([dict(model(seed)) for seed in seeds]))
    finally:
        os._exit(0)  # what failed wrote nothing, and fails again where it can be told


def _end(child: int, pipe: int) -> list[dict[str, float]]:
    """What a child wrote; nothing if it failed."""
    with os.fdopen(pipe, "rb") as file:
        written = file.read()
    os.waitpid(child, 0)
    try:
        return marshal.loads(written)
    except (EOFError, ValueError):
        return []
