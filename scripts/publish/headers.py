"""The headers that a host should send, worked out from what the site holds.

`_headers` in the site is read by Netlify and Cloudflare Pages; `build/hosting/nginx.conf` says the same to nginx.
"""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from scripts.layout import Project
from scripts.manifest import write

IMMUTABLE = "public, max-age=31536000, immutable"
ASK = "no-cache"  # keep it, but ask each time whether it is still the newest: 304 and no body, as a rule

#: A name of a file or its folder that changes with the content: `bundle.1a2b3c4d.min.js`, `python-1a2b3c4d5e6f/a.wasm`.
_HASHED = re.compile(r"[.-](?=[0-9a-f]*\d)[0-9a-f]{8,64}(?=[./-])")
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_RUNS = re.compile(r"""\btype\s*=\s*["']?(?!module\b|text/javascript\b|importmap\b)[^"'\s>]""", re.IGNORECASE)

_SERVER = f"""\
# Made by `make site`, for /etc/nginx/conf.d/. Set the root and the name; the policy changes with the pages.
map $uri $handbook_cache {{
    default "{ASK}";
    "~{_HASHED.pattern}" "{IMMUTABLE}";
}}

server {{
    listen 80;
    root /var/www/handbook;
    error_page 404 /404.html;
HEADERS
    add_header Cache-Control $handbook_cache always;

    location ~ \\.md$ {{
        types {{ }}
        default_type text/markdown;
    }}

    charset utf-8;
    charset_types text/css text/markdown text/plain application/javascript application/json application/xml;

    gzip on;
    gzip_vary on;
    gzip_types text/css text/javascript text/markdown text/plain image/svg+xml application/javascript
               application/json application/xml application/wasm application/atom+xml;
}}
"""


def add(project: Project, staging: Path) -> None:
    """Write both files."""
    always = {
        "Content-Security-Policy": policy(staging),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }
    write(staging / "_headers", _netlify(always, immutable(staging)))
    write(project.build / "hosting/nginx.conf", _nginx(always))


def policy(site: Path) -> str:
    """The strictest Content-Security-Policy under which every page works: inline scripts by their hashes."""
    hashes = sorted({digest for path in site.rglob("*.html") for digest in _inline(path.read_text(encoding="utf-8"))})
    rules = {
        "default-src": "'self'",
        "script-src": " ".join(["'self'", "'wasm-unsafe-eval'", *hashes]),
        "style-src": "'self' 'unsafe-inline'",  # diagrams and charts carry style attributes
        "img-src": "'self' data: blob:",
        "connect-src": "'self'",
        "worker-src": "'self'",
        "object-src": "'none'",
        "base-uri": "'self'",
        "form-action": "'self'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def immutable(site: Path) -> list[str]:
    """The files whose names change with their content, from the site's root."""
    assets = (path for folder in ("assets", "live") for path in (site / folder).rglob("*") if path.is_file())
    return sorted(name for path in assets if _HASHED.search(name := path.relative_to(site).as_posix()))


def _inline(html: str) -> set[str]:
    """The hashes of the scripts that stand in a page and run. Data in script elements does not."""
    running = (body for attributes, body in _SCRIPT.findall(html) if body and not _is_data(attributes))
    return {f"'sha256-{base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()}'" for body in running}


def _is_data(attributes: str) -> bool:
    return bool(_RUNS.search(attributes)) or re.search(r"\bsrc\s*=", attributes) is not None


def _netlify(always: dict[str, str], hashed: list[str]) -> str:
    """No two rules may name Cache-Control for one file: Cloudflare would join the values. Elsewhere the hosts' default
    holds, which is to ask each time."""
    lines = ["/*", *(f"  {name}: {value}" for name, value in always.items())]
    for path in hashed:
        lines += [f"/{path}", f"  Cache-Control: {IMMUTABLE}"]
    return "\n".join(lines) + "\n"


def _nginx(always: dict[str, str]) -> str:
    headers = "\n".join(f'    add_header {name} "{value}" always;' for name, value in always.items())
    return _SERVER.replace("HEADERS", headers)
