"""A client that follows versions, and keeps the last good configuration on disk."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

PROBATION = 60.0  # seconds that a process must survive a configuration


@dataclass(frozen=True)
class Config:
    """A configuration and its version. Versions grow; an epoch begins them anew."""

    epoch: int
    version: int
    flags: dict[str, Any]

    @property
    def place(self) -> tuple[int, int]:
        """What says which of two configurations is the newer one."""
        return self.epoch, self.version


@dataclass(frozen=True)
class Delta:
    """What changed for a scope since the version before. None removes a flag."""

    epoch: int
    base: int
    version: int
    changes: dict[str, Any]
    kill: bool = False

    @property
    def place(self) -> tuple[int, int]:
        """The version that it leads to."""
        return self.epoch, self.version

    def on(self, flags: dict[str, Any]) -> dict[str, Any]:
        """The flags with what changed."""
        changed = {**flags, **self.changes}
        return {name: flag for name, flag in changed.items() if flag is not None}


# --8<-- [start:follow]
class Client:
    """Holds a configuration, swaps it whole, and never goes back."""

    def __init__(self, disk: Disk, built_in: Config) -> None:
        self.disk = disk
        self.config = self.saved = disk.load() or built_in
        self.refused = disk.tried()  # what a process died with
        self.candidate, self.since = self.config, float("-inf")
        self.heard = float("-inf")
        self.kills: list[Delta] = []  # which the saved copy must have besides

    def beat(self, place: tuple[int, int], now: float) -> bool:
        """The newest version, from the publisher. False: it is not ours, so ask."""
        if place == self.config.place:
            self.heard = now
        return place in (self.config.place, self.refused) or place < self.config.place

    def snapshot(self, config: Config, now: float) -> bool:
        """A whole configuration arrived. False: it is refused."""
        if config.place < self.config.place or config.place == self.refused:
            return False  # from a relay that lags behind, or what we died with
        self._swap(config, now)
        return True

    def delta(self, delta: Delta, now: float) -> bool:
        """A change arrived. False: one before it is missing, so ask for a snapshot."""
        if delta.kill and delta.place > self.saved.place:
            self.kills.append(delta)  # must survive a restart: saved at once
            self._save(self.saved)
        place = delta.place
        if place <= self.config.place or (place == self.refused and not delta.kill):
            return True  # seen already, or what we died with
        if (delta.epoch, delta.base) != self.config.place:
            return False
        self._swap(Config(*place, delta.on(self.config.flags)), now)
        return True

    def tick(self, now: float) -> None:
        """Save what the process has survived, however many newer ones came since."""
        if self.candidate is not self.saved and now - self.since >= PROBATION:
            if not self._save(self.candidate):
                return  # a full disk may have room at the next tick
            self.saved = self.candidate
            if self.config is self.candidate:
                self.disk.settle()
            self.candidate, self.since = self.config, now

    def stale(self, now: float, limit: float) -> bool:
        """Whether no heartbeat has said for longer than the limit: this is newest."""
        return now - self.heard > limit

    def _save(self, config: Config) -> bool:
        newer = (kill for kill in self.kills if kill.place > config.place)
        self.kills = sorted(newer, key=lambda kill: kill.place)
        for kill in self.kills:
            config = replace(config, flags=kill.on(config.flags))
        return self.disk.save(config)

    def _swap(self, config: Config, now: float) -> None:
        if config.place == self.config.place:
            return
        self.disk.trying(config.place)
        if self.candidate is self.saved:
            self.candidate, self.since = config, now
        self.config = config  # one reference: readers see the old or the new one


# --8<-- [end:follow]


# --8<-- [start:disk]
class Disk:
    """The last good configurations, in two files, of which one is always whole."""

    def __init__(self, folder: Path) -> None:
        self.files = [folder / "config-0.json", folder / "config-1.json"]
        self.mark = folder / "trying.json"

    def save(self, config: Config) -> bool:
        """Replace the older file. A disk that fails costs a restart its memory only."""
        count = max(self._count(file) for file in self.files) + 1
        body = json.dumps([count, config.epoch, config.version, config.flags])
        digest = hashlib.sha256(body.encode()).hexdigest()
        older = min(self.files, key=self._count)
        fresh = older.with_suffix(".new")
        try:
            with fresh.open("w", encoding="utf-8") as file:
                file.write(f"{digest}\n{body}")
                file.flush()
                os.fsync(file.fileno())  # else a name may survive without its content
            fresh.replace(older)
        except OSError:
            return False  # evaluation goes on; a metric counts it
        return True

    def load(self) -> Config | None:
        """The newest file that is whole; None when there is none."""
        found = self._read(max(self.files, key=self._count))
        return Config(*found[1:]) if found else None

    def _count(self, file: Path) -> int:
        found = self._read(file)
        return found[0] if found else -1

    def _read(self, file: Path) -> tuple[int, int, int, dict[str, Any]] | None:
        try:
            digest, _, body = file.read_text(encoding="utf-8").partition("\n")
            if hashlib.sha256(body.encode()).hexdigest() != digest:
                return None  # torn
            count, epoch, version, flags = json.loads(body)
            return count, epoch, version, flags
        except (OSError, ValueError, TypeError):
            return None

    # --8<-- [end:disk]

    def trying(self, place: tuple[int, int]) -> None:
        """Note which version is being tried. A crash keeps what was written so far."""
        with suppress(OSError):
            self.mark.write_text(json.dumps(place), encoding="utf-8")

    def settle(self) -> None:
        """Take the note back: it was survived, or the process ends in order."""
        with suppress(OSError):
            self.mark.unlink(missing_ok=True)

    def tried(self) -> tuple[int, int] | None:
        """The version with which a process died; None after an orderly end."""
        try:
            epoch, version = json.loads(self.mark.read_text(encoding="utf-8"))
            return epoch, version
        except (OSError, ValueError, TypeError):
            return None
