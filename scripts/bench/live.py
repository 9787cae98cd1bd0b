"""The numbers that recompute in the page: bytes and times in a real browser, on loopback.

The first touch is a slider of the chapter's own page, moved; it ends when a number of the text has changed. A second
page is opened later in the same profile, as a reader's is: a browser keeps compiled WebAssembly there, but not in a
private window. Later updates go through the panel's own client.
"""

from __future__ import annotations

import gzip
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts import browser
from scripts.bench.rows import Row
from scripts.layout import Project
from scripts.loopback import Quiet, served

#: How often each is measured: starts, cold and warm; then updates, intervals, tornados of one start.
STARTS, UPDATES, SPREADS = 5, 60, 3
#: What the page promises, by row: milliseconds, or kilobytes of 1000 bytes.
LIMITS = {"before the first touch": 0, "after it": 6500, "first touch, cold": 2000, "first touch, warm": 1200,
          "a later update": 30, "intervals": 1000, "tornado": 1000}  # fmt: skip

_STAY = 3000  # ms that a reader reads: when it is left at once, a browser keeps nothing compiled
_CLIENT = "/bench-client.js"
_TOUCH = """() => new Promise((resolve) => {
  const slider = document.querySelector(".levers .lever-slider"), began = performance.now();
  new MutationObserver((_, seen) => {
    if (!document.querySelector(".fact-changed")) return;
    seen.disconnect();
    requestAnimationFrame(() => resolve(performance.now() - began));
  }).observe(document.body, { subtree: true, childList: true, attributes: true });
  slider.value = slider.value < 50 ? 100 : 0;
  slider.dispatchEvent(new Event("input", { bubbles: true }));
})"""
_START = """async ({ client, slug }) => {
  const { Live } = await import(client);
  globalThis.live = await Live.start({ base: "/live/", slug });
}"""
_MOVES = """globalThis.moves = ({ assumptions }) => assumptions.filter((a) => a.low !== null).flatMap((a) =>
  [0.25, 0.5, 0.75].map((share) => [a.name, String(a.low + share * (a.high - a.low))]))"""
_UPDATES = """async (count) => {
  const moves = globalThis.moves(live.published), times = [];
  for (let i = 0; i < count; i++) {
    const [name, text] = moves[(i * 7) % moves.length], began = performance.now();
    await live.call("update", { values: { [name]: text } });
    times.push(performance.now() - began);
  }
  return times;
}"""
_SPREAD = """async ([verb, request, count]) => {
  const times = [];
  await live.call("update", { values: {} });
  for (let i = 0; i < count; i++) {
    const began = performance.now();
    await live.call(verb, request);
    times.push(performance.now() - began);
  }
  return times;
}"""


def measure(project: Project, progress: Callable[[str], None]) -> list[Row]:
    """What each design's live numbers weigh and how long they take. The site must be built."""
    client = (project.docs / "assets/live/client.js").read_text(encoding="utf-8")
    rows = []
    with served(project.site, _Cached) as base:
        for design in project.designs:
            progress(f"live numbers of {design.slug}")
            rows += _first(base, design.slug, project.site)
            rows += _later(base, design.slug, client)
    return rows


def _first(base: str, slug: str, site: Path) -> Iterator[Row]:
    """From the first touch to a number that follows, in a new profile and then in one that was here before."""
    before: list[float] = []
    after: list[float] = []
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(STARTS):
        with browser.visited() as reader:
            requested: list[str] = []
            reader.on("request", lambda request, kept=requested: kept.append(request.url))
            for times in (cold, warm):
                page = reader.new_page()
                page.goto(f"{base}designs/{slug}/", wait_until="networkidle")
                if times is cold:
                    before.append(_weight(requested, base, site))
                times.append(page.evaluate(_TOUCH))
                if times is cold:
                    after.append(_weight(requested, base, site))
                page.wait_for_timeout(_STAY)
                page.close()
    yield _row(slug, "before the first touch", before, "kB")
    yield _row(slug, "after it", after, "kB")
    yield _row(slug, "first touch, cold", cold, "ms")
    yield _row(slug, "first touch, warm", warm, "ms")


def _later(base: str, slug: str, client: str) -> Iterator[Row]:
    """What a reader waits for when all is there."""
    with browser.visited() as reader:
        page = reader.new_page()
        page.add_init_script(_MOVES)
        page.route(f"**{_CLIENT}", lambda route: route.fulfill(body=client, content_type="text/javascript"))
        page.goto(f"{base}designs/{slug}/", wait_until="networkidle")
        page.evaluate(_START, {"client": _CLIENT, "slug": slug})
        yield _row(slug, "a later update", page.evaluate(_UPDATES, UPDATES), "ms")
        fact = page.evaluate("live.published.facts.find((f) => f.kind === 'derived').name")
        for verb, asked in (("intervals", {"values": {}}), ("tornado", {"values": {}, "of": fact})):
            yield _row(slug, verb, page.evaluate(_SPREAD, [verb, asked, SPREADS]), "ms")


def _row(slug: str, what: str, values: list[float], unit: str) -> Row:
    return Row(f"{slug}: {what}", statistics.median(values), unit, len(values), LIMITS[what])


def _weight(requested: list[str], base: str, site: Path) -> float:
    """What was loaded from `live/`, as a host that compresses would send it: kilobytes."""
    paths = {site / address.removeprefix(base).split("?")[0] for address in requested if "/live/" in address}
    return sum(len(gzip.compress(path.read_bytes(), 6)) for path in paths if path.is_file()) / 1000


class _Cached(Quiet):
    """What has a hash in its name may be kept for ever, as hosts do it."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**Quiet.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm"}

    def end_headers(self) -> None:
        self.send_header(
            "Cache-Control", "max-age=31536000" if "-" in self.path and "/live/" in self.path else "no-cache"
        )
        super().end_headers()
