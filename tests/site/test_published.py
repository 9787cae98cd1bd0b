"""What a build publishes for machines and hosts, read as they read it."""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urldefrag
from xml.etree import ElementTree

import feedparser
import pytest
from PIL import Image
from playwright.sync_api import expect

from scripts.layout import Project
from scripts.loopback import Quiet, served
from scripts.publish.about import About
from tests.conftest import Window
from tests.projects import Copy
from tests.site.conftest import CHAPTER, DESKTOP, NOTEBOOK, opened, pages

URL = "https://executable-system-design.github.io/handbook/"


def published(site: Path, url: str) -> Path:
    """The file at an address of the site."""
    assert url.startswith(URL), url
    path = site / unquote(urldefrag(url)[0].removeprefix(URL))
    return path / "index.html" if path.is_dir() else path


# Lists of what there is


def test_the_sitemap_lists_every_page_and_dates_only_what_an_author_dated(built: Copy, site: Path) -> None:
    root = ElementTree.parse(site / "sitemap.xml").getroot()
    name = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    dated = {one.findtext(f"{name}loc"): one.findtext(f"{name}lastmod") for one in root}
    assert {url.removeprefix(URL) for url in dated} == {*pages(site)} - {"404.html"}
    given = {}
    for path in (built.root / "docs").rglob("*.md"):
        front = re.match(r"---\n(.*?)^---\n", path.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
        day = re.search(r"^updated: (\S+)$", front[1] if front else "", re.MULTILINE)
        name = path.relative_to(built.root / "docs").with_suffix("").as_posix()
        given |= {f"{URL}{name}/".removesuffix("index/"): day[1]} if day else {}
    assert {url: day for url, day in dated.items() if day} == given != {}
    assert not (site / "sitemap.xml.gz").exists()  # it holds the time of the build


def test_robots_and_llms_txt_name_what_is_there(site: Path) -> None:
    assert f"Sitemap: {URL}sitemap.xml\n" in (site / "robots.txt").read_text(encoding="utf-8")
    lines = (site / "llms.txt").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ") and lines[2].startswith("> ")
    links = [re.fullmatch(r"- \[(.+)\]\((\S+)\): (.+)", line) for line in lines if line.startswith("- ")]
    assert all(links)
    assert all(published(site, link[2]).is_file() for link in links)
    assert {f"{URL}{CHAPTER}index.md", f"{URL}facts.json", f"{URL}designs.json"} <= {link[2] for link in links}


def test_the_feed_reads_like_a_feed(site: Path) -> None:
    feed = feedparser.parse(site / "feed.xml")
    assert not feed.bozo, feed.bozo_exception
    assert (feed.version, feed.feed.title) == ("atom10", "Executable System Design Handbook")
    assert len({entry.id for entry in feed.entries}) == len(feed.entries) > 0
    assert [entry.updated for entry in feed.entries] == sorted((entry.updated for entry in feed.entries), reverse=True)
    assert feed.feed.updated == feed.entries[0].updated
    for entry in feed.entries:
        assert entry.summary and published(site, entry.link).is_file()
    assert {link["rel"]: link["href"] for link in feed.feed.links} == {"self": f"{URL}feed.xml", "alternate": URL}


# What a page says of itself


def test_every_page_has_a_card_a_description_of_its_own_and_the_feed(built: Copy, site: Path) -> None:
    descriptions = {About.of(Project(built.root)).description}
    for name in {*pages(site)} - {"404.html"}:
        text = (site / name / "index.html").read_text(encoding="utf-8")
        properties = dict(re.findall(r'<meta property="(og:[^"]+)" content="([^"]*)">', text))
        described = re.search(r'<meta name="description" content="([^"]+)">', text)
        assert described and properties["og:description"] == described[1], name
        assert described[1] not in descriptions, name
        descriptions.add(described[1])
        card = Image.open(published(site, properties["og:image"]))
        assert (card.size, card.format) == ((1200, 630), "PNG")
        assert properties["og:url"] == URL + name
        feed = re.search(r'type="application/atom\+xml" title="[^"]+" href="([^"]+)"', text)
        assert (site / name / feed[1]).resolve() == (site / "feed.xml").resolve()


def test_cards_are_small_and_say_the_numbers_of_the_chapter(built: Copy, site: Path) -> None:
    chapters = (path.parent.name for path in (built.root / "docs/designs").glob("*/index.md"))
    assert {path.stem for path in (site / "cards").iterdir()} == {"home", *chapters}
    for path in (site / "cards").iterdir():
        data = path.read_bytes()
        assert len(data) < 60_000
        assert len(Image.open(io.BytesIO(data)).convert("RGB").getcolors(1000)) > 20  # letters, smooth ones


# The Markdown copy


@pytest.fixture(scope="module")
def copy(site: Path) -> str:
    return (site / CHAPTER / "index.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page_text(site: Path) -> str:
    text = (site / CHAPTER / "index.html").read_text(encoding="utf-8")
    assert '<link rel="alternate " type="text/markdown" title="This chapter as Markdown" href="index.md">' in text
    return re.sub(r"<svg\b.*?</svg>", "", text[text.index("<article") : text.rindex("</article>")], flags=re.S)


def test_the_copy_has_every_bound_number_as_facts_json_has_it(site: Path, copy: str, page_text: str) -> None:
    facts = {fact["id"]: fact for fact in json.loads((site / "facts.json").read_text(encoding="utf-8"))}
    bound = re.findall(r'data-fact="([^"]+)" value="[^"]*">(.*?)</data>', page_text)
    assert len(bound) > 200
    position = 0
    for key, shown in bound:  # in the order of the page
        shown = html.unescape(shown)
        assert shown in (facts[key]["text"], facts[key]["full"])
        position = copy.find(shown, position)
        assert position >= 0, f"{key}: {shown}"
        position += len(shown)


def test_the_copy_is_markdown_and_nothing_else(site: Path, copy: str) -> None:
    prose = re.sub(r"^```.*?^```$|`[^`\n]+`", "", copy, flags=re.DOTALL | re.MULTILINE)
    assert not re.findall(r"(?<!\\)</?[a-z]+[ >]|\{\{|--8<--|¶", prose)
    assert not re.findall(r"\{\{|--8<--", copy)
    assert re.findall(r"^## (.+)$", prose, re.MULTILINE)[0] == "The answer in a minute"
    assert len(re.findall(r"^## ", prose, re.MULTILINE)) == 15
    assert copy.count("\n```") % 2 == 0 and "```python" in copy
    widths = [len(re.findall(r"(?<!\\)\|", line)) for line in copy.splitlines() if line.startswith("| ---")]
    assert len(widths) > 10
    cited, defined = set(re.findall(r"\[\^([\w-]+)\](?!:)", prose)), set(re.findall(r"^\[\^([\w-]+)\]: ", prose, re.M))
    assert cited == defined != set()
    pictures = re.findall(r"^!\[(.+)\]\((\S+)\)$", prose, re.MULTILINE)
    assert len(pictures) == prose.count("\nThe diagram: ") > 5
    links = [url for _, url in pictures] + re.findall(r"(?<!!)\[[^\]]*\]\((\S+)\)", prose)
    assert all(url.startswith("https://") for url in links)
    assert all(published(site, url).is_file() for url in links if url.startswith(URL))


def test_each_row_of_a_table_has_as_many_cells_as_its_head(copy: str) -> None:
    lines = [*copy.splitlines(), ""]
    for number, line in enumerate(lines):
        if line.startswith("| ---"):
            rows = [lines[number - 1]]
            while lines[number].startswith("|"):
                rows.append(lines[number])
                number += 1
            assert len({len(re.findall(r"(?<!\\)\|", row)) for row in rows}) == 1, rows


# As a host serves it


class Host(Quiet):
    """A host that reads `_headers` and `404.html`, and has the site under `/sub/`."""

    rules: dict[str, dict[str, str]] = {}

    def translate_path(self, path: str) -> str:
        return super().translate_path(path.removeprefix("/sub") if path.startswith("/sub/") else "/outside")

    def end_headers(self) -> None:
        for path in ("/*", "/" + self.path.removeprefix("/sub/").partition("?")[0]):
            for name, value in self.rules.get(path, {}).items():
                self.send_header(name, value)
        super().end_headers()

    def send_error(self, code: int, *_: object) -> None:
        self.send_response(code)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        if self.command == "GET":
            self.wfile.write((Path(self.directory) / "404.html").read_bytes())


def rules(text: str) -> dict[str, dict[str, str]]:
    """The rules of a `_headers` file: path, header, value."""
    found: dict[str, dict[str, str]] = {}
    for line in text.splitlines():
        if line.startswith("/"):
            found[line] = current = {}
        else:
            name, _, value = line.strip().partition(": ")
            current[name] = value
    return found


@pytest.fixture(scope="module")
def host(site: Path) -> Iterator[str]:
    Host.rules = rules((site / "_headers").read_text(encoding="utf-8"))
    with served(site, Host) as address:
        yield f"{address}sub/"


def test_the_headers_keep_to_what_hosts_accept(site: Path) -> None:
    text = (site / "_headers").read_text(encoding="utf-8")
    assert max(map(len, text.splitlines())) <= 2000 and len(rules(text)) <= 100
    for path, headers in rules(text).items():
        assert path == "/*" or ((site / path[1:]).is_file() and "immutable" in headers["Cache-Control"])
    assert "/assets/stylesheets/palette.css" not in rules(text)  # no hash in its name
    assert "Cache-Control" not in rules(text)["/*"]
    assert not re.search(r"script-src[^;]*'unsafe-(inline|eval)'", text)


def test_no_page_breaks_the_policy_that_the_build_wrote(site: Path, host: str, page_at: Callable[..., Window]) -> None:
    window = page_at(DESKTOP)
    for name in ("", CHAPTER, NOTEBOOK, "diagrams/", "reference/simulation/"):
        opened(window, host + name).wait_for_load_state("networkidle")
    opened(window, f"{host}?q=suppression")
    expect(window.page.locator(".md-search-result__link").first).to_be_visible()
    assert (window.errors, window.elsewhere) == ([], [])
    asked = window.page.evaluate("performance.getEntriesByType('resource').map(one => one.name)")
    assert not [name for name in asked if "sitemap" in name]  # the theme would, for rel="alternate"


def test_a_script_that_the_build_did_not_see_is_refused(host: str, page_at: Callable[..., Window]) -> None:
    window = page_at(DESKTOP)
    opened(window, host).evaluate("document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")
    assert any("Content Security Policy" in error for error in window.errors)


def test_a_wrong_address_leads_on_at_any_depth_and_under_any_path(host: str, page_at: Callable[..., Window]) -> None:
    window = page_at(DESKTOP)
    page = opened(window, f"{host}designs/nothing/at/all/")
    expect(page.locator("base")).to_have_attribute("href", "/sub/")
    expect(page).to_have_title(re.compile("not found"))
    page.get_by_role("link", name="Email platform").click()
    expect(page).to_have_url(host + CHAPTER)
    page = opened(window, f"{host}nothing")
    expect(page.locator("base")).to_have_attribute("href", "/sub/")
    page.get_by_label("Search the handbook").fill("suppression")
    page.get_by_role("button", name="Search").click()
    expect(page).to_have_url(f"{host}?q=suppression")
    assert not [error for error in window.errors if "Content Security Policy" in error]


def test_without_javascript_a_wrong_address_leads_on_where_the_site_was_built_for(
    address: str, page_at: Callable[..., Window]
) -> None:
    page = opened(page_at(DESKTOP, javascript=False), f"{address}404.html")
    page.get_by_role("link", name="Email platform").click()
    expect(page).to_have_url(address + CHAPTER)
