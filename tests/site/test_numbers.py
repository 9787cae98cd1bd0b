"""Numbers of the real chapter: each answers where it comes from, to a pointer, a finger and the keyboard."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.conftest import Window
from tests.site.conftest import CHAPTER, DESKTOP, PHONE, article, notebooks, opened, pages


def card(page: Page) -> Locator:
    return page.get_by_role("group", name="Where this number comes from")


def test_pointing_at_a_number_of_the_chapter_tells_where_it_comes_from(chapter: Page) -> None:
    number = chapter.locator("a.fact-link:has([data-fact='email-platform.peak_rate'])").first
    number.hover()
    value = number.inner_text().removesuffix("/s")
    formula = "total(campaign_rate, other_campaigns, transactional_peak_rate)"
    for words in ("Peak send rate", "Computed", value, formula):
        expect(card(chapter)).to_contain_text(words)
    expect(card(chapter).get_by_role("link", name="See the cell")).to_have_attribute("href", "#cell-peak")
    chapter.keyboard.press("Escape")
    expect(card(chapter)).to_have_count(0)


def test_a_number_of_a_source_names_it(chapter: Page) -> None:
    chapter.locator("[data-fact='email-platform.spam_target']").first.hover()
    expect(card(chapter)).to_contain_text("From a source")
    expect(card(chapter).locator("a[href^='https://']")).to_have_count(1)


def test_keyboard_focus_opens_the_card_and_escape_closes_it(chapter: Page) -> None:
    first = article(chapter).locator("a.fact-link").first
    chapter.locator("h2").first.evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    for _ in range(5):
        chapter.keyboard.press("Tab")
        if first.evaluate("link => link === document.activeElement"):
            break
    expect(first).to_be_focused()
    expect(card(chapter)).to_contain_text(first.inner_text().removesuffix("/s"))
    chapter.keyboard.press("Escape")
    expect(card(chapter)).to_have_count(0)
    expect(first).to_be_focused()


def test_a_tap_opens_the_card_as_a_sheet(address: str, page_at: Callable[..., Window]) -> None:
    page = opened(page_at(PHONE), address + CHAPTER)
    page.locator("a.fact-link:has([data-fact='email-platform.servers'])").first.tap()
    expect(card(page)).to_contain_text("Sending servers")
    assert card(page).bounding_box()["width"] == PHONE
    card(page).get_by_role("button", name="Close").tap()
    expect(card(page)).to_have_count(0)


def test_a_number_in_a_drawing_answers_too(chapter: Page) -> None:
    chapter.locator("#diagram-final tspan.fact[data-fact='email-platform.servers']").hover()
    expect(card(chapter)).to_contain_text("Sending servers")


def test_only_first_uses_and_table_cells_are_tab_stops(
    site: Path, address: str, page_at: Callable[..., Window]
) -> None:
    window = page_at(DESKTOP)
    for name in sorted({*pages(site)} - {*notebooks(site)}):  # cells of a notebook say it themselves
        page = opened(window, address + name)
        numbers = page.evaluate("""[...document.querySelectorAll('article .fact')].map(one => ({
            key: one.dataset.fact, cell: !!one.closest('td'), stop: !!one.closest('a.fact-link'),
            linked: !!one.closest('a'), focusable: one.tabIndex >= 0, drawn: !!one.ownerSVGElement }))""")
        assert not [number for number in numbers if number["focusable"]], name
        met: set[str] = set()
        for number in (one for one in numbers if not one["drawn"] and (one["stop"] or not one["linked"])):
            assert number["stop"] == (number["cell"] or number["key"] not in met), (name, number)
            met.add(number["key"])


def test_nothing_but_links_controls_and_scrolling_boxes_takes_the_focus(chapter: Page) -> None:
    others = chapter.evaluate("""[...document.querySelectorAll('article *')].filter(one => one.tabIndex >= 0)
        .filter(one => !one.matches('a, summary, button, input, [role=region]'))
        .filter(one => one.scrollWidth <= one.clientWidth).map(one => one.outerHTML.slice(0, 80))""")
    assert others == []


def test_every_number_of_the_chapter_is_told_in_its_facts(chapter: Page, site: Path) -> None:
    source = chapter.locator("#page-facts").get_attribute("data-src")
    told = json.loads((site / "designs/email-platform" / source).read_text(encoding="utf-8"))
    published = {fact["id"]: fact for fact in json.loads((site / "facts.json").read_text(encoding="utf-8"))}
    keys = set(chapter.evaluate("[...document.querySelectorAll('article .fact')].map(one => one.dataset.fact)"))
    assert keys == set(told)
    ids = set(chapter.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)"))
    for key, fact in told.items():
        assert (fact["label"], fact["text"]) == (published[key]["label"], published[key]["text"])
        assert not fact["href"].startswith("#") or fact["href"][1:] in ids, key
