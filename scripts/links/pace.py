"""Waiting: at most one request at a time and an interval apart to each host, however many threads ask."""

from __future__ import annotations

import threading
import time


class StoppedError(Exception):
    """The run was cancelled while this was waiting."""


class Clock:
    """The time, s since 1970, and waiting. Tests put one in its place that does not wait."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        """The time, s since 1970."""
        return time.time()

    def sleep(self, seconds: float) -> None:
        """Wait. Raises StoppedError when the run is cancelled meanwhile."""
        if self._stopped.wait(max(seconds, 0.0)):
            raise StoppedError

    def stop(self) -> None:
        """Wake everybody who waits, and let nobody wait again."""
        self._stopped.set()


class Pace:
    """Gives out the times at which a host may be asked, `interval` seconds apart."""

    def __init__(self, clock: Clock, interval: float) -> None:
        self.clock, self.interval = clock, interval
        self._free: dict[str, float] = {}
        self._lock = threading.Lock()

    def wait(self, host: str) -> None:
        """Wait for this host's next time, which is then taken. Raises StoppedError."""
        with self._lock:
            now = self.clock.now()
            turn = max(now, self._free.get(host, now))
            self._free[host] = turn + self.interval
        self.clock.sleep(turn - now)

    def hold(self, host: str, seconds: float) -> None:
        """The host asked for, or deserves, a pause: nobody asks it before that has passed."""
        with self._lock:
            self._free[host] = max(self._free.get(host, 0.0), self.clock.now() + seconds)
