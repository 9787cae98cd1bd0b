"""What drawing raises when an author's file cannot become a picture."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class DrawingError(Exception):
    """A diagram cannot be drawn: `path:line: what; mend`.

    `path` and `line` (from 1) lie in the author's file, `what` says what is wrong there, `mend` what to write instead.
    `all` holds every error of the same call, this one first, so that an author mends them in one go.
    """

    def __init__(self, path: Path, line: int, what: str, mend: str) -> None:
        self.path, self.line, self.what, self.mend = path, line, what, mend
        self.all: tuple[DrawingError, ...] = (self,)
        shown = path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path
        super().__init__(f"{shown}:{line}: {what}; {mend}")


class SetupError(Exception):
    """A locked part of the toolchain (Node or Graphviz) is not installed; the message names it and the remedy."""


class LabelError(ValueError):
    """A label holds a placeholder that cannot be filled. Whoever knows the line turns it into a `DrawingError`."""

    def __init__(self, what: str, mend: str) -> None:
        self.what, self.mend = what, mend
        super().__init__(f"{what}; {mend}")


def raise_all(errors: Iterable[DrawingError]) -> None:
    """Raise the first error in reading order with all of them attached; do nothing if there is none."""
    ordered = sorted(errors, key=lambda e: (str(e.path), e.line, e.what))
    if ordered:
        ordered[0].all = tuple(ordered)
        raise ordered[0]
