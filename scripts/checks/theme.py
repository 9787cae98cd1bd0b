"""The theme's own files: nothing in them asks another host."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scripts.findings import Finding
from scripts.layout import Project

_ELSEWHERE = r"(?:https?:|wss?:)?//[^\s\"'`)]+"
_ASKING = {
    ".css": re.compile(rf"(?:url\(\s*|@import\s+)[\"']?({_ELSEWHERE})", re.IGNORECASE),
    ".js": re.compile(
        rf"(?:\b(?:fetch|import|importScripts|Worker|WebSocket|EventSource|sendBeacon)\s*\(\s*|\bfrom\s+|\bimport\s+"
        rf"|\.(?:src|href)\s*=\s*)[\"'`]({_ELSEWHERE})"
    ),
    ".html": re.compile(
        rf"<(?:script|img|iframe|video|audio|source|embed|link(?=[^>]*(?:stylesheet|preload|preconnect|icon)))"
        rf"\b[^>]*?(?:src|href)\s*=\s*[\"']?({_ELSEWHERE})",
        re.IGNORECASE,
    ),
}  # fmt: skip
_ASKING[".mjs"] = _ASKING[".js"]


def findings(project: Project) -> Iterator[Finding]:
    """Every request to another host in style sheets, scripts and templates, at its line."""
    for folder in (project.docs / "assets", project.root / "overrides"):
        for path in sorted(path for path in folder.rglob("*") if path.suffix in _ASKING):
            text = path.read_text(encoding="utf-8", errors="replace")
            for found in _ASKING[path.suffix].finditer(text):
                line = text.count("\n", 0, found.start(1)) + 1
                what = f"the theme loads {found[1]} from another host"
                yield Finding(project.relative(path), line, what, "keep the file under docs/assets/")
