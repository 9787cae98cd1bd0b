"""What single pages of the real site hold: drawings and charts, notebooks, the gallery, sheets of paper."""

from __future__ import annotations

import gzip
import io
import re
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import nbformat
from PIL import Image
from playwright.sync_api import Page, expect

from scripts.checks.encoding import read_yaml
from tests.conftest import Window
from tests.projects import ROOT
from tests.site.conftest import CHAPTER, DESKTOP, PHONE, notebooks, opened, pages

SVG = "{http://www.w3.org/2000/svg}"
#: Scrolls a chart to its end when it is laid out, and says where that is, and how wide all of it is.
#: A chart far from the window is not laid out; and what is laid out above it may push it away again.
SCROLLED = """one => {
    one.scrollIntoView({block: "center"});
    one.scrollTo(one.scrollWidth, 0);
    return one.scrollWidth > innerWidth && one.querySelector("svg").getBoundingClientRect().right <= innerWidth;
}"""


def test_without_javascript_numbers_tables_drawings_and_details_are_there(
    address: str, page_at: Callable[..., Window]
) -> None:
    page = opened(page_at(PHONE, javascript=False), address + CHAPTER)
    closed = page.locator("article details:not([open])")
    assert closed.count() > 10
    while closed.count():
        closed.first.locator("> summary").click()
    for kind in ("data.fact", "article table", ".diagram-scroll svg", ".cell pre", ".cell-output", "figure.chart svg"):
        sizes = page.locator(kind).evaluate_all(
            "all => all.map(one => { const box = one.getBoundingClientRect(); return box.width * box.height; })"
        )
        assert sizes and min(sizes) > 0, kind
    assert all(text.strip() for text in page.locator("data.fact").all_text_contents())
    page.locator("a.fact-link[href='#cell-peak']").first.click()
    expect(page).to_have_url(re.compile("#cell-peak$"))


def test_a_chart_that_is_wider_than_a_phone_can_be_scrolled_to_its_end(
    address: str, page_at: Callable[..., Window]
) -> None:
    page = opened(page_at(PHONE), address + CHAPTER)
    charts = page.locator("figure.chart:visible").all()
    assert len(charts) > 1
    for chart in charts:
        page.wait_for_function(SCROLLED, arg=chart.element_handle())


def test_nodes_of_drawings_lead_to_headings_of_their_chapter(chapter: Page) -> None:
    hrefs = chapter.evaluate("""[...document.querySelectorAll('.diagram-scroll svg a')]
        .map(one => one.getAttribute('href') ?? one.getAttribute('xlink:href'))""")
    headings = set(chapter.evaluate("[...document.querySelectorAll('article :is(h1, h2, h3, h4, h5)')].map(h => h.id)"))
    assert len(hrefs) > 30
    assert {href.removeprefix("#") for href in hrefs} <= headings
    chapter.locator("#diagram-final svg a[href='#lanes']").first.click()
    expect(chapter).to_have_url(re.compile("#lanes$"))


def test_icons_of_drawings_come_from_the_one_sprite(chapter: Page, site: Path) -> None:
    symbols = {one.get("id") for one in ElementTree.parse(site / "assets/icons.svg").iter(f"{SVG}symbol")}
    used = set(chapter.evaluate("[...document.querySelectorAll('.diagram-scroll use')].map(u => u.href.baseVal)"))
    assert used
    assert {url.partition("#")[0] for url in used} == {"../../assets/icons.svg"}
    assert {url.partition("#")[2] for url in used} <= symbols
    boxes = chapter.locator("#diagram-final use").evaluate_all("all => all.map(one => one.getBBox().width)")
    assert boxes and min(boxes) > 0  # they are drawn


def test_the_gallery_offers_every_drawing_whole(address: str, site: Path, page_at: Callable[..., Window]) -> None:
    page = opened(page_at(DESKTOP), address + "diagrams/")
    files = page.locator("a[download]").evaluate_all("all => all.map(one => one.href)")
    drawn = {p.relative_to(site).as_posix() for p in (site / "diagrams").glob("*/*.*") if p.suffix in (".svg", ".png")}
    assert {file.removeprefix(address) for file in files} == drawn
    assert {Path(file).suffix for file in files} == {".svg", ".png"}
    for file in files:
        data = (site / file.removeprefix(address)).read_bytes()
        if file.endswith(".png"):
            picture = Image.open(io.BytesIO(data))
            picture.load()
            assert min(picture.size) > 100
        else:
            root = ElementTree.fromstring(data)
            assert root.tag == f"{SVG}svg"
            assert root.find(f"{SVG}title").text and root.find(f"{SVG}desc").text
            references = re.findall(rb'(?:href|src)="([^"]+)"', data)
            assert not [one for one in references if not one.startswith((b"#", b"data:"))]  # it needs nothing else
    shown = page.locator(".exhibit img")
    for image in shown.all():
        image.scroll_into_view_if_needed()
        expect(image).to_have_js_property("complete", True)
        assert image.evaluate("image => image.naturalWidth") > 100
        assert image.get_attribute("alt")
    assert 2 * shown.count() == len(drawn)


def test_a_cheat_sheet_is_one_sheet_of_paper(site: Path, address: str, page_at: Callable[..., Window]) -> None:
    window, sheets = page_at(DESKTOP), [name for name in pages(site) if name.endswith("/cheat-sheet/")]
    assert len(sheets) > 3
    for name in sheets:
        page = opened(window, address + name)
        for paper in ("A4", "Letter"):
            assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(format=paper))) == 1, f"{name} on {paper}"


def test_chapters_are_light_before_they_are_scrolled(site: Path) -> None:
    fetched = ["assets/handbook-*.css", "assets/handbook-*.js", "assets/icons.svg", "assets/favicon.svg"]
    for chapter in site.glob("designs/*/index.html"):
        files = [chapter, *(path for pattern in fetched for path in site.glob(pattern))]
        assert len(files) == 5
        headers = 200 * len(files)
        assert headers + sum(len(gzip.compress(path.read_bytes(), 6)) for path in files) <= 120_000, chapter


def test_pages_of_notebooks_are_light_and_their_notebooks_can_be_downloaded(
    address: str, site: Path, page_at: Callable[..., Window]
) -> None:
    for name in notebooks(site):
        assert len(gzip.compress((site / name / "index.html").read_bytes())) <= 30_000, name
        page = opened(page_at(DESKTOP), address + name)
        with page.expect_download() as download:
            page.get_by_role("link", name="Download this notebook").click()
        book = nbformat.read(download.value.path(), as_version=4)
        nbformat.validate(book)
        code = [cell for cell in book.cells if cell.cell_type == "code"]
        assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
        assert sum(map(len, (cell.outputs for cell in code))) > 1, name


def test_the_contents_say_where_the_reader_is_once_the_reader_moves(chapter: Page) -> None:
    height = chapter.evaluate("document.documentElement.scrollHeight")
    chapter.mouse.wheel(0, 1)
    here = chapter.locator(".md-sidebar--secondary .md-nav__link--active")
    for section in ("trade-offs", "estimation"):
        chapter.locator(f"h2#{section}").evaluate("heading => heading.scrollIntoView()")
        expect(here).to_have_attribute("href", f"#{section}")
        expect(here).to_be_in_viewport()
    assert chapter.evaluate("document.documentElement.scrollHeight >= " + str(height))
    assert not chapter.locator(".md-typeset__scrollwrap").count()  # the theme's, which would have moved the page


def test_a_drawing_opens_large_and_comes_back(chapter: Page) -> None:
    chapter.get_by_role("link", name="Enlarge").first.click()
    dialog = chapter.get_by_role("dialog", name="Diagram:")
    expect(dialog.locator("svg")).to_be_visible()
    chapter.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(chapter.locator("#diagram-final svg")).to_be_visible()


def test_the_home_page_shows_a_number_being_computed_and_what_is_coming(
    address: str, page_at: Callable[..., Window]
) -> None:
    page = opened(page_at(DESKTOP), address)
    expect(page.locator("figure.computed")).to_contain_text("34.7 thousand requests/s")
    listed = read_yaml(ROOT / "mkdocs.yml")["extra"]["coming"]
    coming = [one["title"] for one in listed if not (ROOT / "docs/designs" / one["slug"] / "index.md").exists()]
    expect(page.locator(".design-coming")).to_contain_text(coming)
    page.get_by_role("link", name="See the cell in its chapter").click()
    expect(page).to_have_url(re.compile(r"/handbook/designs/email-platform/#cell-usual$"))
    expect(page.locator("#cell-usual")).to_be_in_viewport()


def test_the_ends_of_navigation_and_contents_can_be_reached_while_the_page_stands(chapter: Page) -> None:
    for side in (".md-sidebar--primary", ".md-sidebar--secondary"):
        last = chapter.locator(f"{side} a.md-nav__link:visible").last
        last.focus()
        expect(last).to_be_in_viewport(ratio=1)
    assert chapter.evaluate("scrollY") == 0


def test_the_page_that_is_read_is_seen_in_the_navigation(address: str, page_at: Callable[..., Window]) -> None:
    page = opened(page_at(DESKTOP), f"{address}contribute/hosting/")
    expect(page.locator(".md-sidebar--primary .md-nav__link--active[href]")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0


def test_the_search_finds_a_chapter(chapter: Page) -> None:
    chapter.get_by_role("textbox", name="Search").press_sequentially("idempotency key")
    result = chapter.locator(".md-search-result__item a").first
    expect(result).to_have_attribute("href", re.compile("/handbook/"))
    found = chapter.locator('.md-search-result__item a[href*="/designs/email-platform/"]')
    expect(found.first).to_be_attached()
