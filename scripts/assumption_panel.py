"""The assumptions of a design as a reader meets them: first those that can turn a decision over, then all the others.

It is a plain table with its reasons and ranges. Where the page can recompute itself, docs/assets/scripts/live.js puts
an input and a slider into each row; what those need stands in the row's data attributes, in the author's own unit.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable
from typing import Any

from scripts import listings
from scripts.store import Fact, Store

#: How a unit is written behind an input. A count keeps its name.
_SHORT = {
    "percent": "%", "dimensionless": "", "kilobyte": "kB", "megabyte": "MB", "gigabyte": "GB", "terabyte": "TB",
    "byte": "B", "second": "s", "millisecond": "ms", "minute": "min", "hour": "h",
}  # fmt: skip
_SCALES = {"thousand", "million", "billion"}
_UNCOUNTED = set(_SHORT.values()) | {"USD"}
_BEGINNING = "To begin with"
_WHERE = re.compile(r"” is (.+?)(?:, outside its plausible range)? \(now ")
_WITHOUT = (
    "These are the published values. To change them here, the page needs JavaScript, a current browser, and to be "
    "read from a web server."
)


def panel(store: Store, design: str) -> str:
    """The panel: what turns a decision over, what is decided now, and every other assumption by its heading."""
    facts = [f for f in store.facts.get(design, {}).values() if f.kind in ("assumed", "sourced")]
    decisions = store.decisions.get(design, {})
    turning = _turning(decisions)
    levers = [f for f in facts if f.name in turning] or facts
    others = [f for f in facts if f not in levers]
    first = _table("assumptions that turn a decision over", levers, store, turning)
    folded = "".join(
        f'<details class="levers-group"><summary>{html.escape(title)} <span>{len(group)}</span></summary>'
        f"{_table(title, group, store, {})}</details>"
        for title, group in _by_heading(store, design, others).items()
    )
    verdicts = f'<h3 class="levers-heading">What is decided</h3>{_verdicts(design, decisions)}' if decisions else ""
    rest = f'<h3 class="levers-heading">The other {len(others)} assumptions</h3>{folded}' if others else ""
    return (
        f'<section class="levers" id="assumptions" data-levers="{design}" aria-labelledby="levers-title">'
        f'<p class="levers-title" id="levers-title"><strong>Change an assumption.</strong> '
        f"{_lead(len(levers), len(others), bool(turning))}</p>"
        f'<p class="levers-status" role="status">{_WITHOUT}</p>{first}{verdicts}{rest}</section>'
    )


def _lead(levers: int, others: int, turning: bool) -> str:
    if not turning:
        return f"Each of these {levers} moves the numbers of this chapter."
    return (
        f"Of {levers + others}, these {levers} can turn a decision over, each alone and within its plausible range. "
        "Its range says where."
    )


def _turning(decisions: dict[str, dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """By the name of an assumption, the plausible values at which it turns a decision over."""
    found: dict[str, list[dict[str, Any]]] = {}
    for decision in decisions.values():
        for threshold in decision["thresholds"]:
            where = _WHERE.search(threshold["words"])
            if threshold["plausible"] and where:
                words = f"{where[1]}: {decision['alternative']}"
                found.setdefault(threshold["over"], []).append({"values": threshold["values"], "words": words})
    return found


def _by_heading(store: Store, design: str, facts: Iterable[Fact]) -> dict[str, list[Fact]]:
    """The facts under the headings of the notebook's own page."""
    headings = store.headings(design)
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(headings.get(fact.cell) or _BEGINNING, []).append(fact)
    return found


def _table(kind: str, facts: list[Fact], store: Store, turning: dict[str, list[dict[str, Any]]]) -> str:
    rows = "".join(_row(fact, store, turning.get(fact.name, [])) for fact in facts)
    columns = ("Assumption", "Value", "Plausible range", "Why, or whose figure")
    return listings.table("assumptions", columns, rows, about=kind)


def _row(fact: Fact, store: Store, turning: list[dict[str, Any]]) -> str:
    flips = "".join(f"<li>{html.escape(turn['words'])}</li>" for turn in turning)
    low, _, high = fact.range.partition(" to ")
    ends = f'<span class="lever-ends"><span>{low}</span> to <span>{high}</span></span>' if high else "fixed"
    return (
        f'<tr class="lever" id="assumption-{fact.name}" {_data(fact, turning)}>'
        f'<th scope="row">{html.escape(fact.label)}</th><td class="number lever-value">{fact.full}</td>'
        f'<td class="lever-range">{ends}{f"<ul>{flips}</ul>" if flips else ""}</td>'
        f'<td class="lever-why">{listings.reason(fact, store)}</td></tr>'
    )


def _data(fact: Fact, turning: list[dict[str, Any]]) -> str:
    """What a slider needs to know, as attributes; magnitudes in the author's unit."""
    known: dict[str, Any] = {"lever": fact.name, "value": fact.value, "unit": unit_words(fact.unit, fact.value)}
    if fact.record["low"] is not None:
        known |= {"low": fact.low, "high": fact.high}
    if turning and fact.value:
        size = fact.base / fact.value
        known["flips"] = json.dumps([float(f"{value / size:.6g}") for turn in turning for value in turn["values"]])
    return " ".join(f'data-{name}="{html.escape(_written(value))}"' for name, value in known.items())


def _written(value: Any) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def unit_words(unit: str, value: float = 2) -> str:
    """A unit as it stands behind an input: `message / second / server` is "messages per second per server".

    >>> unit_words("USD / message / thousand"), unit_words("kilobyte / event"), unit_words("percent")
    ('USD per thousand messages', 'kB per event', '%')
    >>> unit_words("query / second / server")
    'queries per second per server'
    """
    above, *below = unit.split(" / ")
    factors = above.split(" * ")
    parts = [_SHORT.get(factors[0], factors[0])] if len(factors) == 1 else factors
    if parts[-1] not in _UNCOUNTED | {"1"} and value != 1:
        parts[-1] = _plural(parts[-1])
    scale = next((part for part in below if part in _SCALES), None)
    counted = [part for part in below if part not in _SCALES]
    if scale and counted:
        counted[0] = f"{scale} {_plural(counted[0])}"
    written = "" if parts == ["1"] else "-".join(parts)
    return " per ".join([written, *(_SHORT.get(part, part) if len(part) > 6 else part for part in counted)]).strip()


def _plural(noun: str) -> str:
    """By the rules of English; what the library knows of its nouns would cost 0.15 s to ask."""
    if noun in ("person", "people"):
        return "people"
    if noun.endswith("y") and not noun.endswith(("ay", "ey", "oy")):
        return f"{noun[:-1]}ies"
    return noun + ("es" if noun.endswith("s") else "s")


def _verdicts(design: str, decisions: dict[str, dict[str, Any]]) -> str:
    lines = "".join(listings.decision_line(design, decision) for decision in decisions.values())
    return f'<ul class="verdicts">{lines}</ul>'
