"""What the Nu HTML checker may complain of: only the theme's own markup, and only where to mend it would do harm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Exemption:
    """A message that holds `message`, about markup that holds `extract`; and why it stands."""

    message: str
    extract: str
    because: str

    def covers(self, error: dict[str, Any]) -> bool:
        """Whether it is about this error."""
        return self.message in error["message"] and self.extract in error.get("extract", "")


_REOPENS = (
    "Material's boxes for menu and search. Firefox checks a box again after a reload unless autocomplete is off, and "
    "the menu would stand open"
)

EXEMPT = (
    Exemption("“autocomplete” is only allowed", 'id="__drawer" autocomplete="off"', _REOPENS),
    Exemption("“autocomplete” is only allowed", 'id="__search" autocomplete="off"', _REOPENS),
)
