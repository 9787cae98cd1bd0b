"""Work beside a block: at the same time, waited for, and with its errors."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Event

import pytest

from scripts.beside import beside, together

DEADLINE = 30  # seconds; nothing here takes one


def test_a_task_runs_while_the_block_does_and_the_block_ends_after_it():
    begun, go_on, ended = Event(), Event(), Event()

    def task() -> None:
        begun.set()
        assert go_on.wait(DEADLINE)
        ended.set()

    with beside([task]):
        assert begun.wait(DEADLINE)
        go_on.set()
    assert ended.is_set()


def test_the_error_of_a_task_comes_at_the_end_of_the_block():
    passed = Event()
    with pytest.raises(ZeroDivisionError), beside([lambda: 1 / 0]):
        passed.set()
    assert passed.is_set()


def test_the_error_of_the_block_is_raised_and_what_has_not_begun_never_does(monkeypatch: pytest.MonkeyPatch):
    go_on, later = Event(), Event()
    end = ThreadPoolExecutor.shutdown

    def shutdown(pool: ThreadPoolExecutor, wait: bool = True, cancel_futures: bool = False) -> None:
        end(pool, wait=False, cancel_futures=cancel_futures)
        go_on.set()  # only now do the busy ones make room
        end(pool, wait=wait)

    def busy() -> None:
        assert go_on.wait(DEADLINE)
        raise ZeroDivisionError

    monkeypatch.setattr(ThreadPoolExecutor, "shutdown", shutdown)
    with pytest.raises(KeyError), beside([*[busy] * (os.cpu_count() or 1), later.set]):
        raise KeyError("of the block")
    assert not later.is_set()


def test_together_waits_for_all_of_them():
    done: list[int] = []
    together(partial(done.append, number) for number in range(20))
    assert sorted(done) == list(range(20))
