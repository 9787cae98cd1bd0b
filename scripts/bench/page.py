"""What a reader's browser fetches of a chapter, and what Lighthouse says, from a server that compresses as hosts do."""

from __future__ import annotations

import gzip
import io
import json
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from scripts import browser
from scripts.bench.rows import Row
from scripts.layout import Project
from scripts.loopback import Quiet, served

LIGHTHOUSE = "13.5.0"
RUNS = int(os.environ.get("BENCH_ROUNDS") or 3)
PAGES = {"chapter": "designs/email-platform/", "home": "", "reference": "reference/closed-forms/",
         "notebook": "designs/email-platform/estimate/"}  # fmt: skip


class Compressing(Quiet):
    """Sends text compressed, as hosts do."""

    def send_head(self) -> io.BytesIO | None:
        """The head of the answer; what follows it."""
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
    """Bytes and requests of each chapter before scrolling, of the first search, and Lighthouse's four scores."""
    from scripts import site

    with served(site.build(project, progress), Compressing) as address:
        progress("page: bytes and requests")
        rows = [row for design in project.designs for row in _weight(address, design.slug)]
        rows.append(Row("first search", first_search(address), "kB", 1, 250, note="for 270 pages see growth"))
        progress("page: Lighthouse")
        return rows + _lighthouse(project, address)


@contextmanager
def _visited(url: str) -> Iterator[tuple[Any, list[tuple[str, int]]]]:
    """A fresh browser's page that has loaded an address, and what it fetches: addresses and bytes, headers included."""
    with browser.started() as chromium:
        page = chromium.new_page()
        taken: list[tuple[str, int]] = []

        def note(request: Any) -> None:
            sizes = request.sizes()
            if request.url.startswith("http"):
                taken.append((request.url, sizes["responseBodySize"] + sizes["responseHeadersSize"]))

        page.on("requestfinished", note)
        page.goto(url, wait_until="networkidle")
        page.wait_for_function("performance.getEntriesByName('first-paint').length")  # before it, keys are dropped
        yield page, taken


def _weight(address: str, slug: str) -> list[Row]:
    with _visited(f"{address}designs/{slug}/") as (page, taken):
        before = list(taken)
        taken.clear()
        page.keyboard.press("/")
        page.wait_for_selector(".md-search__input:focus")
        early = [url for url, _ in taken if "/search/" in url and not url.endswith(("worker.js", "search_index.json"))]
    return [
        Row(f"{slug}, before scrolling", sum(size for _, size in before) / 1000, "kB", 1, 120),
        Row(f"{slug}, before scrolling", len(before), "requests", 1, 10),
        Row(f"{slug}, index before search is used", len(early), "requests", 1, 0),
    ]


def first_search(address: str) -> float:
    """Kilobytes that the first search on the home page fetches."""
    with _visited(address) as (page, taken):
        taken.clear()
        page.keyboard.press("/")
        page.wait_for_selector(".md-search__input:focus")
        page.keyboard.type("throttled provider")
        page.wait_for_selector(".md-search-result__item")
        page.wait_for_load_state("networkidle")
        return sum(size for url, size in taken if "search" in url) / 1000


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
