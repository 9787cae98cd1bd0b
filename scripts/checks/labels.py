"""Naked quantities in the labels of diagrams: strings of the scripts, lines of the Mermaid texts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from scripts.checks.measures import naked, without_step
from scripts.findings import Finding
from scripts.layout import Project, source_files

MEND = "bind it to a fact ({{ name }}), or exempt it with a comment on the line or above it: literal: why"

_MACRO = re.compile(r"\{\{.*?\}\}", re.DOTALL)
_EXEMPT = re.compile(r"(?:#|%%)\s*literal\s*:\s*\S")
_NO_LABELS = {
    "URL",
    "arrowhead",
    "color",
    "direction",
    "fontsize",
    "graph_attr",
    "href",
    "icon",
    "minlen",
    "name",
    "style",
    "weight",
}
_SPOKEN = re.compile(r"\s*(?:accTitle|accDescr)\s*:?\s*\{?(.*)|[^:]*:(.*)|\s*(?:participant|actor)\s+\w+\s+as\s+(.*)|"
                     r"\s*(?:loop|alt|else|opt|par|and|critical|option|break)\b(.*)")  # fmt: skip


def findings(project: Project) -> Iterator[Finding]:
    """Every naked quantity in a label, a title or a description of a diagram."""
    folder = project.root / "diagrams"
    for path in [*source_files(folder, "*.py"), *source_files(folder, "*/*.mmd")]:
        try:
            text = path.read_text(encoding="utf-8")
            labels = list(_strings(text) if path.suffix == ".py" else _statements(text))
        except (UnicodeDecodeError, SyntaxError, ValueError):
            continue  # a finding of its own
        lines = text.split("\n")
        for line, last, label in labels:
            if not any(_EXEMPT.search(text) for text in lines[max(0, line - 2) : last]):
                words = _MACRO.sub(lambda found: " " * len(found[0]), label)
                for _, quantity in naked(without_step(words)):
                    yield Finding(project.relative(path), line, f'naked quantity "{quantity}"', MEND)


def _strings(script: str) -> Iterator[tuple[int, int, str]]:
    """First line, last line and text of the strings that a script hands to calls."""
    for call in ast.walk(ast.parse(script)):
        if isinstance(call, ast.Call):
            given = [*call.args, *(keyword.value for keyword in call.keywords if keyword.arg not in _NO_LABELS)]
            for value in given:
                if (
                    isinstance(value, ast.Constant)
                    and isinstance(value.value, str)
                    and not value.value.startswith(("#", "http"))
                ):
                    yield value.lineno, value.end_lineno or value.lineno, value.value


def _statements(mermaid: str) -> Iterator[tuple[int, int, str]]:
    """The words of each statement; a line of a long description has no keyword before its words."""
    described = False
    for number, line in enumerate(mermaid.split("\n"), 1):
        if line.lstrip().startswith("%%"):
            continue
        spoken = _SPOKEN.match(line)
        words = line if described else next((group for group in spoken.groups() if group), "") if spoken else ""
        yield number, number, words
        described = (described or bool(re.match(r"\s*accDescr\s*\{", line))) and "}" not in _MACRO.sub("", line)
