"""A client that follows versions, and keeps the last good configuration on disk."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PROBATION = 60.0  # seconds in force without a crash, before a restart may rely on it


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
    """What changed from one version to the next. None as a value removes a flag."""

    epoch: int
    base: int
    version: int
    changes: dict[str, Any]


# --8<-- [start:follow]
class Client:
    """Holds a configuration, swaps it whole, and never goes back."""

    def __init__(self, disk: Disk, built_in: Config) -> None:
        self.disk = disk
        self.config = disk.load() or built_in  # starts without anybody's help
        self.saved = self.config
        self.heard = self.since = float("-inf")

    def snapshot(self, config: Config, now: float) -> bool:
        """A whole configuration arrived. False: it is older than what we have."""
        self.heard = now
        if config.place < self.config.place:
            return False  # a relay that lags behind
        self._swap(config, now)
        return True

    def delta(self, delta: Delta, now: float) -> bool:
        """A change arrived. False: one before it is missing, so ask for a snapshot."""
        self.heard = now
        if (delta.epoch, delta.version) <= self.config.place:
            return True  # seen already
        if (delta.epoch, delta.base) != self.config.place:
            return False
        flags = {**self.config.flags, **delta.changes}
        flags = {name: flag for name, flag in flags.items() if flag is not None}
        self._swap(Config(delta.epoch, delta.version, flags), now)
        return True

    def tick(self, now: float) -> None:
        """Save what has been in force for a while: it did not bring us down."""
        if self.config is not self.saved and now - self.since >= PROBATION:
            self.disk.save(self.config)
            self.saved = self.config

    def stale(self, now: float, limit: float) -> bool:
        """Whether nobody has confirmed this configuration for longer than the limit."""
        return now - self.heard > limit

    def _swap(self, config: Config, now: float) -> None:
        if config.place != self.config.place:
            self.config = config  # one reference: readers see the old or the new one
            self.since = now


# --8<-- [end:follow]


# --8<-- [start:disk]
class Disk:
    """The last good configurations, in two files, of which one is always whole."""

    def __init__(self, folder: Path) -> None:
        self.files = [folder / "config-0.json", folder / "config-1.json"]

    def save(self, config: Config) -> None:
        """Replace the older file. A disk that fails costs a restart its memory only."""
        body = json.dumps([config.epoch, config.version, config.flags], sort_keys=True)
        digest = hashlib.sha256(body.encode()).hexdigest()
        older = min(self.files, key=self._place)
        fresh = older.with_suffix(".new")
        try:
            with fresh.open("w", encoding="utf-8") as file:
                file.write(f"{digest}\n{body}")
                file.flush()
                os.fsync(file.fileno())  # else a name may survive without its content
            fresh.replace(older)
        except OSError:
            return  # evaluation goes on; a metric counts it

    def load(self) -> Config | None:
        """The newest file that is whole; None when there is none."""
        newest = max(self.files, key=self._place)
        return self._read(newest)

    def _place(self, file: Path) -> tuple[int, int]:
        config = self._read(file)
        return config.place if config else (-1, -1)

    def _read(self, file: Path) -> Config | None:
        try:
            digest, _, body = file.read_text(encoding="utf-8").partition("\n")
            if hashlib.sha256(body.encode()).hexdigest() != digest:
                return None  # torn, or edited by hand
            return Config(*json.loads(body))
        except (OSError, ValueError, TypeError):
            return None


# --8<-- [end:disk]
