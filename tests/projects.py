"""Copies of the whole project, to build, edit, break and kill through its real command line."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts import copies
from scripts.copies import DEADLINE, ROOT

__all__ = ["CHAPTER", "NOTEBOOK", "ROOT", "SCRIPT", "Copy"]

CHAPTER = "docs/designs/email-platform/index.md"
NOTEBOOK = "docs/designs/email-platform/estimate.py"
SCRIPT = "diagrams/email-platform.py"

# Python runs this at its start: it says "paused" and waits for ever, just before the operation that PAUSE_AT names.
_PAUSE = """\
import os, sys, time

operation, _, on = os.environ["PAUSE_AT"].partition(" ")

def pause(name, arguments):
    if name == operation and str(arguments[0]).endswith(on):
        os.write(1, b"paused\\n")
        while True:
            time.sleep(0.1)  # not signal.pause(): it would sleep through a signal that has just come

sys.addaudithook(pause)
"""


class Copy(copies.Copy):
    """A project in a folder of its own, to build, break and kill."""

    def build(self, **variables: str) -> list[str]:
        """Build the site, which must succeed without a complaint. Returns the lines of progress."""
        done = self.run(**variables)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout.splitlines()

    @contextmanager
    def paused(self, moment: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
        """A build of the site that stands still at a moment, and what it said: an audit event of Python, and how its
        first argument ends. It is killed at the end of the block."""
        hook = self.root / "build/hook/sitecustomize.py"
        hook.parent.mkdir(parents=True, exist_ok=True)
        hook.write_text(_PAUSE, encoding="utf-8")
        process = self.start("site", PAUSE_AT=moment, PYTHONPATH=str(hook.parent))
        try:
            said = []
            while (line := process.stdout.readline()) != "paused\n":
                assert line, f"the build never came to {moment!r}: {said} {process.stderr.read()}"
                said.append(line)
            yield process, said
        finally:
            copies.end(process)

    def interrupt(self, moment: str, by: signal.Signals) -> subprocess.CompletedProcess[str]:
        """Build the site, and send a signal at a moment, as `paused` takes it."""
        with self.paused(moment) as (process, said):
            os.killpg(process.pid, by)
            process.wait(DEADLINE)
        return subprocess.CompletedProcess(process.args, process.returncode, "".join(said), process.stderr.read())

    def contents(self, folder: str = "site") -> dict[str, str]:
        """A hash of each file below a folder, by its path."""
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in self._files(folder)}

    def times(self, folder: str) -> dict[str, int]:
        """When each file below a folder was last written, by its path."""
        return {name: path.stat().st_mtime_ns for name, path in self._files(folder)}

    def _files(self, folder: str) -> list[tuple[str, Path]]:
        paths = [path for path in sorted((self.root / folder).rglob("*")) if path.is_file()]
        return [(path.relative_to(self.root / folder).as_posix(), path) for path in paths]
