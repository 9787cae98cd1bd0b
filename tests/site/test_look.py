"""The page's own scripts and theme corrections, in a browser, on a small site built with the real theme."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.loopback import served

ROOT = Path(__file__).parents[2]
FACT = {
    "label": "Peak send rate", "text": "34.7 thousand/s", "full": "34,722 messages/s", "kind": "derived",
    "formula": "average_rate * peak_factor", "inputs": [["Average send rate", "11.6 thousand/s"]],
    "source": {"title": "A <b>report</b>, 2026", "href": "https://example.org/"}, "because": None, "range": None,
    "href": "#cell-peak",
}  # fmt: skip
ORIGINS = json.dumps({"mail.peak": FACT}).replace("<", "\\u003c")
NUMBER = '<data class="fact" data-fact="mail.peak" value="34722">34.7 thousand/s</data>'
PAGE = f"""# Mail

## Rates

The senders need <a class="fact-link" href="#cell-peak">{NUMBER}</a> in all, and again {NUMBER} later.

<figure class="diagram"><div class="diagram-scroll" tabindex="0" role="region" aria-label="Diagram: final">
<svg width="300" height="80" role="group">
<text y="20"><tspan class="fact" data-fact="mail.peak">34.7</tspan></text></svg>
</div><figcaption><a class="diagram-enlarge" href="final.svg">Enlarge</a></figcaption></figure>

<div class="cell" id="cell-peak"><div class="highlight"><pre><code>{"peak_rate = " * 40}</code></pre></div></div>

<script type="application/json" id="page-facts">{ORIGINS}</script>
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A one-page site with the project's theme settings, style sheets and scripts, served on a free port."""
    folder = tmp_path_factory.mktemp("look")
    (folder / "docs").mkdir()
    (folder / "docs" / "index.md").write_text(PAGE, encoding="utf-8")
    (folder / "docs" / "assets").symlink_to(ROOT / "docs" / "assets")
    assets = ROOT / "docs" / "assets"
    config = {
        "site_name": "Handbook", "repo_url": "https://github.com/example/handbook",
        "theme": {
            "name": "material", "custom_dir": str(ROOT / "overrides"), "font": False, "favicon": "assets/favicon.svg",
            "palette": [
                {"media": f"(prefers-color-scheme{preferred})", "scheme": scheme}
                for preferred, scheme in (("", "default"), (": light", "default"), (": dark", "slate"))
            ],
        },
        "extra_css": [f"assets/stylesheets/{path.name}" for path in sorted(assets.glob("stylesheets/*.css"))],
        "extra_javascript": [
            {"path": f"assets/scripts/{path.name}", "type": "module"} for path in sorted(assets.glob("scripts/*.js"))
        ],
        "plugins": ["search"],
    }  # fmt: skip
    (folder / "mkdocs.yml").write_text(json.dumps(config), encoding="utf-8")
    command = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--config-file", str(folder / "mkdocs.yml")]
    subprocess.run(command, check=True, capture_output=True)
    with served(folder / "site") as address:
        yield address


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    yield from _opened(browser, address, viewport={"width": 1280, "height": 800})


@pytest.fixture
def phone(browser: Browser, address: str) -> Iterator[Page]:
    yield from _opened(browser, address, viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)


def _opened(browser: Browser, address: str, **settings: object) -> Iterator[Page]:
    """A page that complains of nothing and asks no other host for anything."""
    context = browser.new_context(**settings)  # type: ignore[arg-type]
    page, wrong = context.new_page(), []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else wrong.append(request.url))
    page.goto(address, wait_until="networkidle")
    yield page
    context.close()
    assert wrong == []


def _linked(page: Page):
    return page.locator("a.fact-link")


def _card(page: Page):
    return page.get_by_role("group", name="Where this number comes from")


def test_pointing_at_a_number_shows_what_it_is_computed_from(page: Page) -> None:
    _linked(page).hover()
    for part in ("Peak send rate", "34,722 messages/s", "average_rate * peak_factor", "11.6 thousand/s", "Computed"):
        expect(_card(page)).to_contain_text(part)
    expect(_card(page).get_by_role("link", name="See the cell")).to_have_attribute("href", "#cell-peak")


def test_text_of_a_fact_never_becomes_markup(page: Page) -> None:
    _linked(page).hover()
    expect(_card(page).get_by_role("link", name="A <b>report</b>, 2026")).to_be_visible()


def test_the_pointer_may_move_onto_the_card_and_leaving_closes_it(page: Page) -> None:
    _linked(page).hover()
    _card(page).hover()
    page.mouse.move(5, 795)
    expect(_card(page)).to_have_count(0)


def test_keyboard_focus_opens_the_card_tab_leads_into_it_and_escape_back(page: Page) -> None:
    page.locator("h2").evaluate("heading => { heading.tabIndex = -1; heading.focus(); }")
    page.keyboard.press("Tab")
    expect(_linked(page)).to_be_focused()
    expect(_linked(page)).to_have_attribute("aria-describedby", "fact-card")
    page.keyboard.press("Tab")
    expect(_card(page).get_by_role("link").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(_card(page)).to_have_count(0)
    expect(_linked(page)).to_be_focused()
    expect(_linked(page)).not_to_have_attribute("aria-describedby", re.compile(".*"))


def test_a_mouse_click_follows_the_link(page: Page) -> None:
    _linked(page).click()
    expect(page).to_have_url(re.compile("#cell-peak$"))


def test_the_first_tap_shows_the_card_the_second_follows_the_link(phone: Page) -> None:
    _linked(phone).tap()
    expect(_card(phone)).to_be_visible()
    assert "#" not in phone.url
    assert _card(phone).bounding_box()["width"] == 390  # a sheet along the lower edge
    _linked(phone).tap()
    expect(phone).to_have_url(re.compile("#cell-peak$"))


def test_a_tap_elsewhere_or_on_close_closes_the_sheet(phone: Page) -> None:
    for dismiss in (phone.locator("h1"), phone.get_by_role("button", name="Close")):
        phone.locator("data.fact").last.tap()
        expect(_card(phone)).to_be_visible()
        dismiss.tap()
        expect(_card(phone)).to_have_count(0)


def test_an_enlarged_diagram_keeps_its_numbers_and_comes_back(page: Page) -> None:
    page.get_by_role("link", name="Enlarge").click()
    dialog = page.get_by_role("dialog", name="Diagram: final")
    dialog.locator("tspan.fact").hover()
    expect(_card(page)).to_be_visible()
    page.keyboard.press("Escape")
    expect(_card(page)).to_have_count(0)
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(page.locator("figure .diagram-scroll svg")).to_be_visible()


def test_what_the_theme_leaves_out(phone: Page) -> None:
    expect(phone.locator('[role="dialog"][aria-label="Search"]')).to_have_count(1)
    phone.get_by_role("button", name="Menu").press("Enter")
    expect(phone.locator("#__drawer")).to_be_checked()
    expect(phone.locator(".cell pre > code")).to_have_attribute("tabindex", "0")
    assert phone.evaluate("document.documentElement.scrollWidth") == 390


def test_colours_follow_the_system_without_javascript_and_paper_is_light(browser: Browser, address: str) -> None:
    context = browser.new_context(color_scheme="dark", java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    expect(page.locator("body")).to_have_css("background-color", "rgb(18, 23, 21)")
    page.emulate_media(media="print")
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    context.close()
