"""Size and stress system designs: quantities with units, assumptions, closed forms, simulation parts, charts.

Notebooks import what they need from here: `from handbook import Q, assume, show, to`.
"""

from handbook.assumptions import assume
from handbook.errors import InputError
from handbook.results import show
from handbook.units import Q, ceil, number, to, total

__all__ = ["InputError", "Q", "assume", "ceil", "number", "show", "to", "total"]
__version__ = "0.1.0"
