"""The search index in parts, so that a search fetches what it needs: the words that begin as the query does.

The theme's index is one file with all text of the site, fetched with the first page. Here it becomes
`search/pages.json` (each page: address, title, its first section's number), `search/words/<ab>.json` (each word that
begins with "ab": the sections that hold it) and `search/sections/<page>.json` (titles and beginnings, to show).
docs/assets/search/worker.js answers the theme's search field from them.
"""

from __future__ import annotations

import html
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

SHOWN = 220  # characters of a section that a result shows
PREFIX = 2  # letters that words of one file share
# Words that stand in nearly every section find nothing.
STOP = frozenset({
    "an", "and", "are", "as", "at", "be", "but", "by", "can", "for", "from", "has", "have", "if", "in", "into", "is",
    "it", "its", "not", "of", "on", "or", "so", "that", "the", "their", "then", "there", "these", "they", "this", "to",
    "was", "what", "when", "which", "will", "with", "you",
})  # fmt: skip
_TAG = re.compile(r"<[^>]+>")
_WORD = re.compile(r"[a-z0-9]+")


def split(site: Path) -> None:
    """Put the parts in the place of the theme's index, of which a stub stays: the theme asks for it."""
    path = site / "search/search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    pages: list[list[Any]] = []
    words: dict[str, dict[str, list[int]]] = defaultdict(dict)
    first = 0
    for number, (_, group) in enumerate(groupby(index["docs"], key=lambda doc: doc["location"].split("#")[0])):
        sections = list(group)
        pages.append([sections[0]["location"], html.unescape(_TAG.sub("", sections[0]["title"])), first])
        shown = []
        for place, section in enumerate(sections, first):
            title, text = _plain(section["title"]), _plain(section["text"])
            shown.append([section["location"], title, _beginning(text)])
            in_title = set(_words(title))
            for word in in_title | set(_words(text)):
                # Even: somewhere in the section; odd: in its title.
                words[word[:PREFIX]].setdefault(word, []).append(2 * place + (word in in_title))
        first += len(sections)
        _write(site / f"search/sections/{number}.json", shown)
    for prefix, found in words.items():
        _write(site / f"search/words/{prefix}.json", {word: _gaps(places) for word, places in sorted(found.items())})
    _write(site / "search/pages.json", {"pages": pages, "sections": first, "prefixes": sorted(words)})
    _write(path, {"config": index["config"], "docs": []})


def _plain(markup: str) -> str:
    return " ".join(html.unescape(_TAG.sub(" ", markup)).split())


def _words(text: str) -> Iterator[str]:
    """The words that can be found: without accents, in small letters, names taken apart at their underscores."""
    folded = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return (word for word in _WORD.findall(folded.lower()) if len(word) > 1 and word not in STOP)


def _beginning(text: str) -> str:
    return text if len(text) <= SHOWN else text[:SHOWN].rsplit(" ", 1)[0] + " …"


def _gaps(places: list[int]) -> list[int]:
    """Ascending numbers as the first and the distances: short, and alike."""
    return [place - before for before, place in zip([0, *places], places, strict=False)]


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
