"""The feed of changes, Atom (RFC 4287).

Written with the standard library: it is one loop. feedgen would bring lxml, and dates a feed by its build.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

from scripts.publish.about import About

NAME = "feed.xml"


def atom(about: About, chapters: Mapping[str, dict[str, Any]]) -> str:
    """An entry for each day on which a chapter's front matter tells changes, the newest first.

    A chapter without `changes` has one entry, of the day that it was updated. Ids depend on chapter and day.
    """
    entries = sorted(_entries(chapters), key=lambda entry: (entry[0], entry[1]), reverse=True)
    feed = ElementTree.Element("feed", {"xmlns": "http://www.w3.org/2005/Atom", "xml:lang": "en"})
    _put(feed, "title", about.name)
    _put(feed, "subtitle", about.description)
    _put(feed, "id", about.url)
    _put(feed, "link", rel="self", type="application/atom+xml", href=about.absolute(NAME))
    _put(feed, "link", rel="alternate", type="text/html", href=about.url)
    _put(feed, "updated", _moment(entries[0][0] if entries else "1970-01-01"))
    _put(_put(feed, "author"), "name", about.name)
    for day, slug, title, summary in entries:
        entry = _put(feed, "entry")
        _put(entry, "title", title)
        _put(entry, "id", f"tag:{urlsplit(about.url).hostname or 'localhost'},{day}:{slug}")
        _put(entry, "link", rel="alternate", type="text/html", href=about.absolute(f"designs/{slug}/"))
        _put(entry, "updated", _moment(day))
        _put(entry, "summary", summary)
    ElementTree.indent(feed, " ")
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(feed, encoding="unicode") + "\n"


def _entries(chapters: Mapping[str, dict[str, Any]]) -> Iterator[tuple[str, str, str, str]]:
    """Day, slug, title and summary of what changed on a day: two entries of one day would have one id."""
    for slug, meta in chapters.items():
        told = meta.get("changes") or [{"date": meta["updated"], "what": meta["prompt"]}]
        days: dict[str, list[str]] = {}
        for change in told:
            days.setdefault(str(change["date"]), []).append(change["what"])
        yield from ((day, slug, meta["title"], " ".join(what)) for day, what in days.items())


def _moment(day: str) -> str:
    """A day as Atom wants it: its first second, UTC."""
    return f"{day}T00:00:00Z"


def _put(parent: ElementTree.Element, name: str, text: str = "", **attributes: str) -> ElementTree.Element:
    element = ElementTree.SubElement(parent, name, attributes)
    element.text = text or None
    return element
