"""What tests of pages share: a browser, a window that remembers what went wrong in it."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from scripts.alone import alone
from scripts.layout import Project
from tests.projects import Copy

if TYPE_CHECKING:  # most tests look at no page
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

os.environ.setdefault("HANDBOOK_TODAY", "2026-11-21")  # no test fails because time went by
os.environ.pop("GITHUB_ACTIONS", None)  # nor because it runs in a workflow, where findings are annotations

ELSEWHERE = re.compile(r"^(https?|wss?)://(?!127\.0\.0\.1[:/])")
PHONE = 600  # CSS pixels: narrower windows are phones


@dataclass
class Window:
    """A page, the errors in its console, and its requests to other hosts, which are refused."""

    page: Page
    errors: list[str] = field(default_factory=list)
    elsewhere: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Keep what the console shows in red."""
        if message.type == "error":
            self.errors.append(message.text)


@pytest.fixture(autouse=True)
def _the_program_stays() -> Iterator[None]:
    """IPython's shell puts a module of its own in the place of the program's, which new processes then look for."""
    program = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = program


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests."""
    from scripts.browser import started

    with started() as chromium:
        yield chromium


@contextmanager
def windows(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Opens an empty window of some width (CSS pixels), colour scheme ("light", "dark"), with or without JavaScript."""
    contexts: list[BrowserContext] = []

    def page_at(width: int = 1280, scheme: str = "light", javascript: bool = True) -> Window:
        phone = width < PHONE
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            java_script_enabled=javascript,
            is_mobile=phone,
            has_touch=phone,
            reduced_motion="reduce",
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        window = Window(context.new_page())
        context.route(ELSEWHERE, lambda route: (window.elsewhere.append(route.request.url), route.abort()))
        window.page.on("console", window.hear)
        window.page.on("pageerror", lambda error: window.errors.append(str(error)))
        return window

    yield page_at
    for context in contexts:
        context.close()


@pytest.fixture
def page_at(browser: Browser) -> Iterator[Callable[..., Window]]:
    """Opens windows, as `windows` does, for one test."""
    with windows(browser) as page_at:
        yield page_at


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    """This project, built once for all tests by its own command. Only to be read.

    The two halves of `make test` share a folder: whichever comes first builds, and the other waits for it.
    """
    given = os.environ.get("HANDBOOK_BUILT")
    folder = Path(given) if given else tmp_path_factory.mktemp("project")
    copy, whole = Copy(folder / "built"), folder / "whole"
    with alone(Project(folder), lambda message: None):
        if not whole.exists():
            Copy.of_sources(copy.root).build()
            whole.touch()
    return copy


@pytest.fixture
def project(built: Copy, tmp_path: Path) -> Iterator[Copy]:
    """A built copy of this project, to edit and build anew."""
    copy = Copy(tmp_path / "project")
    shutil.copytree(built.root, copy.root, symlinks=True)
    yield copy
    shutil.rmtree(copy.root)
