"""Every chart, drawn as the build draws it."""

import json
import math
import random
import re

import pytest
import vl_convert

from handbook import Q, charts
from handbook.charts import Axis, Bar
from handbook.charts.chart import COLOURS, DASHES
from handbook.errors import InputError

R = random.Random(1)
LATENCIES = [-30 * math.log(1 - R.random()) + 5 for _ in range(3000)]
WORDS = "Time in which the largest campaign must be out on a slow evening, by the agreed objective of the service"
BARS = [
    Bar("Team", "$100 thousand", "$400 thousand", Q(165, "thousand*USD/month"), Q(465, "thousand*USD/month")),
    Bar(WORDS, "15 min", "12 h", Q(524, "thousand*USD/month"), Q(234, "thousand*USD/month")),
    Bar("Share", "1%", "2%", Q(264, "thousand*USD/month"), Q(264.5, "thousand*USD/month")),
]
MADE = {
    "bars": charts.bars({"Mean": 11574.1, "Largest of all campaigns": 32000.0}, axis="messages per second"),
    "bars-log": charts.bars({"Memory": 1e-7, "Disk": 1e-3}, axis="seconds", log=True),
    "lines": charts.lines(
        {"With": [(t, 100.0) for t in range(60)], "Without": [(t, 100.0 - t) for t in range(60)]},
        x="Time (s)", y="Goodput (requests/s)", events={"Zone lost": 20, "Zone back": 59},
    ),
    "lines-log": charts.lines({"One": [(1, 1), (2, 1000)]}, x="Time (s)", y="Queue", log=True),
    "distribution": charts.distribution(LATENCIES, label="Latency", like=Q(1, "second")),
    "distribution-log": charts.distribution([10 ** (i / 250) for i in range(1000)], label="Cost", like=Q(1, "USD")),
    "distribution-whole": charts.distribution([float(i % 7) for i in range(100)], label="Nodes", like=Q(1, "node")),
    "distribution-constant": charts.distribution([4.0] * 20, label="Nodes", like=Q(1, "node")),
    "distribution-zero": charts.distribution([0.0] * 20, label="Nothing"),
    "tornado": charts.tornado(BARS, Q(264, "thousand*USD/month"), label="Own sending, all parts"),
    "tornado-log": charts.tornado(BARS, Q(264, "thousand*USD/month"), label="Own sending", log=True, most=1),
    "latency": charts.latency(
        {"One replica": LATENCIES, "Hedged": [x / 2 for x in LATENCIES]}, objective=(200, "Objective")
    ),
    "before-after": charts.before_after(
        {"Answered in time": (41.3, 99.2), "Tried again": (38, 1)}, axis="%", names=("without a budget", "with it")
    ),
    "before-after-log": charts.before_after({"Lag": (1000, 10), "Same": (5, 5)}, axis="ms", log=True),
}  # fmt: skip


def svg(name: str) -> str:
    return vl_convert.vegalite_to_svg(MADE[name].spec)


def texts(drawing: str) -> list[str]:
    return re.findall(r"<text[^>]*>([^<]+)</text>", drawing)


@pytest.mark.parametrize("name", MADE)
def test_it_is_plain_json_and_fits_a_column(name):
    json.dumps(MADE[name].spec, allow_nan=False)
    drawing = svg(name)
    width = float(re.search(r'<svg[^>]* width="([\d.]+)"', drawing)[1])
    assert 0 < width <= 560
    assert "NaN" not in drawing and "undefined" not in drawing


@pytest.mark.parametrize("name", MADE)
def test_all_colours_are_variables_of_the_page_with_one_fallback_each(name):
    drawing = svg(name)
    coloured = set(re.findall(r'(?:fill|stroke)="([^"]+)"', drawing)) - {"none", "transparent"}
    assert coloured and all(re.fullmatch(r"var\(--c-\w+, #[0-9a-f]{3,6}\)", colour) for colour in coloured)


def test_no_two_colours_of_the_palette_share_a_fallback():
    assert len({colour.split(",")[1] for colour in COLOURS}) == len(COLOURS)
    assert len({str(dash) for dash in DASHES}) == len(DASHES) == len(COLOURS)


@pytest.mark.parametrize("name", MADE)
def test_labels_stay_on_the_drawing_and_are_not_cut(name):
    drawing = svg(name)
    assert not any("…" in text for text in texts(drawing))


@pytest.mark.parametrize("name", MADE)
def test_it_describes_itself_and_an_author_may_add_to_it(name):
    chart = MADE[name]
    assert chart.description.endswith(".") and chart.spec["description"] == chart.description == repr(chart)
    bundle = chart._repr_mimebundle_()
    assert bundle[charts.MIME] is chart.spec and bundle["text/plain"] == chart.description


def test_descriptions_are_computed_from_the_data():
    assert (
        MADE["bars"].description == "Mean: 11.6 thousand; Largest of all campaigns: 32 thousand (messages per second)."
    )
    assert "Without starts at 100, is highest with 100 at 0 and ends at 41" in MADE["lines"].description
    assert "Zone lost at 20; Zone back at 59" in MADE["lines"].description
    assert "half of all cases lie below 3 nodes (p50), eight of ten between 0 nodes (p10) and 6 nodes (p90)" in (
        MADE["distribution-whole"].description
    )
    assert "Team, $100 thousand to $400 thousand: $165 thousand/month to $465 thousand/month" in (
        MADE["tornado"].description
    )
    assert MADE["tornado-log"].description.endswith("2 more move it less than those drawn.")
    assert "Answered in time: 41.3 and 99.2" in MADE["before-after"].description
    assert re.search(r"One replica: p50 2\d(\.\d)? ms, p99 1\d\d ms", MADE["latency"].description)


def test_an_author_adds_to_a_description_or_replaces_it():
    values = {"A": 1.0}
    assert charts.bars(values, axis="s", note="Therefore.").description == "A: 1 (s). Therefore."
    assert charts.bars(values, axis="s", description="Mine.").description == "Mine."


def test_percentiles_events_and_objectives_are_labelled_directly():
    assert {"p10: 0", "p50: 3", "p90: 6"} <= set(texts(svg("distribution-whole")))
    assert {"Zone lost", "Zone back"} <= set(texts(svg("lines")))
    assert {"Objective", "p50", "p99", "p99.9"} <= set(texts(svg("latency")))
    assert {"41.3", "99.2", "without a budget", "with it"} <= set(texts(svg("before-after")))
    assert {"165", "465", "assumption at its low end", "Own sending, all parts (thousand $/month)"} <= set(
        texts(svg("tornado"))
    )


def test_ticks_are_read_without_counting_zeros():
    assert {"0", "10k", "20k", "30k"} <= set(texts(svg("bars")))
    assert {"1,000", "300", "3"} <= set(texts(svg("lines-log")))
    assert {"0.2", "0.4"} <= set(texts(svg("distribution-zero")))


def test_series_differ_by_dash_in_the_lines_and_in_the_legend():
    dashes = re.findall(r'stroke-dasharray="([^"]+)"', svg("latency"))
    assert dashes.count("7,3") >= 2


def test_a_distribution_counts_what_it_draws():
    rows = MADE["distribution-whole"].spec["layer"][0]["data"]["values"]
    assert [row["cases"] for row in rows] == [15, 15, 14, 14, 14, 14, 14]
    assert [row["inner"] for row in rows] == [True] * 7
    rows = MADE["distribution"].spec["layer"][0]["data"]["values"]
    assert sum(row["cases"] for row in rows) >= 0.97 * len(LATENCIES)


def test_a_latency_line_is_the_share_that_is_slower():
    spec = charts.latency({"A": [float(i) for i in range(1, 1001)]}).spec
    rows = {row["y"]: row["x"] for row in spec["layer"][0]["data"]["values"]}
    assert rows[0.1] == 901 and rows[0.001] == 1000 and rows[1.0] == 1


@pytest.mark.parametrize(
    ("quantity", "unit", "number"),
    [
        (Q(319, "thousand*USD/month"), "thousand $/month", 319),
        (Q(34722, "message/second"), "thousand messages/s", 34.722),
        (Q(1.2, "PB"), "PB", 1.2), (Q(2.5, "percent"), "%", 2.5), (Q(0.1, "USD/thousand/message"), None, None),
        (Q(5, "hour"), "h", 5), (Q(7, "server"), "servers", 7), (Q(-20, "USD"), "$", -20), (3.0, "", 3), (0.0, "", 0),
    ],
)  # fmt: skip
def test_an_axis_counts_in_the_unit_that_tables_show(quantity, unit, number):
    axis = Axis.for_quantity(quantity)
    if unit is not None:
        assert (axis.unit, pytest.approx(axis.number(quantity))) == (unit, number)
    assert axis.title("Cost").startswith("Cost")


@pytest.mark.parametrize(
    "make",
    [
        lambda: charts.bars({}, axis="s"), lambda: charts.bars({"A": math.nan}, axis="s"),
        lambda: charts.bars({"A": 0}, axis="s", log=True), lambda: charts.lines({}, x="s", y="s"),
        lambda: charts.lines({"A": []}, x="s", y="s"), lambda: charts.lines({"A": [(0, math.inf)]}, x="s", y="s"),
        lambda: charts.lines({"A": [(0, 0)]}, x="s", y="s", log=True),
        lambda: charts.lines({"A": [(0, 1)]}, x="s", y="s", events={"B": math.nan}),
        lambda: charts.distribution([1.0] * 9, label="A"), lambda: charts.distribution([math.nan] * 10, label="A"),
        lambda: charts.tornado([], Q(1), label="A"), lambda: charts.tornado(BARS, Q(1), label="A", most=0),
        lambda: charts.tornado([Bar("A", "", "", Q(0), Q(1))], Q(1), label="A", log=True),
        lambda: charts.latency({}), lambda: charts.latency({"A": [0.0] * 10}), lambda: charts.latency({"A": [1.0] * 9}),
        lambda: charts.latency({"A": [1.0] * 10}, objective=(0, "B")), lambda: charts.before_after({}, axis="s"),
        lambda: charts.before_after({"A": (0, 1)}, axis="s", log=True),
        lambda: charts.before_after({"A": (0, 1)}, axis="s", names=("same", "same")),
    ],
)  # fmt: skip
def test_bad_input_is_refused(make):
    with pytest.raises(InputError):
        make()
