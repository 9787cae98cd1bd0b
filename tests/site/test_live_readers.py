"""The live page for every reader: by keyboard alone, on paper, in a browser that cannot, from a file."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.conftest import Window
from tests.site.conftest import CHAPTER, PHONE, opened
from tests.site.live import LOADED, card, field, number, set_value, slider

FOCUS = """async () => {
  for (const _ of "ab") await new Promise(requestAnimationFrame); // what lay out of sight gets its styles with the next
  const element = document.activeElement, style = getComputedStyle(element);
  const seen = style.outlineStyle !== "none" || style.boxShadow !== "none";
  return { lost: element === document.body, seen, what: element.outerHTML.slice(0, 120) };
}"""
MOVING = """() => document.getAnimations().filter((one) => one.playState === "running").length"""
NOTICE = """() => {
  const { content, height, fontSize } = getComputedStyle(document.querySelector(".md-content__inner"), "::before");
  return { content, height, fontSize };
}"""
#: Holds while all is as published (13.5 thousand messages a second at the peak), and not at three times that.
LAW = """
from handbook.invariants import capacity as enough

enough(Q(20_000, "message/second"), peak_rate)
"""


def begin(place: Locator) -> None:
    """Put the focus where a reader of the text is, with no control below it yet."""
    place.evaluate("(element) => { element.tabIndex = -1; element.focus(); }")


def tab_to(page: Page, wanted: Locator, most: int = 60) -> None:
    """Press Tab until `wanted` has the focus; on the way it is always somewhere, and to be seen."""
    for _ in range(most):
        page.keyboard.press("Tab")
        found = page.evaluate(FOCUS)
        assert not found["lost"], "the focus is lost"
        assert found["seen"], f"the focus is not to be seen: {found['what']}"
        if wanted.evaluate("(element) => element === document.activeElement"):
            return
    raise AssertionError(f"Tab does not reach {wanted}")


def test_all_of_the_panel_by_keyboard(page: Page):
    begin(page.locator(".levers-title"))
    tab_to(page, field(page, "campaign_window"))
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("30 min")
    page.keyboard.press("Enter")
    expect(number(page, "peak_rate").locator("ins")).to_be_attached()
    tab_to(page, page.locator("#assumption-campaign_window .lever-reset"))
    page.keyboard.press("Enter")
    expect(page.locator(".fact-changed")).to_have_count(0)
    expect(field(page, "campaign_window")).to_be_focused()
    tab_to(page, slider(page, "campaign_window"))
    page.keyboard.press("Home")
    expect(number(page, "peak_rate").locator("ins")).to_be_attached()
    expect(page.locator(".levers-status")).to_contain_text("1 assumption changed")
    expect(page.locator(".levers-status")).to_have_role("status")
    assert page.evaluate(MOVING) == 0, "a reader who asks for less motion gets none"
    begin(page.locator(".levers-status"))
    tab_to(page, page.locator(".levers-tools button", has_text="Reset all"))
    tab_to(page, page.locator(".levers-tools button", has_text="Copy link"))
    page.keyboard.press("Enter")
    expect(page.locator(".levers-tools button", has_text="Copied")).to_be_focused()
    assert "campaign_window=0.25" in page.evaluate("navigator.clipboard.readText()")
    tab_to(page, page.locator(".levers-tools button", has_text="Markdown"))
    tab_to(page, page.locator(".levers-tools button", has_text="Intervals"))
    page.keyboard.press("Space")
    expect(page.locator("table.spread tbody tr").first).to_be_visible()
    expect(page.locator(".levers-tools button", has_text="Intervals")).to_be_focused()


def test_edit_and_run_by_keyboard(page: Page):
    cell = page.locator("#cell-peak")
    begin(cell)
    tab_to(page, cell.locator(".cell-run"))
    page.keyboard.press("Enter")
    expect(cell.locator(".cm-content")).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("1 / 0\n")
    page.keyboard.press("Escape")  # Tab indents in the editor; Escape leaves it
    expect(cell.locator(".cell-submit")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell.locator(".cell-problem")).to_contain_text("It divides by zero")
    expect(cell.locator(".cell-problem")).to_have_role("alert")
    tab_to(page, cell.locator("button", has_text="Back to the published code"))
    page.keyboard.press("Enter")
    expect(cell.locator(".cell-run")).to_be_focused()


def test_a_simulation_by_keyboard(page: Page):
    cell = page.locator("#cell-region")
    begin(cell)
    tab_to(page, cell.locator(".cell-run"))
    page.keyboard.press("Enter")
    expect(cell.locator("input[type=number]")).to_be_focused()
    tab_to(page, cell.locator("button", has_text="Run").last)
    page.keyboard.press("Enter")
    expect(cell.locator("button", has_text="Cancel")).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell.locator(".cell-note")).to_contain_text("Cancelled")
    expect(cell.locator(".cell-note")).to_have_role("status")
    expect(cell.locator("button", has_text="Run").last).to_be_focused()


def test_a_law_that_the_readers_values_break_is_told_in_words(page: Page):
    cell = page.locator("#cell-peak")
    cell.locator(".cell-run").click()
    expect(cell.locator(".cm-content")).to_be_focused()  # loaded now: what was typed before would be lost
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(LAW)
    page.keyboard.press("Control+Enter")
    expect(cell).to_have_class(re.compile("cell-edited"))
    broken = page.locator(".levers-invariants")
    expect(broken).to_be_hidden()
    set_value(page, "campaign_window", "30 min")
    expect(broken.locator("li")).to_contain_text(re.compile("capacity ≥ peak .* 20 thousand .* 41.7 thousand"))
    expect(field(page, "campaign_window")).not_to_have_attribute("aria-invalid", "true")
    set_value(page, "campaign_window", "2")
    expect(broken).to_be_hidden()


def test_paper_shows_both_and_says_whose_they_are(page: Page):
    set_value(page, "campaign_window", "30 min")
    expect(card(page, "in_the_window")).to_have_class(re.compile("decision-flipped"))
    expect(page.locator("html")).to_have_class(re.compile("is-yours"))
    page.emulate_media(media="print")
    try:
        told = page.evaluate(NOTICE)
        assert "a reader's own values" in told["content"]
        assert float(told["height"].removesuffix("px")) > float(told["fontSize"].removesuffix("px"))
        for part in ("del", "ins"):
            expect(number(page, "peak_rate").locator(part)).to_be_visible()
        expect(page.locator("#assumption-campaign_window .lever-published")).to_be_visible()
        expect(field(page, "campaign_window")).to_be_visible()
        for hidden in (".live-bar", ".levers-tools", ".levers-status", ".cell-run >> nth=0"):
            expect(page.locator(hidden)).to_be_hidden()
    finally:
        page.emulate_media(media="screen")


def test_an_old_browser_keeps_the_published_numbers_and_says_why(page_at: Callable[..., Window], host: str):
    window = page_at(PHONE)
    window.page.add_init_script("delete globalThis.WebAssembly")
    page = opened(window, host)
    expect(page.locator(".levers-status")).to_contain_text("a current browser")
    assert page.locator(".levers input").count() == 0
    expect(page.locator("#assumption-campaign_window .lever-value")).to_have_text("2 h")
    assert not window.errors


def test_from_a_file_the_published_numbers_stay_and_a_line_says_why(page_at: Callable[..., Window], site: Path):
    page = opened(page_at(PHONE), (site / CHAPTER / "index.html").as_uri())
    expect(page.locator(".levers-status")).to_contain_text("read from a web server")
    assert page.locator(".levers input").count() == 0
    expect(page.locator("#assumption-campaign_window .lever-value")).to_have_text("2 h")


def test_the_first_key_on_a_field_begins_to_load_and_passing_by_does_not(page_at: Callable[..., Window], host: str):
    page = opened(page_at(PHONE), host)
    page.route("**/live/**", lambda route: route.abort())
    status = page.locator(".levers-status")
    field(page, "campaign_window").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(status).to_contain_text("Move a slider or type a value")
    page.keyboard.press("3")
    expect(status).to_contain_text("The published ones stay")


def test_a_host_that_does_not_know_webassembly_serves(page_at: Callable[..., Window], host: str):
    page = opened(page_at(PHONE), host)

    def plainly(route):
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "content-type": "application/octet-stream"})

    page.route("**/*.wasm", plainly)
    set_value(page, "campaign_window", "1")
    expect(number(page, "peak_rate").locator("ins")).to_be_attached(timeout=LOADED)


def test_the_panel_of_every_chapter_lies_open(site: Path):
    chapters = [path.read_text(encoding="utf-8") for path in site.glob("designs/*/index.html")]
    before = [text.partition("data-levers=")[0] for text in chapters if "data-levers=" in text]
    assert before and all(text.count("<details") == text.count("</details>") for text in before), (
        "it is found by no one"
    )
