"""Axes that read as the tables do: thousand messages/s, PB, % - not 3.47e+04."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from handbook import rounding, units

#: What `rounding.full` writes: a sign, perhaps a currency, a number, then the rest.
_SHOWN = re.compile(r"(?P<sign>-?)(?P<currency>\$?)(?P<number>[\d,]+(?:\.\d+)?)(?P<power> × 10\S+)?\s*(?P<rest>.*)")


@dataclass(frozen=True)
class Axis:
    """How quantities of one kind stand on an axis: base units × `factor` are counted in `unit` (words)."""

    factor: float
    unit: str
    like: Any

    @classmethod
    def for_quantity(cls, largest: Any) -> Axis:
        """The axis whose unit suits the largest quantity on it."""
        value = units.base(largest)
        if value == 0:
            return cls(1.0, "", largest)
        found = _SHOWN.fullmatch(rounding.full(largest, exact=True))
        if found is None or found["power"]:
            return cls(1.0, f"{units.registry.Quantity(largest).to_base_units().units}", largest)
        number = float(found["number"].replace(",", ""))
        rest = found["rest"]
        if found["currency"]:  # "thousand/month" → "thousand $/month"
            word = next((word for word in units.SCALES if rest.startswith(word)), "")
            rest = f"{word} ${rest.removeprefix(word)}".strip()
        return cls(number / abs(value), rest, largest)

    def title(self, label: str) -> str:
        """What stands beside the axis: what is shown, and in which unit."""
        return f"{label} ({self.unit})" if self.unit else label

    def number(self, quantity: Any) -> float:
        """Where a quantity, or a number in base units, stands on the axis."""
        return units.base(quantity) * self.factor
