"""What a page shows only when a reader asks for it: each state is a function that brings a page into it.

A state is looked at on the first page that has it, in each setting; details are opened on every page.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_NUMBER = "article a.fact-link"
_ENLARGE = ".diagram-enlarge"
_LEVER = "input[data-assumption]"
_SLIDER = "input[data-slider]"


def details(page: Page) -> bool:
    """Everything that folds is unfolded. Each page counts as having it."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    return True


def number(page: Page) -> bool:
    """The card of a number is open."""
    if not page.locator(_NUMBER).count():
        return False
    page.keyboard.press("Tab")  # so that the focus is one of the keyboard
    page.locator(_NUMBER).first.focus()
    page.wait_for_selector("#fact-card")
    return True


def enlarged(page: Page) -> bool:
    """A diagram fills the window."""
    if not page.locator(_ENLARGE).count():
        return False
    page.locator(_ENLARGE).first.click()
    page.wait_for_selector("dialog[open]")
    return True


def menu(page: Page) -> bool:
    """A phone's menu is open."""
    button = page.locator("button[data-opens=__drawer]")
    if not button.count() or not button.is_visible():
        return False
    button.click()
    page.wait_for_selector("#__drawer:checked", state="attached")
    return True


def search(page: Page) -> bool:
    """The search has found something."""
    if not page.locator(".md-search").count():
        return False
    page.keyboard.press("/")
    page.wait_for_selector(".md-search__input:focus")
    page.keyboard.type("peak")
    page.wait_for_selector(".md-search-result__item")
    return True


def changed(page: Page) -> bool:
    """A reader has moved an assumption: the page shows both numbers."""
    if not page.locator(_SLIDER).count():
        return False
    details(page)
    page.locator(_SLIDER).first.press("End")
    page.wait_for_selector(".fact-changed", state="attached")
    return True


def refused(page: Page) -> bool:
    """A reader has typed what is no value: the message stands beside the field."""
    if not page.locator(_LEVER).count():
        return False
    details(page)
    page.locator(_LEVER).first.fill("twelve")
    page.locator(_LEVER).first.press("Enter")
    page.wait_for_selector("[aria-invalid=true]", state="attached")
    return True


STATES: dict[str, Callable[[Page], bool]] = {
    "a number's card": number,
    "diagram enlarged": enlarged,
    "menu open": menu,
    "search open": search,
    "assumption changed": changed,
    "value refused": refused,
}
