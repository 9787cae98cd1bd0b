"""Copies of the whole project, to build, edit, break and kill through its real command line."""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SOURCES = (
    "docs", "diagrams", "snippets", "handbook", "scripts", "overrides", "mkdocs.yml", "sources.yml", "requirements.txt",
    "pyproject.toml", "package.json", "package-lock.json", "spelling.txt", ".markdownlint.json", "README.md",
    "CONTRIBUTING.md", "Makefile",
)  # fmt: skip
DEADLINE = 120  # seconds: a command that takes longer has failed
CHAPTER = "docs/designs/email-platform/index.md"
NOTEBOOK = "docs/designs/email-platform/estimate.py"
SCRIPT = "diagrams/email-platform.py"

# Python runs this at its start: it says "paused" and waits for ever, just before the operation that PAUSE_AT names.
_PAUSE = """\
import os, signal, sys

operation, _, on = os.environ["PAUSE_AT"].partition(" ")

def pause(name, arguments):
    if name == operation and str(arguments[0]).endswith(on):
        os.write(1, b"paused\\n")
        signal.pause()

sys.addaudithook(pause)
"""


class Copy:
    """A project in a folder of its own, with this one's packages."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of_sources(cls, root: Path) -> Copy:
        """The sources alone, as a fresh clone has them after setting up."""
        root.mkdir(parents=True, exist_ok=True)
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        for origin in (ROOT / name for name in SOURCES):
            if origin.is_dir():
                shutil.copytree(origin, root / origin.name, ignore=ignored)
            elif origin.exists():
                shutil.copy2(origin, root)
        (root / "node_modules").symlink_to(ROOT / "node_modules")
        return cls(root)

    def start(self, command: str, **variables: str) -> subprocess.Popen[str]:
        """Start `python -m scripts <command>`, options included, in a process group of its own."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
        return subprocess.Popen(
            [sys.executable, "-m", "scripts", *command.split()], cwd=self.root, env=inherited | variables, text=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True,
        )  # fmt: skip

    def run(self, command: str = "site", **variables: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, whatever that is."""
        process = self.start(command, **variables)
        try:
            out, err = process.communicate(timeout=DEADLINE)
        finally:
            _end(process)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

    def build(self, **variables: str) -> list[str]:
        """Build the site, which must succeed without a complaint. Returns the lines of progress."""
        done = self.run(**variables)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
        return done.stdout.splitlines()

    def interrupt(self, moment: str, by: signal.Signals) -> subprocess.CompletedProcess[str]:
        """Build the site, and send a signal at a moment: an audit event of Python and how its first argument ends."""
        hook = self.root / "build/hook/sitecustomize.py"
        hook.parent.mkdir(parents=True, exist_ok=True)
        hook.write_text(_PAUSE, encoding="utf-8")
        process = self.start("site", PAUSE_AT=moment, PYTHONPATH=str(hook.parent))
        try:
            said = []
            while (line := process.stdout.readline()) != "paused\n":
                assert line, f"the build never came to {moment!r}: {said} {process.stderr.read()}"
                said.append(line)
            os.killpg(process.pid, by)
            process.wait(DEADLINE)
        finally:
            _end(process)
        return subprocess.CompletedProcess(process.args, process.returncode, "".join(said), process.stderr.read())

    def write(self, name: str, text: str | bytes) -> None:
        """Write a file, with the folders above it."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def read(self, name: str) -> str:
        """The text of a file."""
        return (self.root / name).read_text(encoding="utf-8")

    def replace(self, name: str, old: str, new: str) -> None:
        """Replace the first of these words, which must be there."""
        text = self.read(name)
        assert old in text, f"{old!r} is not in {name}"
        self.write(name, text.replace(old, new, 1))

    def append(self, name: str, text: str) -> None:
        """Add lines at the end of a file."""
        self.write(name, self.read(name) + text)

    def line(self, words: str, name: str) -> int:
        """The first line that holds these words."""
        lines = (self.root / name).read_text(encoding="utf-8", errors="replace").splitlines()
        return next(n for n, line in enumerate(lines, 1) if words in line + "\n")

    def contents(self, folder: str = "site") -> dict[str, str]:
        """A hash of each file below a folder, by its path."""
        return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in self._files(folder)}

    def times(self, folder: str) -> dict[str, int]:
        """When each file below a folder was last written, by its path."""
        return {name: path.stat().st_mtime_ns for name, path in self._files(folder)}

    def _files(self, folder: str) -> list[tuple[str, Path]]:
        paths = [path for path in sorted((self.root / folder).rglob("*")) if path.is_file()]
        return [(path.relative_to(self.root / folder).as_posix(), path) for path in paths]


def _end(process: subprocess.Popen[Any]) -> None:
    """Leave nothing behind of a process group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
