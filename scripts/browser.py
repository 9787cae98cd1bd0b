"""The browser that tests look through: the one on the machine, else one that is installed here and now.

`python -m scripts.browser` prints where it is.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_APPS = ("Google Chrome", "Chromium")
# What each system's package manager is told, one after another.
PACKAGE_MANAGERS = {
    "apt-get": ("apt-get update", "apt-get install --yes --no-install-recommends chromium"),
    "dnf": ("dnf install --assumeyes chromium",),
    "pacman": ("pacman -Sy --noconfirm chromium",),
    "apk": ("apk add chromium",),
    "brew": ("brew install --cask google-chrome",),
}
MINUTES = 10  # for one installer
# Nothing that a browser does for itself: no updates, no accounts, no requests of its own. Root has no sandbox.
SILENT = (
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-sandbox",
)


class BrowserError(Exception):
    """There is no browser and none can be installed. The text is one line with the remedy."""


def find() -> Path | None:
    """The first browser that starts; `CHROME` in the environment goes before all others."""
    return next((path for path in _candidates() if _starts(path)), None)


def ensure() -> Path:
    """The browser, installed if need be. Raises `BrowserError` when that fails too."""
    found = find()
    if found:
        return found
    for way, commands in _installers():
        print(f"installing a browser for the tests, {way} …", end=" ", file=sys.stderr, flush=True)
        failure = next(filter(None, map(_failure, commands)), "")
        if not failure and (found := find()):
            print("done", file=sys.stderr, flush=True)
            return found
        print(failure or "it does not start", file=sys.stderr, flush=True)
    raise BrowserError(
        "the tests need Chromium or Chrome, and it could not be installed: install it "
        "(for example: sudo apt install chromium), or name its program in the variable CHROME"
    )


@contextmanager
def started() -> Iterator[Browser]:
    """The browser, without a window, asking nobody for anything. Raises `BrowserError` when there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=ensure(), args=SILENT)
        yield chromium
        chromium.close()


@contextmanager
def visited() -> Iterator[BrowserContext]:
    """A reader's browser: its profile, a new one, keeps what was loaded and compiled. Raises `BrowserError`."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as profile, sync_playwright() as playwright:
        chromium = playwright.chromium.launch_persistent_context(profile, executable_path=ensure(), args=SILENT)
        yield chromium
        chromium.close()


def _candidates() -> Iterator[Path]:
    named = os.environ.get("CHROME")
    if named:
        yield Path(named)
    yield from (Path(path) for name in NAMES if (path := shutil.which(name)))
    yield from (Path(f"/Applications/{app}.app/Contents/MacOS/{app}") for app in MAC_APPS)
    yield from _playwrights_own()


def _playwrights_own() -> Iterator[Path]:
    """Where this version of Playwright puts its own Chromium. It takes most of a second to ask, so it comes last."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def _starts(path: Path) -> bool:
    """Whether the program runs: `chromium-browser` may be no more than an advice to install a snap."""
    return path.is_file() and not _failure([str(path), "--version"])


def _installers() -> Iterator[tuple[str, list[list[str]]]]:
    """Ways to install a browser: what to call each, and its commands; the least intrusive first."""
    playwright = [sys.executable, "-m", "playwright"]
    yield "Playwright's own", [[*playwright, "install", "--no-shell", "--no-progress", "chromium"]]
    root = _as_root()
    if root is not None and next(_playwrights_own()).is_file():  # downloaded, but it lacks system libraries
        yield "the libraries that it needs", [[*root, *playwright, "install-deps", "chromium"]]
    for program, commands in PACKAGE_MANAGERS.items():
        rights = [] if program == "brew" else root  # brew refuses to be run by root
        if rights is not None and shutil.which(program):
            yield f"by {program}", [[*rights, *command.split()] for command in commands]


def _as_root() -> list[str] | None:
    """What to put before a command that only root may run; None when that would ask for a password."""
    if os.geteuid() == 0:
        return []
    return ["sudo", "-n"] if shutil.which("sudo") and not _failure(["sudo", "-n", "true"]) else None


def _failure(command: list[str]) -> str:
    """Run a command silently; nothing when it succeeds, else the line of its output that says most about why not."""
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60 * MINUTES
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if result.returncode == 0:
        return ""
    lines = result.stdout.decode(errors="replace").splitlines()
    telling = [line for line in lines if re.match(r"(E:|error)", line, re.IGNORECASE)] or lines[-1:]
    return telling[0].strip() if telling else f"exit code {result.returncode}"


def main() -> int:
    """Print the browser's path; exit code 1 and one line when there is none."""
    try:
        print(ensure())
    except BrowserError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
