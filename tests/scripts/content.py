"""A small project that is all right, for tests that break one thing of it."""

from __future__ import annotations

import json
import re
from pathlib import Path

from scripts.checks.chapters import SECTIONS
from scripts.findings import Finding
from scripts.layout import Project

FRONT = """\
---
title: A demo
slug: demo
company: Example
role: Engineer
stage: Onsite
difficulty: Hard
asked: 2025-10-20
updated: 2026-11-21
minutes: 45
tags: [queues]
prompt: Design a demo.
expects: A clear head.
follow_ups: [And with more load]
related: [later]
source: seed.txt
---
"""

SHOWN = {
    "Estimation": """--8<-- "demo/estimate.md:peak"

Therefore {{ peak_rate }}, of {{ fact("demo.members").full }}.[^paper]""",
    "The design, grown": '{{ diagram("final") }}',
}

SETTINGS = """\
site_name: Demo
theme: { name: !!python/name:anything.at.all }
extra:
  coming:
    - { slug: later, title: Later, company: Example, prompt: Design another. }
"""

SOURCE = """\
- id: paper
  title: A paper
  publisher: A journal
  year: 2024
  address: https://example.org/paper
  kind: primary
  read: 2026-11-20
  review: 2027-11-20
  says: That it is so.
"""

NOTEBOOK = """\
# %% section="peak"
members = assume(5)
peak_rate = members * 2
"""


def fact(name: str, line: int, **more: object) -> dict[str, object]:
    """A fact as the build writes it."""
    return {"name": name, "design": "demo", "notebook": "estimate", "label": name, "value": 5.0, "base": 5.0,
            "unit": "1/s", "text": "5/s", "full": "5 messages/s", "kind": "derived", "source": None, "because": None,
            "formula": "", "inputs": [], "line": line, "section": "peak", "cell": "#cell-peak"} | more  # fmt: skip


def picture(**more: object) -> dict[str, object]:
    """A drawn diagram as the build lists it."""
    return {"name": "final", "title": "Final", "description": "It shows all. It hides nothing.", "line": 3,
            "source": "diagrams/demo.py", "links": [["#estimation", "Queue", 5]], "icons": []} | more  # fmt: skip


def coming(settings: str, slug: str, **known: str) -> str:
    """The project's settings, with this design as the one that has no chapter yet, whichever these are today."""
    listed = "".join(f"      {name}: {text}\n" for name, text in known.items())
    settings, lists = re.subn(r"(?m)^  coming:.*\n(?: {4}.*\n)*", f"  coming:\n    - slug: {slug}\n{listed}", settings)
    assert lists == 1
    return settings


class Content:
    """The project at `root`. `write` and `replace` break something; `line` finds where."""

    CHAPTER = "docs/designs/demo/index.md"

    def __init__(self, root: Path) -> None:
        self.project, self.root = Project(root), root
        self.write("mkdocs.yml", SETTINGS)
        self.write("sources.yml", SOURCE)
        self.write("docs/index.md", "# Home\n")
        self.write("docs/designs/demo/estimate.py", NOTEBOOK)
        self.write("diagrams/demo.py", '# a script\n\ndraw("final")\n')
        self.chapter()
        self.facts(fact("members", 2, kind="assumed"), fact("peak_rate", 3, inputs=["members"]))
        self.pictures(picture())
        self.write("build/fragments/demo/estimate.md", "--8<-- [start:peak]\ncode\n--8<-- [end:peak]\n")

    def chapter(self, front: str = FRONT, sections: tuple[str, ...] = SECTIONS, **words: str) -> None:
        """Write the chapter; `words` replace what stands under a section, named with _ for what is no letter."""
        parts = [front, "# A demo\n"]
        for section in sections:
            key = "".join(c if c.isalpha() else "_" for c in section)
            parts.append(f"## {section}\n\n{words.get(key, SHOWN.get(section, 'Words.'))}\n")
        self.write(self.CHAPTER, "\n".join(parts))

    def failure(self, words: str) -> None:
        """Write the chapter with these words in one of its sections."""
        self.chapter(Failure=words)

    def facts(self, *facts: dict[str, object]) -> None:
        self.write("build/facts/demo.json", json.dumps(facts))

    def pictures(self, *pictures: dict[str, object]) -> None:
        self.write("build/diagrams/demo/index.json", json.dumps(pictures))

    def write(self, name: str, text: str | bytes) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)

    def replace(self, name: str, old: str, new: str) -> None:
        text = (self.root / name).read_text(encoding="utf-8")
        assert old in text
        self.write(name, text.replace(old, new, 1))

    def line(self, words: str, name: str = CHAPTER) -> int:
        """The first line of a file that holds these words."""
        lines = (self.root / name).read_text(encoding="utf-8").splitlines()
        return next(number for number, line in enumerate(lines, 1) if words in line)


def told(findings: list[Finding], path: str, line: int, *words: str) -> Finding:
    """The finding at this place; every word must be in it, and it must say how to mend it."""
    here = [finding for finding in findings if (finding.path, finding.line) == (path, line)]
    assert here, f"nothing said of {path}:{line}, but {[str(f) for f in findings]}"
    matching = [finding for finding in here if all(word in str(finding) for word in words)]
    assert matching, f"{words} not in {[str(f) for f in here]}"
    assert matching[0].mend
    return matching[0]
