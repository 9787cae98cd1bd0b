"""What a run found: findings for a terminal, Markdown for the issue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from scripts.findings import Finding
from scripts.links.cache import DAY, PATIENCE, Known
from scripts.links.collect import Place
from scripts.links.verdicts import ANCHOR, DEAD, FAILING, MOVED, REFUSED

#: The first line of the report, which `scripts.links.issue` reads.
TO_MEND = "<!-- links to mend: {} -->"

Named = Mapping[str, list[Place]]
_GROUPS = (
    (DEAD, "Dead", "Nothing is at these addresses any more. Cite an archived copy, or another source."),
    (ANCHOR, "Without their anchor", "The page is there, the place in it is not. Link to a place that is."),
    (FAILING, "Failing", f"Time-outs and errors of servers. They may pass; after {PATIENCE} days of runs they count."),
    (MOVED, "Moved for good", "They still lead there. Write the new address when you touch the text."),
    (REFUSED, "Refused to programs", "The host answers, but not to this check: look yourself, now and then."),
)


def findings(named: Named, known: Mapping[str, Known]) -> Iterator[tuple[Finding, bool]]:
    """Each thing that is not as it should be, at its first place, and whether it is an error rather than a hint."""
    for address, places in named.items():
        if address in known and (mend := _mend(known[address])):
            others = f" (and {len(places) - 1} more)" if len(places) > 1 else ""
            what = f"{address} {_what(known[address])}{others}"
            yield Finding(*places[0], what, mend), known[address].is_error


def _what(known: Known) -> str:
    answer = known.answer
    if answer.verdict == MOVED:
        return "has moved for good"
    said = {DEAD: "is dead", ANCHOR: "leads nowhere in its page", REFUSED: "is refused to programs", FAILING: "fails"}
    return f"{said[answer.verdict]}: {answer.detail}, first seen {known.since}"


def _mend(known: Known) -> str:
    answer = known.answer
    if answer.verdict == DEAD:
        return f"cite {answer.archived}" if answer.archived else "cite another source, or an archived copy"
    if answer.verdict == FAILING:
        return "replace it" if known.is_error else f"nothing yet: day {known.days} of {PATIENCE}"
    return {
        ANCHOR: "link to an anchor that is there",
        MOVED: f"write {answer.moved}",
        REFUSED: "look at it in a browser",
    }.get(answer.verdict, "")


def markdown(named: Named, known: Mapping[str, Known], now: float) -> str:
    """The report for the issue: groups with counts, each link with its places and since when it is so."""
    told = {address: known[address] for address in named if address in known}
    errors = sum(one.is_error for one in told.values())
    oldest = min((one.checked for one in told.values()), default=now)
    lines = [
        TO_MEND.format(errors),
        f"{len(told)} external links, {errors} to mend. The oldest answer is {(now - oldest) / DAY:.0f} days old.",
    ]
    for verdict, title, meaning in _GROUPS:
        group = {address: one for address, one in told.items() if one.answer.verdict == verdict}
        if group:
            lines += ["", f"## {title}: {len(group)}", "", meaning, ""]
            lines += [_item(address, one, named[address]) for address, one in group.items()]
    return "\n".join(lines) + "\n"


def _item(address: str, known: Known, places: list[Place]) -> str:
    answer = known.answer
    facts = [answer.detail, known.since and f"first seen {known.since}"]
    better = answer.moved or answer.archived
    better = better and f" → <{better}>"
    told = ", ".join(filter(None, facts))
    where = ", ".join(f"`{path}:{line}`" for path, line in places)
    return f"- <{address}>{better}{f' ({told})' if told else ''}: {where}"
