"""What an author can write between double braces: facts, pictures, tables made of the build's data."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from scripts import assumption_panel, ledgers, listings, reference_tables
from scripts.layout import Design, here, slug_of
from scripts.store import Fact, Store

_CITED = re.compile(r"\[\^([a-z0-9-]+)\](?!:)")
_OWN = re.compile(r"\[\^([a-z0-9-]+)\]:")  # a page that defines a footnote itself


def define_env(env: Any) -> None:
    """Register the macros with mkdocs-macros, once a build."""
    store = Store(here())
    env.variables["_store"] = store

    @env.macro
    def fact(key: str) -> Fact:
        """A number of another design: `fact("email-platform.peak_rate")`."""
        return store.fact(key)

    @env.macro
    def diagram(name: str) -> str:
        """A picture of this page's design, drawn by its script or Mermaid text of that name."""
        return f'<div data-picture="{design_of(env.page)}/{name}" id="diagram-{name}"></div>'

    @env.macro
    def assumptions() -> str:
        """What this design assumes, with ranges and reasons; a reader can change it."""
        return assumption_panel.panel(store, design_of(env.page))

    @env.macro
    def decision(name: str) -> str:
        """A decision of this design: what is chosen, instead of what, why, and when we would switch."""
        design = design_of(env.page)
        return listings.decision_card(design, store.decisions[design][name])

    @env.macro
    def decisions_list() -> str:
        """All decisions of this design in a line each, for the cheat sheet."""
        design = design_of(env.page)
        return listings.decision_lines(design, store.decisions[design])

    @env.macro
    def ledger() -> str:
        """Every number of this design as sourced, assumed or derived."""
        return listings.ledger_table(store, design_of(env.page))

    @env.macro
    def ledger_summary() -> str:
        """How many numbers this design has, of each kind; the ledger has a page of its own."""
        return listings.ledger_summary(store, design_of(env.page))

    @env.macro
    def designs_table() -> str:
        """All designs, those with a chapter linked and the coming ones marked."""
        return listings.designs_list(store, env.conf["extra"]["coming"])

    @env.macro
    def computed(key: str, caption: str) -> str:
        """A number seen being computed: its inputs, its formula, its result."""
        return listings.computation(store.fact(key), store, caption)

    @env.macro
    def chapter_meta() -> str:
        """Who asks this question and how long the chapter takes to read."""
        design, about = Design(store.project.root, design_of(env.page)), (env.page.meta, env.conf["repo_url"])
        has = {"draft": design.slug in store.drafts, "simulated": (design.folder / "simulate.py").exists()}
        return listings.meta_strip(*about, env.page.canonical_url, **has)

    @env.macro
    def gallery() -> str:
        """All diagrams, with their downloads and their source."""
        return listings.gallery_list(store)

    @env.macro
    def seeded_faults() -> str:
        """The faults that we seed, each with what named it, and the mutants of the estimates."""
        from scripts.faults import record

        return record.tables(store.project)

    @env.macro
    def design_link(slug: str) -> str:
        """A link to a design's chapter; its title and that it is coming, as long as it has none."""
        if slug in store.chapters:
            link = f"[{store.chapters[slug]['title']}](../designs/{slug}/index.md)"
            return f"{link} (draft)" if slug in store.drafts else link
        return f"{next(each['title'] for each in env.conf['extra']['coming'] if each['slug'] == slug)} (coming)"

    @env.macro
    def netflix_set() -> str:
        """The one set of assumptions about Netflix, and which numbers follow where."""
        return ledgers.set_table(store)

    @env.macro
    def sources_ledger() -> str:
        """Every source, the numbers that rest on it, and when it is to be read again."""
        return ledgers.sources_ledger(store)

    known = cache(lambda: reference_tables.numbers(store.project))

    @env.macro
    def numbers(section: str) -> str:
        """A section of the numbers to know, as a table."""
        return reference_tables.numbers_table(known(), section, store)


def on_pre_page_macros(env: Any) -> None:
    """Give a chapter the facts of its own design by their plain names; keep all pages of a draft out of searches."""
    store: Store = env.variables["_store"]
    design = design_of(env.page)
    if design in store.drafts:
        env.page.meta |= {"search": {"exclude": True}, "robots": "noindex"}
    for name in env.variables.get("_bound", ()):
        env.variables.pop(name, None)
    bound = store.facts.get(design, {})
    env.variables["_bound"] = list(bound)
    env.variables.update(bound)


def on_post_page_macros(env: Any) -> None:
    """Append the footnotes that a page cites: one bibliography, no copy of it in any page."""
    store: Store = env.variables["_store"]
    text = env.markdown
    own = set(_OWN.findall(text)) if "]:" in text else ()
    cited = [key for key in dict.fromkeys(_CITED.findall(text)) if key in store.sources and key not in own]
    if cited:
        env.markdown = text + "\n\n" + "\n".join(listings.footnote(key, store.sources[key]) for key in cited) + "\n"


def design_of(page: Any) -> str:
    """The slug of the design, or of the guide, that a page belongs to; empty elsewhere."""
    return slug_of(page.file.src_uri)
