"""The real site, as it is published: under a sub-path of a plain web server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from scripts.loopback import served_below
from scripts.publish.headers import policy
from tests.conftest import Window
from tests.projects import Copy

DESKTOP, PHONE = 1280, 390
CHAPTER = "designs/email-platform/"
NOTEBOOK = "designs/email-platform/estimate/"

expect.set_options(timeout=15_000)  # ms, for a machine that has other things to do


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    """Where the site is served; ends in `/handbook/`."""
    with served_below("handbook", site) as address:
        yield address


@pytest.fixture(scope="session")
def strict(site: Path) -> dict[str, str]:
    """What a host sends with every page: the policy that the site promises to work under."""
    return {"Content-Security-Policy": policy(site)}


@pytest.fixture(scope="session")
def host(site: Path, strict: dict[str, str]) -> Iterator[str]:
    """Where the chapter is served with the policy."""
    with served_below("handbook", site, always=strict) as address:
        yield address + CHAPTER


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
