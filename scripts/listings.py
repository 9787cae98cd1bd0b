"""Tables and lists made of the build's data: the ledger, decisions, the designs, the gallery, footnotes."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlencode

from scripts.layout import address_of
from scripts.store import Fact, Store

#: What a chapter with `status: draft` says at its head.
DRAFT = (
    '<div class="admonition warning"><p class="admonition-title">Draft</p>'
    "<p>This chapter is being written. Don't rely on it yet.</p></div>"
)

#: How high the gallery shows a picture at most, in CSS pixels.
HIGHEST = 480


def footnote(key: str, source: dict[str, Any]) -> str:
    """One entry of the bibliography as a footnote: title, publisher, year, and how it was read."""
    year = f"undated, read {source['read']:%Y}" if source.get("undated") else source["year"]
    via = f", read through [a secondary source]({source['via']})" if source.get("via") else ""
    second = ", secondary" if source["kind"] == "secondary" and not via else ""
    return f"[^{key}]: [{source['title']}]({source['address']}), {source['publisher']}, {year}{second}{via}."


def reason(fact: Fact, store: Store) -> str:
    """Why an assumption has its value: the source, the reason, or both."""
    because = html.escape(fact.because or "")
    if not fact.source:
        return because
    source = store.sources[fact.source]
    cited = f'<a href="{html.escape(source["address"])}">{html.escape(source["title"])}</a>'
    cited += f", {html.escape(source['publisher'])}, {source['year']}"
    return f"{cited}. {because}" if because else cited


def table(kind: str, columns: Sequence[str], rows: str, *, about: str = "") -> str:
    """A table of the class `kind` that scrolls in its own box; `about` names it where `kind` does not say enough."""
    head = "".join(f'<th scope="col">{column}</th>' for column in columns)
    return (
        f'<div class="table-scroll" tabindex="0" role="region" aria-label="Table: {html.escape(about or kind)}">'
        f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )


def ledger_table(store: Store, design: str) -> str:
    """Every number of a design with its kind and what stands behind it."""
    rows = "".join(
        f'<tr><th scope="row">{html.escape(f.label)}</th><td class="number">{f.full}</td><td>{f.kind}</td>'
        f"<td>{reason(f, store) if f.kind != 'derived' else f'<code>{html.escape(f.formula)}</code>'}</td></tr>"
        for f in store.facts.get(design, {}).values()
    )
    return table("ledger", ("Quantity", "Value", "Kind", "What stands behind it"), rows)


def ledger_summary(store: Store, design: str) -> str:
    """How many numbers a design has, of which kinds, the most frequent first."""
    kinds = Counter(fact.kind for fact in store.facts.get(design, {}).values())
    counted = ", ".join(f"{count} {kind}" for kind, count in kinds.most_common())
    return f'<span class="ledger-summary">{kinds.total()} numbers: {counted}.</span>'


def decision_card(design: str, decision: dict[str, Any]) -> str:
    """What is chosen, instead of what, why, and the values at which we would switch, the plausible ones."""
    switches = [t for t in decision["thresholds"] if t["plausible"]] or decision["thresholds"]
    turned = "".join(f"<li>{html.escape(_turns(t))}</li>" for t in switches[:4])
    otherwise = html.escape(decision["alternative"])
    when = f"{otherwise}, when one of these alone changes:</p><ul>{turned}</ul>"
    return (
        f'<div class="decision" id="decision-{decision["name"]}" data-decision="{design}.{decision["name"]}">'
        f"<p><strong>{html.escape(decision['chosen'])}.</strong> {html.escape(decision['reason'])}. "
        f'<a class="decision-words" href="#{decision["cell"]}">{html.escape(decision["words"])}</a>.</p>'
        f"<p>{when if turned else f'Not: {otherwise}. No assumption turns this over, changed alone.</p>'}</div>"
    )


def decision_lines(design: str, decisions: dict[str, dict[str, Any]]) -> str:
    """Each decision with what it compares and the first value at which it turns over."""
    return f"<ul>{''.join(decision_line(design, decision) for decision in decisions.values())}</ul>"


def decision_line(design: str, decision: dict[str, Any]) -> str:
    """A decision in a line."""
    switches = [t for t in decision["thresholds"] if t["plausible"]] or decision["thresholds"]
    turned = f"; else when {_turns(switches[0])}" if switches else "."
    chosen, words = html.escape(decision["chosen"]), html.escape(decision["words"])
    return (
        f'<li data-decision="{design}.{decision["name"]}"><strong>{chosen}</strong>: '
        f'<span class="decision-words">{words}</span>{html.escape(turned)}</li>'
    )


def _turns(threshold: dict[str, Any]) -> str:
    """Where a decision turns over: "“Price” is above …". The name of the alternative before it may hold a "when"."""
    return re.split(r" when (?=“)", threshold["words"], maxsplit=1)[-1]


def designs_list(store: Store, coming: list[dict[str, str]], url: str = "designs") -> str:
    """All designs: those with a chapter are links, the others say that they are coming."""
    ready = [
        _design("live", f'<a href="{url}/{slug}/">{html.escape(meta["title"])}</a>', meta, meta.get("status", "ready"))
        for slug, meta in sorted(store.chapters.items(), key=lambda chapter: chapter[0] in store.drafts)
    ]
    later = [
        _design("coming", html.escape(design["title"]), design, "coming")
        for design in coming if design["slug"] not in store.chapters
    ]  # fmt: skip
    return f'<ol class="designs">{"".join(ready + later)}</ol>'


def _design(state: str, title: str, meta: dict[str, Any], status: str) -> str:
    return (
        f'<li class="design-{state}">'
        f'<span class="design-title">{title} <span class="design-company">{html.escape(meta["company"])}</span></span>'
        f'<span class="design-status">{status}</span>'
        f'<span class="design-prompt">{html.escape(meta["prompt"])}</span></li>'
    )


def computation(fact: Fact, store: Store, caption: str) -> str:
    """A number seen being computed: what goes in, the lines of the notebook, what comes out."""
    named = store.facts[fact.design]
    steps = _steps(fact, named)
    given = [named[name] for name in named if named[name].kind != "derived" and any(name in s.inputs for s in steps)]
    rows = "".join(
        f'<div><dt>{html.escape(f.label)}</dt><dd class="computed-kind">{f.kind}</dd><dd>{f.full}</dd></div>'
        for f in given
    )
    code = "\n".join(html.escape(f"{step.name} = {step.formula}") for step in steps)
    cell = f"{address_of(fact.design)}#{fact.cell}"
    return (
        f'<figure class="computed"><figcaption>{html.escape(caption)}</figcaption><dl>{rows}</dl>'
        f'<div class="highlight"><pre><code>{code}</code></pre></div>'
        f'<p class="computed-result">{fact.full} <a href="{cell}">See the cell in its chapter</a></p></figure>'
    )


def _steps(fact: Fact, named: dict[str, Fact]) -> list[Fact]:
    """The derived facts that lead to this one, in the order of the notebook, this one last."""
    needed, queue = set(), [fact.name]
    while queue:
        name = queue.pop()
        if name not in needed and named[name].kind == "derived":
            needed.add(name)
            queue += named[name].inputs
    return [named[name] for name in named if name in needed]


def meta_strip(meta: dict[str, Any], repository: str, address: str, *, draft: bool, simulated: bool) -> str:
    """Who asks this question, how hard it is, how long it takes, when it was updated; and what can be done with it."""
    items = {
        "Asked at": meta["company"], "Role": meta["role"], "Stage": meta["stage"], "Difficulty": meta["difficulty"],
        "Reading time": f"{meta['minutes']} min", "Updated": meta["updated"],
    }  # fmt: skip
    rows = "".join(f"<div><dt>{label}</dt><dd>{html.escape(str(value))}</dd></div>" for label, value in items.items())
    form = {"template": "wrong-number.yml", "title": f"Error in {meta['title']}", "page": address}
    error = f"{repository}/issues/new?{urlencode(form, quote_via=quote)}"
    links = {"Its notebook": "estimate/", "Download it": "estimate.ipynb"}
    if simulated:
        links["Its simulation"] = "simulate/"
    links["Report an error"] = error
    if meta.get("cheat_sheet"):
        links = {"Cheat sheet, one page": "cheat-sheet/"} | links
    shown = " ".join(f'<a href="{html.escape(href)}">{words}</a>' for words, href in links.items())
    return f'{DRAFT * draft}<dl class="chapter-meta">{rows}</dl><p class="chapter-links">{shown}</p>'


def gallery_list(store: Store) -> str:
    """All diagrams of finished designs, each with its downloads and the file that draws it."""
    parts = []
    for design, pictures in store.pictures.items():
        if design in store.drafts:
            continue
        parts.append(f"\n## {store.titles[design]}\n")
        parts += [_exhibit(design, picture, store) for picture in pictures]
    return "\n".join(parts)


def _exhibit(design: str, picture: dict[str, Any], store: Store) -> str:
    name, title = picture["name"], html.escape(picture["title"])
    base, page = f"../diagrams/{design}/{name}", store.shown(design, f'diagram("{name}")')
    scale = min(1, HIGHEST / picture["height"])  # here, not in a style sheet: its place is kept before it has come
    links = (
        f'<a href="../{page}#diagram-{name}">In its chapter</a> <a href="{base}.svg" download>SVG</a> '
        f'<a href="{base}.png" download>PNG</a> '
        f'<a href="../source/{picture["source"]}">Source, line {picture["line"]}</a>'
    )
    return (
        f'<figure class="exhibit"><a href="{base}.svg"><img src="{base}.svg" alt="{title}" loading="lazy" '
        f'width="{scale * picture["width"]:.0f}" height="{scale * picture["height"]:.0f}"></a>'
        f"<figcaption>{title}<br>{links}</figcaption></figure>\n"
    )
