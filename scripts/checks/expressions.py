"""What a page writes between double braces, read with Jinja's own parser: which facts, which macros, and where."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from types import SimpleNamespace
from typing import Any

import yaml
from jinja2 import Environment, TemplateSyntaxError, meta, nodes

from scripts.checks.recall import of_page
from scripts.checks.source import Page, blank
from scripts.findings import Finding

#: What mkdocs-macros and Jinja themselves put at a page's disposal.
_GIVEN = {
    "config", "context", "cycler", "dict", "environment", "extra", "files", "filters", "fix_url", "git", "joiner",
    "lipsum", "macros", "macros_info", "macros_version", "namespace", "navigation", "now", "page", "plugin", "range",
}  # fmt: skip

_MARKS = re.compile(r"(?P<raw>\{%-?\s*raw\b.*?\bendraw\s*-?%\})|\{\{(?P<expression>.*?)\}\}|\{%.*?%\}", re.DOTALL)
_UNCLOSED = re.compile(r"\{\{(?:(?!\}\}|\{\{|\n[ \t]*\n).)*(?=\{\{|\n[ \t]*\n|\Z)", re.DOTALL)
_ENVIRONMENT = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], keep_trailing_newline=True)


@dataclass(frozen=True)
class FactUse:
    """A fact that a page shows: its key ("email-platform.peak_rate"), the attribute asked of it or "", its line."""

    key: str
    attribute: str
    line: int


@dataclass
class Expressions:
    """Everything that a page writes between braces. `names` are those that may be facts of the page's own design."""

    facts: list[FactUse] = field(default_factory=list)
    names: list[tuple[str, int]] = field(default_factory=list)
    diagrams: list[tuple[str, int]] = field(default_factory=list)
    strange: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, inside and place of each `{{ … }}` that stands where no bound number can: "a heading", "a tag" …"""
    readable: bool = True
    """Whether the page is a template at all; if not, nothing can be said of what it leaves out."""


@cache
def macros() -> frozenset[str]:
    """The names of the project's own macros, asked of the module that defines them."""
    from scripts.macros import define_env

    found: list[str] = []
    define_env(SimpleNamespace(variables={}, macro=lambda function: found.append(function.__name__) or function))
    return frozenset(found)


@of_page
def read(page: Page) -> tuple[Expressions, list[Finding]]:
    """The expressions of a page, and what is wrong with how they are written."""
    found, findings = Expressions(), []
    own = _meta(page)
    if own.get("render_macros") is False:
        return found, findings
    template, places = page.body, _places(page)
    for mark in _MARKS.finditer(template):
        if mark["raw"]:
            template = blank(template, [mark.span()])
        elif not page.without_code[mark.start() : mark.end()].strip():
            what = f"{_short(mark[0])} stands in code, where it is replaced all the same"
            mend = "put {% raw %} before and {% endraw %} after the code, or show the value outside of it"
            findings.append(Finding(page.name, page.line(mark.start()), what, mend))
            template = blank(template, [mark.span()])
        elif mark["expression"] is not None:
            line = page.line(mark.start())
            where = next((kind for kind, lies in places.items() if lies(mark.start(), line)), "")
            found.strange += [(line, mark["expression"], where)] if where else []
    try:
        tree = _ENVIRONMENT.parse(template)
    except TemplateSyntaxError as error:
        found.readable = False
        return found, [*findings, _unreadable(page, template, error)]
    _walk(tree, page, found, free=meta.find_undeclared_variables(tree) - macros() - _GIVEN - own.keys())
    return found, findings


HEADING = "a heading"
_PLACES = {
    "the alternative text of an image": re.compile(r"!\[(?P<text>[^\]]*)\](?=[(\[])"),
    "the text of a link": re.compile(r"(?<!!)\[(?P<text>[^\[\]^][^\[\]]*)\](?=[(\[])"),
    "the attribute of a tag": re.compile(r"(?P<text><[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)"),
}


def _places(page: Page) -> dict[str, Callable[[int, int], bool]]:
    """Places that cannot hold a bound number, and what tells of an offset and its line whether it lies there."""
    headings = {heading.line for heading in page.headings}
    found: dict[str, Callable[[int, int], bool]] = {HEADING: lambda _, line: line in headings}
    for kind, place in _PLACES.items():
        spans = [m.span("text") for m in place.finditer(page.without_code)]
        begins = [begin for begin, _ in spans]
        found[kind] = lambda at, _, s=spans, b=begins: (n := bisect_right(b, at)) > 0 and at < s[n - 1][1]  # type: ignore
    return found


def _unreadable(page: Page, template: str, error: TemplateSyntaxError) -> Finding:
    """Braces that are not closed are named where they open: Jinja notices them only at what it cannot read."""
    opened = _UNCLOSED.search(template)
    if opened:
        return Finding(
            page.name,
            page.line(opened.start()),
            "these braces are not closed: " + _short(opened[0]),
            "write {{ name }}",
        )
    mend = (
        "write {{ name }}; an id is { #id }, with a space; braces that are text go between {% raw %} and {% endraw %}"
    )
    return Finding(page.name, error.lineno, f"this is no template: {error.message}", mend)


def _meta(page: Page) -> dict[str, Any]:
    try:
        read = yaml.safe_load(page.front or "")
    except yaml.YAMLError:
        return {}
    return read if isinstance(read, dict) else {}


def _walk(tree: nodes.Template, page: Page, found: Expressions, free: set[str]) -> None:
    for node, parent in _with_parents(tree):
        attribute = parent.attr if isinstance(parent, nodes.Getattr) else ""
        if isinstance(node, nodes.Name) and node.ctx == "load" and node.name in free:
            found.names.append((node.name, node.lineno))
            if page.design:
                found.facts.append(FactUse(f"{page.design}.{node.name}", attribute, node.lineno))
        elif isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name):
            argument = node.args[0].value if node.args and isinstance(node.args[0], nodes.Const) else None
            if node.node.name in ("fact", "computed") and isinstance(argument, str):
                found.facts.append(FactUse(argument, attribute, node.lineno))
            elif node.node.name == "diagram" and isinstance(argument, str):
                found.diagrams.append((argument, node.lineno))


def _with_parents(node: nodes.Node, parent: nodes.Node | None = None) -> Iterator[tuple[nodes.Node, nodes.Node | None]]:
    yield node, parent
    for child in node.iter_child_nodes():
        yield from _with_parents(child, node)


_PLAIN = re.compile(r"""\s*(?:(?P<call>fact\("[\w.-]+"\))|(?P<name>[a-z_]\w*))(?:\.(?P<part>\w+))?\s*""")


def is_shown(expression: str, own: set[str]) -> bool:
    """Whether an expression puts a fact's HTML on the page, rather than its plain text or no fact at all."""
    if plain := _PLAIN.fullmatch(expression):  # as nearly all are: spared a parse each
        return (plain["name"] in own or plain["call"] is not None) and plain["part"] in (None, "full", "html")
    try:
        tree = _ENVIRONMENT.parse("{{" + expression + "}}")
    except TemplateSyntaxError:
        return False
    for node, parent in _with_parents(tree):
        named = isinstance(node, nodes.Name) and node.name in own
        called = isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name == "fact"
        if named or called:
            return not isinstance(parent, nodes.Getattr) or parent.attr in ("full", "html")
    return False


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 40 else f"{text[:37]}..."
