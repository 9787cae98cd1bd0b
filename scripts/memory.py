"""What was made of texts before, in one file: made again only for texts that are new."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from scripts.manifest import write

T = TypeVar("T")


def key(*texts: str | bytes) -> str:
    """A hash of texts, under which something is remembered."""
    encoded = (text.encode() if isinstance(text, str) else text for text in texts)
    return hashlib.blake2b(b"\0".join(encoded), digest_size=16).hexdigest()


class Memory:
    """Things by key, kept at `path` (nowhere without one) for as long as `made_by`, the program's hash, is the same.

    What is remembered is not to be changed. What nobody asked for since the last `begin` is forgotten by `save`.
    """

    def __init__(self, path: Path | None, made_by: str) -> None:
        self.path, self.made_by = path, made_by
        self.learnt = False
        self._asked: set[str] = set()
        self._known: dict[str, Any] = {}
        try:
            before = pickle.loads(path.read_bytes()) if path else {}
            self._known = before["known"] if before.get("made_by") == made_by else {}
        except (OSError, EOFError, ValueError, KeyError, TypeError, AttributeError, ImportError, IndexError,
                pickle.UnpicklingError):  # fmt: skip
            pass  # nothing was kept, or not by this program

    def of(self, key: str, make: Callable[[], T]) -> T:
        """What is known by this key, or else what `make` gives."""
        self._asked.add(key)
        if key not in self._known:
            self._known[key], self.learnt = make(), True
        return self._known[key]

    def begin(self) -> None:
        """From here on it counts what is asked for."""
        self._asked.clear()

    def save(self) -> None:
        """Leave to the next process what was asked for."""
        if self.path and (self.learnt or self._asked != self._known.keys()):
            self._known = {key: self._known[key] for key in self._asked}
            self.path.unlink(missing_ok=True)  # renamed over another file, megabytes would wait for the disk (ext4)
            write(self.path, pickle.dumps({"made_by": self.made_by, "known": self._known}))
            self.learnt = False
