"""What every estimate must satisfy, whatever its numbers: statements that raise when a design contradicts itself.

A cell states one: `invariants.little(connections, peak_rate, smtp_time)`. It takes quantities, or plain floats in base
units, and returns what it compared, so that the last one of a cell shows it. `broken` checks the same statements for
other assumptions, without raising, so that a page can tell its reader.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import escape
from typing import Any

from handbook import units
from handbook.cells import Cell, Statement, statements
from handbook.comparisons import Comparison, ComparisonModel, require_comparable, shown, with_units
from handbook.errors import InputError

_SIGN = {">=": "≥", "<=": "≤", "==": "=", "<": "<", ">": ">"}
_quiet = False


class InvariantError(InputError):
    """An estimate contradicts itself. `argument` and `value` are the left side, `allowed` says what it must be."""

    def __init__(self, argument: str, value: object, allowed: str) -> None:
        super().__init__(argument, value, allowed)
        self.args = (f"{argument} = {value} is not allowed: {allowed}",)


@dataclass(frozen=True, eq=False)
class Side(Comparison):
    """One comparison of an invariant, with what its sides are in words."""

    of_left: str
    of_right: str

    @property
    def text(self) -> str:
        """`capacity 40 thousand messages/s ≥ peak 34.7 thousand messages/s`, with the sign struck out if it fails."""
        sign = _SIGN[self.sign] if self.holds else {">=": "<", "<=": ">", "==": "≠", "<": "≥", ">": "≤"}[self.sign]
        return f"{self.of_left} {shown(self.left)} {sign} {self.of_right} {shown(self.right)}"


@dataclass(frozen=True, eq=False)
class Check:
    """An invariant that was checked: its name and the comparisons that it is made of."""

    statement: str
    sides: tuple[Side, ...]

    @property
    def holds(self) -> bool:
        """Whether all of it is true."""
        return all(side.holds for side in self.sides)

    def __bool__(self) -> bool:
        return self.holds

    def __repr__(self) -> str:
        mark = "holds" if self.holds else "is broken"
        return f"{self.statement} {mark}: {'; '.join(side.text for side in self.sides)}"

    def _repr_html_(self) -> str:
        return f'<p class="invariant">{escape(repr(self))}</p>'


@contextmanager
def without_raising() -> Iterator[None]:
    """Within this block a broken invariant is shown like one that holds, with its sign struck out."""
    global _quiet
    before, _quiet = _quiet, True
    try:
        yield
    finally:
        _quiet = before


def _check(statement: str, *sides: tuple[str, Any, str, str, Any]) -> Check:
    """Compare all sides: (what the left is, left, sign, what the right is, right)."""
    compared = []
    for of_left, left, sign, of_right, right in sides:
        require_comparable(of_left, left, of_right, right)
        compared.append(Side(left, sign, right, of_left, of_right))
    check = Check(statement, tuple(compared))
    broken = next((side for side in check.sides if not side.holds), None)
    if broken is not None and not _quiet:
        must = {"==": "equal to", ">=": "at least", "<=": "at most", "<": "below", ">": "above"}[broken.sign]
        allowed = f"{must} {broken.of_right} = {shown(broken.right)} ({statement})"
        raise InvariantError(broken.of_left, shown(broken.left), allowed)
    return check


def _product(**factors: Any) -> Any:
    result: Any = 1.0
    for name, factor in factors.items():
        _require_size(name, factor)
        result = result * factor
    return result


def _require_size(name: str, value: Any) -> None:
    number = isinstance(value, int | float | units.Quantity) and not isinstance(value, bool)
    if not number or not math.isfinite(units.base(value)) or (units.base(value) < 0 and not _quiet):
        raise InputError(name, value, "a finite quantity of at least 0")


def capacity(capacity: Any, peak: Any, average: Any = None) -> Check:
    """Capacity ≥ peak ≥ average, all rates (or all amounts) of one dimension. Raises InvariantError, InputError."""
    sides = [("capacity", capacity, ">=", "peak", peak)]
    if average is not None:
        sides.append(("peak", peak, ">=", "average", average))
    return _check("capacity ≥ peak ≥ average" if average is not None else "capacity ≥ peak", *sides)


def storage(stored: Any, written: Any, replication: Any, retention: Any) -> Check:
    """Stored bytes ≥ bytes written in a unit of time × copies × time kept. Raises InvariantError, InputError."""
    needed = _product(written=written, replication=replication, retention=retention)
    name = "stored ≥ written × replication × retention"
    return _check(name, ("stored", stored, ">=", "written × replication × retention", needed))


def egress(egress: Any, deliveries: Any, size: Any) -> Check:
    """Egress = deliveries × size, where deliveries count every copy that leaves. Raises InvariantError, InputError."""
    sent = _product(deliveries=deliveries, size=size)
    return _check("egress = deliveries × size", ("egress", egress, "==", "deliveries × size", sent))


def little(concurrency: Any, rate: Any, duration: Any) -> Check:
    """Little's law, concurrency = rate × duration, in a steady state. Raises InvariantError, InputError."""
    inside = _product(rate=rate, duration=duration)
    return _check("Little's law", ("concurrency", concurrency, "==", "rate × duration", inside))


def utilisation(busy: Any, nodes: Any, zones: Any, lost: float = 1) -> Check:
    """Busy nodes < nodes at peak, also when `lost` of `zones` even zones are gone (plain numbers or in `zone`).

    Raises InvariantError; InputError where no zone would be left.
    """
    _require_size("busy", busy)
    _require_size("zones", zones)
    if not 0 <= lost < units.base(zones):
        raise InputError("lost", lost, f"a number from 0 to below the number of zones, {units.base(zones):g}")
    share = 1 - lost / units.base(zones)
    require_comparable("busy", busy, "nodes", nodes)
    return _check(
        "utilisation < 1 at peak and after the loss of a zone",
        ("busy nodes", busy, "<", "nodes", nodes),
        ("busy nodes", busy, "<", "nodes left", nodes * share),
    )


def nodes(nodes: Any, node_capacity: Any, demand: Any) -> Check:
    """Nodes × the capacity of one ≥ demand. Raises InvariantError, InputError."""
    whole = _product(nodes=nodes, node_capacity=node_capacity)
    return _check("nodes × capacity ≥ demand", ("nodes × node capacity", whole, ">=", "demand", demand))


def parts(whole: Any, *parts: Any) -> Check:
    """The parts of a whole sum to it. Raises InvariantError; InputError for no parts or other dimensions."""
    for part in parts:
        require_comparable("whole", whole, "parts", part)
    return _check("the parts sum to the whole", ("whole", whole, "==", "sum of the parts", units.total(*parts)))


def cost(cost: Any, *parts: Any) -> Check:
    """Cost = the sum of its parts. Raises InvariantError; InputError for no parts or other dimensions."""
    for part in parts:
        require_comparable("cost", cost, "parts", part)
    return _check("cost = sum of its parts", ("cost", cost, "==", "sum of its parts", units.total(*parts)))


class InvariantModel:
    """The invariants that a notebook states, as a function of its assumptions.

    They are the expression statements of cells, at top level, that call a function of this module.
    """

    def __init__(self, cells: Sequence[Cell], namespace: Mapping[str, Any]) -> None:
        self.statements = {f"check_{s.node.lineno}": s for s in statements(cells) if _is_check(s, namespace)}
        self.published: dict[str, Check] = {
            name: eval(ast.unparse(s.node), dict(namespace)) for name, s in self.statements.items()
        }
        compared: dict[str, tuple[str, Comparison]] = {}
        for name, check in self.published.items():
            source = ast.unparse(self.statements[name].node)
            for number, side in enumerate(check.sides):
                compared[f"{name}_{number}"] = (f"({source}).sides[{number}]", side)
        self._compared = ComparisonModel(cells, namespace, compared)

    def __call__(self, **values: float) -> dict[str, Check]:
        """All invariants for these assumptions (floats in base units, by name), with units; none raises."""
        with without_raising():
            found = self._compared(**values)
        return {
            name: replace(
                check, sides=tuple(with_units(found[f"{name}_{i}"], side) for i, side in enumerate(check.sides))
            )
            for name, check in self.published.items()
        }

    def broken(self, **values: float) -> list[Check]:
        """The invariants that do not hold for these assumptions."""
        return [check for check in self(**values).values() if not check.holds]


def _is_check(statement: Statement, namespace: Mapping[str, Any]) -> bool:
    node = statement.node
    if not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Call)):
        return False
    called: Any = None
    if isinstance(node.value.func, ast.Name):
        called = namespace.get(node.value.func.id)
    elif isinstance(node.value.func, ast.Attribute) and isinstance(node.value.func.value, ast.Name):
        called = getattr(namespace.get(node.value.func.value.id), node.value.func.attr, None)
    return getattr(called, "__module__", None) == __name__


def checks(cells: Sequence[Cell], namespace: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every invariant that a notebook states, ready for JSON."""
    model = InvariantModel(cells, namespace)
    return [
        {
            "name": name,
            "statement": check.statement,
            "holds": check.holds,
            "words": repr(check),
            "line": model.statements[name].node.lineno,
            "section": model.statements[name].cell.section,
        }
        for name, check in model.published.items()
    ]
