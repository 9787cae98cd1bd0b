"""The guide's generated tables: the one set of assumptions with what follows from it, and the ledger of sources."""

from __future__ import annotations

import ast
import html
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from scripts import listings, reference_tables
from scripts.layout import GUIDE, Design, address_of, source_files
from scripts.store import Fact, Store
from scripts.today import today

#: Where the set is declared: each name once, by `name = assume("Label", …)`.
SET = "handbook/netflix.py"
#: The heading of a notebook under which an assumption is changed on purpose.
EXERCISES = "Answers to the exercises"

_CITED = re.compile(r"(?<!\\)\[\^([a-z0-9-]+)\](?!:)")


def shared_labels(root: Path) -> dict[str, str]:
    """The set's assumptions: name → label, read from its source. Nothing is imported."""
    found = {}
    for node in ast.parse((root / SET).read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and node.value.args:
            found[node.targets[0].id] = node.value.args[0].value  # type: ignore[attr-defined]
    return found


def takes_set(work: Design) -> bool:
    """Whether a notebook of the work takes the set; another company may assume something under the same words."""
    return any(" = netflix." in book.read_text(encoding="utf-8") for book in work.notebooks)


def own_inputs(facts: Mapping[str, Fact], name: str) -> frozenset[str]:
    """The labels of the assumptions that a fact is computed from, directly or through other facts."""

    @cache
    def behind(name: str) -> frozenset[str]:
        fact = facts[name]
        if fact.kind != "derived":
            return frozenset([fact.label])
        return frozenset().union(*(behind(other) for other in fact.inputs))

    return behind(name)


def set_table(store: Store) -> str:
    """Every assumption of the set: value, range, whose figure it is and of when, and which numbers follow where."""
    rows = "".join(_set_row(store, label) for label in shared_labels(store.project.root).values())
    columns = ("Assumption", "Value, range", "What follows, and where")
    return listings.table("ledger wide", columns, rows, about="the Netflix assumptions")


def _set_row(store: Store, label: str) -> str:
    takers = [work.slug for work in store.project.works if takes_set(work)]
    uses = [(slug, f) for slug in takers for f in store.facts.get(slug, {}).values() if _is_of_set(f, label)]
    if not uses:
        return ""
    shown = next((fact for slug, fact in uses if slug == GUIDE), uses[0][1])
    read = f", read on {store.sources[shown.source]['read']}" if shown.source else ""
    follows = "".join(f"<li>{_where(store, slug)}: {_following(store, slug, fact)}</li>" for slug, fact in uses)
    return (
        f'<tr><th scope="row">{html.escape(label)}<br><small>{listings.reason(shown, store)}{read}</small></th>'
        f'<td class="number">{shown.full}<br><small>{shown.range or "fixed"}</small></td>'
        f"<td><ul>{follows}</ul></td></tr>"
    )


def _is_of_set(fact: Fact, label: str) -> bool:
    return fact.kind != "derived" and fact.label == label


def _following(store: Store, slug: str, fact: Fact) -> str:
    """The numbers that are computed from an assumption in one step, the answers of exercises left out."""
    under = store.headings(slug)
    named = [f for f in store.facts[slug].values() if fact.name in f.inputs and under.get(f.cell) != EXERCISES]
    return "; ".join(f"{html.escape(f.label.split(':')[0])} {f.full}" for f in named) or "named in the text"


def _where(store: Store, slug: str) -> str:
    return f'<a href="../../{address_of(slug)}">{html.escape(store.titles[slug])}</a>'


def sources_ledger(store: Store) -> str:
    """How many sources there are; of each, what we take, the numbers bound to it, where it is cited, its review."""
    bound, cited = _bound(store), _cited(store)
    rows = "".join(_source_row(store, key, bound.get(key, []), cited.get(key, {})) for key in store.sources)
    columns = ("Source, read on, review by", "What we take from it, and the numbers bound to it", "Used in")
    return _summary(store, bound) + listings.table("ledger wide", columns, rows, about="every sourced number")


def _summary(store: Store, bound: Mapping[str, list[str]]) -> str:
    overdue = sum(_is_overdue(source) for source in store.sources.values())
    second = sum(source["kind"] == "secondary" for source in store.sources.values())
    numbers = sum(map(len, bound.values()))
    return (
        f'<p class="ledger-summary">{len(store.sources)} sources, {second} of them secondary; {numbers} numbers are '
        f"bound to them; {overdue} overdue.</p>"
    )


def _is_overdue(source: Mapping[str, Any]) -> bool:
    return source["review"] < today()


def _bound(store: Store) -> dict[str, list[str]]:
    """The numbers that take their value from each source, those of "Numbers to know" included."""
    told: dict[str, dict[tuple[str, str], str]] = {}  # what several chapters take from the set is told once
    for named in store.facts.values():
        for fact in named.values():
            if fact.source:
                words = f"{html.escape(fact.label)} {fact.full}"
                told.setdefault(fact.source, {}).setdefault((fact.label, fact.record["full"]), words)
    found = {source: list(words.values()) for source, words in told.items()}
    for record in reference_tables.numbers(store.project):
        if record["source"]:
            words = f"{html.escape(record['label'])} {html.escape(record['full'])}"
            found.setdefault(record["source"], []).append(words)
    return found


def _cited(store: Store) -> dict[str, dict[str, str]]:
    """The pages that cite each source: address → title."""
    found: dict[str, dict[str, str]] = {}
    for path in source_files(store.project.docs, "**/*.md"):
        text = path.read_text(encoding="utf-8")
        for key in dict.fromkeys(_CITED.findall(text)):
            if key in store.sources:
                found.setdefault(key, {})[_address(path.relative_to(store.project.docs))] = _title(text, path)
    for slug, named in store.facts.items():
        for fact in named.values():
            if fact.source:
                found.setdefault(fact.source, {}).setdefault(address_of(slug), store.titles[slug])
    for record in reference_tables.numbers(store.project):
        if record["source"]:
            found.setdefault(record["source"], {})["reference/numbers/"] = "Numbers to know"
    return found


def _address(path: Path) -> str:
    stem = path.with_suffix("").as_posix()
    return "" if stem == "index" else f"{stem.removesuffix('/index')}/"


def _title(text: str, path: Path) -> str:
    found = re.search(r"^# (.+)$", text, re.MULTILINE)
    return found[1] if found else path.stem


def _source_row(store: Store, key: str, bound: list[str], cited: Mapping[str, str]) -> str:
    source = store.sources[key]
    year = "undated" if source.get("undated") else source["year"]
    second = ", secondary" if source["kind"] == "secondary" else ""
    due = f"review by {source['review']}"
    due = f'<strong class="overdue">overdue: {due}</strong>' if _is_overdue(source) else due
    where = "".join(f'<li><a href="../../{address}">{html.escape(title)}</a></li>' for address, title in cited.items())
    return (
        f'<tr id="source-{key}"><th scope="row"><a href="{html.escape(source["address"])}">'
        f"{html.escape(source['title'])}</a>, {html.escape(source['publisher'])}, {year}{second}"
        f"<br><small>read {source['read']}, {due}</small></th>"
        f"<td>{html.escape(' '.join(source['says'].split()))}{_list(bound)}</td>"
        f"<td>{f'<ul>{where}</ul>' if where else 'nowhere at present'}</td></tr>"
    )


def _list(items: list[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>" if items else ""
