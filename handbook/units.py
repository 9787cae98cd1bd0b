"""Quantities with units, in a registry of our own.

Everything that can be counted (members, messages, requests, streams …) is a dimension, and so are bits and money.
Pint's own registry treats counts and bits as plain numbers, so that `3 byte + 1` silently works; here it is an error,
and so is mistaking a number of open streams for a rate of requests.

The same notebook cells also run on plain floats in base units (`plain()`): about 700 times faster, which sampling
needs. Cells therefore keep to arithmetic and to the functions of this module.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import pint

from handbook.errors import InputError

#: What can be counted: singular → plural. Each is a dimension and its own base unit.
COUNTS = {
    "account": "accounts", "address": "addresses", "attempt": "attempts", "byte_range": "byte ranges",
    "campaign": "campaigns", "candidate": "candidates", "change": "changes", "client": "clients",
    "connection": "connections", "delivery": "deliveries", "device": "devices", "evaluation": "evaluations",
    "event": "events", "flag": "flags", "instance": "instances", "item": "items", "key": "keys", "member": "members",
    "message": "messages", "node": "nodes", "partition": "partitions", "person": "people",
    "prediction": "predictions", "profile": "profiles", "query": "queries", "replica": "replicas",
    "request": "requests", "room": "rooms", "row": "rows", "server": "servers", "session": "sessions",
    "stream": "streams", "title": "titles", "transaction": "transactions", "worker": "workers", "zone": "zones",
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

#: Dimensions whose base unit comes in whole ones.
_COUNTABLE = {*COUNTS, "information"}

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
    """How many base units one `unit` is. Raises InputError for an unknown unit.

    >>> factor("kB/hour") == 1000 / 3600
    True
    """
    allowed = "a unit of `handbook.units`, such as 'kB/message' or 'request/second'"
    if not isinstance(unit, str):
        raise InputError("unit", unit, allowed)
    try:
        return float(Quantity(1.0, unit).to_base_units().magnitude)
    except Exception as error:  # pint's parser fails in many ways on what is no unit at all ("$", "(", "member/0")
        raise InputError("unit", unit, f"{allowed} ({error})" if str(error) else allowed) from None


def Q(value: float, unit: str = "") -> Any:  # noqa: N802 - the field's usual short name for a quantity
    """A quantity. Raises InputError for a value that is no finite number in base units, or an unknown unit.

    >>> print(Q(2.8, "kB/event") * Q(10, "event"))
    28.0 kilobyte
    >>> Q(3, "byte") + 1
    Traceback (most recent call last):
    pint.errors.DimensionalityError: Cannot convert from 'byte' to 'dimensionless'
    """
    if _plain:
        return value * factor(unit)
    if not is_finite(value) or not math.isfinite(value * factor(unit)):
        raise InputError("value", value, "a finite number")
    quantity = Quantity(value, unit)
    return quantity.to(_unscaled(quantity)) if any(word in unit for word in SCALES) else quantity


def is_finite(value: object) -> bool:
    """Whether it is a real number, neither NaN nor infinite; True and False are none.

    >>> is_finite(0.5), is_finite(True), is_finite(float("nan"))
    (True, False, False)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return abs(value) <= sys.float_info.max


def _unscaled(quantity: Any) -> Any:
    """Its units without "million" and the like above the line, so that they do not travel through products."""
    kept = {unit: power for unit, power in quantity.unit_items() if unit not in SCALES or power < 0}
    return registry.UnitsContainer(kept)


def tidy(quantity: Any) -> Any:
    """The same quantity with one unit for each dimension, the author's where there is one.

    Products collect units that say nothing: 3 percent·server, 2 hour·message/second. `percent` stays only where
    nothing else is above the line, "per thousand" only where something counted follows.

    >>> print(tidy(Q(50, "percent") * Q(8, "server") * Q(30, "minute") / Q(1, "hour")))
    2.0 server
    """
    items = tuple(quantity.unit_items())
    shown = _tidied(items)
    return quantity if dict(items) == dict(shown) else quantity.to(shown)


@cache
def _tidied(items: Any) -> Any:
    """The units that `tidy` shows in place of these. The same few combinations come again and again."""
    units = dict(items)
    net = {d.strip("[]"): power for d, power in registry.get_dimensionality(registry.UnitsContainer(units)).items()}
    chosen = {dimension: _unit_for(dimension, power, units) for dimension, power in net.items()}
    shown = {chosen[dimension]: power for dimension, power in net.items()}
    if any(noun in COUNTS and power < 0 for noun, power in net.items()):
        shown |= dict.fromkeys([word for word in SCALES if units.get(word) == -1][:1], -1)
    if units.get("percent", 0) > 0 and all(power < 0 for power in net.values()):
        shown["percent"] = 1
    return registry.UnitsContainer(shown)


def _unit_for(dimension: str, power: float, units: dict[str, float]) -> str:
    """The unit among `units` that stands on the side of the line on which the dimension ends up."""
    if dimension in COUNTS:
        return dimension
    if dimension == "money":
        return "USD"
    same = [u for u, p in units.items() if p * power > 0 and f"[{dimension}]" in registry.get_dimensionality(u)]
    if dimension == "time" and power < 0:  # a rate is told by the second, not by the millisecond
        same = [unit for unit in same if unit in TIMES] or ["second"]
    return same[0]


def to(quantity: Any, unit: str) -> Any:
    """The same quantity in another unit, so that it is shown in that unit.

    Raises InputError for an unknown unit or what is no quantity, pint.DimensionalityError for another dimension.

    >>> print(to(Q(1.5, "GB/message"), "MB/message"))
    1500.0 megabyte / message
    """
    if _plain:
        return quantity
    factor(unit)
    if not isinstance(quantity, Quantity):
        raise InputError("quantity", quantity, f"a quantity; make it one with Q(…, {unit!r})")
    return quantity.to(unit)


def base(quantity: Any) -> float:
    """The plain number of a quantity in base units (second, byte, USD, one of each count); of a number, itself.

    Raises InputError for what is neither.

    >>> base(Q(2, "kB/minute"))
    33.333333333333336
    """
    if isinstance(quantity, Quantity):
        return float(quantity.magnitude * _to_base(tuple(quantity.unit_items())))
    if isinstance(quantity, bool) or not isinstance(quantity, int | float):
        raise InputError("quantity", quantity, "a quantity or a number")
    return float(quantity)


@cache
def _to_base(items: Any) -> float:
    """How many base units one of these units is: asked for so often that `to_base_units` would be too slow."""
    return float(Quantity(1.0, registry.UnitsContainer(dict(items))).to_base_units().magnitude)


def _rewrap(quantity: Any, number: float) -> Any:
    """`number` (base units) in the unit of `quantity`, or as it is when `quantity` is a plain number."""
    if not isinstance(quantity, Quantity):
        return number
    return Quantity(number, quantity.to_base_units().units).to(quantity.units)


def ceil(quantity: Any) -> Any:
    """The next whole number of what is counted. Float noise (nine decimals, twelve digits) does not lift a whole one.

    Raises InputError where whole ones depend on the unit: 2.5 USD/month would be rounded as dollars a second.

    >>> print(ceil(Q(12.3, "server")))
    13.0 server
    """
    if isinstance(quantity, Quantity) and not _is_countable(quantity):
        allowed = "what comes in whole ones: a count, bytes, a plain number; a rate or a time in seconds"
        raise InputError("quantity", quantity, allowed)
    exact = base(quantity)
    if not math.isfinite(exact):
        raise InputError("quantity", quantity, "a finite number")
    near = round(exact)
    whole = near if math.isclose(exact, near, rel_tol=1e-12, abs_tol=1e-9) else math.ceil(exact)
    if isinstance(quantity, Quantity) and "[information]" not in quantity.dimensionality:
        return Quantity(float(whole), quantity.to_base_units().units)  # 97 addresses, not 9,699.999… percent of one
    return _rewrap(quantity, float(whole))


def _is_countable(quantity: Any) -> bool:
    """Whether a whole number of its base units is what a reader means: it counts, or is shown in them."""
    counts = {dimension.strip("[]") for dimension in quantity.dimensionality} <= _COUNTABLE
    return counts or base(Quantity(1.0, tidy(quantity).units)) == 1


def total(*quantities: Any) -> Any:
    """The sum of quantities of one dimension, the same in every Python (built-in `sum` of floats is not).

    Raises InputError for none, pint.DimensionalityError where dimensions differ.

    >>> print(total(Q(1, "GB"), Q(500, "MB")))
    1.5 gigabyte
    """
    if not quantities:
        raise InputError("quantities", quantities, "at least one quantity")
    parts = [base(quantity) for quantity in quantities]
    if not _plain:
        for other in quantities[1:]:
            quantities[0] + other  # raises pint.DimensionalityError where the units do not match
    return _rewrap(quantities[0], math.fsum(parts))


def number(quantity: Any) -> float:
    """The plain number of a dimensionless quantity, to hand to `math` or to a closed form.

    Raises pint.DimensionalityError when the quantity still has a unit.

    >>> number(Q(30, "minute") / Q(1, "hour"))
    0.5
    """
    return base(quantity.to("") if isinstance(quantity, Quantity) else quantity)
