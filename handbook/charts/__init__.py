"""Charts as Vega-Lite specifications: plain dictionaries, so that a notebook stays pure Python.

A chart describes itself in words, computed from its data; they are what a screen reader reads, and the caption. An
author adds to them (`note`) or replaces them (`description`). Colours are CSS variables of the page, so that one
drawing serves the light and the dark theme; nothing is told by colour alone.
"""

from handbook.charts.axes import Axis
from handbook.charts.basic import bars, lines
from handbook.charts.chart import MIME, Chart
from handbook.charts.latency import before_after, latency
from handbook.charts.spread import Bar, distribution, tornado

__all__ = ["MIME", "Axis", "Bar", "Chart", "bars", "before_after", "distribution", "latency", "lines", "tornado"]
