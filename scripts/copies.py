"""Copies of the whole project in a folder of their own, to edit and to run through its real command line."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).parents[1]
SOURCES = (
    "docs", "diagrams", "snippets", "handbook", "scripts", "overrides", "mkdocs.yml", "sources.yml", "requirements.txt",
    "pyproject.toml", "package.json", "package-lock.json", "spelling.txt", ".markdownlint.json", "README.md",
    "CONTRIBUTING.md", "Makefile",
)  # fmt: skip
DEADLINE = 400  # seconds: a command that takes longer hangs; a loaded machine needs most of a minute to build


class Copy:
    """A project in a folder of its own, with this one's packages."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @classmethod
    def of_sources(cls, root: Path, *more: str) -> Self:
        """The sources alone, as a fresh clone has them after setting up; `more` names further folders."""
        root.mkdir(parents=True, exist_ok=True)
        ignored = shutil.ignore_patterns("__pycache__", ".*")
        for origin in (ROOT / name for name in (*SOURCES, *more)):
            if origin.is_dir():
                shutil.copytree(origin, root / origin.relative_to(ROOT), ignore=ignored)
            elif origin.exists():
                target = root / origin.relative_to(ROOT)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(origin, target)
        (root / "node_modules").symlink_to(ROOT / "node_modules")
        return cls(root)

    def start(self, command: str, **variables: str) -> subprocess.Popen[str]:
        """Start `python -m scripts <command>`, with its options, in a process group of its own."""
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
            end(process)
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)

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


def end(process: subprocess.Popen[Any]) -> None:
    """Leave nothing behind of a process group."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
