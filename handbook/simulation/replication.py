"""Asynchronous replicas: how far behind they are, and what a read from one of them shows."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any, NamedTuple

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Simulation
from handbook.simulation.distributions import Distribution, distribution
from handbook.simulation.updown import UpDown


class Read(NamedTuple):
    """What a read showed: the version (0: none), how many versions behind the primary, and for how long (s)."""

    version: int
    behind: int
    stale_for: float

    @property
    def stale(self) -> bool:
        """Whether the primary had a newer version."""
        return self.behind > 0


class _Replica(UpDown):
    """One copy. While it is down (or cut off) writes pile up; they arrive, each with a new lag, after it is back."""

    def __init__(self, owner: Replicas, name: str) -> None:
        super().__init__()
        self.owner, self.sim, self.name = owner, owner.sim, name
        self.versions: dict[Any, int] = {}
        self._lag = owner.lag.sampler(self.sim.stream(name))
        self._arriving: list[tuple[float, int, Any]] = []  # heap of (time, version, key); applied when looked at
        self._missed: list[tuple[int, Any]] = []

    def send(self, key: Any, version: int) -> None:
        if self.up:
            heappush(self._arriving, (self.sim.now + self._lag(), version, key))
        else:
            self._missed.append((version, key))

    def version(self, key: Any) -> int:
        self._apply()
        return self.versions.get(key, 0)

    def _apply(self) -> None:
        arriving, now = self._arriving, self.sim.now
        while arriving and arriving[0][0] <= now:
            _, version, key = heappop(arriving)
            if version > self.versions.get(key, 0):  # last writer wins, in whatever order writes arrive
                self.versions[key] = version

    def _went_down(self) -> None:
        self._apply()
        self._missed += [(version, key) for _, version, key in self._arriving]
        self._arriving.clear()

    def _came_up(self) -> None:
        missed, self._missed = self._missed, []
        for version, key in sorted(missed, key=lambda entry: entry[0]):
            self.send(key, version)


class Replicas:
    """A primary and `replicas` copies that apply each write after a lag of their own; last writer wins.

    With Poisson writes to a key at rate w, a read at a random time is stale with probability 1 - exp(-w · lag) for a
    constant lag, and w · lag / (1 + w · lag) for an exponential one (the last write is younger than its lag).
    `copies[i].fail()` and `.restore()` cut one off and let it catch up. `reads` and `stale_reads` are counted.
    Lags are worked out when a copy is read: they cost no events. Raises InputError.
    """

    def __init__(self, sim: Simulation, name: str, replicas: int, lag: Distribution) -> None:
        self.sim, self.name = sim, sim.join(name, self)
        self.lag = distribution("lag", lag)
        self.copies = [_Replica(self, f"{name}/{n}") for n in range(inputs.count("replicas", replicas))]
        self._written: dict[Any, list[float]] = {}  # times of the writes to each key; version n is entry n - 1
        self._rng = sim.stream(f"{name}/read")
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.reads = self.stale_reads = 0

    def write(self, key: Any = None) -> int:
        """Write a key at the primary, now; returns its new version."""
        times = self._written.setdefault(key, [])
        times.append(self.sim.now)
        for copy in self.copies:
            copy.send(key, len(times))
        return len(times)

    def read(self, key: Any = None, copy: int | None = None) -> Read:
        """Read a key from one copy (None: one drawn at random). Raises InputError for a copy that is not there."""
        if copy is None:
            copy = int(self._rng.random() * len(self.copies))
        elif copy not in range(len(self.copies)):
            raise InputError("copy", copy, f"from 0 to {len(self.copies) - 1}")
        times = self._written.get(key, [])
        version = self.copies[copy].version(key)
        behind = len(times) - version
        self.reads += 1
        self.stale_reads += behind > 0
        return Read(version, behind, self.sim.now - times[version] if behind else 0.0)
