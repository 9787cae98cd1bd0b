"""Markdown style: markdownlint, set up in `.markdownlint.json`, which its extensions for editors read as well.

It knows CommonMark. What MkDocs adds is handed to it as that: the text of an admonition, a detail or a tab moves
out to the margin, its marker becomes a comment; lines and their numbers stay.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from scripts import node
from scripts.checks import kept
from scripts.findings import Finding
from scripts.layout import Project
from scripts.manifest import files_below

_PROGRAM = Path(__file__).with_name("style.mjs")
_RULES = ".markdownlint.json"
_READ = ("docs", "snippets", "scripts/chapter_template", "README.md", "CONTRIBUTING.md", ".github")
_MARKER = re.compile(r"(?P<indent> *)(?:!!!|\?\?\?\+?|===\+?!?) +\S")
_FENCE = re.compile(r" *(?P<fence>`{3,}|~{3,})")


def findings(project: Project) -> list[Finding]:
    """Every line that is written against the rules. Raises ContentError when markdownlint does not run."""
    paths = [path for path in files_below(*(project.root / name for name in _READ)) if path.suffix == ".md"]
    depends_on = [project.root / _RULES, project.root / "package-lock.json", _PROGRAM, Path(__file__)]
    texts = {
        path.relative_to(project.root).as_posix(): path.read_text(encoding="utf-8", errors="replace") for path in paths
    }

    def look(stale: Sequence[str]) -> Iterator[Finding]:
        return _look(project.root / _RULES, {name: plain(texts[name]) for name in stale})

    return kept.findings(project, "style", texts, depends_on, look)


def _look(rules: Path, texts: Mapping[str, str]) -> Iterator[Finding]:
    failing = Finding(_RULES, 1, "markdownlint does not run", "run `make setup`")
    found = json.loads(node.run(_PROGRAM, told={"rules": str(rules), "texts": texts}, failing=failing))
    for name, line, rule, what, detail in found:
        mend = f"{detail or 'mend it'} ({rule}; {_RULES} says which rules hold)"
        yield Finding(name, line, what[0].lower() + what[1:], mend)


def plain(text: str) -> str:
    """The text as CommonMark, line by line."""
    return "\n".join(_plain(text.split("\n")))


def _plain(lines: Iterable[str]) -> Iterator[str]:
    open_at: list[int] = []
    fence = ""
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        while open_at and line.strip() and not fence and indent < open_at[-1] + 4:
            open_at.pop()
        moved = line[4 * len(open_at) :] if line.strip() else line
        marker = _FENCE.match(line)
        if marker and (not fence or line.strip() == fence):
            fence = "" if fence else marker["fence"]
        if not fence and (found := _MARKER.match(line)):
            moved = f"{moved[: len(moved) - len(moved.lstrip(' '))]}<!-- -->"
            open_at.append(len(found["indent"]))
        yield moved
