"""What an estimate takes for granted: each with a plausible range and either a source or a reason."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handbook.errors import InputError
from handbook.units import Q, base


@dataclass(frozen=True)
class Assumption:
    """A declared assumption. `low` and `high` are quantities too, or None where the value is fixed."""

    label: str
    quantity: Any
    low: Any
    high: Any
    source: str | None
    because: str | None

    @property
    def kind(self) -> str:
        """`sourced` when a source gives the figure itself, else `assumed`."""
        return "sourced" if self.source else "assumed"


#: By the identity of the quantity that `assume` returned: this is how a name in a notebook finds its declaration.
_declared: dict[int, Assumption] = {}


def assume(
    label: str,
    value: float,
    unit: str = "",
    *,
    between: tuple[float, float] | None = None,
    source: str | None = None,
    because: str | None = None,
) -> Any:
    """Declare an assumption and return it as a quantity.

    `between` is the plausible range, in the same unit; leave it out for what is fixed by definition or by a contract.
    `source` is an id of the bibliography that gives this figure; `because` says why this value, where none does.

    Raises InputError for a value outside its range, an unknown unit, or neither source nor reason.
    """
    if not (source or because):
        raise InputError("because", because, f"{label!r} needs a source or a reason")
    quantity = Q(value, unit)
    low = high = None
    if between is not None:
        low, high = (Q(edge, unit) for edge in between)
        if not base(low) <= base(quantity) <= base(high):
            raise InputError("between", between, f"a range (low, high) that holds the value {value!r}")
    _declared[id(quantity)] = Assumption(label, quantity, low, high, source, because)
    return quantity


def declaration(quantity: Any) -> Assumption | None:
    """The declaration behind a quantity that `assume` returned, else None."""
    found = _declared.get(id(quantity))
    return found if found is not None and found.quantity is quantity else None


def label(name: str, quantity: Any, comment: str = "") -> str:
    """What to call a quantity: as declared, else the comment beside its line, else its name in words."""
    declared = declaration(quantity)
    return declared.label if declared else comment or name.replace("_", " ").capitalize()
