"""Size and stress system designs: quantities with units, assumptions, closed forms, simulation parts, charts.

Notebooks import what they need from here: `from handbook import Q, assume, show, to`.
"""

from handbook.assumptions import assume, simulated
from handbook.decisions import decide, threshold, thresholds
from handbook.errors import InputError
from handbook.ranges import distribution, intervals, tornado
from handbook.results import show
from handbook.units import Q, ceil, number, to, total

__all__ = [
    "InputError", "Q", "assume", "ceil", "decide", "distribution", "intervals", "number", "show", "simulated",
    "threshold", "thresholds", "to", "tornado", "total",
]  # fmt: skip
__version__ = "0.1.0"
