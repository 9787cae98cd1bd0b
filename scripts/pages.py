"""The finishing touches on a rendered page: pictures put in, bound numbers made to answer where they come from."""

from __future__ import annotations

import html
import json
import re
import textwrap
from collections.abc import Callable
from typing import Any

from scripts.layout import address_of
from scripts.store import Fact, Store

_PICTURE = re.compile(r'<div data-picture="([a-z0-9-]+)/([a-z0-9-]+)" id="[a-z0-9-]+"></div>')
_BOUND = re.compile(r'<data class="fact" data-fact="([a-z0-9-]+\.\w+)"[^>]*>.*?</data>', re.DOTALL)
_TOKEN = re.compile(
    r'(<td\b[^>]*>)|(</td>)|(<a\b[^>]*>)|(</a>)|(<data class="fact" data-fact="([^"]+)"[^>]*>.*?</data>)', re.DOTALL
)
#: Python-Markdown wraps blocks of HTML in a paragraph where they stand in an indented block. No paragraph may hold one.
_WRAPPED = [
    re.compile(pattern)  # apart, each is found by how it begins: ten times as fast as together
    for pattern in (
        r"<p>(?=<(?:div|details|section)\b)",
        r"</p>(?:(?<=</summary></p>)|(?<=</div></p>)|(?<=</details></p>)|(?<=</section></p>))",
        r' markdown="1"(?=[^<]*>)',
    )
]
_PARAGRAPH = re.compile(r"<p>(.*?)</p>", re.DOTALL)
_TAG = re.compile(r"<[^>]+>")
DESCRIBED = 160  # characters: about as many as a search engine shows
#: Why a number is typed is said to who checks it, not to who reads the page.
_EXEMPTION = re.compile(r"<!-- literal: .*?-->", re.DOTALL)  # without the blank before it: that takes ten times as long
_CELL = re.compile(r'(?<=\bid=")cell-[^"]+')
_ANY = re.compile(r'data-fact="([a-z0-9-]+\.\w+)"')


def finish(content: str, *, store: Store, relative: Callable[[str], str]) -> str:
    """A page's content with its pictures inline, its numbers linked and their origins beside them.

    `relative` turns a path from the site's root into one from this page, so that the site works under a sub-path.
    """
    for wrapped in _WRAPPED:
        content = wrapped.sub("", content)
    content = _EXEMPTION.sub("", content)
    content = _PICTURE.sub(lambda found: figure(store, found[1], found[2], relative), content)
    keys = list(dict.fromkeys(_ANY.findall(content)))
    known = {key: store.fact(key) for key in keys if _exists(store, key)}
    if not known:
        return content
    if page := _live(content, relative):
        content += page
    here = set(_CELL.findall(content))
    anchors = {key: _anchor(fact, here, store, relative) for key, fact in known.items()}
    return _link(content, anchors) + _origins(known, anchors, store)


def summary(content: str, before: str = "") -> str:
    """The first paragraph in words, for an attribute of HTML: a description of a page whose author gave none.

    `before` is put in front where pages begin alike.
    """
    first = _PARAGRAPH.search(content)
    words = f"{before} {html.unescape(_TAG.sub('', first[1] if first else ''))}".split()
    told = textwrap.shorten(" ".join(words), DESCRIBED, placeholder=" …", break_on_hyphens=False)
    return html.escape(told)


def _exists(store: Store, key: str) -> bool:
    design, _, name = key.partition(".")
    return name in store.facts.get(design, {})


def figure(store: Store, design: str, name: str, relative: Callable[[str], str]) -> str:
    """A diagram as the page shows it: inline SVG, its title, its long description, a link to the whole picture."""
    picture = next(p for p in store.pictures[design] if p["name"] == name)
    title, description = html.escape(picture["title"]), html.escape(picture["description"])
    svg = store.picture_svg(design, name).replace("{{sprite}}", relative("assets/icons.svg"))
    download = relative(f"diagrams/{design}/{name}.svg")
    return (
        f'<figure class="diagram" id="diagram-{name}" style="--d-width:{picture["width"]}px">'
        f'<div class="diagram-scroll" tabindex="0" role="region" aria-label="Diagram: {title}">{svg}</div>'
        f'<figcaption><span class="diagram-title">{title}</span>'
        f'<details class="diagram-description"><summary>Description</summary><p>{description}</p></details>'
        f'<a class="diagram-enlarge" href="{download}" aria-label="Enlarge: {title}">Enlarge</a></figcaption></figure>'
    )


def _live(content: str, relative: Callable[[str], str]) -> str:
    """What a page whose numbers a reader can recompute must know: whose they are, and where the runtime is."""
    design = re.search(r'data-(?:levers|decision)="([a-z0-9-]+)', content)
    if not design:
        return ""
    known = {"slug": design[1], "live": relative("live/"), "chapter": relative(address_of(design[1]))}
    return f'\n<script type="application/json" id="live-page">{json.dumps(known)}</script>\n'


def _anchor(fact: Fact, here: set[str], store: Store, relative: Callable[[str], str]) -> str:
    """Where the fact is computed: its cell on this page, else on one of its design, else on the notebook's page."""
    if fact.cell in here:
        return f"#{fact.cell}"
    page = store.shown(fact.design, f'/{fact.notebook}.md:{fact.section}"')
    return f"{relative(page or f'{address_of(fact.design)}{fact.notebook}/')}#{fact.cell}"


def _link(content: str, anchors: dict[str, str]) -> str:
    """Make the first use of a number, and each use in a table cell, a tab stop that leads to its cell."""
    met: set[str] = set()
    state = {"cell": 0, "anchor": 0}

    def step(found: re.Match[str]) -> str:
        if found[1] or found[2]:
            state["cell"] += 1 if found[1] else -1
        elif found[3] or found[4]:
            state["anchor"] += 1 if found[3] else -1
        elif found[6] in anchors and not state["anchor"] and (state["cell"] > 0 or found[6] not in met):
            met.add(found[6])
            return f'<a class="fact-link" href="{anchors[found[6]]}">{found[5]}</a>'
        return found[0]

    return _TOKEN.sub(step, content)


def _origins(known: dict[str, Fact], anchors: dict[str, str], store: Store) -> str:
    """The page's facts as JSON, for the pop-over. `<` is escaped, so that nothing in it can end the script."""
    origins = {key: _origin(fact, known, store, anchors[key]) for key, fact in known.items()}
    data = json.dumps(origins, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'\n<script type="application/json" id="page-facts">{data}</script>\n'


def _origin(fact: Fact, known: dict[str, Fact], store: Store, href: str) -> dict[str, Any]:
    """What the pop-over says of a fact. Inputs that are on the page themselves are named, the others told in full."""
    named = store.facts[fact.design]
    source = store.sources[fact.source] if fact.source else None
    cited = source and f"{source['title']}, {source['publisher']}, {source['year']}"
    inputs = [
        f"{fact.design}.{n}" if f"{fact.design}.{n}" in known else [named[n].label, named[n].text, f"{fact.design}.{n}"]
        for n in fact.inputs
    ]
    told = {
        "label": fact.label, "text": fact.text, "full": fact.record["full"], "kind": fact.kind, "formula": fact.formula,
        "inputs": inputs, "because": fact.because, "range": fact.range, "href": href,
        "source": source and {"title": cited, "href": source["address"]},
    }  # fmt: skip
    return {key: value for key, value in told.items() if value}
