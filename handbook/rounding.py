"""Numbers as people remember them: three significant digits and a word, never faux precision.

`text` leaves out what is counted, because the sentence around it names that ("34.7 thousand/s"); `full` names it
("34.7 thousand messages/s").
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from handbook.errors import InputError
from handbook.units import COUNTS, SCALES, TIMES, Quantity, base, factor, is_finite, registry, tidy

#: Time units in words, in seconds, the largest first: how each is written for one and for several.
_DURATIONS = {
    "year": ("year", "years"), "month": ("month", "months"), "week": ("week", "weeks"), "day": ("day", "days"),
    "hour": ("h", "h"), "minute": ("min", "min"), "second": ("s", "s"), "millisecond": ("ms", "ms"),
    "microsecond": ("µs", "µs"), "nanosecond": ("ns", "ns"),
}  # fmt: skip

#: From how many seconds on a unit is chosen. Hours last to 48 h (deadlines are written so), minutes to 120 min, so that
#: 90 min is not "1.5 h"; weeks and months are an author's choice only. Exactly one of a unit is written in it.
_STARTS = {"year": 2 * TIMES["year"], "day": 48.2 * TIMES["hour"], "hour": 7200, "minute": 120, "second": 1,
           "millisecond": 1e-3, "microsecond": 1e-6, "nanosecond": 1e-9}  # fmt: skip

_PREFIXES = ("", "k", "M", "G", "T", "P", "E", "Z")
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_EXACT = 12  # digits: what an author wrote, without the noise of floats


def significant(value: float, digits: int = 3) -> float:
    """`value` rounded to that many significant digits, halves away from zero as people round.

    >>> significant(34_750.0), significant(-0.0012345)
    (34800.0, -0.00123)
    """
    if value == 0 or not math.isfinite(value):
        return value + 0.0  # never minus zero
    exact = Decimal(repr(float(value)))
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), ROUND_HALF_UP))


def _digits(value: float, digits: int) -> str:
    """A number below ten thousand, grouped, without trailing zeros."""
    rounded = significant(value, digits)
    decimals = max(0, digits - 1 - _exponent(rounded)) if rounded else 0
    shown = f"{rounded:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def _exponent(value: float) -> int:
    """The power of ten of the first digit; `math.log10` rounds, and is off by one beside a power."""
    return Decimal(repr(value)).adjusted()


def count(value: float, digits: int = 3) -> str:
    """A plain number in words from ten thousand on; below 0.0001 and from 10¹⁵ on a power of ten.

    Raises InputError for NaN or an infinity.

    >>> count(34_722.2), count(1_234.5), count(999_960), count(0.00002)
    ('34.7 thousand', '1,230', '1 million', '2 × 10⁻⁵')
    """
    if not is_finite(value):
        raise InputError("value", value, "a finite number")
    rounded = significant(value, digits)
    size = abs(rounded)
    if size >= 1e15 or 0 < size < 1e-4:
        exponent = _exponent(rounded)
        mantissa = float(Decimal(repr(rounded)).scaleb(-exponent))  # 10.0 ** -320 would be 0
        return f"{_digits(mantissa, digits)} × 10{str(exponent).translate(_SUPERSCRIPT)}"
    for word, scale in reversed(SCALES.items()):
        if size >= scale and size >= 1e4:
            return f"{_digits(value / scale, digits)} {word}"
    return _digits(value, digits)


def _information(value: float, digits: int, *, bits: bool) -> str:
    value = value * 8 if bits else value
    size = abs(significant(value, digits))
    power = min(_exponent(size) // 3, len(_PREFIXES) - 1) if size >= 1 else 0
    shown = count(value / 1000.0**power, digits)
    unit = _PREFIXES[power] + ("bit" if bits else "B")
    return f"{shown} {unit}" + ("s" if unit == "bit" and not _is_one(shown) else "")


def _duration(value: float, digits: int, own: str) -> str:
    """Seconds in the unit that suits them; what an author wrote in the author's own, from one of it on."""
    size = abs(significant(value, digits))
    name = own if digits == _EXACT and size >= factor(own) else _time_unit(size, digits)
    one = size == significant(factor(name), digits)  # 59.96 s rounds to a minute, and is not 0.999 of one
    shown = count(math.copysign(1, value) if one else value / factor(name), digits)
    return f"{shown} {_DURATIONS[name][not _is_one(shown)]}"


def _time_unit(size: float, digits: int) -> str:
    for name, start in _STARTS.items():
        if size >= start or size == significant(factor(name), digits):
            return name
    return "nanosecond" if size else "second"


def _is_one(shown: str) -> bool:
    return shown in ("1", "-1")


def _money(value: float, digits: int) -> str:
    sign, size = ("-" if value < 0 else ""), abs(significant(value, digits))
    written = digits == _EXACT and size < 10_000 and size % 1  # an author's $24.50
    if (0.1 <= size < 10 or written) and round(size, 2) == size:
        return f"{sign}${size:,.2f}"
    return f"{sign}${count(abs(value), digits)}"


def _nouns(names: list[str], *, one: bool) -> str:
    """What is counted: "server", "servers", "byte ranges", "server-members" (the last one alone in the plural)."""
    return "-".join([*names[:-1], names[-1] if one else COUNTS.get(names[-1], names[-1] + "s")]).replace("_", " ")


def _render(quantity: Any, *, exact: bool, full: bool) -> str:
    shown, digits = tidy(_as_quantity(quantity)), _EXACT if exact else 3
    sides = {dimension.strip("[]"): power for dimension, power in shown.dimensionality.items()}
    above = [dimension for dimension, power in sides.items() if power > 0]
    below = [dimension for dimension, power in sides.items() if power < 0]
    if any(abs(power) != 1 for power in sides.values()) or not _has_words(above, below):
        return f"{count(shown.magnitude, digits)} {shown.units:~P}"  # "7.2 GB·h": said in full rather than wrongly
    return _above(shown, above, digits, full=full) + _below(shown, below, full=full)


def _percentage(value: float, digits: int) -> str:
    """A percentage; just below 100 what is missing is what counts, so 99.954 is not "100"."""
    if not 99 < value < 100 or digits > 3:
        return count(value, digits)
    return f"{100 - significant(100 - value, 2):.12g}"


def _has_words(above: list[str], below: list[str]) -> bool:
    alone = not set(above) & {"money", "information"} or len(above) == 1
    return alone and set(below) <= {*COUNTS, "time", "information"}


def _above(shown: Any, above: list[str], digits: int, *, full: bool) -> str:
    """The number with what stands above the line."""
    value, units = shown.magnitude, [unit for unit, power in shown.unit_items() if power > 0]
    counted = [noun for noun in above if noun in COUNTS]
    if "percent" in units:
        return f"{_percentage(value, digits)}%"
    if "money" in above:
        return _money(value, digits)
    if "information" in above:
        return _information(value * factor(units[0]), digits, bits=units[0].endswith("bit"))
    if "time" in above:
        time = next(unit for unit in units if unit not in COUNTS)
        if not counted or (time not in TIMES or time == "second") and not full:
            return _duration(value * factor(time), digits, time)
        # A count that lasts, such as stream-hours: in the author's unit of time.
        lasting, value = (time, value) if time in TIMES else ("second", value * factor(time))
        number = count(value, digits)
        return f"{number} {_nouns([*(counted if full else []), lasting], one=_is_one(number))}"
    number = count(value, digits)
    return f"{number} {_nouns(counted, one=_is_one(number))}" if full and counted else number


def _below(shown: Any, below: list[str], *, full: bool) -> str:
    """What stands below the line: `/s`, ` per GB`, ` per thousand messages`, ` per member`."""
    units = [unit for unit, power in shown.unit_items() if power < 0]
    time = next((unit for unit in units if unit in TIMES), None)
    words = "/" + _DURATIONS[time][0] if time else ""
    words += "".join(f" per {registry.Unit(u):~}" for u in units if u.endswith(("byte", "bit")))
    nouns = [noun for noun in below if noun in COUNTS]
    scale = next((unit for unit in units if unit in SCALES), None)
    if scale:
        words += f" per {scale}" + (f" {_nouns(nouns[:1], one=False)}" if full else "")
        nouns = nouns[1:]
    return words + ("".join(f" per {_nouns([noun], one=True)}" for noun in nouns) if full else "")


def text(quantity: Any, *, exact: bool = False) -> str:
    """The quantity for prose, without what is counted.

    `exact` keeps every digit that an author wrote, and the author's unit of time (for assumptions); else three
    significant digits are shown. Raises InputError for what is not finite, or neither a quantity nor a number.

    >>> from handbook import Q
    >>> text(Q(34_722, "message/s")), text(Q(1.2e6, "GB")), text(Q(0.1, "USD/thousand/message"))
    ('34.7 thousand/s', '1.2 PB', '$0.10 per thousand')
    >>> text(Q(4000, "second")), text(Q(4000, "second"), exact=True)
    ('66.7 min', '4,000 s')
    """
    return _render(quantity, exact=exact, full=False)


def full(quantity: Any, *, exact: bool = False) -> str:
    """The quantity for tables, with what is counted. `exact` and errors as in `text`.

    >>> from handbook import Q
    >>> full(Q(34_722, "message/s")), full(Q(500, "message/second/worker"))
    ('34.7 thousand messages/s', '500 messages/s per worker')
    """
    return _render(quantity, exact=exact, full=True)


def _as_quantity(quantity: Any) -> Any:
    return quantity if isinstance(quantity, Quantity) else Quantity(base(quantity), "")
