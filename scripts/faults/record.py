"""What the last whole run of `make faults` found, kept for the page that publishes it."""

from __future__ import annotations

import datetime
import html
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts import listings
from scripts.layout import Project
from scripts.manifest import write

if TYPE_CHECKING:  # heavy, and of no use to a reader of the record
    from scripts.faults.arithmetic import Killed
    from scripts.faults.runner import Outcome

#: Catchers of mutants in the order in which these are shown to them.
CATCHERS = ("units", "ranges and domains", "invariants", "time limit", "tests by hand", "tests over the ranges")


_ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")  # another one at each run


def path_of(project: Project) -> Path:
    """The recorded result. It is in git: decision 6 says why."""
    return project.docs / "contribute/faults.json"


def results(outcomes: Iterable[Outcome], killed: Iterable[Killed]) -> dict[str, Any]:
    """The results of a run, ready for JSON, in a fixed order and without times: the same for the same sources."""
    return {
        "faults": [
            {
                "part": o.fault.part,
                "name": o.fault.name,
                "caught_by": o.catcher,
                "finding": _ADDRESS.sub("0x…", o.finding),
            }
            for o in outcomes
        ],
        "estimates": [
            {
                "design": k.design,
                "mutants": k.mutants,
                "killed_by": {catcher: k.by[catcher] for catcher in CATCHERS if k.by[catcher]},
                "survivors": [f"line {m.line}, {m.kind}: {m.becomes}" for m in k.survivors],
                "equivalent": [f"line {m.line}, {m.kind}: {m.becomes}" for m in k.equivalent],
            }
            for k in killed
        ],
    }


def keep(project: Project, found: dict[str, Any], catalogue: Sequence[tuple[str, str]]) -> bool:
    """Record a run with its date, in the order of the catalogue: parts and names. Only another result is recorded.

    What a run of some faults did not try keeps its entry; what is in the catalogue no more loses it.
    """
    before = read(project)
    faults = {(f["part"], f["name"]): f for f in (*before.get("faults", ()), *found["faults"])}
    estimates = {e["design"]: e for e in (*before.get("estimates", ()), *found["estimates"])}
    books = {path.parent.name for path in project.estimates}
    kept = {
        "faults": [faults[key] for key in catalogue if key in faults],
        "estimates": [estimates[design] for design in sorted(books & estimates.keys())],
    }
    if {key: before.get(key) for key in kept} == kept:
        return False
    dated = {"date": datetime.date.today().isoformat(), **kept}
    return write(path_of(project), json.dumps(dated, indent=1, ensure_ascii=False) + "\n")


def read(project: Project) -> dict[str, Any]:
    """The record; empty where there is none."""
    try:
        return json.loads(path_of(project).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}


def tables(project: Project) -> str:
    """The record as the page shows it."""
    found = read(project)
    if not found:
        return "<p>Nothing is recorded yet: run <code>make faults</code>.</p>"
    caught = sum(bool(fault["caught_by"]) for fault in found["faults"])
    faults = [
        [fault["part"], fault["name"], fault["caught_by"] or "nobody", f"<code>{html.escape(fault['finding'])}</code>"]
        for fault in found["faults"]
    ]
    return "\n".join([
        f"<p>Run on {found['date']}: <strong>{caught} of {len(found['faults'])} faults</strong> were named, each at "
        'its file and line. <a href="../faults.json">The same as data</a>.</p>',
        _estimates(found["estimates"]),
        _table("results", "Seeded faults", ["Part", "What is broken", "Named by", "What an author is told"], faults),
    ])  # fmt: skip


def _estimates(estimates: Sequence[dict[str, Any]]) -> str:
    used = [c for c in CATCHERS if any(c in one["killed_by"] for one in estimates)]
    rows, lists = [], []
    for one in estimates:
        killed = sum(one["killed_by"].values())
        share = 100 * killed / max(1, one["mutants"])
        counts = [str(one["killed_by"].get(catcher, 0)) for catcher in used]
        rows.append([one["design"], str(one["mutants"]), *counts, str(len(one["survivors"])), f"{share:.1f}%"])
        lists += [f"<li>{one['design']}, {html.escape(words)}</li>" for words in one["survivors"]]
    heads = ["Estimate", "Mutants", *(f"killed by {catcher}" for catcher in used), "Survivors", "Kill rate"]
    table = _table("counts", "Mutants of the estimates", heads, rows)  # bare numbers need their heads on a phone, too
    return f"{table}\n<p>Survivors:</p><ul>{''.join(lists)}</ul>" if lists else table


def _table(kind: str, label: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    body = "".join(f"<tr>{''.join(f'<td>{text}</td>' for text in row)}</tr>" for row in rows)
    return listings.table(kind, heads, body, about=label)
