"""What a seeded fault is: plain data."""

from __future__ import annotations

from dataclasses import dataclass

CHAPTER = "docs/designs/email-platform/index.md"
ESTIMATE = "docs/designs/email-platform/estimate.py"
DRAWN = "diagrams/email-platform.py"
SEQUENCE = "diagrams/email-platform/claim.mmd"


@dataclass(frozen=True)
class Edit:
    """Replace `old`, which stands in the file exactly once, by `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True)
class Fault:
    """One way to break the project, and where somebody must notice.

    `at` is a text of the broken `file`: the finding must point at the line where it first begins. `says` must be in the
    finding. `tests` is what pytest must run and see fail, for code that `check` does not run; `at` then begins it.
    """

    name: str
    part: str
    edits: tuple[Edit, ...]
    file: str
    at: str
    says: str
    tests: str = ""


def fault(part: str, name: str, file: str, old: str, new: str, *, at: str, says: str) -> Fault:
    """A fault of one edit that is to be found in the file that it breaks."""
    return Fault(name, part, (Edit(file, old, new),), file, at, says)
