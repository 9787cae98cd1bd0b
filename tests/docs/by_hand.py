"""What the tests that compute a chapter's numbers a second time have in common."""

from __future__ import annotations

import math
from typing import Any

import pytest


def near(value: float) -> Any:
    """Equal to a value but for rounding."""
    return pytest.approx(value, rel=1e-9)


def whole(value: float) -> int:
    """Counted up, rounding errors aside."""
    return math.ceil(round(value, 9))


def servers(load: float, each: float) -> int:
    """How many carry a load at 70% when a zone of three is lost: counted up, not divided."""
    count = max(1, int(load / each))
    while load > count * 2 / 3 * each * 0.70 * (1 + 1e-12):
        count += 1
    return count
