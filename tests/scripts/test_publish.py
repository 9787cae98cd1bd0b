"""What machines and hosts read follows an edit, and the address that the site is built for."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import feedparser

from scripts.publish.about import About
from scripts.publish.cards import Card, svg
from scripts.publish.feed import atom
from scripts.publish.headers import immutable, policy
from scripts.publish.markdown import convert
from tests.projects import CHAPTER, Copy

ADDRESS = "https://example.org/deep/er/"


def test_another_address_a_change_and_a_new_title(project: Copy) -> None:
    before = project.contents("site/cards")
    told = feedparser.parse(project.read("site/feed.xml")).entries
    project.replace(CHAPTER, "\nchanges:\n", "\nchanges:\n  - date: 2099-12-31\n    what: Mended.\n")
    project.replace(CHAPTER, "title: Email platform", "title: Email & platform")
    project.build(SITE_URL=ADDRESS)
    assert '<base href="/deep/er/">' in project.read("site/404.html")
    for name in ("sitemap.xml", "robots.txt", "llms.txt", "feed.xml", "designs/email-platform/index.md"):
        assert ADDRESS in project.read(f"site/{name}") and "github.io/handbook/" not in project.read(f"site/{name}"), (
            name
        )
    assert f'content="{ADDRESS}cards/email-platform.png"' in project.read("site/designs/email-platform/index.html")
    entries = feedparser.parse(project.read("site/feed.xml")).entries
    assert (entries[0].updated[:10], entries[0].summary) == ("2099-12-31", "Mended.")
    assert [(entry.updated, entry.summary) for entry in entries[1:]] == [(one.updated, one.summary) for one in told]
    assert {entry.title for entry in entries} == {one.title for one in told} - {"Email platform"} | {"Email & platform"}
    after = project.contents("site/cards")
    assert after["home.png"] == before["home.png"] and after["email-platform.png"] != before["email-platform.png"]
    assert len(project.contents("build/cards")) == len(after)  # what is no longer shown is not kept
    assert project.build(SITE_URL=ADDRESS)[0].startswith("nothing changed")
    project.build()  # the address is an input like any other
    assert ADDRESS not in project.read("site/sitemap.xml")


def test_a_feed_without_chapters_is_one() -> None:
    feed = feedparser.parse(atom(About("A & B", "Words", ADDRESS), {}))
    assert (feed.bozo, feed.entries, feed.feed.title) == (False, [], "A & B")


def test_what_changed_on_one_day_is_one_entry() -> None:
    changes = [{"date": date(2026, 3, 2), "what": "A. "}, {"date": date(2026, 3, 1), "what": "B."}]
    chapters = {"demo": {"title": "T", "changes": [*changes, {"date": "2026-03-02", "what": "C."}]}}
    entries = feedparser.parse(atom(About("S", "", ADDRESS), chapters)).entries
    assert [(one.updated[:10], " ".join(one.summary.split())) for one in entries] == [
        ("2026-03-02", "A. C."),
        ("2026-03-01", "B."),
    ]
    assert len({one.id for one in entries}) == 2


def test_words_that_are_long_keep_within_the_card() -> None:
    text = svg(
        Card("Asked at <X>", "A title of very many words that goes on " * 3, "", (("1,234 thousand", "x"),), "S")
    )
    assert "&lt;X&gt;" in text and text.count("<text") < 12
    assert min(float(size) for size in re.findall(r'font-size="([\d.]+)"', text)) >= 12 and "…</text>" in text


def test_only_scripts_that_run_are_named_and_only_hashed_names_are_kept(tmp_path: Path) -> None:
    def hashes(page: str) -> int:
        (tmp_path / "index.html").write_text(page, encoding="utf-8")
        return policy(tmp_path).count("'sha256-")

    assert hashes('<script type="application/json">{}</script><script src="a.js"></script>') == 0
    assert hashes("<script>1</script><script type=module>2</script><script>1</script>") == 2
    kept = ["assets/a.1a2b3c4d.js", "assets/core-1a2b3c4d5e6f7081.wasm", "live/python-1a2b3c4d5e6f/core.wasm"]
    for name in (*kept, "assets/palette.css", "assets/deadbeef.css", "live/facade-deceased.js", "live/manifest.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("", encoding="utf-8")
    assert immutable(tmp_path) == kept


def test_what_is_no_prose_becomes_markdown() -> None:
    page = (
        '<article><h1>T</h1><p>a &lt;div&gt; 10<sup>6</sup><sup><a class="footnote-ref" href="#fn:x">1</a></sup></p>'
        '<table><tr><th>h</th></tr><tr><td>a|b <small class="interval">1 to 2</small></td></tr></table>'
        '<details><summary>More</summary><div class="highlight"><pre><span></span><code>x = "```"</code></pre></div>'
        '</details><p><a href="../b/">b</a></p><p class="levers-status">To change them here.</p></article>'
    )
    text = convert(page, "https://example.org/a/")
    assert "a \\<div> 10^6[^x]" in text
    assert "| a\\|b  (1 to 2) |" in text
    assert '**More**\n\n````\nx = "```"\n````' in text
    assert text.endswith("[b](https://example.org/b/)\n")  # what is for hands only is left out
