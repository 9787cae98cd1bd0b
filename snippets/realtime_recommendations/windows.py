"""Counts by window of event time, closed by a watermark, corrected by late events."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Count:
    """What a window holds for a group. A store keeps that of the highest revision."""

    start: float
    group: Hashable
    number: int
    revision: tuple[int, int]  # the run of the job, and the how manieth of this run


# --8<-- [start:windows]
class Windows:
    """Tumbling windows. Each event counts once, in the window of its own time.

    The watermark says that what happened before it has probably arrived: the time up
    to which each of the `partitions` has been read, less the `wait`. Windows before it
    close; for `correct` seconds longer they are corrected, then forgotten. A job that
    starts again gets a higher `run`, so that what it writes replaces what the last
    one wrote.
    """

    def __init__(
        self,
        length: float,
        wait: float,
        correct: float = 0.0,
        run: int = 1,
        partitions: Iterable[Hashable] = (),
    ) -> None:
        self.length, self.wait, self.correct, self.run = length, wait, correct, run
        self.counts: dict[float, Counter[Hashable]] = defaultdict(Counter)
        self.ids: dict[float, set[Hashable]] = defaultdict(set)
        self.revisions: Counter[float] = Counter()  # 0: still open
        # The first that is heard must not speak for those that are not yet.
        self.heard = dict.fromkeys(partitions, float("-inf"))
        self.dropped, self.watermark = 0, float("-inf")

    def add(self, key: Hashable, group: Hashable, time: float) -> list[Count]:
        """An event. The corrected count of its window, if that was closed already."""
        start = time // self.length * self.length
        if start + self.length + self.correct <= self.watermark:
            self.dropped += 1  # counted here, found by the nightly count
            return []
        if key in self.ids[start]:
            return []  # at least once: the log delivers some events twice
        self.ids[start].add(key)
        self.counts[start][group] += 1
        return self._emit(start, [group]) if self.revisions[start] else []

    def advance(self, partition: Hashable, time: float) -> list[Count]:
        """A partition was read up to `time`. The counts of the windows that close."""
        self.heard[partition] = max(time, self.heard.get(partition, time))
        self.watermark = max(self.watermark, min(self.heard.values()) - self.wait)
        closed: list[Count] = []
        for start in sorted(self.counts):
            if start + self.length <= self.watermark and not self.revisions[start]:
                closed += self._emit(start, self.counts[start])
            if start + self.length + self.correct <= self.watermark:
                del self.counts[start], self.ids[start], self.revisions[start]
        return closed

    def idle(self, partition: Hashable) -> None:
        """Nothing came for long: it holds back nobody until it is heard again."""
        self.heard.pop(partition, None)

    def _emit(self, start: float, groups: Iterable[Hashable]) -> list[Count]:
        self.revisions[start] += 1
        revision = (self.run, self.revisions[start])
        return [Count(start, g, self.counts[start][g], revision) for g in groups]


# --8<-- [end:windows]
