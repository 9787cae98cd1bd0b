"""What a check or a build says about bad content: one line each, with the place and the remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that is wrong: `path:line: what; mend`. `path` is relative to the project, `line` counts from 1.

    `rule` names the check that found it, for tools that group findings; it is no part of what the finding says.
    """

    path: str
    line: int
    what: str
    mend: str
    rule: str = field(default="build", compare=False)

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what}; {self.mend}"


def ruled(rule: str, findings: Iterable[Finding]) -> set[Finding]:
    """The findings of one check, under its name."""
    return {replace(finding, rule=rule) for finding in findings}


def of_file(error: OSError, root: Path) -> Finding:
    """What the system says of a file that cannot be read or written: at `build`, where the error names none."""
    path = Path(str(error.filename or "build")).absolute()
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else str(path)
    what = f"the system refuses: {error.strerror or error}"
    return Finding(name, 1, what, "see what is there, whose it is and how much room is left")


class ContentError(Exception):
    """The content cannot be built. Carries every finding, so that an author mends them in one go."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = sorted(set(findings))
        super().__init__("\n".join(map(str, self.findings)))
