"""Quantities with units, in a registry of our own.

Everything that can be counted (members, messages, requests, streams …) is a dimension, and so are bits and money.
Pint's own registry treats counts and bits as plain numbers, so that `3 byte + 1` silently works; here it is an error,
and so is mistaking a number of open streams for a rate of requests.

The same notebook cells also run on plain floats in base units (`plain()`): about 700 times faster, which sampling
needs. Cells therefore keep to arithmetic and to the functions of this module.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pint

from handbook.errors import InputError

#: What can be counted: singular → plural. Each is a dimension and its own base unit.
COUNTS = {
    "address": "addresses", "attempt": "attempts", "byte_range": "byte ranges", "campaign": "campaigns",
    "candidate": "candidates", "client": "clients", "connection": "connections", "delivery": "deliveries",
    "device": "devices", "event": "events", "item": "items", "key": "keys", "member": "members",
    "message": "messages", "node": "nodes", "partition": "partitions", "person": "people", "profile": "profiles",
    "query": "queries", "replica": "replicas", "request": "requests", "room": "rooms", "row": "rows",
    "server": "servers", "session": "sessions", "stream": "streams", "title": "titles", "worker": "workers",
    "zone": "zones",
}  # fmt: skip

#: Words that scale a number and have no dimension.
SCALES = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12}

#: Time units that an author may choose, in seconds. A year has 365 days, a month a twelfth of it.
TIMES = {"second": 1, "minute": 60, "hour": 3600, "day": 86400, "week": 604800, "month": 2628000, "year": 31536000}

_SYMBOLS = {"second": "s", "minute": "min", "hour": "h"}


def _definitions() -> list[str]:
    prefixes = {"nano": (1e-9, "n"), "micro": (1e-6, "µ"), "milli": (1e-3, "m"), "kilo": (1e3, "k"),
                "mega": (1e6, "M"), "giga": (1e9, "G"), "tera": (1e12, "T"), "peta": (1e15, "P"),
                "exa": (1e18, "E")}  # fmt: skip
    lines = [f"{name}- = {factor} = {symbol}-" for name, (factor, symbol) in prefixes.items()]
    lines += ["second = [time] = s"]
    lines += [f"{n} = {f} * second = {_SYMBOLS.get(n, '_')}" for n, f in TIMES.items() if n != "second"]
    lines += ["byte = [information] = B", "bit = byte / 8 = _", "USD = [money] = _"]
    lines += [f"{name} = {factor} = _" for name, factor in SCALES.items()]
    lines += ["percent = 0.01 = _"]
    lines += [
        f"{noun} = [{noun}] = _" + (f" = {plural}" if " " not in plural else "") for noun, plural in COUNTS.items()
    ]
    return lines


registry = pint.UnitRegistry(None, autoconvert_to_preferred=False)
registry.load_definitions(_definitions())
Quantity = registry.Quantity

_plain = False


@contextmanager
def plain() -> Iterator[None]:
    """Within this block quantities are plain floats in base units (second, byte, USD, one of each count)."""
    global _plain
    before, _plain = _plain, True
    try:
        yield
    finally:
        _plain = before


@cache
def factor(unit: str) -> float:
    """How many base units one `unit` is: `factor("kB/hour")` = 1000 / 3600. Raises InputError for an unknown unit."""
    try:
        return float(Quantity(1.0, unit).to_base_units().magnitude)
    except (pint.UndefinedUnitError, AttributeError, ValueError, TypeError) as error:
        raise InputError("unit", unit, f"a unit of the registry ({error})") from None


def Q(value: float, unit: str = "") -> Any:  # noqa: N802 - the field's usual short name for a quantity
    """A quantity: `Q(2.8, "kB/event")`. Raises InputError for a value that is no finite number or an unknown unit."""
    if _plain:
        return value * factor(unit)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise InputError("value", value, "a finite number")
    factor(unit)
    quantity = Quantity(value, unit)
    return quantity.to(_unscaled(quantity.units)) if any(word in unit for word in SCALES) else quantity


def _unscaled(units: Any) -> Any:
    """Without "million" and the like above the line, so that they do not travel through products."""
    for word in SCALES:
        while dict(units._units).get(word, 0) > 0:
            units = units / registry.Unit(word)
    return units


def to(quantity: Any, unit: str) -> Any:
    """The same quantity in another unit, so that it is shown in that unit. Raises pint.DimensionalityError."""
    return quantity if _plain else quantity.to(unit)


def base(quantity: Any) -> float:
    """The plain number of a quantity in base units. A plain number is returned as it is."""
    return float(quantity.to_base_units().magnitude) if isinstance(quantity, Quantity) else float(quantity)


def _rewrap(quantity: Any, number: float) -> Any:
    """`number` (base units) in the unit of `quantity`, or as it is when `quantity` is a plain number."""
    if not isinstance(quantity, Quantity):
        return number
    return Quantity(number, quantity.to_base_units().units).to(quantity.units)


def ceil(quantity: Any) -> Any:
    """The next whole number of base units: 12.3 servers → 13 servers. Exact to nine decimals against float noise."""
    return _rewrap(quantity, float(math.ceil(round(base(quantity), 9))))


def total(*quantities: Any) -> Any:
    """The sum of quantities of one dimension, the same in every Python (built-in `sum` of floats is not)."""
    if not quantities:
        raise InputError("quantities", quantities, "at least one quantity")
    for other in quantities[1:]:
        quantities[0] + other  # raises pint.DimensionalityError where the units do not match
    return _rewrap(quantities[0], math.fsum(map(base, quantities)))


def number(quantity: Any) -> float:
    """The plain number of a dimensionless quantity, to hand to `math` or to a closed form.

    Raises pint.DimensionalityError when the quantity still has a unit.
    """
    return float(quantity.to("").magnitude) if isinstance(quantity, Quantity) else float(quantity)
