"""What an estimate takes for granted: each with a plausible range and either a source or a reason."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

from handbook.errors import InputError
from handbook.units import Q, Quantity, is_finite


@dataclass(frozen=True)
class Assumption:
    """A declared assumption. `low` and `high` are quantities too, or None where the value is fixed."""

    label: str
    quantity: Any
    low: Any
    high: Any
    source: str | None
    because: str | None
    simulated: bool = False

    @property
    def kind(self) -> str:
        """`sourced` when a source gives the figure itself, `simulated` when a simulation does, else `assumed`."""
        return "simulated" if self.simulated else "sourced" if self.source else "assumed"

    @property
    def exact(self) -> bool:
        """Whether every digit was written by an author. A mean of runs is rounded like a result."""
        return not self.simulated


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

    Raises InputError for no label, a value outside its range, an unknown unit, or neither source nor reason.

    >>> size = assume("Size of an event", 0.6, "kB/event", between=(0.3, 2), because="Ids, time, kind")
    >>> print(size)
    0.6 kilobyte / event
    >>> assume("Size of an event", 0.6, "kB/event")
    Traceback (most recent call last):
    handbook.errors.InputError: because = None is not allowed: a source or a reason for 'Size of an event'
    """
    if not _is_text(label):
        raise InputError("label", label, "words that say what is assumed")
    if not (_is_text(source) or _is_text(because)):
        raise InputError("because", because, f"a source or a reason for {label!r}")
    quantity = Q(value, unit)
    low, high = (None, None) if between is None else _range(between, value, unit)
    if isinstance(quantity, Quantity):  # not within `plain()`, where every run would leave another float behind
        _declared[id(quantity)] = Assumption(label, quantity, low, high, source, because)
    return quantity


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _range(between: object, value: float, unit: str) -> tuple[Any, Any]:
    allowed = f"a range (low, high) of finite numbers that holds the value {value!r}"
    if not isinstance(between, tuple | list) or len(between) != 2 or not all(map(is_finite, between)):
        raise InputError("between", between, allowed)
    if not between[0] <= value <= between[1]:
        raise InputError("between", between, allowed)
    return Q(between[0], unit), Q(between[1], unit)


def simulated(
    label: str, interval: Any, unit: str, because: str, least: float = -math.inf, most: float = math.inf
) -> Any:
    """Name the result of a simulation: the mean of an `Interval` of `handbook.simulation`, in `unit`.

    The ends of the interval become the range that is shown, cut at `least` and `most`, in `unit`, where a share or a
    time must end; `because` says over what it was taken. It is no
    assumption that a reader can move: moving one means running the simulation again. Raises InputError.
    """
    ends = max(least, interval.low), min(most, interval.high)
    quantity, low, high = (Q(number, unit) for number in (interval.mean, *ends))
    _declared[id(quantity)] = Assumption(label, quantity, low, high, None, because, simulated=True)
    return quantity


def moved(quantity: Any, value: float) -> Any:
    """A declared assumption with another value, in base units: the same declaration on a new quantity."""
    own = Quantity(float(value), quantity.to_base_units().units).to(quantity.units)
    _declared[id(own)] = replace(_declared[id(quantity)], quantity=own)
    return own


def declaration(quantity: Any) -> Assumption | None:
    """The declaration behind a quantity that `assume` returned, else None."""
    found = _declared.get(id(quantity))
    return found if found is not None and found.quantity is quantity else None


def label(name: str, quantity: Any, comment: str = "") -> str:
    """What to call a quantity: as declared, else the comment beside its line, else its name in words."""
    declared = declaration(quantity)
    return declared.label if declared else comment or name.replace("_", " ").capitalize()
