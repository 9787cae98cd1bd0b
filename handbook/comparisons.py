"""Two quantities compared: what decisions and invariants have in common, and how both follow the assumptions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import pint

from handbook import rounding, units
from handbook.assumptions import declaration
from handbook.cells import Cell
from handbook.errors import InputError
from handbook.estimate import Model

#: How a comparison is said, and how when it does not hold.
SIGNS = {
    ">": ("above", "not above"),
    ">=": ("at least", "below"),
    "<": ("below", "not below"),
    "<=": ("at most", "above"),
    "==": ("equal to", "not equal to"),
}

#: Two sides of `==` may differ by a millionth, and those of `>=` and `<=` overlap by a billionth: float noise.
_EQUAL, _NOISE = 1e-6, 1e-9


@dataclass(frozen=True, eq=False)
class Comparison:
    """`left sign right`, two quantities of one dimension; plain floats in base units in a compiled run."""

    left: Any
    sign: str
    right: Any

    @property
    def margin(self) -> float:
        """By how much it holds, in base units: above 0 when it does, below 0 when it does not."""
        left, right = units.base(self.left), units.base(self.right)
        if self.sign == "==":
            return _EQUAL * max(abs(left), abs(right)) - abs(left - right)
        return left - right if self.sign in (">", ">=") else right - left

    @property
    def holds(self) -> bool:
        """Whether it is true."""
        if self.sign in (">", "<"):
            return self.margin > 0
        return self.margin >= -_NOISE * max(abs(units.base(self.left)), abs(units.base(self.right)))

    @property
    def words(self) -> str:
        """Both sides with units: `$319 thousand/month is not below $251 thousand/month`."""
        said = SIGNS[self.sign][0 if self.holds else 1]
        return f"{shown(self.left)} is {said} {shown(self.right)}"


C = TypeVar("C", bound=Comparison)


def shown(side: Any) -> str:
    """A side of a comparison as a table shows it; an assumption with every digit that its author wrote."""
    declared = declaration(side)
    return rounding.full(side, exact=declared is not None and declared.exact)


def require_comparable(left_name: str, left: Any, right_name: str, right: Any) -> None:
    """Raise InputError unless both are finite numbers or quantities, of one dimension."""
    for name, side in ((left_name, left), (right_name, right)):
        number = isinstance(side, int | float) and not isinstance(side, bool)
        if not (number or isinstance(side, units.Quantity)) or not math.isfinite(units.base(side)):
            raise InputError(name, side, "a finite number or quantity")
    try:
        left - right
    except pint.DimensionalityError:
        wanted = f"a quantity in {units.registry.Quantity(left).to_base_units().units or 'no unit'}"
        raise InputError(right_name, right, f"{wanted}, as {left_name} = {left}") from None


def with_units(compared: Comparison, like: C) -> C:
    """The comparison of a compiled run, in the units of the published one and with all else that it says."""
    return replace(like, left=_rewrapped(compared.left, like.left), right=_rewrapped(compared.right, like.right))


def _rewrapped(number: float, like: Any) -> Any:
    return in_unit_of(like, number) if isinstance(like, units.Quantity) else number


def in_unit_of(like: Any, number: float) -> Any:
    """`number`, in base units, as a quantity in the unit of `like`."""
    if not isinstance(like, units.Quantity):
        return units.Quantity(float(number), "")
    return units.Quantity(float(number), like.to_base_units().units).to(like.units)


def sliced(cells: Sequence[Cell], namespace: Mapping[str, Any], wanted: Mapping[str, Any]) -> Model:
    """The model of a notebook that computes nothing but `wanted` (name → quantity), hence faster than all of it."""
    assumptions = {name: value for name, value in namespace.items() if declaration(value) is not None}
    return Model(cells, {**assumptions, **wanted})


class ComparisonModel:
    """What a notebook compares, as a function of its assumptions.

    `compared` maps a name to the expression that gives an object with `left` and `right`, and to its published value.
    The sides become derived facts of a cell that is written here, so that the notebook's own code computes them.
    Raises InputError where the compiled cells compute something else, or nothing.
    """

    def __init__(
        self, cells: Sequence[Cell], namespace: Mapping[str, Any], compared: Mapping[str, tuple[str, Comparison]]
    ) -> None:
        self.published = {name: comparison for name, (_, comparison) in compared.items()}
        lines, wanted = [], {}
        for name, (expression, comparison) in compared.items():
            for side in ("left", "right"):
                lines.append(f"{side}_of_{name} = ({expression}).{side}")
                wanted[f"{side}_of_{name}"] = in_unit_of(
                    getattr(comparison, side), units.base(getattr(comparison, side))
                )
        self.model = sliced([*cells, Cell("\n".join(lines))], namespace, wanted)
        for side, (held, computed) in self.model.disagreements().items():
            raise InputError(side, held, f"what the compiled cells compute, {computed!r}: run all cells, in order")

    def __call__(self, **values: float) -> dict[str, Comparison]:
        """The comparisons for these assumptions, in base units: `.holds` and `.margin` say how they turn out."""
        found = self.model(**values)
        return {
            name: Comparison(found[f"left_of_{name}"], published.sign, found[f"right_of_{name}"])
            for name, published in self.published.items()
        }
