"""The live page as a reader has it: under a sub-path and a strict policy, with the real runtime in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, expect

from tests.conftest import Window
from tests.projects import ROOT
from tests.site.conftest import DESKTOP, PHONE, opened
from tests.site.live import LOADED, SLUG, card, field, number, set_value, slider

BAD = ["twelve", "", "0", "-1", "1e999", "5 kg", "99 h", "<b>1</b>"]


def test_nothing_is_loaded_before_a_touch(page_at: Callable[..., Window], host: str):
    window = page_at(DESKTOP)
    asked: list[str] = []
    window.page.on("request", lambda request: asked.append(request.url))
    page = opened(window, host)
    page.locator("#assumptions").scroll_into_view_if_needed()
    field(page, "campaign_window").focus()
    page.locator("footer").last.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/live/" in url] == []
    assert not window.errors and not window.elsewhere


def test_a_typed_value_shows_in_prose_table_and_diagram(page: Page):
    before = number(page, "servers").inner_text()
    label = page.locator(f'tspan[data-fact="{SLUG}.servers"]').first
    assert label.inner_html() == before
    set_value(page, "campaign_window", "30 min")
    told = number(page, "servers")
    expect(told.locator("del")).to_have_text(f"published {before}")
    yours = told.locator("ins").inner_text().removeprefix("yours").strip()
    assert yours != before
    expect(label).to_contain_text(yours)
    expect(page.locator(f'.cell-yours [data-fact="{SLUG}.servers"] ins')).to_contain_text(yours)


def test_the_card_of_a_number_names_both(page: Page):
    set_value(page, "campaign_window", "30 min")
    told = number(page, "peak_rate")
    expect(told.locator("ins")).to_be_visible()
    page.locator(f'article p .fact-link:has([data-fact="{SLUG}.peak_rate"])').first.focus()
    expect(page.locator(".fact-card-yours")).to_be_visible()
    expect(page.locator("#fact-card")).to_contain_text("With your values. Published: 13.5 thousand messages/s")
    page.keyboard.press("Escape")


def test_a_decision_flips_at_its_threshold(page: Page):
    set_value(page, "campaign_window", "86 min")  # published: below 85.8 min
    expect(page.locator(".levers-status")).to_contain_text("No decision flips")
    expect(page.locator(".decision-flipped")).to_have_count(0)
    set_value(page, "campaign_window", "85 min")
    expect(card(page, "in_the_window")).to_have_class(re.compile("decision-flipped"))
    expect(card(page, "in_the_window").locator(".decision-yours")).to_contain_text(
        re.compile(r"Flipped .* is now above 1,500 addresses, so: Stretch the campaign")
    )
    expect(page.locator(f'.verdicts [data-decision="{SLUG}.in_the_window"]')).to_contain_text("Flipped")
    expect(page.locator(".live-flips")).to_have_text("1 decision flipped")
    expect(page.locator(".levers-status")).to_contain_text("1 decision flipped: Stretch the campaign")


def test_a_slider_moves_by_keyboard_and_is_told_once(page: Page):
    page.evaluate(
        """() => { window.told = []; const status = document.querySelector('.levers-status');
        new MutationObserver(() => told.push(status.textContent)).observe(status, { childList: true }); }"""
    )
    slider(page, "largest_audience").focus()
    for _ in range(12):
        page.keyboard.press("ArrowRight")
    expect(number(page, "largest_campaign").locator("ins")).to_be_attached()
    typed = field(page, "largest_audience").input_value()
    assert 40 < float(typed) < 60
    expect(slider(page, "largest_audience")).to_have_attribute("aria-valuetext", f"{typed} %")
    expect(slider(page, "largest_audience")).to_be_focused()
    expect(page.locator(".levers-status")).to_contain_text("1 assumption changed")
    assert page.evaluate("told.length") == 1


def test_both_ends_of_a_slider_are_the_ends_of_the_range(page: Page):
    slider(page, "campaign_window").focus()
    page.keyboard.press("Home")
    expect(field(page, "campaign_window")).to_have_value("0.25")
    page.keyboard.press("End")
    expect(field(page, "campaign_window")).to_have_value("12")
    expect(page.locator(".lever-problem:not(:empty)")).to_have_count(0)


def test_bad_input_is_refused_beside_its_field(page: Page):
    set_value(page, "campaign_window", "30 min")
    expect(number(page, "peak_rate").locator("ins")).to_be_visible()
    good = number(page, "peak_rate").inner_text()
    for text in BAD:
        set_value(page, "campaign_window", text)
        expect(field(page, "campaign_window")).to_have_attribute("aria-invalid", "true")
        expect(field(page, "campaign_window")).to_have_accessible_description(re.compile(r"\w{2}"))
        assert number(page, "peak_rate").inner_text() == good, text
    set_value(page, "campaign_window", "2")
    expect(field(page, "campaign_window")).not_to_have_attribute("aria-invalid", "true")
    expect(page.locator(".fact-changed")).to_have_count(0)


def test_values_typed_one_after_the_other_are_all_kept(page: Page):
    page.evaluate(
        """(texts) => { for (const [name, text] of Object.entries(texts)) {
          const field = document.querySelector(`[data-assumption="email-platform.${name}"]`);
          field.value = text;
          field.dispatchEvent(new Event("change", { bubbles: true }));
        } }""",
        {"campaign_window": "30 min", "largest_audience": "80%", "smtp_time": "none"},
    )
    expect(page.locator(".live-counts")).to_contain_text("2 changed")
    expect(field(page, "smtp_time")).to_have_attribute("aria-invalid", "true")


def test_a_link_carries_the_values(page: Page, started: Window, host: str):
    set_value(page, "campaign_window", "30 min")
    set_value(page, "largest_audience", "80%")
    expect(page.locator(".live-counts")).to_contain_text("2 changed")
    shown = number(page, "peak_rate").inner_text()
    page.locator(".levers-tools button", has_text="Copy link").click()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(f"{host}?campaign_window=30min&largest_audience=80%25")
    other = started.page.context.new_page()
    other.goto(link)
    expect(number(other, "peak_rate").locator("ins")).to_be_visible(timeout=LOADED)
    assert number(other, "peak_rate").inner_text() == shown
    expect(field(other, "campaign_window")).to_have_value("30 min")
    other.close()


def test_a_malicious_link_is_only_text(started: Window, host: str):
    code = "<img src=x onerror=window.stolen=1><script>window.stolen=1</script>"
    other = started.page.context.new_page()
    other.goto(f"{host}?campaign_window={quote(code)}&{quote(code)}=1&__proto__=2&smtp_time=2")
    expect(number(other, "address_rate", "article").locator("ins")).to_be_attached(timeout=LOADED)
    expect(field(other, "campaign_window")).to_have_attribute("aria-invalid", "true")
    expect(other.locator(".levers")).to_contain_text("no assumption called")
    assert other.evaluate("window.stolen") is None
    assert other.locator("img[src=x]").count() == 0
    other.close()


def test_markdown_tells_what_was_changed_and_what_follows(page: Page):
    set_value(page, "campaign_window", "30 min")
    expect(page.locator(".live-counts")).to_contain_text("1 changed")
    page.locator(".levers-tools button", has_text="Copy as Markdown").click()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert "| Time in which the largest campaign must be out | 2 h | 30 min |" in copied
    assert "| Peak send rate | 13.5 thousand messages/s | " in copied
    assert "**flipped**" in copied and "?campaign_window=30min" in copied


def test_the_bar_folds_closes_and_comes_back(page: Page):
    bar = page.locator(".live-bar")
    expect(bar).to_be_hidden()
    set_value(page, "campaign_window", "30 min")
    expect(bar).to_be_visible()
    page.locator(".live-toggle").click()
    mirror = bar.locator('[data-slider="campaign_window"]')
    assert mirror.input_value() == slider(page, "campaign_window").input_value()
    expect(bar.locator(".live-value")).to_have_text("30 min")
    mirror.focus()
    page.keyboard.press("End")
    expect(field(page, "campaign_window")).to_have_value("12")
    bar.locator(".live-close").click()
    expect(bar).to_be_hidden()
    expect(page.locator(".live-again")).to_be_focused()
    page.locator(".live-again").click()
    expect(bar).to_be_visible()
    bar.locator("button", has_text="Reset all").click()
    expect(bar).to_be_hidden()
    assert page.evaluate("document.activeElement !== document.body")


def test_intervals_and_what_matters_most(page: Page):
    set_value(page, "campaign_window", "30 min")
    page.locator(".levers-tools button", has_text="Intervals").click()
    expect(page.locator("table.spread tbody tr").first).to_contain_text("Mean send rate")
    page.locator(".levers-tools button", has_text="What matters most").click()
    expect(page.locator(".levers-spread svg")).to_be_visible()


def test_edit_and_run_says_what_is_wrong_and_can_be_undone(page: Page):
    cell = page.locator("#cell-peak")
    cell.locator(".cell-run").click()
    code = cell.locator(".cm-content")
    expect(code).to_be_focused()
    page.keyboard.press("Control+Home")
    page.keyboard.insert_text("largest_campaign = = 1\n")
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".cell-problem")).to_contain_text("Line 1")
    expect(page.locator(".fact-changed")).to_have_count(0)
    published = cell.locator(".highlight code").text_content() or ""
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(published.strip().replace("10 * peak_rate", "20 * peak_rate"))
    page.keyboard.press("Control+Enter")
    expect(number(page, "tenfold_peak").locator("ins")).to_contain_text("270 thousand/s")
    cell.locator("button", has_text="Back to the published code").click()
    expect(page.locator(".fact-changed")).to_have_count(0)
    expect(cell.locator(".cell-run")).to_be_focused()


def test_a_simulation_runs_and_can_be_cancelled(page: Page):
    set_value(page, "campaign_window", "30 min")
    expect(page.locator("#cell-tornado.cell-yours")).to_be_attached()
    cell = page.locator("#cell-duplicates")
    cell.locator(".cell-run").click()
    expect(cell.locator("input[type=number]")).to_be_focused()
    page.keyboard.insert_text("7")
    page.keyboard.press("Enter")
    cell.locator("button", has_text="Cancel").click()
    expect(cell.locator(".cell-note")).to_contain_text("Cancelled")
    set_value(page, "campaign_window", "2")  # the new runtime knows which cells show another value
    expect(page.locator(".cell-yours")).to_have_count(0, timeout=LOADED)
    set_value(page, "campaign_window", "30 min")
    expect(number(page, "peak_rate").locator("ins")).to_be_visible()


def test_without_javascript_the_published_numbers_stay(page_at: Callable[..., Window], host: str):
    page = opened(page_at(PHONE, javascript=False), host)
    expect(page.locator(".levers-status")).to_contain_text("the page needs JavaScript")
    assert page.locator(".levers input").count() == 0
    expect(page.locator("#assumption-campaign_window .lever-value")).to_have_text("2 h")


def test_a_failure_to_load_is_one_line_and_can_be_tried_again(page_at: Callable[..., Window], host: str):
    window = page_at(PHONE)
    page = opened(window, host)
    page.route("**/*.wasm", lambda route: route.abort())
    set_value(page, "campaign_window", "1")
    status = page.locator(".levers-status")
    expect(status).to_contain_text("The published ones stay", timeout=LOADED)
    expect(field(page, "campaign_window")).to_have_value("2")
    assert page.locator(".fact-changed").count() == 0
    page.unroute("**/*.wasm")
    status.locator("button", has_text="Try again").click()
    expect(status).to_contain_text("Ready", timeout=LOADED)
    set_value(page, "campaign_window", "1")
    expect(number(page, "peak_rate").locator("ins")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE


def test_every_rule_for_what_the_panel_makes_is_published(site: Path):
    rules = "".join((ROOT / f"docs/assets/stylesheets/{name}.css").read_text() for name in ("live", "live-bar"))
    published = next((site / "assets").glob("handbook-*.css")).read_text()
    missing = {name for name in re.findall(r"\.([a-z][\w-]+)(?=[^{}]*\{)", rules) if f".{name}" not in published}
    assert missing == set()
