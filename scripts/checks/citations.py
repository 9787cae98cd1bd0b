"""Footnotes: whatever is cited is in the bibliography, in pages and behind facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import yaml

from scripts.checks.source import Page, suggestion
from scripts.findings import Finding
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
        defined = set(_DEFINED.findall(page.prose))
        for found in CITED.finditer(page.prose):
            if found[1] not in known | defined:
                mend = suggestion(found[1], known | defined, otherwise="add it to sources.yml once you have read it")
                yield Finding(page.name, page.line(found.start()), f'there is no source "{found[1]}"', mend)
    for design, facts in store.facts.items():
        for fact in facts.values():
            source = fact.record.get("source")
            if source and source not in known:
                path = f"docs/designs/{design}/{fact.record['notebook']}.py"
                mend = suggestion(source, known, otherwise="add it to sources.yml once you have read it")
                what = f'the assumption "{fact.record["name"]}" cites the source "{source}", which is not there'
                yield Finding(path, fact.record["line"], what, mend)
