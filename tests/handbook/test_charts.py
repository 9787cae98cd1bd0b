import html
import json
import math
import re

import pytest

from handbook import Q, charts
from handbook.charts import MIME, Chart
from scripts.outputs import draw
from tests.handbook.bad_input import rejects

RATES = {"Mean": 2_640.0, "Peak": 16_400.0}
SERIES = {"Backlog": [(0, 1.0), (1, 5.0), (2, 2.0)], "Rate": [(0, 3.0), (2, 3.0)]}


def bars(values=RATES, **more):
    return charts.bars(values, axis="per second", **more)


def lines(series=SERIES, **more):
    return charts.lines(series, x="minutes", y="messages", **more)


def drawn(chart):
    """The chart as the build draws it."""
    bundle = chart._repr_mimebundle_()
    json.dumps(bundle, allow_nan=False)
    return draw(bundle[MIME], "chart", bundle["text/plain"])


@pytest.mark.parametrize(
    "chart",
    [bars(), bars(log=True), bars({"One": 1.0}), bars({"Loss": -3.0, "Gain": 2}), lines(), lines(log=True),
     lines({"One": [(0, 1.0), (1, 2.0)]}), lines(events={"Throttle": 0.5, "Cured": 1.5})],
    ids=lambda chart: chart.description[:30],
)  # fmt: skip
def test_charts_are_drawn_and_described(chart):
    svg = drawn(chart)
    assert svg.startswith("<svg")
    assert svg.count("<path") >= 1
    assert f'aria-label="{html.escape(chart.description)}"' in svg
    assert repr(chart) == chart._repr_mimebundle_()["text/plain"] == chart.description


def test_names_axes_and_events_are_on_the_chart():
    assert all(word in drawn(bars()) for word in ("Mean", "Peak", "per second"))
    svg = drawn(lines(events={"Throttle": 0.5}))
    assert all(word in svg for word in ("Backlog", "Rate", "minutes", "messages", "Throttle"))


def test_numbers_to_be_read_keep_all_their_digits():
    svg = drawn(bars({"Loss of 0.974%": 0.0696, "Gain": 1.53}))  # places lose their hundredths, words must not
    assert {"Loss of 0.974%", "0.0696", "1.53"} <= set(re.findall(r">([^<>]+)</text>", svg))


def test_colours_are_those_of_the_page():
    assert "var(--c-1" in drawn(bars())
    assert "var(--c-2" in drawn(lines())


def test_bars_keep_their_order_and_their_values():
    rows = bars({"b": 2.0, "a": 1.0}).spec["data"]["values"]
    assert [(row["name"], row["value"]) for row in rows] == [("b", 2.0), ("a", 1.0)]


def test_words_are_computed_from_the_data_or_the_author_gives_them():
    assert "16.4 thousand" in bars().description
    assert bars(description="Two rates.").description == "Two rates."
    assert bars().description == "Mean: 2,640; Peak: 16.4 thousand (per second)."
    assert bars(note="Peak dominates.").description.endswith("Peak dominates.")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, None, "5", Q(5, "message/second")])
def test_what_is_no_finite_number_is_refused(value):
    rejects("values", bars, {"Mean": 1.0, "Peak": value})
    rejects("series", lines, {"Rate": [(0, 1.0), (1, value)]})
    rejects("series", lines, {"Rate": [(0, 1.0), (value, 1.0)]})
    rejects("events", lines, SERIES, events={"Throttle": value})


def test_nothing_to_draw_is_refused():
    rejects("values", bars, {})
    rejects("series", lines, {})
    rejects("series", lines, {"Rate": []})


@pytest.mark.parametrize("value", [0, -1.0])
def test_a_logarithmic_axis_needs_values_above_zero(value):
    rejects("values", bars, {"Mean": 1.0, "Peak": value}, log=True)
    rejects("series", lines, {"Rate": [(0, 1.0), (1, value)]}, log=True)


def test_a_chart_without_words_is_refused():
    rejects("description", Chart, {"mark": "point"}, " ")
