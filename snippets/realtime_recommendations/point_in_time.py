"""Training rows with the features that were known at the time, and no later ones."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Version:
    """A value of a feature: what happened until `happened`, readable from `known` on.

    The two differ by the age of the pipeline. Training must ask by the second.
    """

    key: Hashable
    happened: float
    known: float
    value: Any


@dataclass(frozen=True)
class Shown:
    """Something was shown to a member, and became a label later."""

    key: Hashable
    time: float
    label: Any = None


# --8<-- [start:join]
class History:
    """All versions of a feature, to be asked as of a time."""

    def __init__(self, versions: Iterable[Version]) -> None:
        self.versions: dict[Hashable, list[Version]] = defaultdict(list)
        for version in versions:
            if version.known < version.happened:
                raise ValueError(f"{version}: known before it happened")
            self.versions[version.key].append(version)
        for found in self.versions.values():
            # A late arrival must not hide a version that tells of a later time.
            found.sort(key=lambda version: (version.known, version.happened))
            newest: list[Version] = []
            for version in found:
                if not newest or version.happened >= newest[-1].happened:
                    newest.append(version)
            found[:] = newest

    def as_of(self, key: Hashable, time: float, oldest: float = float("inf")) -> Any:
        """The value that a reader got at `time`; None if there was none, or too old."""
        found = self.versions.get(key, [])
        place = bisect_right(found, time, key=lambda version: version.known)
        if place == 0 or time - found[place - 1].happened > oldest:
            return None
        return found[place - 1].value


def join(
    rows: Iterable[Shown], feature: History, oldest: float = float("inf")
) -> Iterator[tuple[Shown, Any]]:
    """Each row with the feature as it stood when the row was shown."""
    for row in rows:
        yield row, feature.as_of(row.key, row.time, oldest)


# --8<-- [end:join]
