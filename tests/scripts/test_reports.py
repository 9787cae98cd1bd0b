"""Findings as text, annotations and SARIF, and as VS Code reads them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from scripts import reports
from scripts.findings import Finding
from tests.projects import CHAPTER, Copy

ROOT = Path(__file__).parents[2]
FINDINGS = [
    Finding("docs/a b,c.md", 3, "50% of it\nis: wrong", "mend, please", "style"),
    Finding("sources.yml", 7, 'the source "x" has no "year"', "add year: a year"),
]


def test_annotations_escape_what_would_end_them() -> None:
    assert reports.github(FINDINGS).splitlines() == [
        "::error file=docs/a b%2Cc.md,line=3,title=style::50%25 of it%0Ais: wrong; mend, please",
        '::error file=sources.yml,line=7,title=build::the source "x" has no "year"; add year: a year',
    ]


def test_sarif_holds_what_the_standard_requires() -> None:
    log = json.loads(reports.sarif(FINDINGS))
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    assert run["tool"]["driver"]["name"]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert sorted(set(rules)) == rules
    for result, finding in zip(run["results"], FINDINGS, strict=True):
        assert rules[result["ruleIndex"]] == result["ruleId"] == finding.rule
        assert result["level"] in ("none", "note", "warning", "error")
        assert result["message"]["text"] == f"{finding.what}; {finding.mend}"
        (location,) = result["locations"]
        assert location["physicalLocation"]["region"] == {"startLine": finding.line}
        assert all(isinstance(mark, str) for mark in result["partialFingerprints"].values())
    uris = [r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in run["results"]]
    assert uris == ["docs/a%20b%2Cc.md", "sources.yml"]
    assert json.loads(reports.sarif([]))["runs"][0]["results"] == []


def test_a_fingerprint_survives_lines_above() -> None:
    def mark(finding: Finding) -> object:
        return json.loads(reports.sarif([finding]))["runs"][0]["results"][0]["partialFingerprints"]

    assert mark(Finding("a", 1, "x", "y")) == mark(Finding("a", 9, "x", "z")) != mark(Finding("a", 1, "z", "y"))


@pytest.fixture
def faulty(project: Copy) -> Copy:
    """A copy with three faults."""
    project.replace("sources.yml", "year: 2026", "year: soon")
    project.replace(CHAPTER, "role: Software engineer\n", "")
    project.replace(CHAPTER, "Five kinds of data", "Five seperate kinds of data")
    return project


def test_the_command_writes_each_form(faulty: Copy) -> None:
    text = faulty.run("check").stderr.splitlines()
    place = f"{CHAPTER}:{faulty.line('Five seperate', CHAPTER)}"
    assert [line.split(": ")[0] for line in text] == [
        f"{CHAPTER}:1",
        place,
        f"sources.yml:{faulty.line('soon', 'sources.yml')}",
    ]

    annotated = faulty.run("check", GITHUB_ACTIONS="true").stderr.splitlines()
    assert [line.startswith("::error file=") for line in annotated] == [True] * 3
    assert ",title=spelling::" in annotated[1]

    done = faulty.run("check --format sarif --output findings.sarif")
    assert done.returncode == 1
    assert done.stderr.splitlines() == text
    results = json.loads(faulty.read("findings.sarif"))["runs"][0]["results"]
    assert [result["ruleId"] for result in results] == ["chapter", "spelling", "bibliography"]

    matcher = json.loads((ROOT / ".vscode/tasks.json").read_text(encoding="utf-8"))["tasks"][0]["problemMatcher"]
    pattern = matcher["pattern"]
    for line, result in zip(text, results, strict=True):
        found = re.match(pattern["regexp"], line)
        where = result["locations"][0]["physicalLocation"]
        assert found[pattern["file"]] == where["artifactLocation"]["uri"]
        assert int(found[pattern["line"]]) == where["region"]["startLine"]
        assert found[pattern["message"]] == result["message"]["text"]
    ruff = re.match(pattern["regexp"], "scripts/x.py:3:8: F401 `os` imported but unused")
    assert [ruff[pattern[key]] for key in ("file", "line", "column")] == ["scripts/x.py", "3", "8"]
    assert not any(re.match(pattern["regexp"], line) for line in ("building the pages", "3 findings", "make: *** [x]"))
