"""A chapter's live page in the tests' hands: where its controls and its numbers are."""

from __future__ import annotations

from playwright.sync_api import Locator, Page

SLUG = "email-platform"
LOADED = 60_000  # ms, for the runtime on a machine that has other things to do


def field(page: Page, name: str) -> Locator:
    """The input of an assumption."""
    return page.locator(f'[data-assumption="{SLUG}.{name}"]')


def slider(page: Page, name: str) -> Locator:
    """Its slider in the panel."""
    return page.locator(f'.levers [data-slider="{name}"]')


def number(page: Page, name: str, within: str = "article p") -> Locator:
    """The first bound number of that name in prose, or elsewhere."""
    return page.locator(f'{within} [data-fact="{SLUG}.{name}"]').first


def set_value(page: Page, name: str, text: str) -> None:
    """Type a value and leave the field."""
    field(page, name).fill(text)
    field(page, name).press("Enter")


def card(page: Page, name: str) -> Locator:
    """The card of a decision."""
    return page.locator(f"#decision-{name}")
