"""Ids that sort by time, made without asking anybody: time, worker, sequence."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

TIME_BITS, WORKER_BITS, SEQUENCE_BITS = 41, 10, 12
PATIENCE_MS = 10  # a clock that was set back by less is waited for


class ClockError(RuntimeError):
    """The clock went back too far, or out of range: an id could be made twice."""


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


# --8<-- [start:make]
class Snowflake:
    """Makes ids on one worker. No two workers may have the same number at a time."""

    def __init__(
        self,
        worker: int,
        epoch_ms: int,
        clock: Callable[[], int] = _now_ms,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not 0 <= worker < 1 << WORKER_BITS:
            raise ValueError(f"worker {worker} does not fit {WORKER_BITS} bits")
        self.worker, self.epoch_ms = worker, epoch_ms
        self.clock, self.sleep = clock, sleep
        self.last, self.sequence, self.lock = -1, 0, threading.Lock()

    def make(self) -> int:
        """The next id, always larger than the one before."""
        with self.lock:
            now = self._after(self.last)
            if now == self.last:
                self.sequence += 1
                if self.sequence >> SEQUENCE_BITS:  # this millisecond is full
                    now, self.sequence = self._after(self.last + 1), 0
            else:
                self.sequence = 0
            self.last = now
            return (now << WORKER_BITS | self.worker) << SEQUENCE_BITS | self.sequence

    def _after(self, least: int) -> int:
        """Milliseconds since the epoch; waits for a clock that is a little behind."""
        while (now := self.clock() - self.epoch_ms) < least:
            if least - now > PATIENCE_MS:
                raise ClockError(f"the clock is {least - now} ms behind the last id")
            self.sleep((least - now) / 1000)
        if not 0 <= now < 1 << TIME_BITS:
            raise ClockError("the time is outside the ids' range")
        return now


# --8<-- [end:make]


@dataclass(frozen=True)
class Parts:
    """When an id was made (milliseconds since 1970), by whom, as which of them."""

    time_ms: int
    worker: int
    sequence: int


def read(identifier: int, epoch_ms: int) -> Parts:
    """The parts of an id."""
    return Parts(
        (identifier >> WORKER_BITS + SEQUENCE_BITS) + epoch_ms,
        identifier >> SEQUENCE_BITS & (1 << WORKER_BITS) - 1,
        identifier & (1 << SEQUENCE_BITS) - 1,
    )
