"""Facts in pages: every one that is named exists, stands where it can be shown, and none was computed for nothing."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from scripts.checks.expressions import HEADING, Expressions, is_shown, macros
from scripts.checks.recall import of_text
from scripts.checks.source import Page, suggestion, unread
from scripts.findings import Finding
from scripts.layout import Design, Project
from scripts.store import Fact, Store

_IN_DIAGRAM = re.compile(r"\{\{\s*(?:fact\(\s*[\"']([\w.-]+)[\"']\s*\)|(\w+))\s*\}\}")


def findings(project: Project, store: Store, written: Mapping[Page, Expressions]) -> Iterator[Finding]:
    """What is wrong with the facts that pages name. A design that has no facts yet is passed over."""
    for page, expressions in written.items():
        yield from _unknown(page, expressions, store)
        yield from _misplaced(page, expressions, store)
    yield from _unused(project, store, written)


def _unknown(page: Page, expressions: Expressions, store: Store) -> Iterator[Finding]:
    if not page.design and not page.is_shared:
        for name, line in expressions.names:
            mend = suggestion(name, macros(), otherwise='name the fact with its design: {{ fact("design.name") }}')
            yield Finding(page.name, line, f'there is no "{name}" on a page that belongs to no design', mend)
    for use in expressions.facts:
        design, _, name = use.key.partition(".")
        known = store.facts.get(design)
        if known is None and not Design(store.project.root, design).folder.is_dir():
            mend = suggestion(design, store.facts, otherwise="name a design that has a chapter")
            yield Finding(page.name, use.line, f'there is no design "{design}" to take the fact "{use.key}" from', mend)
        elif known is not None and name not in known:
            mend = suggestion(
                name, [*known, *macros()], otherwise=f"compute it in a notebook of {design}, or correct the name"
            )
            yield Finding(page.name, use.line, f'there is no fact "{name}" in {design}', mend)
        elif known is not None and use.attribute and not _has(known[name], use.attribute):
            forms = ["full", "plain", *known[name].record]
            mend = suggestion(
                use.attribute, forms, otherwise="a fact has .full (with its unit) and .plain (without markup)"
            )
            yield Finding(page.name, use.line, f'the fact "{name}" has no form "{use.attribute}"', mend)


def _has(fact: Fact, attribute: str) -> bool:
    return attribute in fact.record or hasattr(Fact, attribute)


def _misplaced(page: Page, expressions: Expressions, store: Store) -> Iterator[Finding]:
    own = set(store.facts.get(page.design, {}))
    for line, inside, where in expressions.strange:
        shown = "{{" + inside + "}}"
        if where == HEADING:
            mend = "say the number in the first sentence below"
            yield Finding(page.name, line, f"{shown} stands in a heading, whose id would change with the number", mend)
        elif is_shown(inside, own):
            mend = f"write {{{{ {inside.strip().removesuffix('.full')}.plain }}}}"
            yield Finding(page.name, line, f"{shown} stands in {where}, which cannot hold a bound number", mend)


def _unused(project: Project, store: Store, written: Mapping[Page, Expressions]) -> Iterator[Finding]:
    shown = {use.key for expressions in written.values() for use in expressions.facts}
    anywhere = {name for page, expressions in written.items() if page.is_shared for name, _ in expressions.names}
    unreadable = {page.design for page, expressions in written.items() if not expressions.readable}
    unreadable |= unread(project, written)
    for design in [design for design in project.works if design.slug not in unreadable]:
        drawn = _in_diagrams(design) | {f"{design.slug}.{name}" for name in anywhere}
        reads = [_read_in(path.read_text(encoding="utf-8", errors="replace")) for path in design.notebooks]
        if None in reads:
            continue  # a notebook that is no Python is somebody else's finding
        read = {name for names in reads for name in names or ()}
        for fact in store.facts.get(design.slug, {}).values():
            if fact.record["kind"] == "simulated":
                continue  # the runs that a chapter compares stand in one table
            if fact.key not in shown | drawn and fact.record["name"] not in read:
                name, kind = fact.record["name"], "fact" if fact.record["kind"] == "derived" else "assumption"
                path = project.relative(design.folder / f"{fact.record['notebook']}.py")
                mend = f"say in the chapter what follows from {{{{ {name} }}}}, or " + (
                    f"call it _{name}: then it is no fact" if kind == "fact" else "take it out"
                )
                yield Finding(path, fact.record["line"], f'nothing uses the {kind} "{name}"', mend)


def _in_diagrams(design: Design) -> set[str]:
    found: set[str] = set()
    for path in [design.script, *design.sequences]:
        if path.exists():
            text = path.read_text(encoding="utf-8", errors="replace")
            found |= {full or f"{design.slug}.{own}" for full, own in _IN_DIAGRAM.findall(text)}
    return found


@of_text
def _read_in(notebook: str) -> set[str] | None:
    """The names that a notebook reads or names in a text: in another formula, a chart, an assertion, a threshold.

    None for one that is no Python.
    """
    try:
        tree = ast.parse(notebook)
    except SyntaxError:
        return None
    read = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
    return read | {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
