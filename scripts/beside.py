"""Work that nothing waits for until the end of a block, in threads beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager


@contextmanager
def beside(tasks: Iterable[Callable[[], object]]) -> Iterator[None]:
    """Do the tasks while the block runs; its end waits for them. Raises what the block raises, or else a task's error.

    For tasks that leave the interpreter to others: they wait for a process, or work in compiled code.
    """
    pool = ThreadPoolExecutor(os.cpu_count())
    pending = [pool.submit(task) for task in tasks]
    try:
        yield
        for one in pending:
            one.result()
    finally:
        pool.shutdown(cancel_futures=True)  # what has begun ends: a file half written would be taken for whole


def together(tasks: Iterable[Callable[[], object]]) -> None:
    """Do the tasks side by side. Raises the first error."""
    with beside(tasks):
        pass
