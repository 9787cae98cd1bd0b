"""A Markdown page as its author wrote it, with what is not prose blanked out, so that offsets and lines stay true."""

from __future__ import annotations

import difflib
import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

import yaml

from scripts.checks.recall import of_page
from scripts.layout import GUIDE, Project, slug_of, source_files
from scripts.store import FRONT

_FENCE = re.compile(r"[ \t>]*(?:[-*+] +|\d+\. +)?(`{3,}|~{3,})")
_SPAN = re.compile(r"(?<![`\\])(`+)(?!`)((?:[^\n]|\n(?!\s*\n))+?)(?<!`)\1(?!`)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r" {0,3}(#{1,6})[ \t]+(.*?)[ \t#]*$")
_ATTRIBUTES = re.compile(r"\{:?[ ]*[^{}\n]*[ ]*\}$")


@dataclass(frozen=True)
class Heading:
    """A heading of a page: its level, its words without `{ #id }`, its id in the built page, its line."""

    level: int
    text: str
    anchor: str
    line: int


class Page:
    """A Markdown file. `name` is its path from the project's root, as findings give it."""

    def __init__(self, project: Project, path: Path) -> None:
        self.path = path
        self.name = project.relative(path)
        self.text = path.read_text(encoding="utf-8")
        self.is_shared = not path.is_relative_to(project.docs)
        """Whether other pages include it: then it may show the facts of their designs."""
        self.design = "" if self.is_shared else slug_of(path.relative_to(project.docs))
        self.is_chapter = self.design not in ("", GUIDE) and path.name == "index.md"

    @cached_property
    def lines(self) -> list[str]:
        """The lines, without their ends."""
        return self.text.split("\n")

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(found.end() for found in re.finditer("\n", self.text))]

    def line(self, offset: int) -> int:
        """The line, counted from 1, of a position in the text."""
        return bisect_right(self._starts, offset)

    @cached_property
    def front(self) -> str | None:
        """The YAML of the front matter; None where the page begins with none."""
        found = FRONT.match(self.text)
        return found[1] if found else None

    @cached_property
    def body(self) -> str:
        """The text with the front matter blanked out."""
        found = FRONT.match(self.text)
        return blank(self.text, [found.span()] if found else [])

    @cached_property
    def without_code(self) -> str:
        """The body with fenced code and code spans blanked out."""
        text = _without_fences(self.body)
        return blank(text, [span.span() for span in _SPAN.finditer(text)])

    @cached_property
    def prose(self) -> str:
        """The text without code and without HTML comments."""
        return blank(self.without_code, [found.span() for found in _COMMENT.finditer(self.without_code)])

    @cached_property
    @of_page
    def headings(self) -> list[Heading]:
        """The headings, with the ids that the toc extension gives them in the built page."""
        found = [(n, m) for n, line in enumerate(self.prose.split("\n"), 1) if (m := _HEADING.match(line))]
        whole = [(n, _HEADING.match(self.lines[n - 1]) or m) for n, m in found]
        anchors = _anchors([m[0].strip() for _, m in whole])
        words = [_ATTRIBUTES.sub("", m[2]).strip() for _, m in whole]
        return [Heading(len(m[1]), text, anchor, n) for (n, m), text, anchor in zip(whole, words, anchors, strict=True)]


def _anchors(headings: list[str]) -> list[str]:
    """What Python-Markdown's own extensions make of these headings: explicit ids and slugs, made unique."""
    import markdown  # heavy: only when a page's anchors are asked for

    converter = markdown.Markdown(extensions=["toc", "attr_list"])
    converter.convert("\n\n".join(_as_words(heading) for heading in headings))
    return [token["id"] for token in _flat(converter.toc_tokens)]  # type: ignore[attr-defined]


def _as_words(heading: str) -> str:
    """Braces of a macro would be read as an attribute list. Macros in headings are refused elsewhere."""
    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", heading)


def _flat(tokens: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for token in tokens:
        yield token
        yield from _flat(token["children"])


def _without_fences(text: str) -> str:
    spans, opened, position = [], "", 0
    for line in text.split("\n"):
        fence = _FENCE.match(line)
        end = position + len(line)
        if opened:
            spans.append((position, end))
            if fence and fence[1].startswith(opened) and not line[fence.end() :].strip():
                opened = ""
        elif fence and "`" not in line[fence.end() :]:
            spans.append((position, end))
            opened = fence[1]
        position = end + 1
    return blank(text, spans)


def blank(text: str, spans: Iterable[tuple[int, int]]) -> str:
    """The text with these spans overwritten by spaces; line ends stay."""
    parts, end = [], 0
    for begin, stop in spans:
        parts += [text[end:begin], re.sub(r"[^\n]", " ", text[begin:stop])]
        end = stop
    return "".join([*parts, text[end:]])


def pages(project: Project) -> list[Page]:
    """Every Markdown page of the site. A file that is not UTF-8 is left out: another check names it."""
    return _readable(project, source_files(project.docs, "**/*.md"))


def shared(project: Project) -> list[Page]:
    """Markdown that several pages include."""
    return _readable(project, source_files(project.root / "snippets", "**/*.md"))


def unread(project: Project, pages: Iterable[Page]) -> set[str]:
    """The designs with a page that is not among these: it could not be read, and nobody knows what it shows."""
    read = {page.path for page in pages}
    return {work.slug for work in project.works if not read.issuperset(work.pages)}


def _readable(project: Project, paths: Iterable[Path]) -> list[Page]:
    found = []
    for path in paths:
        try:
            found.append(Page(project, path))
        except UnicodeDecodeError:
            continue
    return found


@lru_cache(maxsize=8)
def marked(text: str) -> tuple[Any, Any]:
    """What YAML holds, as a tree of nodes that know their lines and as data; only to be read. Raises yaml.YAMLError.

    Read as MkDocs and the build read it, in pure Python: libyaml is faster, and takes texts that they refuse.
    """
    loader = yaml.SafeLoader(text)
    node = loader.get_single_node()
    return node, loader.construct_document(node) if node else None


def suggestion(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """What to write instead of a word that is unknown: the nearest known one, else what is given."""
    near = difflib.get_close_matches(str(word), list(known), n=1, cutoff=0.6)
    return f'did you mean "{near[0]}"?' if near else otherwise
