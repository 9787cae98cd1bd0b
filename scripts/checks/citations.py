"""Footnotes: whatever is cited is in the bibliography, in pages and behind facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import yaml

from scripts.checks.recall import of_page
from scripts.checks.source import Page, suggestion
from scripts.findings import Finding
from scripts.layout import address_of
from scripts.store import Store

CITED = re.compile(r"(?<!\\)\[\^([^\]\s]+)\](?!:)")
_DEFINED = re.compile(r"^[ ]{0,3}\[\^([^\]\s]+)\]:", re.MULTILINE)


def findings(store: Store, pages: Iterable[Page]) -> Iterator[Finding]:
    """Citations of sources that nobody knows."""
    try:
        known = set(store.sources)
    except (yaml.YAMLError, OSError, ValueError, KeyError, TypeError):
        return  # a bibliography that cannot be read is a finding of its own
    for page in pages:
        defined, cited = _notes(page)
        for key, line in cited:
            if key not in known and key not in defined:
                mend = suggestion(key, known | defined, otherwise="add it to sources.yml once you have read it")
                yield Finding(page.name, line, f'there is no source "{key}"', mend)
    for design, facts in store.facts.items():
        for fact in facts.values():
            source = fact.record.get("source")
            if source and source not in known:
                path = f"docs/{address_of(design)}{fact.record['notebook']}.py"
                mend = suggestion(source, known, otherwise="add it to sources.yml once you have read it")
                what = f'the assumption "{fact.record["name"]}" cites the source "{source}", which is not there'
                yield Finding(path, fact.record["line"], what, mend)


@of_page
def _notes(page: Page) -> tuple[set[str], list[tuple[str, int]]]:
    """The footnotes that a page defines, and those that it cites, with their lines."""
    cited = [(found[1], page.line(found.start())) for found in CITED.finditer(page.prose)]
    return set(_DEFINED.findall(page.prose)), cited
