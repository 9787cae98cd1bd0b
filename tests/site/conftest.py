"""The real site, as it is published: under a sub-path of a plain web server."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.conftest import Window
from tests.projects import Copy
from tests.site.strict import Strict, policy

DESKTOP, PHONE = 1280, 390
CHAPTER = "designs/email-platform/"
NOTEBOOK = "designs/email-platform/estimate/"

expect.set_options(timeout=15_000)  # ms, for a machine that has other things to do


@pytest.fixture(scope="session")
def address(built: Copy, tmp_path_factory: pytest.TempPathFactory, serve_directory: Callable[[Path], str]) -> str:
    """Where the site is served; ends in `/handbook/`."""
    folder = tmp_path_factory.mktemp("host")
    (folder / "handbook").symlink_to(built.root / "site")
    return f"{serve_directory(folder)}handbook/"


@pytest.fixture(scope="session")
def host(site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the chapter is served with the policy."""
    folder = tmp_path_factory.mktemp("strict")
    (folder / "handbook").symlink_to(site)
    handler = partial(Strict, directory=str(folder), policy=policy(site))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/handbook/{CHAPTER}"
        server.shutdown()


@pytest.fixture(scope="session")
def site(built: Copy) -> Path:
    """The site's folder."""
    return built.root / "site"


@pytest.fixture
def chapter(page_at: Callable[..., Window], address: str) -> Page:
    """The email platform, on a desktop."""
    return opened(page_at(DESKTOP), address + CHAPTER)


def opened(window: Window, url: str) -> Page:
    """The window's page, with the document at `url` and its scripts loaded."""
    window.page.goto(url, wait_until="load")
    return window.page


def article(page: Page) -> Locator:
    """What a reader reads."""
    return page.locator("article")


def pages(site: Path) -> list[str]:
    """The addresses of all pages, from the site's root; the page of errors is one too."""
    found = [path.relative_to(site).as_posix().removesuffix("index.html") for path in sorted(site.rglob("*.html"))]
    assert {"", "404.html", "diagrams/", CHAPTER, NOTEBOOK} <= set(found)
    return found


def notebooks(site: Path) -> list[str]:
    """The addresses of the notebooks' own pages."""
    found = [f"{path.relative_to(site).with_suffix('').as_posix()}/" for path in sorted(site.rglob("*.ipynb"))]
    assert NOTEBOOK in found
    return found
