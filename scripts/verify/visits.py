"""Visits to the built site as a reader makes them: served under a sub-path, in each theme, on a phone and a desktop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

THEMES = ("light", "dark")
WIDTHS = (360, 1280)  # CSS pixels
_PHONE = 600  # narrower windows are phones
_PATIENCE = 30_000  # ms, for a machine that has other things to do


@dataclass(frozen=True)
class Setting:
    """How a reader looks: the colours, and the width of the window in CSS pixels."""

    theme: str
    width: int

    def __str__(self) -> str:
        return f"{self.theme}, {self.width} px"


SETTINGS = tuple(Setting(*pair) for pair in product(THEMES, WIDTHS))


def pages(site: Path) -> list[str]:
    """Every page of the site: its path from the site's root. Copies of the sources are none."""
    found = (path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    return sorted(name for name in found if not name.startswith("source/"))


@contextmanager
def window(chromium: Browser, setting: Setting) -> Iterator[Page]:
    """An empty window of that theme and width, where nothing moves."""
    phone = setting.width < _PHONE
    context = chromium.new_context(
        viewport={"width": setting.width, "height": 800},
        color_scheme=setting.theme,
        is_mobile=phone,
        has_touch=phone,
        reduced_motion="reduce",
    )
    context.set_default_timeout(_PATIENCE)
    yield context.new_page()
    context.close()


def opened(page: Page, address: str) -> None:
    """Go there; wait for the theme's script, which comes with a reader's first move, and for what scrolling brings."""
    page.goto(address, wait_until="load")
    page.add_style_tag(content="* { content-visibility: visible !important }")
    if page.locator("script[data-theme]").count():
        page.mouse.move(1, 1)
        page.evaluate("dispatchEvent(new Event('pointermove'))")  # on a phone too
        page.wait_for_function("globalThis.document$ !== undefined")
    settled(page)


def settled(page: Page) -> None:
    """Two frames later: what watches sizes has seen them."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
