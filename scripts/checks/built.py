"""The built site as a reader's browser gets it: ids, links, loads, shown facts and texts of every page and picture."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

_VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
_CODE = {"code", "kbd", "pre", "samp", "script", "style", "textarea"}
_LOADING = {
    "script": ["src"], "img": ["src", "srcset"], "iframe": ["src"], "video": ["src", "poster"], "audio": ["src"],
    "source": ["src", "srcset"], "track": ["src"], "embed": ["src"], "object": ["data"], "input": ["src"],
    "use": ["href", "xlink:href"], "image": ["href", "xlink:href"], "feimage": ["href", "xlink:href"],
}  # fmt: skip
_LOADING_RELATIONS = {
    "stylesheet", "icon", "apple-touch-icon", "mask-icon", "preload", "modulepreload", "prefetch", "preconnect",
    "dns-prefetch", "manifest",
}  # fmt: skip
_READ_OUT = ("alt", "title", "aria-label", "content")
_IN_STYLE = re.compile(r"url\(\s*[\"']?([^\"')]+)|@import\s+[\"']([^\"']+)")
_ELSEWHERE = re.compile(r"\s*(?:https?:)?//", re.IGNORECASE)


@dataclass(frozen=True)
class Place:
    """Where in a page something stands: in which diagram (its name), in which notebook cell (its id), or in neither."""

    diagram: str = ""
    cell: str = ""


@dataclass
class File:
    """What one HTML or SVG file holds. `name` is its path from the site's root."""

    name: str
    ids: set[str] = field(default_factory=set)
    repeated: list[tuple[str, Place]] = field(default_factory=list)
    """Ids that an earlier element of the page has."""
    links: list[tuple[str, Place]] = field(default_factory=list)
    """Links and images, as they are written."""
    svg_links: list[tuple[str, Place]] = field(default_factory=list)
    """Those inside SVG, of which link checkers see only some."""
    loads: list[tuple[str, Place]] = field(default_factory=list)
    """What the browser fetches from another host without being asked."""
    facts: list[tuple[str, str, Place]] = field(default_factory=list)
    """Key and shown text of each bound number."""
    texts: list[tuple[str, Place]] = field(default_factory=list)
    """Texts and read-out attributes, code left out."""


def read(site: Path) -> dict[str, File]:
    """Every HTML and SVG file of the site, by name. Copies of the sources under `source/` are no pages."""
    found = {}
    for path in sorted(p for p in site.rglob("*") if p.suffix in (".html", ".svg") and p.is_file()):
        name = path.relative_to(site).as_posix()
        if not name.startswith("source/"):
            found[name] = _Reader(name, path.read_text(encoding="utf-8", errors="replace")).file
    return found


def loads(text: str) -> list[str]:
    """What the HTML in a text makes a browser fetch from another host."""
    return [url.strip() for url, _ in _Reader("", text).file.loads]


def style_loads(text: str) -> Iterator[str]:
    """What a style sheet fetches from another host."""
    for first, second in _IN_STYLE.findall(text):
        if _ELSEWHERE.match(first or second):
            yield first or second


def resolve(page: str, link: str, base: str) -> tuple[str, str]:
    """The file that a link of a page names, and the fragment in it. `base` is the path of the published site."""
    address, _, fragment = link.strip().partition("#")
    address = unquote(address.partition("?")[0])
    if base != "/" and address.startswith(base):
        address = "/" + address.removeprefix(base)
    target = posixpath.normpath(posixpath.join("/", posixpath.dirname(page), address)).lstrip("/") if address else page
    if address.endswith(("/", "/.", "..")) or target in ("", "."):
        target = posixpath.join(target, "index.html")
    return target.removeprefix("./"), unquote(fragment)


def is_internal(link: str) -> bool:
    """Whether a link stays on the site."""
    return not re.match(r"\s*(?:[a-z][a-z0-9+.-]*:|//)", link, re.IGNORECASE)


class _Reader(HTMLParser):
    """Fills a File. Elements that were left open are closed by the end of one around them."""

    def __init__(self, name: str, text: str) -> None:
        super().__init__()
        self.file = File(name)
        self.open: list[str] = []
        self.places: list[Place] = []
        self.shown: list[str] = []
        self.taken: set[str] = set()
        self.fact = ""
        self.in_text = False
        diagram = re.fullmatch(r"diagrams/([^/]+)/([^/]+)\.svg", name)
        self.outer = Place(diagram=diagram[2]) if diagram else Place()
        self.feed(text)
        self.close()

    @property
    def place(self) -> Place:
        return self.places[-1] if self.places else self.outer

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.in_text = False
        if tag not in _VOID:
            self.open.append(tag)
            self.places.append(self._inside(tag, attributes))
        self._element(tag, attributes)
        if tag == "data" and "data-fact" in attributes:
            self.fact, self.shown = attributes["data-fact"], []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._element(tag, {name: value or "" for name, value in attrs})

    def handle_endtag(self, tag: str) -> None:
        self.in_text = False
        if tag not in self.open:
            return
        if tag == "data" and self.fact:
            self.file.facts.append((self.fact, " ".join("".join(self.shown).split()), self.place))
            self.fact = ""
        while self.open:
            self.places.pop()
            if self.open.pop() == tag:
                break

    def handle_data(self, data: str) -> None:
        if self.fact:
            self.shown.append(data)
        if "style" in self.open[-1:]:
            self.file.loads += [(url, self.place) for url in style_loads(data)]
        if _CODE.intersection(self.open):
            return
        if self.in_text:  # a lone < makes the parser give one text in pieces
            data = self.file.texts.pop()[0] + data
        self.file.texts.append((data, self.place))
        self.in_text = True

    def _inside(self, tag: str, attributes: dict[str, str]) -> Place:
        name, classes = attributes.get("id", ""), attributes.get("class", "").split()
        if tag == "figure" and name.startswith("diagram-"):
            return Place(diagram=name.removeprefix("diagram-"))
        if tag == "div" and "cell" in classes and name:
            return Place(cell=name)
        return self.place

    def _element(self, tag: str, attributes: dict[str, str]) -> None:
        file, place = self.file, self.place
        if (name := attributes.get("id")) in self.taken:
            file.repeated.append((name, place))
        elif name:
            self.taken.add(name)
        file.ids |= {attributes[key] for key in ("id", "name") if attributes.get(key) and (key == "id" or tag == "a")}
        in_svg = "svg" in self.open or file.name.endswith(".svg")
        for key in ("href", "xlink:href", "src"):
            if attributes.get(key) and tag not in ("link", "base"):
                (file.svg_links if in_svg else file.links).append((attributes[key], place))
        file.texts += [(attributes[key], place) for key in _READ_OUT if attributes.get(key)]
        loading = _LOADING.get(tag, [])
        if tag == "link" and _LOADING_RELATIONS.intersection(attributes.get("rel", "").lower().split()):
            loading = ["href"]
        fetched = [attributes[key] for key in loading if key in attributes and key != "srcset"]
        fetched += [part.split()[0] for part in attributes.get("srcset", "").split(",") if part.strip()]
        file.loads += [(url, place) for url in fetched if _ELSEWHERE.match(url)]
        file.loads += [(url, place) for url in style_loads(attributes.get("style", ""))]
