"""Findings in the forms that people, GitHub and editors read: text, workflow annotations, SARIF 2.1.0."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from scripts.findings import Finding

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://executable-system-design.github.io/handbook/contribute/"


def text(findings: Sequence[Finding]) -> str:
    """`path:line: what; mend`, a line each."""
    return "".join(f"{finding}\n" for finding in findings)


def github(findings: Sequence[Finding]) -> str:
    """Workflow commands: GitHub shows each finding beside its line of a pull request."""
    return "".join(
        f"::error file={_property(f.path)},line={f.line},title={_property(f.rule)}::{_data(f'{f.what}; {f.mend}')}\n"
        for f in findings
    )


def _data(words: str) -> str:
    return words.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(words: str) -> str:
    return _data(words).replace(":", "%3A").replace(",", "%2C")


def sarif(findings: Sequence[Finding]) -> str:
    """A log in the Static Analysis Results Interchange Format, for code scanning and for the viewers of editors."""
    rules = sorted({finding.rule for finding in findings})
    driver = {"name": "handbook", "informationUri": _HOME, "rules": [_rule(rule) for rule in rules]}
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, rules.index(finding.rule)) for finding in findings],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2, ensure_ascii=False) + "\n"


def _rule(rule: str) -> dict[str, Any]:
    """Code scanning shows the words above its alerts, with a link to what the rules ask."""
    return {"id": rule, "shortDescription": {"text": rule.replace("-", " ")}, "helpUri": f"{_HOME}checks/"}


def _result(finding: Finding, index: int) -> dict[str, Any]:
    """The fingerprint leaves the line out: a finding stays the same one when lines are added above it."""
    artifact = {"uri": quote(finding.path), "uriBaseId": "%SRCROOT%"}
    mark = hashlib.blake2b(f"{finding.path}\0{finding.what}".encode(), digest_size=16).hexdigest()
    return {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": "error",
        "message": {"text": f"{finding.what}; {finding.mend}"},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": finding.line}}}],
        "partialFingerprints": {"pathAndWords/v1": mark},
    }


FORMATS = {"text": text, "github": github, "sarif": sarif}


def usual() -> str:
    """The format where none was asked for: annotations within a GitHub workflow, text elsewhere."""
    return "github" if os.environ.get("GITHUB_ACTIONS") == "true" else "text"
