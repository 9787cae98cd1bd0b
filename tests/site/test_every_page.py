"""Every page of the real site, opened once in each of four settings: desktop and phone, light and dark, with JavaScript
and without. The tests read off what was seen there."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

import pytest
from playwright.sync_api import Browser

from tests.conftest import Window, windows
from tests.site.conftest import DESKTOP, PHONE, opened, pages

#: When nothing is left to do for what a page has begun to do while it loaded.
RESTED = "() => new Promise(done => requestIdleCallback(() => done()))"
#: The share of the window by which a page may move while it loads: half of what Web Vitals call good.
STILL = 0.05
#: By how much it moved: the sum of its layout shifts.
MOVED = """() => new Promise(done => {
    let moved = 0;
    const observer = new PerformanceObserver(list => list.getEntries().forEach(shift => moved += shift.value));
    observer.observe({type: "layout-shift", buffered: true});
    const frames = left => left ? requestAnimationFrame(() => frames(left - 1)) : setTimeout(() => done(moved));
    frames(2);
})"""
#: What a page looks like. Buttons, and the fields of panels, are there with scripts only; panels show values without.
LOOK = """() => {
    const all = (kind, from = document) => [...from.querySelectorAll(kind)];
    const article = document.querySelector("article");
    const drawings = all("figure.diagram svg, figure.chart svg").map(svg => ({
        said: all(":scope > title, :scope > desc", svg).map(one => one.textContent.trim())
            .concat(svg.getAttribute("aria-label") ?? "").filter(Boolean),
        lost: ["aria-labelledby", "aria-describedby"].flatMap(name => (svg.getAttribute(name) ?? "").split(/\\s+/))
            .filter(id => id && all(`[id="${id}"]`, svg).length !== 1),
    }));
    return {
        drawings,
        widest: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
        inner: document.documentElement.clientWidth,
        background: getComputedStyle(document.body).backgroundColor,
        text: article.innerText,
        panels: all(".levers", article).map(one => one.innerText),
        buttons: all("button", article).map(one => one.innerText),
        ids: all("[id]").map(one => one.id),
        links: all("a[href], link[href], use[href], script[src], img[src]")
            .map(one => new URL(one.getAttribute("href") ?? one.getAttribute("src"), document.baseURI).href),
    };
}"""

# Every pair of settings once: all eight combinations take as long as all other tests of the site.
SETTINGS = [(DESKTOP, "light", True), (PHONE, "dark", True), (DESKTOP, "dark", False), (PHONE, "light", False)]
Seen = tuple[dict[str, dict[str, Any]], Window]


@pytest.fixture(scope="module")
def seen(browser: Browser, site: Path, address: str) -> Iterator[Callable[..., Seen]]:
    """What every page looks like in a setting, by its address, and the window with what went wrong in it."""
    with windows(browser) as page_at:

        @cache
        def seen(width: int, scheme: str, javascript: bool) -> Seen:
            window, looks = page_at(width, scheme, javascript), {}
            for name in pages(site):
                page = opened(window, address + name)
                if javascript:
                    page.evaluate(RESTED)  # its scripts may ask for something later
                looks[name] = page.evaluate(LOOK) | {"moved": page.evaluate(MOVED) if javascript else 0}
            return looks, window

        yield seen


def test_links_lead_from_the_first_page_to_every_other(site: Path) -> None:
    waiting, reached = [""], set()
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            text = (site / name / "index.html").read_text(encoding="utf-8")
            here = [
                urldefrag(urljoin(f"https://site/{name}", href))[0]
                for href in re.findall(r'<a [^>]*href="([^"]*)"', text)
            ]
            found = [url.removeprefix("https://site/") for url in here if url.startswith("https://site/")]
            waiting += [path for path in found if (site / path / "index.html").is_file()]
    assert {*pages(site)} - {"404.html"} - reached == set()


@pytest.mark.parametrize("setting", SETTINGS)
def test_no_page_complains_asks_elsewhere_moves_or_is_too_wide(setting: tuple, seen: Callable[..., Seen]) -> None:
    width, scheme, _ = setting
    looks, window = seen(*setting)
    for name, look in looks.items():
        assert look["widest"] <= width and look["inner"] <= width, name
        assert look["moved"] < STILL, name
        dark = sum(map(int, re.findall(r"\d+", look["background"])[:3])) < 3 * 128
        assert dark == (scheme == "dark"), name
    assert (window.errors, window.elsewhere) == ([], [])


@pytest.mark.parametrize(("with_scripts", "without"), [(SETTINGS[0], SETTINGS[2]), (SETTINGS[1], SETTINGS[3])])
def test_without_javascript_every_page_says_the_same(
    with_scripts: tuple, without: tuple, seen: Callable[..., Seen]
) -> None:
    (first, _), (second, _) = seen(*with_scripts), seen(*without)
    for name in first:
        one, other = words(first[name]), words(second[name])
        assert len(one) > 5
        assert one == other, name


def words(look: dict[str, Any]) -> list[str]:
    """What a page says, but for what only scripts or their lack put there."""
    text = look["text"]
    for panel in look["panels"]:
        assert panel in text
        text = text.replace(panel, "")
    for button in set(look["buttons"]):
        text = text.replace(button, "")
    return text.split()


def test_links_within_the_site_lead_somewhere(site: Path, address: str, seen: Callable[..., Seen]) -> None:
    looks, _ = seen(DESKTOP, "dark", False)
    ids = {address + name: set(look["ids"]) for name, look in looks.items()}
    links = {(name, link) for name, look in looks.items() for link in look["links"]}
    internal = {(name, *urldefrag(link)) for name, link in links if link.startswith(address)}
    assert len(internal) > 100
    for name, link, fragment in sorted(internal):
        path = site / unquote(link.removeprefix(address))
        assert (path / "index.html" if path.is_dir() else path).is_file(), f"{name} links to {link}"
        assert not fragment or link not in ids or unquote(fragment) in ids[link], f"{name} links to {link}#{fragment}"
    outside = {link for _, link in links if not link.startswith(address)}
    assert {link.partition(":")[0] for link in outside} <= {"https", "http", "mailto", "data"}
    assert not [link for link in outside if "127.0.0.1" in link]  # above the path under which it is published


def test_every_drawing_says_what_it_shows(seen: Callable[..., Seen]) -> None:
    looks, _ = seen(DESKTOP, "light", True)
    drawings = [(name, drawing) for name, look in looks.items() for drawing in look["drawings"]]
    assert len(drawings) > 10
    for name, drawing in drawings:
        assert drawing["said"] and max(map(len, drawing["said"])) > 80, f"{name}: {drawing['said']}"
        assert not drawing["lost"], name
