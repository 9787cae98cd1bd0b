"""Pages and notebooks that would load something from another host: pictures, above all."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from scripts.checks import built
from scripts.checks.recall import of_page, of_text
from scripts.checks.source import Page
from scripts.findings import Finding
from scripts.layout import Project, source_files

_HOST = r"<?((?:https?:)?//[^\s)>]+)"
_PICTURE = re.compile(rf"!\[[^\]\n]*\]\(\s*{_HOST}", re.IGNORECASE)
_PICTURE_BY_NAME = re.compile(r"!\[([^\]\n]*)\]\[([^\]\n]*)\]")
_NAMED = re.compile(rf"^[ #]{{0,5}}\[([^\]\n]+)\]:\s*{_HOST}", re.MULTILINE | re.IGNORECASE)


def findings(project: Project, pages: Iterable[Page]) -> Iterator[Finding]:
    """Each address of another host that a page would load from, at its line. What cells show is read as they run."""
    told = [(page.name, _in_page(page)) for page in pages]
    for path in source_files(project.docs, "**/*.py"):
        told.append((project.relative(path), _in_notebook(path.read_text(encoding="utf-8", errors="replace"))))
    for name, found in told:
        for line, url in found:
            yield Finding(name, line, f"the page loads {url} from another host", "keep the file under docs/assets/")


@of_page
def _in_page(page: Page) -> list[tuple[int, str]]:
    return _loads(page.prose)


@of_text
def _in_notebook(text: str) -> list[tuple[int, str]]:
    return _loads(text)


def _loads(text: str) -> list[tuple[int, str]]:
    """Line and address of each picture in Markdown, and of whatever HTML loads."""
    named = {name.lower(): url for name, url in _NAMED.findall(text)}
    asked = [(name or alt).lower() for alt, name in _PICTURE_BY_NAME.findall(text)]
    urls = [*_PICTURE.findall(text), *(named[name] for name in asked if name in named), *built.loads(text)]
    return [(text.count("\n", 0, text.find(url)) + 1, url) for url in dict.fromkeys(urls)]
