"""A plain web server that sends the strict policy which the site promises to work under."""

from __future__ import annotations

import base64
import hashlib
import re
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any

_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def policy(site: Path) -> str:
    """`Content-Security-Policy` for a built site: itself, WebAssembly, and the theme's own inline scripts by hash."""
    texts = {text for path in site.rglob("*.html") for text in _SCRIPT.findall(path.read_text(encoding="utf-8"))}
    hashes = sorted(base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in texts)
    allowed = " ".join(f"'sha256-{code}'" for code in hashes)
    return (
        f"default-src 'self'; script-src 'self' 'wasm-unsafe-eval' {allowed}; "
        "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; connect-src 'self'"
    )


class Strict(SimpleHTTPRequestHandler):
    """Serves `directory`; every answer carries `policy`."""

    def __init__(self, *arguments: Any, policy: str, **named: Any) -> None:
        self.policy = policy
        super().__init__(*arguments, **named)

    def end_headers(self) -> None:
        """Add the policy."""
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
