"""axe, contrast and the Nu checker on some pages, faults seeded to prove that they see; the keyboard on a real chapter.

`make verify` looks at every page, in every setting and state.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from scripts.browser import BrowserError
from scripts.findings import Finding
from scripts.layout import Project
from scripts.verify import Check, accessible, exemptions, report, run, valid, visits
from tests.conftest import Window
from tests.projects import ROOT, Copy
from tests.site.conftest import CHAPTER, DESKTOP, opened

SOME = ["index.html", "404.html", "contribute/index.html", f"{CHAPTER}index.html", f"{CHAPTER}estimate/index.html"]
CHECKED = (visits.Setting("light", 1280), visits.Setting("dark", 360))
FAULTS = {
    "image-alt": "<img src=x.png>",
    "button-name": "<button></button>",
    "color-contrast": '<p style="color:#999;background:#fff">pale</p>',
    "contrast": '<svg width=90 height=30><rect width=90 height=30 fill="#fff"/><text y=20 fill="#aaa">pale</text>'
    "</svg>",
    "scrollable-region-focusable": '<div style="width:9em;height:2em;overflow:scroll"><p style="width:90em">long</p>'
    "</div>",
}


@pytest.fixture
def project(built: Copy, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The built project, which its programs take for the current one."""
    monkeypatch.chdir(built.root)
    return Project(built.root)


def test_axe_finds_nothing_on_the_main_pages(
    project: Project, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accessible, "STATES", {})  # `make verify` enters them
    found, _ = accessible.look(project, SOME, CHECKED, browser)
    assert not found, "\n".join(map(str, found))


def test_everything_published_is_valid(project: Project) -> None:
    found, _ = valid.look(project)
    assert not found, "\n".join(map(str, found))


@pytest.fixture
def faulty(tmp_path: Path) -> Project:
    """A site of one page with one fault of each kind; its source has the picture on line 3."""
    body = "".join(FAULTS.values()).replace("<img ", '<img id="wrong" ')
    page = (
        f'<!doctype html><html lang="en"><head><title>Faults</title></head><body><main><h1>F</h1>{body}</main></body>'
    )
    (tmp_path / "site").mkdir()
    (tmp_path / "site/index.html").write_text(page, encoding="utf-8")
    (tmp_path / "site/bad.css").write_text("p { colour: red }", encoding="utf-8")
    (tmp_path / "site/bad.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><p/></svg>', encoding="utf-8")
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs/index.md").write_text("# F\n\n<img id=wrong>\n", encoding="utf-8")
    (tmp_path / "sources.yml").write_text("", encoding="utf-8")
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return Project(tmp_path)


def test_every_seeded_fault_is_found_where_it_stands(faulty: Project, browser: Browser) -> None:
    found, _ = accessible.look(faulty, settings=CHECKED, browser=browser)
    assert set(FAULTS) <= {one.rule for one in found}
    picture = next(one for one in found if one.rule == "image-alt")
    assert (picture.path, picture.line) == ("docs/index.md", 3)
    assert "light, 1280 px; dark, 360 px" in picture.what


def test_a_state_that_a_page_never_comes_to_is_a_finding(
    faulty: Project, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def waits(page: Page) -> bool:
        return page.wait_for_selector("#never", timeout=50) is not None

    monkeypatch.setattr(accessible, "STATES", {"never": waits})
    found, _ = accessible.look(faulty, settings=CHECKED[:1], browser=browser)
    [stuck] = [str(one) for one in found if one.rule == "state"]
    assert "state in site/index.html (light, 1280 px, never): Page.wait_for_selector: Timeout 50ms exceeded." in stuck


def test_what_is_not_valid_is_found_and_an_idle_exemption_too(faulty: Project) -> None:
    idle = exemptions.Exemption("never said", 'id="__drawer"', "no reason")
    found, _ = valid.look(faulty, [idle])
    said = "\n".join(map(str, found))
    for words in ("docs/index.md:3: site/index.html:1: An “img” element must have an “alt”", "bad.css", "bad.svg"):
        assert words in said
    assert "scripts/verify/exemptions.py" in said


def test_without_a_browser_one_line_says_so(faulty: Project, capsys: pytest.CaptureFixture[str]) -> None:
    def look(project: Project) -> tuple[list[Finding], str]:
        raise BrowserError("there is no browser: install one")

    assert report(faulty, look) == 1
    assert tuple(capsys.readouterr()) == ("", "there is no browser: install one\n")


def test_a_failed_check_stops_no_other(project: Project) -> None:
    ends = {"good": 0, "bad": 3, "offline": 2}
    checks = [Check(n, n, ("-c", f"raise SystemExit({code})"), online=n == "offline") for n, code in ends.items()]
    said: list[str] = []
    assert run(project, [], said.append, checks) == 1
    assert re.findall(r"^(passed|failed|not reached) ", said[-1], re.MULTILINE) == ["passed", "failed", "not reached"]
    assert run(project, ["good", "offline"], said.append, checks) == 0


# The keyboard


def focused(page: Page) -> str:
    """What has the focus, in a word; "unseen" when neither it, nor what stands for it, has an outline.

    The search field shows it by its caret and by opening.
    """
    return page.evaluate("""() => {
      const at = document.activeElement;
      const inner = at.querySelector("data, .md-icon, svg") ?? at;
      const radio = at.matches("[type=radio]");
      const labels = radio ? [...at.parentElement.children].filter((one) => one.matches("label:not([hidden])")) : [];
      const outlined = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth);
      const shows = [at, inner, labels[0] ?? at].some((one) => outlined(getComputedStyle(one)));
      const seen = at.matches(".md-search__input") || (shows && (labels[0] ?? at).getBoundingClientRect().height);
      const kinds = [".md-skip", "[data-opens=__search], .md-search__input", "[data-md-component=palette] *",
        "a.fact-link", ".diagram-scroll", ".diagram-enlarge", "pre > code", "summary", "input[data-assumption]"];
      return `${kinds.find((kind) => at.matches(kind)) ?? "other"}${seen ? "" : " unseen"}`;
    }""")


def test_tab_reaches_everything_and_shows_where_it_is(chapter: Page) -> None:
    chapter.mouse.move(5, 5)
    chapter.wait_for_function("globalThis.document$ !== undefined")
    met: dict[str, int] = {}
    for _ in range(900):
        chapter.keyboard.press("Tab")
        if chapter.evaluate("document.activeElement === document.body"):
            break
        name = focused(chapter)
        met[name] = met.get(name, 0) + 1
    assert not [name for name in met if name.endswith("unseen")], met
    assert len(met) >= 9, met


def test_escape_closes_the_search_and_a_diagram(address: str, page_at: Callable[..., Window]) -> None:
    page = opened(page_at(DESKTOP), address + CHAPTER)
    page.locator(".diagram-enlarge").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator("dialog[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.wait_for_function("globalThis.document$ !== undefined")
    page.keyboard.press("/")
    expect(page.locator(".md-search__input")).to_be_focused()
    expect(page.locator("#__search")).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.locator("#__search")).not_to_be_checked()
