"""The search index in parts, so that a search fetches what it needs: the words that begin as the query does.

The theme's index is one file with all text of the site, fetched with the first page. Here it becomes
`search/pages.json` (each page: address, title, its first section's number), `search/words/<ab>.json` (each word that
begins with "ab": the sections that hold it) and `search/sections/<page>.json` (titles and beginnings, to show).
docs/assets/search/worker.js answers the theme's search field from them.
"""

from __future__ import annotations

import gc
import html
import json
import re
import subprocess
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from scripts.manifest import digest
from scripts.memory import Memory, key

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


def split(site: Path, cache: Path) -> None:
    """Put the parts in the place of the theme's index, of which a stub stays: the theme asks for it.

    What a page's sections give is kept in `cache`.
    """
    path = site / "search/search_index.json"
    index = json.loads(path.read_text(encoding="utf-8"))
    memory = Memory(cache / "search.pickle", digest([Path(__file__)], root=Path(__file__).parent))
    pages: list[list[Any]] = []
    words: dict[str, list[int]] = defaultdict(list)
    first = 0
    for number, (_, group) in enumerate(groupby(index["docs"], key=lambda doc: doc["location"].split("#")[0])):
        sections = list(group)
        about = key(*(text for s in sections for text in (s["location"], s["title"], s["text"])))
        title, shown, found = memory.of(about, lambda sections=sections: _page(sections))  # type: ignore[misc]
        pages.append([sections[0]["location"], title, first])
        for word, places in found.items():
            words[word] += [2 * first + place for place in places]
        first += len(sections)
        _write(site / f"search/sections/{number}.json", shown)
    prefixes = []
    for prefix, of_prefix in groupby(sorted(words), key=lambda word: word[:PREFIX]):
        prefixes.append(prefix)
        _write(site / f"search/words/{prefix}.json", _json({word: _gaps(words[word]) for word in of_prefix}))
    _write(site / "search/pages.json", _json({"pages": pages, "sections": first, "prefixes": prefixes}))
    _write(path, _json({"config": index["config"], "docs": []}))
    memory.save()


def split_apart(site: Path, cache: Path) -> None:
    """The same in a process of its own, for a thread that waits beside others. Raises RuntimeError if that fails."""
    command = [sys.executable, "-m", "scripts.search", site, cache]
    done = subprocess.run(command, cwd=Path(__file__).parents[1], capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stderr)


def _page(sections: list[dict[str, str]]) -> tuple[str, str, dict[str, list[int]]]:
    """A page's title, what results show of its sections, and where each word stands.

    Even: somewhere in the section of half that number; odd: in its title.
    """
    shown, words = [], defaultdict(list)
    for place, section in enumerate(sections):
        title, text = _plain(section["title"]), _plain(section["text"])
        shown.append([section["location"], title, _beginning(text)])
        in_title = set(_words(title))
        for word in in_title | set(_words(text)):
            words[word].append(2 * place + (word in in_title))
    return html.unescape(_TAG.sub("", sections[0]["title"])), _json(shown), dict(words)


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


def _json(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content, encoding="utf-8")


if __name__ == "__main__":
    gc.disable()  # a third of the time of a process that ends at once
    split(*map(Path, sys.argv[1:]))
