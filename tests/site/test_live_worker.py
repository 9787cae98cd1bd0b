"""The live worker in a real browser, under the policy that the site is meant to be served with, below a sub-path."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.loopback import served_below
from tests.conftest import Window
from tests.projects import ROOT

RUN = """async (base) => {
  const { Live } = await import(base + "client.js");
  let finished;
  const followed = {};
  const done = new Promise((resolve) => { finished = resolve; });
  const onCells = (cells, last) => { cells.forEach((c) => { followed[c.anchor] = c.outputs; }); if (last) finished(); };
  const notes = [];
  const live = await Live.start({ base: base + "live/", slug: "email-platform", onCells,
                                  onProgress: (share, note) => notes.push(note) });
  const overtaken = [];
  for (const share of ["61", "62", "63"]) overtaken.push(live.call("update", { values: { reachable_share: share } }));
  const replies = await Promise.all(overtaken);
  await live.call("update", { values: { reachable_share: "90", campaign_window: "15 min" } });
  const running = live.call("simulate", { notebook: "simulate", cell: "cell-throttle", seed: 2, values: {} });
  const stopped = running.catch((error) => error.message);
  await live.cancel();
  const edit = { notebook: "estimate", anchor: "cell-volume", source: "1 / 0", values: {} };
  const wrong = await live.call("edit", edit).catch(({ message, cell, line }) => ({ message, cell, line }));
  const { facts, decisions } = await live.call("update", { values: { campaign_window: "15 min" } });
  await done;
  const refused = await live.call("parse", { name: "event_size", text: "<b>5 s" }).catch((error) => error.message);
  live.close();
  return { notes, replies, facts, decisions, wrong, refused, stopped: await stopped, followed: Object.keys(followed) };
}"""


@pytest.fixture
def address(site: Path, strict: dict[str, str], tmp_path: Path) -> Iterator[str]:
    """The site with the worker's client beside it."""
    for entry in site.iterdir():
        (tmp_path / entry.name).symlink_to(entry)
    (tmp_path / "client.js").symlink_to(ROOT / "docs/assets/live/client.js")
    with served_below("below", tmp_path, always=strict) as address:
        yield address


def test_a_chapter_recomputes_under_a_strict_policy_below_a_sub_path(address: str, page_at: Callable[..., Window]):
    window = page_at()
    window.page.set_default_timeout(120_000)
    window.page.goto(f"{address}designs/email-platform/")
    found = window.page.evaluate(RUN, address)
    assert found["replies"][1] is None, "an update that a newer one overtakes is not computed"
    assert found["replies"][2]["facts"]["reachable_share"]["text"] == "63%"
    assert found["facts"]["campaign_window"]["text"] == "15 min"
    assert found["decisions"]["in_the_window"]["flipped"]
    assert found["stopped"] == "stopped"
    assert found["wrong"] == {"message": "It divides by zero. division by zero", "cell": "cell-volume", "line": 1}
    assert "not a number" in found["refused"]
    assert {"cell-peak", "cell-intervals", "cell-decision-window"} <= set(found["followed"])
    assert "loading Python" in found["notes"]
    assert (window.errors, window.elsewhere) == ([], [])
