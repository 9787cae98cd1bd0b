"""Sequence diagrams: who speaks was introduced. Mermaid draws a misspelt name as one more participant."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.checks.source import suggestion
from scripts.findings import Finding
from scripts.layout import Project, source_files

_DECLARED = re.compile(r"^\s*(?:create\s+)?(?:participant|actor)\s+(\w+)", re.MULTILINE)
_MESSAGE = re.compile(r"^\s*(\w+)\s*<?<?--?(?:>>|>|x|\))\s*[+-]?(\w+)\s*:", re.MULTILINE)


def findings(project: Project) -> Iterator[Finding]:
    """Every sender or receiver that a Mermaid text does not declare."""
    for path in source_files(project.root / "diagrams", "*/*.mmd"):
        text = path.read_text(encoding="utf-8", errors="replace")
        declared = _DECLARED.findall(text)
        for message in _MESSAGE.finditer(text):
            for name in dict.fromkeys(message.groups()):
                if name not in declared:
                    line = text.count("\n", 0, message.start(1)) + 1
                    mend = suggestion(name, declared, otherwise=f"add: participant {name} as …, and its link")
                    yield Finding(project.relative(path), line, f'nobody declared the participant "{name}"', mend)
