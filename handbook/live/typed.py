"""What a reader types for an assumption, read as a quantity in its unit, or refused in plain words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from functools import cache
from typing import Any

from handbook import rounding, units
from handbook.errors import InputError

_DIGITS = r"(?:[0-9]{1,3}(?:[,_ ][0-9]{3})+|[0-9]+)?(?:\.[0-9]*)?(?:[eE][-+−]?[0-9]+)?"
_NUMBER = re.compile(rf"([-+−]?)\s*(\$?)\s*({_DIGITS})\s*(.*)", re.DOTALL)
_LETTERS = {"k": 1e3, "M": 1e6, "m": 1e6, "G": 1e9, "B": 1e9, "bn": 1e9, "T": 1e12}
#: What people write and the registry does not know.
_ALIASES = {"KB": "kB", "sec": "second", "secs": "second", "mins": "minute", "hr": "hour", "hrs": "hour", "d": "day",
            "days": "day", "bits": "bit", "bytes": "byte", "$": "USD", "dollars": "USD", "dollar": "USD",
            "weeks": "week", "months": "month", "years": "year", "µs": "microsecond"}  # fmt: skip
_LONGEST = 60  # characters


class TypedError(ValueError):
    """What was typed cannot be taken. The message is for the reader, beside the field."""


def read(record: Mapping[str, Any], typed: str) -> float:
    """The value of an assumption in base units; `record` is its fact. A bare number is in the fact's own unit.

    Raises TypedError for what is no number, has another unit, is not finite, or lies outside the assumption's range.
    """
    number, rest, money = _number(typed)
    unit = record["unit"]
    own = _own(unit)[1]
    scale, rest = _scale(rest, own_information="byte" in unit or "bit" in unit)
    if money:
        rest = f"USD {rest}".strip() if rest or "USD" not in unit else ""
    base = number * scale * (own if not rest else _factor(rest, unit))
    _require_plausible(record, base, own)
    return base


def text(record: Mapping[str, Any], base: float) -> str:
    """The value as it is shown: every digit that the reader typed."""
    return rounding.text(quantity(record, base), exact=True)


def quantity(record: Mapping[str, Any], base: float) -> Any:
    """A value in base units as a quantity in the fact's own unit."""
    own, factor = _own(record["unit"])
    return units.Quantity(base / factor, own)


@cache
def _own(unit: str) -> tuple[Any, float]:
    one = units.Quantity(1.0, _spelled(unit))
    return one.units, units.base(one)


def _spelled(unit: str) -> str:
    return "" if unit == "dimensionless" else unit


def _number(typed: object) -> tuple[float, str, bool]:
    """The number, what follows it, and whether it is in dollars."""
    words = str(typed).strip()
    if not words:
        raise TypedError("Type a number.")
    if len(words) > _LONGEST:
        raise TypedError("That is too long for a number.")
    found = _NUMBER.fullmatch(words)
    if not found or not re.search(r"\d", found[3]):
        raise TypedError("That is not a number. Type one such as 5, 2.5e6 or 3 million.")
    if re.match(r",[0-9]", found[4]):
        raise TypedError("A comma separates thousands here, a point the decimals: 1.5 or 1,500.")
    number = float(re.sub(r"[,_ ]", "", found[3]).replace("−", "-"))
    number = -number if found[1] in ("-", "−") else number
    if not math.isfinite(number):
        raise TypedError("That number is too large.")
    return number, found[4].strip(), bool(found[2])


def _scale(rest: str, own_information: bool) -> tuple[float, str]:
    """A word or letter for thousands and millions in front of the unit, and what follows it."""
    word, _, more = rest.partition(" ")
    if word in units.SCALES:
        return units.SCALES[word], more.strip()
    if word in _LETTERS and not own_information and (word != "m" or not more):
        return _LETTERS[word], more.strip()
    letter = re.match(r"(bn|[kMGBT])(?=$|/)", rest)
    if letter and not own_information:
        return _LETTERS[letter[1]], rest[letter.end() :].strip()
    return 1.0, rest


def _factor(typed: str, unit: str) -> float:
    """How many base units one of the typed unit is. What is counted may be left out: `2 kB` for `kB/message`."""
    wrong = TypedError(f"“{typed}” is not a unit of this: it is {_in_words(unit)}. A number alone is enough.")
    if not re.fullmatch(r"[\w%$µ/*·. -]+", typed):
        raise wrong
    normal = re.sub(r"\bper\b", "/", typed).replace("%", "percent").replace("·", "*").replace("-", "*")
    normal = re.sub(r"[A-Za-zµ$_]+", lambda m: _ALIASES.get(m[0], m[0]), normal)
    normal = re.sub(rf"/\s*({'|'.join(units.SCALES)})\s+(?=\w)", r"/\1/", normal)  # per thousand messages
    normal = f"1{normal}" if normal.lstrip().startswith("/") else re.sub(r"(?<=\w)\s+(?=\w)", "*", normal.strip())
    try:
        given, factor = _sides(normal), units.factor(normal)
    except (InputError, AttributeError, TypeError, ValueError, ArithmeticError) as error:  # pint fails in many ways
        raise wrong from error
    wanted = _sides(_spelled(unit))
    missing = {d: p for d in wanted.keys() | given.keys() if (p := wanted.get(d, 0) - given.get(d, 0))}
    if any(d not in units.COUNTS or d in given for d in missing):
        raise wrong
    return factor


def _sides(unit: str) -> dict[str, float]:
    """The dimensions of a unit with their powers."""
    return {d.strip("[]"): p for d, p in units.Quantity(1.0, unit).dimensionality.items()}


def _in_words(unit: str) -> str:
    if unit == "dimensionless":
        return "a plain number"
    above, slash, below = unit.partition(" / ")
    plural = above if above in ("percent", "USD") or not above.isalpha() else units.COUNTS.get(above, f"{above}s")
    return "in " + f"{plural}{slash}{below}".replace(" ** ", "^").replace(" / ", "/").replace(" * ", "·")


def _require_plausible(record: Mapping[str, Any], base: float, own: float) -> None:
    if not math.isfinite(base) or abs(base) > 1e70:
        raise TypedError("That number is too large.")
    low, high = record["low"], record["high"]
    if low is None:
        if base <= 0:
            raise TypedError("It must be above zero.")
        return
    slack = 1e-9 * max(abs(low), abs(high)) * own  # the ends went through text
    if not low * own - slack <= base <= high * own + slack:
        raise TypedError(f"Outside what is plausible here: {record['range']}.")
