"""Argument checks of the closed forms: each returns the checked value or raises InputError.

Sizes are kept between 1e-70 and 1e70 (what is smaller counts as 0), so that no product or quotient of a few arguments
overflows: a formula then needs no check of its own against a silent infinity.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from handbook.errors import InputError

SMALLEST, LARGEST = 1e-70, 1e70


def number(argument: str, value: float, allowed: str = "a number") -> float:
    """`value` as a float: a real number up to 1e70 in size; below 1e-70 it is 0. No bool, text, NaN or infinity.

    >>> number("rate", 3)
    3.0
    """
    real = isinstance(value, int | float) and not isinstance(value, bool)
    if not real or not abs(value) <= LARGEST:
        raise InputError(argument, value, f"{allowed}, finite and at most 1e70 in size")
    return float(value) if abs(value) >= SMALLEST else 0.0


def positive(argument: str, value: float, allowed: str = "a number above 0") -> float:
    """`value` as a float above 0.

    >>> positive("service_time", 0.2)
    0.2
    """
    checked = number(argument, value, allowed)
    if checked <= 0:
        raise InputError(argument, value, allowed)
    return checked


def not_negative(argument: str, value: float, allowed: str = "a number of at least 0") -> float:
    """`value` as a float of at least 0.

    >>> not_negative("arrival_rate", 0)
    0.0
    """
    checked = number(argument, value, allowed)
    if checked < 0:
        raise InputError(argument, value, allowed)
    return checked


def at_least(argument: str, value: float, least: float) -> float:
    """`value` as a float of at least `least`.

    >>> at_least("cap", 20, 0.1)
    20.0
    """
    checked = number(argument, value, f"a number of at least {least}")
    if checked < least:
        raise InputError(argument, value, f"a number of at least {least}")
    return checked


def at_most(argument: str, value: float, most: float) -> float:
    """`value` as a float of at most `most`.

    >>> at_most("threshold", 8, 300)
    8.0
    """
    checked = number(argument, value, f"a number of at most {most}")
    if checked > most:
        raise InputError(argument, value, f"a number of at most {most}")
    return checked


def probability(argument: str, value: float) -> float:
    """`value` as a float from 0 to 1, both included.

    >>> probability("availability", 1)
    1.0
    """
    checked = number(argument, value, "a number from 0 to 1")
    if not 0 <= checked <= 1:
        raise InputError(argument, value, "a number from 0 to 1")
    return checked


def below_one(argument: str, value: float) -> float:
    """`value` as a float from 0, included, to 1, excluded: a utilisation or a percentile as a share.

    >>> below_one("quantile", 0.99)
    0.99
    """
    checked = number(argument, value, "a number from 0 to below 1")
    if not 0 <= checked < 1:
        raise InputError(argument, value, "a number from 0 to below 1")
    return checked


def between(argument: str, value: float) -> float:
    """`value` as a float strictly between 0 and 1.

    >>> between("alpha", 0.05)
    0.05
    """
    checked = number(argument, value, "a number above 0 and below 1")
    if not 0 < checked < 1:
        raise InputError(argument, value, "a number above 0 and below 1")
    return checked


def whole(argument: str, value: float, least: int = 0, most: int = 10**9) -> int:
    """`value` as an int from `least` to `most`; 13.0 passes for 13 (a rounded-up estimate is often a float).

    >>> whole("servers", 13.0)
    13
    """
    allowed = f"a whole number from {least} to {most}"
    real = isinstance(value, int | float) and not isinstance(value, bool)
    if not real or not least <= value <= most or value != int(value):
        raise InputError(argument, value, allowed)
    return int(value)


def one_of(argument: str, value: str, options: Collection[str]) -> str:
    """`value` when it is one of `options`.

    >>> one_of("jitter", "full", ("none", "full"))
    'full'
    """
    if not isinstance(value, str) or value not in options:
        raise InputError(argument, value, "one of " + ", ".join(sorted(options)))
    return value


def text(argument: str, value: str) -> str:
    """`value` when it is a text, the empty one included, that has a UTF-8 form (no lone surrogates).

    >>> text("key", "user-7")
    'user-7'
    """
    if not isinstance(value, str) or any("\ud800" <= character <= "\udfff" for character in value):
        raise InputError(argument, value, "a text")
    return value


def sequence(argument: str, values: Iterable, allowed: str = "at least one element") -> Sequence:
    """`values` as a tuple of at least one element; a text, a single number or None is no sequence.

    >>> sequence("availabilities", [0.9, 0.99])
    (0.9, 0.99)
    """
    if isinstance(values, str | bytes) or not isinstance(values, Iterable):
        raise InputError(argument, values, allowed)
    collected = tuple(values)
    if not collected:
        raise InputError(argument, values, allowed)
    return collected
