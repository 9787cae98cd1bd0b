"""A script run in the locked Node. What goes wrong there is a finding, in one line."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import replace
from pathlib import Path

from scripts.findings import ContentError, Finding

LIMIT = 300  # seconds; the longest, packing Python for the page, takes three on an idle machine

#: The line that says what went wrong: what follows esbuild's mark; else an error, with the next line where it ends with
#: a colon, unless it announces a traceback of Python, which says so further down.
_SAID = re.compile(r"^[^\w\n]*(?:\[ERROR\] (.+)|((?:\w+\.)*\w*Error\b(?!.*Traceback).*(?:(?<=:)\n.*)?))", re.MULTILINE)


def run(
    script: Path, *arguments: object, told: object = None, cwd: Path | None = None, failing: Finding | None = None
) -> str:
    """What a script prints that is told something as JSON. It finds its packages from where it lies.

    Raises ContentError with the finding `failing`, to which the reason is added, when the script fails.
    """
    from handbook.drawing.errors import SetupError  # heavy
    from handbook.drawing.node import program

    mend = "run `make setup`, or mend what it names"
    failing = failing or Finding("package-lock.json", 1, f"{script.name} fails in Node", mend)
    try:
        done = subprocess.run(
            [str(program()), str(script), *map(str, arguments)], input="" if told is None else json.dumps(told),
            capture_output=True, encoding="utf-8", timeout=LIMIT, check=False, cwd=cwd,
        )  # fmt: skip
        if not done.returncode:
            return done.stdout
        found = _SAID.search(done.stderr)
        reason = found[1] or found[2] if found else done.stderr.strip() or "it does not say why"
    except SetupError as error:
        reason = str(error)
    except subprocess.TimeoutExpired:
        reason = f"it gave no answer in {LIMIT} s"
    raise ContentError([replace(failing, what=f"{failing.what}: {' '.join(reason.split())[:300]}")])
