"""The numbers that recompute in the page: bytes and times in a real browser, on loopback.

`measure` drives the worker through its own client, as a chapter's panel does.
"""

from __future__ import annotations

import gzip
import statistics
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from scripts import browser
from scripts.bench.rows import Row
from scripts.layout import Project
from scripts.loopback import Quiet, served

#: How often each is measured: starts, cold and warm; then updates, intervals, tornados of one start.
STARTS, UPDATES, SPREADS = 5, 60, 3
#: What the page promises, by row: milliseconds, or kilobytes of 1000 bytes.
LIMITS = {"before the first touch": 0, "after it": 6500, "first touch, cold": 2000, "first touch, warm": 1200,
          "a later update": 30, "intervals": 1000, "tornado": 1000}  # fmt: skip

_CLIENT = "/bench-client.js"
_START = """async ({ client, slug }) => {
  const { Live } = await import(client);
  const began = performance.now();
  globalThis.live = await Live.start({ base: "/live/", slug });
  const [name, text] = globalThis.moves(live.published)[0];
  const reply = await live.call("update", { values: { [name]: text } });
  if (!Object.keys(reply.facts).length) throw new Error("nothing moved");
  return performance.now() - began;
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
    with served(project.site, _Cached) as base, browser.started() as chromium:
        for design in project.designs:
            progress(f"live numbers of {design.slug}")
            rows += _design(chromium, base, design.slug, client, project.site)
    return rows


def _design(chromium: Any, base: str, slug: str, client: str, site: Path) -> Iterator[Row]:
    cold, warm = [], []
    for _ in range(STARTS):
        context = chromium.new_context()
        context.add_init_script(_MOVES)
        context.route(f"**{_CLIENT}", lambda route: route.fulfill(body=client, content_type="text/javascript"))
        for times in (cold, warm):
            page, requested = context.new_page(), []
            context.on("request", lambda request, kept=requested: kept.append(request.url))
            page.goto(f"{base}designs/{slug}/", wait_until="networkidle")
            before = _weight(requested, base, site)
            times.append(page.evaluate(_START, {"client": _CLIENT, "slug": slug}))
            if times is cold:
                after = _weight(requested, base, site)
            else:
                updates = page.evaluate(_UPDATES, UPDATES)
                fact = page.evaluate("live.published.facts.find((f) => f.kind === 'derived').name")
                spreads = [("intervals", {"values": {}}), ("tornado", {"values": {}, "of": fact})]
                spread = {verb: page.evaluate(_SPREAD, [verb, asked, SPREADS]) for verb, asked in spreads}
            page.close()
        context.close()
    yield _row(slug, "before the first touch", [before], "kB")
    yield _row(slug, "after it", [after], "kB")
    series = {"first touch, cold": cold, "first touch, warm": warm, "a later update": updates, **spread}
    yield from (_row(slug, what, times, "ms") for what, times in series.items())


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
