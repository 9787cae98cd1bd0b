"""Numbers as people remember them: three significant digits and a word, never faux precision.

`text` leaves out what is counted, because the sentence around it names that ("34.7 thousand/s"); `full` names it
("34.7 thousand messages/s").
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from handbook.units import COUNTS, SCALES, TIMES, Quantity, base, factor, registry

_TIME_SHORT = {
    "second": "s",
    "minute": "min",
    "hour": "h",
    "day": "day",
    "week": "week",
    "month": "month",
    "year": "year",
}
_PREFIXES = ("", "k", "M", "G", "T", "P", "E", "Z")
_DURATIONS = (
    ("years", 31536000),
    ("days", 86400),
    ("h", 3600),
    ("min", 60),
    ("s", 1),
    ("ms", 1e-3),
    ("µs", 1e-6),
    ("ns", 1e-9),
)
_SUPERSCRIPT = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def significant(value: float, digits: int = 3) -> float:
    """`value` rounded to that many significant digits, halves away from zero as people round."""
    if value == 0 or not math.isfinite(value):
        return value
    exact = Decimal(repr(float(value)))
    return float(exact.quantize(Decimal(1).scaleb(exact.adjusted() - digits + 1), ROUND_HALF_UP))


def _digits(value: float, digits: int) -> str:
    """A number below ten thousand, grouped, without trailing zeros."""
    rounded = significant(value, digits)
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(rounded)))) if rounded else 0
    shown = f"{rounded:,.{decimals}f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown


def count(value: float, digits: int = 3) -> str:
    """A plain number in words from ten thousand on: `34.7 thousand`, `1.2 billion`; below 0.0001 a power of ten."""
    rounded = significant(value, digits)
    size = abs(rounded)
    if size >= 1e15 or 0 < size < 1e-4:
        exponent = math.floor(math.log10(size))
        return f"{_digits(rounded / 10.0**exponent, digits)} × 10{str(exponent).translate(_SUPERSCRIPT)}"
    for word, scale in reversed(SCALES.items()):
        if size >= scale and size >= 1e4:
            return f"{_digits(value / scale, digits)} {word}"
    return _digits(value, digits)


def _information(value: float, digits: int, *, bits: bool) -> str:
    value = value * 8 if bits else value
    size = abs(significant(value, digits))
    power = min(int(math.log10(size) // 3), len(_PREFIXES) - 1) if size >= 1 else 0
    shown = _digits(value / 1000.0**power, digits)
    unit = _PREFIXES[power] + ("bit" if bits else "B")
    return f"{shown} {unit}" + ("s" if unit == "bit" and shown != "1" else "")


def _duration(value: float, digits: int) -> str:
    size = abs(significant(value, digits))
    # A unit is taken from 1 of it on; hours last to 48 h (deadlines are written so), minutes to 120 min, so that
    # 90 min is not "1.5 h".
    starts = {"years": 2 * 31536000, "days": 2 * 86400 + 1, "h": 7200, "min": 120}
    for name, seconds in _DURATIONS:
        if size >= starts.get(name, seconds) or (size == seconds and name in starts):
            shown = _digits(value / seconds, digits)
            return f"{shown} {name[:-1] if name in ('days', 'years') and shown == '1' else name}"
    return f"{_digits(value, digits)} s"


def _money(value: float, digits: int) -> str:
    sign, size = ("-" if value < 0 else ""), abs(value)
    if 0.1 <= size < 10 and round(size, 2) == significant(size, digits):
        return f"{sign}${size:.2f}"
    return f"{sign}${count(size, digits)}"


class _Parts:
    """A quantity taken apart: its kind, its number in the shown unit and what stands above and below the line."""

    def __init__(self, quantity: Any) -> None:
        units = dict(quantity.unit_items())
        dimensions = {k.strip("[]"): v for k, v in quantity.dimensionality.items()}
        self.percent = list(units) == ["percent"]
        below = any(noun in COUNTS and power < 0 for noun, power in dimensions.items())
        scale = next((s for s in SCALES if below and units.get(s) == -1), "")
        self.time = dimensions.get("time", 0)
        chosen = next((u for u in TIMES if u in units and units[u] * self.time > 0), "second")
        self.counted = {noun: p for noun, p in dimensions.items() if noun in COUNTS}
        self.dimensions = dimensions
        self.value = base(quantity) * (100 if self.percent else 1)
        self.scale = scale
        if scale:
            self.value *= SCALES[scale]
        self.bits = any(unit.endswith("bit") and power == 1 for unit, power in units.items())
        self.stored = ""
        if dimensions.get("information") == -1:  # a price or a rate for each GB, say
            name = next((unit for unit, power in units.items() if power == -1 and unit.endswith("byte")), "byte")
            self.stored = f"{registry.Unit(name):~}"
            self.value *= factor(name)
        self.time_unit = chosen
        if self.time < 0:
            self.value *= TIMES[chosen] ** -self.time


def _render(quantity: Any, *, exact: bool, full: bool) -> str:
    parts = _Parts(quantity)
    digits = 12 if exact else 3
    if parts.percent:
        return f"{count(parts.value, digits)}%"
    counted_time = parts.time == 1 and any(power > 0 for power in parts.counted.values())
    if counted_time:  # stream-hours, message-seconds: a count that lasts, shown in the author's unit of time
        short = not full and parts.time_unit == "second"
        shown = _duration(parts.value, digits) if short else count(parts.value / TIMES[parts.time_unit], digits)
    elif parts.dimensions.get("money") == 1:
        shown = _money(parts.value, digits)
    elif parts.dimensions.get("information") == 1:
        shown = _information(parts.value, digits, bits=parts.bits)
    elif parts.time == 1 and parts.dimensions.get("information", 0) == 0:
        shown = _duration(parts.value, digits)
    else:
        shown = count(parts.value, digits)
    one = significant(parts.value) == 1
    above = [noun if one else COUNTS[noun] for noun, power in parts.counted.items() if power > 0]
    below = [noun for noun, power in parts.counted.items() if power < 0]
    if counted_time and (full or parts.time_unit != "second"):
        nouns = [noun for noun, power in parts.counted.items() if power > 0] if full else []
        shown += " " + "-".join([*nouns, parts.time_unit + "s"])
    elif full and above:
        shown += " " + "-".join(above)
    if parts.time < 0:
        shown += "/" + _TIME_SHORT[parts.time_unit]
    if parts.stored:
        shown += f" per {parts.stored}"
    if parts.scale:
        shown += f" per {parts.scale}" + (f" {COUNTS[below[0]]}" if full and below else "")
    elif full and below:
        shown += " per " + " per ".join(below)
    return shown


def text(quantity: Any, *, exact: bool = False) -> str:
    """The quantity for prose, without what is counted: `34.7 thousand/s`, `1.2 PB`, `$0.10 per thousand`, `2.5%`.

    `exact` keeps every digit that an author wrote (for assumptions); else three significant digits are shown.
    """
    return _render(_as_quantity(quantity), exact=exact, full=False)


def full(quantity: Any, *, exact: bool = False) -> str:
    """The quantity for tables, with what is counted: `34.7 thousand messages/s`, `500 messages/s per worker`."""
    return _render(_as_quantity(quantity), exact=exact, full=True)


def _as_quantity(quantity: Any) -> Any:
    return quantity if isinstance(quantity, Quantity) else Quantity(float(quantity), "")
