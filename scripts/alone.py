"""One command at a time makes what is in `build/`: two would write the same files, each over the other's."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from scripts.layout import Project


@contextmanager
def alone(project: Project, progress: Callable[[str], None]) -> Iterator[None]:
    """Begin the block when no other process is within one for this folder. Raises OSError without a `build/`.

    The system gives the folder free when the process ends, however it ends: nobody waits for one that was killed.
    """
    project.build.mkdir(exist_ok=True)
    folder = os.open(project.build, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("another build is under way in this folder: waiting for it to end")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)
