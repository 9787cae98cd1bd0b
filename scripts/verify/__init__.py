"""`make verify`: the long checks, one after another, each a program of its own, so that none can stop the others.

A new one needs a line in CHECKS. It says what is wrong on standard error and ends with a code that is not zero.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from scripts.alone import alone
from scripts.browser import BrowserError
from scripts.findings import ContentError, Finding
from scripts.layout import Project

#: What a program ends with that could not look, for want of a network.
NOT_REACHED = 2


@dataclass(frozen=True)
class Check:
    """One long check: its name, what it looks at, and what Python runs for it."""

    name: str
    about: str
    command: tuple[str, ...]
    online: bool = False
    """Without a network it is told as not reached, and nothing fails."""

    def run(self, project: Project) -> tuple[str, float]:
        """Run it, its output shown. Its verdict (passed, failed, not reached) and how long it took, in seconds."""
        start = time.monotonic()
        code = subprocess.run([sys.executable, *self.command], cwd=project.root, check=False).returncode
        verdict = "not reached" if self.online and code == NOT_REACHED else "failed" if code else "passed"
        return verdict, time.monotonic() - start


def _module(name: str, *arguments: str) -> tuple[str, ...]:
    return ("-m", name, *arguments)


CHECKS = (
    Check("accessible", "axe-core: every page, both themes, phone and desktop", _module("scripts.verify.accessible")),
    Check("valid", "Nu HTML checker: every page, picture and style sheet", _module("scripts.verify.valid")),
    Check("runtime", "every notebook in the page's Python, all simulations", _module("scripts.live.gate")),
    # Why a test was skipped is said: without Firefox its test is.
    Check("tests", "tests too long for make test: Firefox, edited programs", _module("pytest", "-m", "verify", "-rs")),
    Check("faults", "seeded faults: each is named by a check", _module("scripts", "faults")),
    Check("links", "every external link", _module("scripts", "links"), online=True),
)


def run(
    project: Project, only: Sequence[str], progress: Callable[[str], None], checks: Sequence[Check] = CHECKS
) -> int:
    """Build the site, run the checks named (all by default), print a table. 1 when one failed. Raises ContentError."""
    from scripts import site

    known = [check.name for check in checks]
    if unknown := [name for name in only if name not in known]:
        what = f"there is no check {unknown[0]}"
        raise ContentError([Finding("scripts/verify/__init__.py", 1, what, f"name one of {', '.join(known)}")])
    with alone(project, progress):
        site.build(project, progress)
    told = []
    for check in checks:
        if only and check.name not in only:
            continue
        progress(f"\n== {check.name}: {check.about}")
        told.append((check, *check.run(project)))
    progress("\n" + table(told))
    return 1 if any(verdict == "failed" for _, verdict, _ in told) else 0


def table(told: Sequence[tuple[Check, str, float]]) -> str:
    """Verdict and seconds of each check, for the terminal."""
    return "\n".join(
        f"{verdict:<12}{seconds:>7.0f} s  {check.name:<11} {check.about}" for check, verdict, seconds in told
    )


def report(project: Project, look: Callable[[Project], tuple[list[Finding], str]]) -> int:
    """The program of one check: print its findings, and what it has looked at. 1 when there are any."""
    try:
        findings, looked_at = look(project)
    except ContentError as error:
        findings, looked_at = error.findings, "it could not look"
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 1
    for finding in findings:
        print(finding, file=sys.stderr)
    counted = "1 finding" if len(findings) == 1 else f"{len(findings) or 'no'} findings"
    print(f"{counted}: {looked_at}", flush=True)
    return 1 if findings else 0
