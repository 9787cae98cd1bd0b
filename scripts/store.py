"""What the build has made so far, as the later steps read it: facts, pictures, the bibliography, the chapters."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from scripts.layout import Design, Project

#: A page's front matter, as MkDocs finds it: YAML between a line of `---` and one of `---` or `...`.
FRONT = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*$\n?", re.DOTALL | re.MULTILINE)
_SHOWN = re.compile(r'/[\w-]+\.md:[\w-]+"|diagram\("[\w-]+"\)')


def load(text: str) -> Any:
    """YAML as data, read by libyaml where it is there: ten times as fast."""
    return yaml.load(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@dataclass(frozen=True)
class Fact:
    """A named quantity of a notebook. `str(fact)` is its HTML for prose; `{{ name.full }}` names what is counted."""

    design: str
    record: dict[str, Any]

    def __getattr__(self, key: str) -> Any:
        try:
            return self.record[key]
        except KeyError:
            raise AttributeError(key) from None

    @property
    def key(self) -> str:
        """The stable name: `email-platform.peak_rate`."""
        return f"{self.design}.{self.record['name']}"

    def html(self, shown: str) -> str:
        """The bound number as the page holds it."""
        value = f"{self.record['base']:.4g}"  # facts.json has all digits
        return f'<data class="fact" data-fact="{self.key}" value="{value}">{shown}</data>'

    def __str__(self) -> str:
        return self.html(self.record["text"])

    @property
    def full(self) -> str:
        """The bound number with what is counted, for tables."""
        return self.html(self.record["full"])

    @property
    def plain(self) -> str:
        """The text alone, for an alt text or a title."""
        return self.record["text"]


class Store:
    """Reads `build/` and the project's data files once. Nothing heavy is imported."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._read: dict[str, dict[str, str]] = {}
        self._shown: dict[tuple[str, str], str] = {}

    @cached_property
    def facts(self) -> dict[str, dict[str, Fact]]:
        """Facts by design and name."""
        found: dict[str, dict[str, Fact]] = {}
        for path in sorted((self.project.build / "facts").glob("*.json")):
            records = json.loads(path.read_text(encoding="utf-8"))
            found[path.stem] = {record["name"]: Fact(path.stem, record) for record in records}
        return found

    @cached_property
    def decisions(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Decisions by design and name."""
        paths = sorted((self.project.build / "decisions").glob("*.json"))
        return {p.stem: {d["name"]: d for d in json.loads(p.read_text(encoding="utf-8"))} for p in paths}

    def headings(self, design: str) -> dict[str, str]:
        """For each cell of a design's notebooks (its id) the heading of second or third level that it stands under."""
        found: dict[str, str] = {}
        for path in sorted((self.project.build / "notebooks" / design).glob("*.ipynb")):
            heading = ""
            for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
                titles = (
                    re.findall(r"^##+ (.+)$", cell["source"], re.MULTILINE) if cell["cell_type"] == "markdown" else []
                )
                heading = titles[-1] if titles else heading
                found[cell["id"]] = heading
        return found

    def cells(self, design: str, notebook: str) -> list[dict[str, Any]]:
        """The cells of code of a notebook: anchor, section, line, source."""
        path = self.project.build / "notebooks" / design / f"{notebook}.json"
        return json.loads(path.read_text(encoding="utf-8"))["cells"]

    def fact(self, key: str) -> Fact:
        """A fact by its stable name. Raises KeyError."""
        design, _, name = key.partition(".")
        return self.facts[design][name]

    @cached_property
    def sources(self) -> dict[str, dict[str, Any]]:
        """The bibliography by id."""
        entries = load((self.project.root / "sources.yml").read_text(encoding="utf-8")) or []
        return {entry["id"]: entry for entry in entries}

    @cached_property
    def pictures(self) -> dict[str, list[dict[str, Any]]]:
        """The drawn diagrams of each design, in the order of their scripts."""
        index = (self.project.build / "diagrams").glob("*/index.json")
        return {path.parent.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(index)}

    def shown(self, design: str, written: str) -> str:
        """Where the page is published, from the site's root, that holds these words of a design; empty without one."""
        if (design, written) not in self._shown:
            found = (address for address, text in self._pages(design).items() if written in text)
            self._shown[design, written] = next(found, "")
        return self._shown[design, written]

    def showing(self) -> dict[str, dict[str, list[str]]]:
        """The cells and diagrams that each page shows, by design and address: all that `shown` can find."""
        return {
            work.slug: {address: sorted(_SHOWN.findall(text)) for address, text in self._pages(work.slug).items()}
            for work in self.project.works
        }

    def _pages(self, design: str) -> dict[str, str]:
        """The pages of a design by their addresses, as their authors wrote them."""
        if design not in self._read:
            of = Design(self.project.root, design)
            self._read[design] = {of.address_of(p): p.read_text(encoding="utf-8") for p in of.pages if p.exists()}
        return self._read[design]

    def picture_svg(self, design: str, name: str) -> str:
        """The inline SVG of a diagram."""
        return (self.project.build / "diagrams" / design / f"{name}.svg").read_text(encoding="utf-8")

    @cached_property
    def chapters(self) -> dict[str, dict[str, Any]]:
        """The front matter of every chapter by slug."""
        return {design.slug: front_matter(design.chapter) for design in self.project.designs}

    @cached_property
    def drafts(self) -> set[str]:
        """The chapters that are being written. They are built, and whoever comes to the site sees them marked; nothing
        that tells others of the site names them: no feed, list, card, search or data."""
        return {slug for slug, meta in self.chapters.items() if meta.get("status") == "draft"}

    @cached_property
    def finished(self) -> dict[str, dict[str, Any]]:
        """The front matter of every chapter that is no draft, by slug."""
        return {slug: meta for slug, meta in self.chapters.items() if slug not in self.drafts}

    @cached_property
    def titles(self) -> dict[str, str]:
        """The title of everything that has notebooks and diagrams, by slug."""
        return {design.slug: front_matter(design.chapter)["title"] for design in self.project.works}


def front_matter(path: Path) -> dict[str, Any]:
    """The front matter of a page as data; empty where there is none."""
    found = FRONT.match(path.read_text(encoding="utf-8"))
    return (load(found[1]) or {}) if found else {}
