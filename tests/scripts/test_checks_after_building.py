"""What the checks say about a built site, through the real link checker."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scripts.checks import after_building
from scripts.findings import Finding
from tests.scripts.content import Content, told

CHAPTER = Content.CHAPTER

PAGE = """<!doctype html><html><head><link rel="canonical" href="https://example.org/handbook/">
<link rel="stylesheet" href="{up}assets/style.css"></head><body>
<h1 id="top">Top</h1><p><a href="#top">up</a> <a href="https://example.org/">out</a>
<a href="mailto:a@example.org">us</a></p>
<pre><code>{{{{ in code }}}} [^in-code]</code></pre>
{body}
</body></html>
"""

GOOD = """<a href="../../#top">home</a> <img src="../../assets/logo.svg" alt="">
<data class="fact" data-fact="demo.peak_rate" value="5">5/s</data>
<data data-fact="demo.peak_rate">5 <b>messages</b>/s</data>
<svg><a href="#top"><text>t</text></a><use href="../../assets/logo.svg#mark"/></svg>"""


class Site:
    """A site of two pages at `root/site`, made of a content that is all right."""

    def __init__(self, content: Content) -> None:
        self.content, self.root = content, content.root / "site"
        content.write("mkdocs.yml", "site_name: Demo\nsite_url: https://example.org/handbook/\n")
        content.write("site/index.html", PAGE.format(up="", body=""))
        content.write("site/404.html", PAGE.format(up="/handbook/", body='<a href="/handbook/designs/demo/#top">x</a>'))
        content.write("site/assets/style.css", 'body { background: url("logo.svg") }')
        content.write("site/assets/logo.svg", '<svg xmlns="http://www.w3.org/2000/svg"><g id="mark"/></svg>')
        self.chapter(GOOD)

    def chapter(self, body: str) -> None:
        self.content.write("site/designs/demo/index.html", PAGE.format(up="../../", body=body))

    def findings(self) -> list[Finding]:
        return after_building(self.content.project, self.root)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(Content(tmp_path))


def test_a_good_site_has_no_finding(site: Site) -> None:
    assert site.findings() == []


def test_dead_links_anchors_and_images(site: Site) -> None:
    source = "See [a](../other/index.md).\n\nSee [b](#tap).\n\nSee [c](../../index.md#nowhere).\n\n![d](gone.png)"
    site.content.failure(source)
    site.chapter('<a href="../other/">a</a> <a href="#tap">b</a> <a href="../../#nowhere">c</a> <img src="gone.png">')
    findings = site.findings()
    told(findings, CHAPTER, site.content.line("See [a]"), "../other/", "no designs/other/index.html")
    told(findings, CHAPTER, site.content.line("See [b]"), "#tap", 'did you mean "top"?')
    told(findings, CHAPTER, site.content.line("See [c]"), "../../#nowhere", "index.html has no")
    told(findings, CHAPTER, site.content.line("![d]"), "gone.png")
    assert len(findings) == 4


def test_links_inside_svg(site: Site) -> None:
    site.chapter("""<svg><a xlink:href="#one"><text>t</text></a><a href="#two"><text>t</text></a>
        <use href="../../assets/logo.svg#three"/><use xlink:href="../../assets/gone.svg#mark"/>
        <image href="four.png"/></svg>""")
    findings = site.findings()
    for word in ("#one", "#two", "logo.svg#three", "gone.svg#mark", "four.png"):
        assert [f.path for f in findings if word in f.what] == [CHAPTER], word
    assert len(findings) == 5


def test_a_dead_link_of_a_diagram_is_found_in_its_script(site: Site) -> None:
    index = json.loads((site.content.root / "build/diagrams/demo/index.json").read_text())
    site.content.pictures(index[0] | {"links": [["#gone", "Queue", 7]]})
    site.chapter(
        '<figure class="diagram" id="diagram-final"><svg><a href="#gone"><text>Queue</text></a></svg></figure>'
    )
    site.content.write(
        "site/diagrams/demo/final.svg", '<svg xmlns="http://www.w3.org/2000/svg"><a href="../no/#gone"/></svg>'
    )
    findings = site.findings()
    told(findings, "diagrams/demo.py", 7, "#gone leads nowhere")
    told(findings, "diagrams/demo.py", 7, "../no/#gone leads nowhere")


def test_a_dead_link_of_a_cell_is_found_in_its_notebook(site: Site) -> None:
    site.content.write("docs/designs/demo/estimate.py", 'a = 1\n\n# %% section="peak"\nb = 2\n')
    site.chapter('<div class="cell" id="cell-peak-2"><div><a href="#gone">x</a></div></div>')
    told(site.findings(), "docs/designs/demo/estimate.py", 3, "#gone")


def test_leftovers(site: Site) -> None:
    leftovers = ["{{ peak_rate }}", "{% raw %}", '--8<-- "demo/estimate.md"', "[^papre]"]
    words = [f"Word {number}, {leftover}" for number, leftover in enumerate(leftovers)]
    site.content.failure("\n\n".join(words))
    site.chapter("\n".join(f"<p>{word}</p>" for word in words))
    findings = site.findings()
    for word, leftover in zip(words, leftovers, strict=True):
        told(findings, CHAPTER, site.content.line(word), "the page shows", leftover)
    assert len(findings) == len(leftovers)


def test_a_leftover_in_an_alternative_text(site: Site) -> None:
    site.chapter('<img src="../../assets/logo.svg" alt="at {{ peak_rate }}">')
    assert [f for f in site.findings() if "{{ peak_rate }}" in f.what]


def test_a_shown_number_that_is_not_the_computed_one(site: Site) -> None:
    site.content.failure('It is <data data-fact="demo.peak_rate" value="5">6/s</data>.')
    site.chapter(
        '<p>It is <data data-fact="demo.peak_rate" value="5">6/s</data>.</p><data data-fact="demo.peak">5/s</data>'
    )
    findings = site.findings()
    told(findings, CHAPTER, site.content.line("It is"), '"6/s"', "demo.peak_rate", "5 messages/s")
    assert [f for f in findings if '"demo.peak"' in f.what and 'did you mean "peak_rate"?' in f.mend]
    assert len(findings) == 2


LOADS = """<script src="https://cdn.example.org/a.js"></script>
<link rel="stylesheet" href="//cdn.example.org/b.css">
<link rel="shortcut icon" href="https://cdn.example.org/c.png">
<link rel="preload" href="https://cdn.example.org/d.woff2">
<img src="https://cdn.example.org/e.png" alt="">
<img srcset="../../assets/logo.svg 1x, https://cdn.example.org/f.png 2x" alt="">
<iframe src="https://cdn.example.org/g"></iframe>
<video src="https://cdn.example.org/h.mp4"></video>
<style>@import "https://cdn.example.org/i.css";</style>
<p style="background: url(https://cdn.example.org/j.png)">x</p>
<svg><image href="https://cdn.example.org/k.png"/></svg>
<svg><use xlink:href="https://cdn.example.org/l.svg#b"/></svg>"""


def test_what_loads_from_another_host(site: Site) -> None:
    site.chapter(LOADS)
    findings = site.findings()
    for line in LOADS.splitlines():
        name = line.split("cdn.example.org/")[1][0]
        assert [f for f in findings if f"cdn.example.org/{name}" in f.what and f.path == CHAPTER], line
    assert len(findings) == len(LOADS.splitlines())
    assert all("another host" in finding.what for finding in findings)


def test_a_style_sheet_that_loads_from_another_host(site: Site) -> None:
    site.content.write("site/assets/style.css", "@import url(https://fonts.example.org/css);")
    findings = site.findings()
    assert [(f.path, "fonts.example.org" in f.what) for f in findings] == [("docs/assets/style.css", True)]
