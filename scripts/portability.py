"""`python -m scripts portability`: what the site would lose if another program built it, as a Markdown report.

Each successor of MkDocs gets a virtual environment and a copy of the project, both thrown away afterwards.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.checks import built
from scripts.checks.built import File
from scripts.layout import Project
from scripts.manifest import FILES, INPUTS, write

Progress = Callable[[str], None]
BUILDERS = ("properdocs", "zensical")
DEADLINE = 600  # s, for each command
SHOWN = 5  # examples of each difference


class FailedError(Exception):
    """A builder could not be installed or did not build. The text is the last that it said."""


def run(project: Project, progress: Progress) -> int:
    """Build with each, compare with our own site, write `build/portability.md`. Always 0: differences are no errors."""
    ours, parts = built.read(project.site), ["# Built by others\n"]
    for name in BUILDERS:
        progress(f"building with {name}")
        with tempfile.TemporaryDirectory(prefix=f"{name}-") as folder:
            try:
                version, site = build(project, name, Path(folder))
                parts.append(compare(version, ours, built.read(site)))
            except FailedError as error:
                parts.append(f"## {name}\n\nDoes not build the site: `{error}`\n")
    report = "\n".join(parts)
    write(project.build / "portability.md", report)
    progress(report)
    return 0


def build(project: Project, name: str, folder: Path) -> tuple[str, Path]:
    """Install a builder beside the locked packages and build a copy of the project. Raises FailedError."""
    copy, python = folder / "project", folder / "venv/bin/python"
    for part in (*INPUTS, *FILES, project.build.name):
        origin = project.root / part
        if origin.is_dir():
            shutil.copytree(origin, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
        elif origin.exists():
            copy.mkdir(exist_ok=True)
            shutil.copy2(origin, copy)
    uv = [sys.executable, "-m", "uv"]
    _say([*uv, "venv", "--quiet", "--python", sys.executable, str(folder / "venv")], copy)
    install = [*uv, "pip", "install", "--quiet", "--python", str(python)]
    _say([*install, "--require-hashes", "-r", "requirements.txt"], copy)
    _say([*install, name], copy)
    version = _say([str(python), "-c", f"from importlib.metadata import version; print(version('{name}'))"], copy)
    _say([str(python), "-m", name, "build", "--config-file", "mkdocs.yml"], copy)
    if not (copy / "site/index.html").exists():
        raise FailedError("it wrote no site/index.html")
    return f"{name} {version}", copy / "site"


def _say(command: list[str], folder: Path) -> str:
    env = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "VIRTUAL_ENV"))}
    try:
        done = subprocess.run(
            command, cwd=folder, env=env | {"UV_SYSTEM_CERTS": "true"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
            timeout=DEADLINE, check=False,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired) as error:
        raise FailedError(str(error)) from None
    lines = done.stdout.strip().splitlines() or ["no message"]
    if done.returncode:
        raise FailedError(next((line for line in reversed(lines) if "Error" in line), lines[-1]).strip())
    return lines[-1]


def compare(version: str, ours: dict[str, File], theirs: dict[str, File]) -> str:
    """What their site lacks, counted, with a few examples. Our pages are HTML; SVG files stand for themselves."""
    pages = {name for name in ours if name.endswith(".html")}
    lacking = {
        "pages": (len(pages), sorted(pages - theirs.keys())),
        "anchors": _lacking(ours, theirs, _anchors),
        "diagrams": _lacking(ours, theirs, _diagrams),
        "bound numbers": _lacking(ours, theirs, _facts),
        "links": _lacking(ours, theirs, _links),
    }
    lines = [f"## {version}", "", "| | ours | of these missing | such as |", "|---|---|---|---|"]
    for what, (total, missing) in lacking.items():
        shown = ", ".join(f"`{one}`" for one in missing[:SHOWN]).replace("|", "\\|")
        lines.append(f"| {what} | {total} | {len(missing)} | {shown} |")
    return "\n".join(lines) + "\n"


def _lacking(ours: dict[str, File], theirs: dict[str, File], of: Callable[[File], Iterator[str]]) -> tuple[int, list]:
    """How many there are in our pages, and which are missing from theirs. Of equal ones each counts."""
    total, missing = 0, []
    for name in (name for name in ours if name.endswith(".html")):
        wanted = Counter(of(ours[name]))
        left = wanted - Counter(of(theirs[name]) if name in theirs else ())
        total += wanted.total()
        missing += [f"{name}: {one}" for one in left.elements()]
    return total, missing


def _anchors(file: File) -> Iterator[str]:
    return (name for name in sorted(file.ids) if not name.startswith("__"))  # those are the theme's own


def _diagrams(file: File) -> Iterator[str]:
    return (name for name in sorted(file.ids) if name.startswith("diagram-"))


def _facts(file: File) -> Iterator[str]:
    return (f"{key} = {shown}" for key, shown, _ in file.facts)


def _links(file: File) -> Iterator[str]:
    return (link for link, _ in [*file.links, *file.svg_links])
