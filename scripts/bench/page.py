"""What a reader's browser fetches of a chapter, and what Lighthouse says, from a server that compresses as hosts do."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from statistics import median

from scripts import browser
from scripts.bench.rows import Row
from scripts.layout import Project
from scripts.loopback import Quiet, served

LIGHTHOUSE = "13.5.0"
RUNS = int(os.environ.get("BENCH_ROUNDS", "3"))
PAGES = {"chapter": "designs/email-platform/", "home": "", "reference": "reference/closed-forms/",
         "notebook": "designs/email-platform/estimate/"}  # fmt: skip


class _Compressing(Quiet):
    def send_head(self) -> io.BytesIO | None:
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return None
        kind, body = self.guess_type(path), path.read_bytes()
        self.send_response(200)
        if kind.startswith(("text/", "application/j", "image/svg")):
            body = gzip.compress(body, 6)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "max-age=600")
        self.end_headers()
        return io.BytesIO(body)


def measure(project: Project, progress: Callable[[str], None]) -> list[Row]:
    """Bytes and requests of the chapter before scrolling, of the first search, and Lighthouse's four scores."""
    from scripts import site

    with served(site.build(project, progress), _Compressing) as address:
        progress("page: bytes and requests")
        rows = _weight(address)
        progress("page: Lighthouse")
        return rows + _lighthouse(project, address)


def _weight(address: str) -> list[Row]:
    with browser.started() as chromium:
        page = chromium.new_page()
        taken: list[tuple[str, int]] = []

        def note(request: object) -> None:
            sizes = request.sizes()
            taken.append((request.url, sizes["responseBodySize"] + sizes["responseHeadersSize"]))

        page.on("requestfinished", note)
        page.goto(address + PAGES["chapter"], wait_until="networkidle")
        before = [one for one in taken if one[0].startswith("http")]
        taken.clear()
        page.keyboard.press("/")
        page.wait_for_selector(".md-search__input:focus")
        early = [url for url, _ in taken if "/search/" in url and not url.endswith(("worker.js", "search_index.json"))]
        page.keyboard.type("throttled provider")
        page.wait_for_selector(".md-search-result__item")
        page.wait_for_load_state("networkidle")
        searched = sum(size for url, size in taken if "search" in url)
    return [
        Row("chapter, before scrolling", sum(size for _, size in before) / 1000, "kB", 1, 120),
        Row("chapter, before scrolling", len(before), "requests", 1, 10),
        Row("index, before search is used", len(early), "requests", 1, 0),
        Row("first search", searched / 1000, "kB", 1, 250, note="this site; at 270 pages see the growth part"),
    ]


def _lighthouse(project: Project, address: str) -> list[Row]:
    """Lighthouse is installed here, beside what is generated: nothing else needs its hundred packages."""
    folder = project.build / "cache/lighthouse"
    program = folder / "node_modules/lighthouse/cli/index.js"
    tools = project.root / ".venv/bin"
    environment = os.environ | {"PATH": f"{tools}:{os.environ['PATH']}", "CHROME_PATH": str(browser.ensure())}
    if not program.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run([tools / "npm", "install", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund",
                        "--loglevel=error", f"lighthouse@{LIGHTHOUSE}"], check=True, env=environment)  # fmt: skip
    rows = []
    for name, path in PAGES.items():
        scores: dict[str, list[float]] = {}
        for _ in range(RUNS):
            flags = f"--chrome-flags=--headless=new {' '.join(browser.SILENT)}"
            command = [tools / "node", program, address + path, "--quiet", "--output=json", flags,
                       "--only-categories=performance,accessibility,best-practices,seo"]  # fmt: skip
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
            report = json.loads(done.stdout)
            for key, category in report["categories"].items():
                scores.setdefault(key, []).append(100 * category["score"])
        rows += [Row(f"Lighthouse, {name}: {key}", median(found), "points", len(found), 100, at_least=True)
                 for key, found in scores.items()]  # fmt: skip
    return rows
