"""Invariants: where an estimate has the quantities of a law, its notebook states the law (`handbook.invariants`).

Told from units, from how a quantity is computed, and from a few words in names and labels; when in doubt, nothing is
said. A line `# no invariant: name: why` in the notebook exempts a quantity.
"""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from scripts.findings import Finding
from scripts.layout import Project
from scripts.store import Store

_EXEMPT = re.compile(r"^[ \t]*#[ \t]*no invariant:[ \t]*(?P<name>\w+)[ \t]*:?[ \t]*(?P<reason>.*)$", re.MULTILINE)
_TIME = re.compile(r"(?:nano|micro|milli)?second|minute|hour|day|week|month|year")
_DATA = re.compile(r"\w*(?:byte|bit)")
_SCALE = {"thousand", "million", "billion", "percent", "dimensionless", ""}
_PEAK, _MEAN = re.compile(r"\bpeak\b"), re.compile(r"\b(?:mean|average|avg)\b")
_COPIES = re.compile(r"\b(?:copies|replicas?|replication)\b")
_CONCURRENT = re.compile(r"\b(?:open|concurrent(?:ly)?|concurrency|in flight|under way|connected|little'?s? law)\b")
_EGRESS = re.compile(r"\b(?:egress|bandwidth|bytes sent|outgoing)\b")
_BUSY = re.compile(r"\bbusy\b")


@dataclass
class Notebook:
    """What a notebook states and exempts, with the lines; `sums` are its quantities that are nothing but a sum."""

    stated: set[tuple[str, str]] = field(default_factory=set)
    """Invariant and quantity, for each quantity that stands in a statement."""
    exempt: dict[str, tuple[int, str]] = field(default_factory=dict)
    sums: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Law:
    """An invariant that should be stated of a quantity: any of `by` will do; `call` is how."""

    name: str
    what: str
    by: tuple[str, ...]
    call: str


def findings(project: Project, store: Store) -> Iterator[Finding]:
    """Every law that a notebook could state and does not, at the line of the quantity."""
    for design in project.works:
        for path in design.notebooks:
            facts = {n: f.record for n, f in store.facts.get(design.slug, {}).items() if f.notebook == path.stem}
            try:
                yield from _notebook(project.relative(path), _read(path), facts)
            except (SyntaxError, UnicodeDecodeError, ValueError):
                continue  # a finding of its own


def _notebook(name: str, book: Notebook, facts: dict[str, dict[str, Any]]) -> Iterator[Finding]:
    used = set()
    for law in _laws(book, facts):
        if not any((invariant, law.name) in book.stated for invariant in law.by):
            used.add(law.name)
            if law.name not in book.exempt:
                mend = f"state {law.call}, or exempt it in a line: # no invariant: {law.name}: why"
                yield Finding(
                    name, facts[law.name]["line"], f'"{law.name}" is {law.what}, and no invariant says so', mend
                )
    for quantity, (line, reason) in book.exempt.items():
        if not reason.strip():
            yield Finding(name, line, "an exemption gives no reason", f"write # no invariant: {quantity}: why")
        elif quantity not in used:
            yield Finding(name, line, "an exemption exempts nothing", "take the comment out, or correct the name in it")


def _laws(book: Notebook, facts: dict[str, dict[str, Any]]) -> Iterator[Law]:
    zones = [name for name, fact in facts.items() if _unit(fact) == {"zone": 1}]
    for name, fact in facts.items():
        if fact["kind"] != "derived":
            continue
        inputs = {other: facts[other] for other in fact["inputs"] if other in facts}
        yield from _capacity(name, fact, facts)
        yield from _storage(name, fact, inputs)
        yield from _little(name, fact, inputs)
        yield from _egress(name, fact, inputs)
        yield from _nodes(name, fact, inputs)
        yield from _sum(name, fact, book)
        if _BUSY.search(_words(fact)) and zones and len(_unit(fact)) == 1:
            call = f"invariants.utilisation({name}, <nodes>, {zones[0]})"
            yield Law(name, "what is busy at peak", ("utilisation",), call)


def _capacity(name: str, fact: dict[str, Any], facts: dict[str, dict[str, Any]]) -> Iterator[Law]:
    """A peak and a mean of one unit whose names (or labels) differ in just that word."""
    for other, mean in facts.items():
        if _unit(mean) == _unit(fact) and _unit(fact)["time"] == -1 and any(
            _PEAK.search(of_peak) and _MEAN.search(of_mean) and _PEAK.sub("", of_peak) == _MEAN.sub("", of_mean)
            for of_peak, of_mean in ((_name(fact), _name(mean)), (fact["label"].lower(), mean["label"].lower()))
        ):  # fmt: skip
            call = f"invariants.capacity(<capacity>, {name}, {other})"
            yield Law(name, f'a peak whose mean is "{other}"', ("capacity",), call)


def _storage(name: str, fact: dict[str, Any], inputs: dict[str, dict[str, Any]]) -> Iterator[Law]:
    copies = [n for n, f in inputs.items() if not _unit(f) and _COPIES.search(_words(f))]
    kept = [n for n, f in inputs.items() if _unit(f) == {"time": 1}]
    if _unit(fact) == {"data": 1} and copies and kept and any(_unit(f)["time"] == -1 for f in inputs.values()):
        call = f"invariants.storage({name}, <bytes written in a unit of time>, {copies[0]}, {kept[0]})"
        yield Law(name, "written bytes × copies × the time they are kept", ("storage",), call)


def _little(name: str, fact: dict[str, Any], inputs: dict[str, dict[str, Any]]) -> Iterator[Law]:
    rates = [n for n, f in inputs.items() if _unit(f)["time"] == -1]
    times = [n for n, f in inputs.items() if _unit(f)["time"] == 1]
    if len(inputs) == 2 and rates and times and not _unit(fact)["time"] and _CONCURRENT.search(_words(fact)):
        call = f"invariants.little({name}, {rates[0]}, {times[0]})"
        yield Law(name, "a concurrency, a rate times a duration", ("little",), call)


def _egress(name: str, fact: dict[str, Any], inputs: dict[str, dict[str, Any]]) -> Iterator[Law]:
    sizes = [n for n, f in inputs.items() if _unit(f)["data"] == 1 and not _unit(f)["time"] and len(_unit(f)) == 2]
    sent = [n for n, f in inputs.items() if _unit(f)["time"] == -1 and not _unit(f)["data"]]
    if _unit(fact) == {"data": 1, "time": -1} and sizes and sent and _EGRESS.search(_words(fact)):
        call = f"invariants.egress({name}, {sent[0]}, {sizes[0]})"
        yield Law(name, "what is sent times its size", ("egress",), call)


def _nodes(name: str, fact: dict[str, Any], inputs: dict[str, dict[str, Any]]) -> Iterator[Law]:
    """A number of nodes that was rounded up from a demand over what one node takes."""
    unit = _unit(fact)
    if len(unit) != 1 or not fact["formula"].startswith("ceil("):
        return
    (node,) = unit
    for capacity, one in inputs.items():
        demands = [other for other, f in inputs.items() if _unit(one)[node] == -1 and _unit(f) == _plus(one, node)]
        if demands:
            call = f"invariants.nodes({name}, {capacity}, {demands[0]})"
            yield Law(name, "a demand over the capacity of one, rounded up", ("nodes",), call)


def _sum(name: str, fact: dict[str, Any], book: Notebook) -> Iterator[Law]:
    if parts := book.sums.get(name):
        law = "cost" if _unit(fact)["USD"] else "parts"
        call = f"invariants.{law}({name}, {', '.join(parts)})"
        yield Law(name, "the sum of its parts", ("cost", "parts"), call)


def _name(fact: dict[str, Any]) -> str:
    return fact["name"].replace("_", " ")


def _words(fact: dict[str, Any]) -> str:
    return f"{_name(fact)}: {fact['label'].lower()}"


def _unit(fact: dict[str, Any]) -> Counter[str]:
    """The dimensions of a fact. Only to be read."""
    return _dimensions(fact["unit"])


@cache
def _dimensions(unit: str) -> Counter[str]:
    """The dimensions of a unit as facts write it, "megabyte / node / second": data 1, node -1, time -1."""
    found: Counter[str] = Counter()
    for sign, part in re.findall(r"(^|[*/]) *([^*/]*)", unit.replace("**", "^").strip()):
        word, _, power = part.strip().partition("^")
        if word.strip() not in {*_SCALE, "1"}:
            kind = (
                "time" if _TIME.fullmatch(word.strip()) else "data" if _DATA.fullmatch(word.strip()) else word.strip()
            )
            found[kind] += int(float(power or 1)) * (-1 if sign == "/" else 1)
    return Counter({kind: power for kind, power in found.items() if power})


def _plus(fact: dict[str, Any], node: str) -> Counter[str]:
    """The unit of what one node takes, for all nodes together."""
    return Counter({kind: power for kind, power in _unit(fact).items() if kind != node})


def _read(path: Path) -> Notebook:
    """What a notebook says. Raises SyntaxError, UnicodeDecodeError."""
    text = path.read_text(encoding="utf-8")
    book = Notebook()
    for found in _EXEMPT.finditer(text):
        book.exempt[found["name"]] = (text.count("\n", 0, found.start()) + 1, found["reason"])
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            names = [inner.id for argument in node.args for inner in ast.walk(argument) if isinstance(inner, ast.Name)]
            book.stated |= {(called, name) for name in names}
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (parts := _parts(node.value)):
            book.sums[node.targets[0].id] = parts
    return book


def _parts(value: ast.expr) -> list[str]:
    """The names that an expression adds up; none where it does anything else."""
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        left, right = _parts(value.left) or _lone(value.left), _parts(value.right) or _lone(value.right)
        return [*left, *right] if left and right else []
    if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id == "total":
        names = [argument.id for argument in value.args if isinstance(argument, ast.Name)]
        return names if len(names) == len(value.args) > 1 else []
    return []


def _lone(value: ast.expr) -> list[str]:
    return [value.id] if isinstance(value, ast.Name) else []
