"""Checks of what the parts are given: plain numbers in seconds, or quantities with the right dimension.

The parts compute with plain floats (a quantity costs tens of microseconds an operation); a quantity is converted
once, when the part is made.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from handbook import domain
from handbook.errors import InputError
from handbook.units import Quantity, base


def _plain(argument: str, value: Any, time_power: int, allowed: str) -> Any:
    """A quantity in base units, if it has time to the given power; anything else as it is.

    Counts in a quantity (message, request, server) are dropped: `Q(5, "request/s")` is the rate 5 per second.
    """
    if not isinstance(value, Quantity):
        return value
    if value.dimensionality.get("[time]", 0) != time_power:
        raise InputError(argument, value, allowed)
    return base(value)


def _size(argument: str, value: Any, time_power: int, zero: bool, what: str) -> float:
    allowed = f"{what}, {'zero or more' if zero else 'more than zero'}"
    check = domain.not_negative if zero else domain.positive
    return check(argument, _plain(argument, value, time_power, allowed), allowed)


def duration(argument: str, value: Any, zero: bool = False) -> float:
    """A time in seconds, more than zero (or zero too). Raises InputError."""
    return _size(argument, value, 1, zero, "a number of seconds")


def rate(argument: str, value: Any, zero: bool = False) -> float:
    """A rate per second, more than zero (or zero too). Raises InputError."""
    return _size(argument, value, -1, zero, "a number per second")


def amount(argument: str, value: Any, zero: bool = False) -> float:
    """A plain number, more than zero (or zero too). Raises InputError."""
    return _size(argument, value, 0, zero, "a number")


def count(argument: str, value: Any, least: int = 1) -> int:
    """A whole number of at least `least`. Raises InputError."""
    return domain.whole(argument, _plain(argument, value, 0, "a whole number without a time"), least)


def share(argument: str, value: Any) -> float:
    """A share or a probability, 0 to 1. Raises InputError."""
    return domain.probability(argument, _plain(argument, value, 0, "a number from 0 to 1"))


def choice(argument: str, value: Any, options: Collection[str]) -> str:
    """One of the names. Raises InputError."""
    return domain.one_of(argument, value, options)
