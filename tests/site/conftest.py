"""The real site, as it is published: under a sub-path of a plain web server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from scripts.loopback import served_below
from scripts.publish.headers import policy
from tests.conftest import Window
from tests.projects import Copy
from tests.site.live import LOADED, number, set_value

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


@pytest.fixture(scope="session")
def started(browser: Browser, host: str) -> Iterator[Window]:
    """A chapter whose runtime has started, for all tests of it: starting takes longest."""
    context = browser.new_context(viewport={"width": DESKTOP, "height": 900}, reduced_motion="reduce")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(15_000)
    window = Window(context.new_page())
    window.page.on("console", window.hear)
    window.page.on("pageerror", lambda error: window.errors.append(str(error)))
    window.page.goto(host)
    set_value(window.page, "campaign_window", "3")
    expect(number(window.page, "peak_rate")).to_contain_text("yours", timeout=LOADED)
    yield window
    context.close()


@pytest.fixture
def page(started: Window) -> Iterator[Page]:
    """The same page with all values as published; nothing may go wrong in its console."""
    page = started.page
    page.locator(".levers-tools button", has_text="Reset all").click()
    expect(page.locator(".fact-changed")).to_have_count(0)
    expect(page.locator(".levers-status")).to_have_text("All values are as published.")
    started.errors.clear()
    yield page
    assert not started.errors


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
