import math
import subprocess
import sys
from statistics import fmean

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handbook import uncertainty, units
from handbook.errors import InputError
from handbook.estimate import Model
from handbook.uncertainty import Range, percentile
from tests.handbook.bad_input import rejects
from tests.handbook.live_notebook import HEAD, LiveNotebook

SUM = """
first = assume("First", 10, "request", between=(0, 20), because="test")
second = assume("Second", 30, "request", between=(15, 45), because="test")
fixed = assume("Fixed", 2, because="test")
both = first + second  # Sum of both
double = both * fixed  # Twice that
rounded = ceil(first)  # Whole
"""
PRODUCT = """
rate = assume("Rate", 100, "request/second", between=(10, 1000), because="test")
time = assume("Time", 4, "second", between=(1, 16), because="test")
work = rate * time  # Work
"""


def model(source: str) -> Model:
    notebook = LiveNotebook(source)
    return Model(notebook.cells, notebook.namespace)


@example(2.2e-311, 0.0, 1.0, 0.5)
@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e6), st.floats(0, 1))
def test_a_range_is_a_distribution_between_its_bounds(low, first, second, share):
    varied = Range(low, low + first, low + first + second)
    assert varied.low <= varied.at(share) <= varied.high
    assert varied.at(0) == pytest.approx(varied.low)
    assert varied.at(1) == pytest.approx(varied.high)
    assert varied.at(share / 2) <= varied.at(share)


def test_a_narrow_range_is_triangular():
    # P(X < mode) = (mode − low)/(high − low), and the mean is that of the three corners.
    varied = Range(20, 30, 60)
    assert not varied.logarithmic
    assert varied.at(0.25) == pytest.approx(30)
    assert fmean(varied.at((i + 0.5) / 10_000) for i in range(10_000)) == pytest.approx(110 / 3, rel=1e-4)


def test_a_wide_positive_range_is_triangular_in_its_logarithm():
    varied = Range(1, 10, 1000)
    assert varied.logarithmic
    assert varied.at(1 / 3) == pytest.approx(10)
    assert [Range(1, 2, 4).at(p) * Range(1, 2, 4).at(1 - p) for p in (0.1, 0.3)] == pytest.approx([4, 4])
    assert not Range(1, 2, 3).logarithmic
    assert not Range(0, 10, 1000).logarithmic


def test_the_mode_may_lie_at_an_end():
    assert Range(325, 325, 345).at(0.75) == pytest.approx(335)
    assert Range(1, 1, 1).at(0.3) == 1


def test_a_range_refuses_what_is_none():
    rejects("mode", Range, 1, 0, 2)
    rejects("mode", Range, 2, 1.5, 1)
    rejects("mode", Range, 0, math.nan, 1)
    rejects("share", Range(0, 1, 2).at, 1.5)


def test_the_sum_of_two_triangles_has_the_percentiles_of_its_closed_form():
    # Symmetric, so the median is 40; the others come from a grid over both distributions.
    steps = [(i + 0.5) / 300 for i in range(300)]
    exact = sorted(Range(0, 10, 20).at(a) + Range(15, 30, 45).at(b) for a in steps for b in steps)
    drawn = uncertainty.sample(model(SUM), ["both"], runs=10_000)["both"]
    for percent in (10, 50, 90):
        assert percentile(drawn, percent) == pytest.approx(exact[int(len(exact) * percent / 100)], rel=0.01)
    assert percentile(drawn, 50) == pytest.approx(40, rel=0.005)


def test_the_product_of_symmetric_logarithms_has_the_published_value_as_its_median():
    drawn = uncertainty.sample(model(PRODUCT), ["work"])["work"]
    assert percentile(drawn, 50) == pytest.approx(400, rel=0.02)
    # Variance of a symmetric triangle of half-width w: w²/6, in natural logarithms.
    logs = [math.log(value) for value in drawn]
    spread = fmean((x - fmean(logs)) ** 2 for x in logs)
    assert spread == pytest.approx((math.log(10) ** 2 + math.log(4) ** 2) / 6, rel=0.03)


def test_one_assumption_alone_is_drawn_once_from_each_stratum():
    drawn = sorted(uncertainty.sample(model(SUM), ["first"], runs=500)["first"])
    exact = Range(0, 10, 20)
    assert all(exact.at(i / 500) <= value <= exact.at((i + 1) / 500) for i, value in enumerate(drawn))


def test_facts_of_one_draw_belong_together():
    found = uncertainty.sample(model(SUM), ["both", "double", "rounded", "fixed"], runs=200)
    assert found["double"] == pytest.approx([2 * value for value in found["both"]])
    assert set(found["fixed"]) == {2.0}
    assert all(value == int(value) for value in found["rounded"])


def test_samples_repeat_and_another_seed_gives_others():
    compiled = model(SUM)
    assert uncertainty.sample(compiled, ["both"]) == uncertainty.sample(compiled, ["both"])
    assert uncertainty.sample(compiled, ["both"], seed=2) != uncertainty.sample(compiled, ["both"])


def test_another_assumption_does_not_change_the_draws_of_the_first():
    more = SUM + 'third = assume("Third", 1, between=(0, 5), because="test")\n'
    assert uncertainty.sample(model(more), ["both"]) == uncertainty.sample(model(SUM), ["both"])


def test_samples_do_not_depend_on_the_process():
    code = "from handbook.uncertainty import Range, _draws; print(_draws('rate', Range(10, 100, 1000), 5, 1))"
    runs = set()
    for seed in ("1", "2"):
        given = {"PYTHONHASHSEED": seed}
        runs.add(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, env=given).stdout)
    assert len(runs) == 1


def test_a_readers_value_moves_the_middle_and_stretches_the_range():
    compiled = model(SUM)
    moved = uncertainty.sample(compiled, ["first"], values={"first": 30.0})["first"]
    assert max(moved) <= 30 and percentile(moved, 50) > 18
    with_fixed = uncertainty.sample(compiled, ["double", "both"], values={"fixed": 3.0}, runs=50)
    assert with_fixed["double"] == pytest.approx([3 * value for value in with_fixed["both"]])


def test_a_range_in_which_a_fact_cannot_be_computed_is_refused():
    source = 'load = assume("Load", 0.5, between=(0, 1), because="t")\nwait = 1 / (Q(1) - load) ** 0.5  # Wait\n'
    assert uncertainty.sample(model(source), ["wait"], runs=50)
    bad = source.replace("(0, 1)", "(0, 1.5)")
    with pytest.raises(InputError, match=r"between = 'load = 1\.\d+' is not allowed: ranges within which"):
        uncertainty.sample(model(bad), ["wait"])
    with pytest.raises(InputError, match="between = 'load = 1'"):
        uncertainty.swings(model(source), "wait")


def test_sample_refuses_bad_input():
    compiled = model(SUM)
    rejects("facts", uncertainty.sample, compiled, ["nothing"])
    rejects("nothing", uncertainty.sample, compiled, ["both"], values={"nothing": 1.0})
    rejects("both", uncertainty.swings, compiled, "double", {"both": 1.0})
    for runs in (0, -1, 1.5, True):
        rejects("runs", uncertainty.sample, compiled, ["both"], runs=runs)


def test_percentiles_are_values_that_occurred():
    assert [percentile([3, 1, 2, 4], p) for p in (0, 25, 26, 50, 75, 100)] == [1, 1, 2, 2, 3, 4]
    assert percentile(range(1, 101), 90) == 90
    rejects("values", percentile, [], 50)
    rejects("percent", percentile, [1], 101)


def test_the_swings_of_a_linear_model_are_its_coefficients():
    swings = uncertainty.swings(model(SUM), "double")
    assert [(s.name, s.at_low, s.at_high, s.size) for s in swings] == [
        ("second", 50.0, 110.0, 60.0), ("first", 60.0, 100.0, 40.0),
    ]  # fmt: skip
    assert {s.published for s in swings} == {80.0}


def test_the_swings_of_a_product_are_its_ratios():
    swings = uncertainty.swings(model(PRODUCT), "work")
    assert [(s.name, s.at_low / s.published, s.at_high / s.published) for s in swings] == [
        ("rate", pytest.approx(0.1), pytest.approx(10)), ("time", pytest.approx(0.25), pytest.approx(4)),
    ]  # fmt: skip


def test_what_has_no_effect_has_no_swing():
    assert [s.name for s in uncertainty.swings(model(SUM), "rounded")] == ["first"]
    assert [s.name for s in uncertainty.swings(model(SUM), "both", {"first": 15.0})] == ["second", "first"]


def test_intervals_in_a_notebook_are_a_table_in_the_authors_units():
    notebook = LiveNotebook(SUM, "double_hourly = to(double / Q(60, 'minute'), 'request/hour')  # In an hour")
    shown = notebook.run("shown = intervals(double_hourly, rounded)")["shown"]
    assert [row.name for row in shown.rows] == ["double_hourly", "rounded"]
    assert shown.rows[0].label == "In an hour"
    assert shown.rows[0].p50.magnitude == pytest.approx(80, rel=0.02)
    assert shown.rows[0].p10.units == notebook["double_hourly"].units
    html = shown._repr_html_()
    assert '<table class="results intervals">' in html
    assert 'data-interval="rounded" data-percentile="90" value="16"' in html
    assert html.count('scope="row"') == 2
    assert "p10" in repr(shown) and "requests/h" in repr(shown)


def test_intervals_are_found_by_name_too_and_refuse_the_rest():
    notebook = LiveNotebook(SUM)
    assert notebook.run("shown = intervals('both')")["shown"].rows[0].name == "both"
    for bad in ("both + both", "'nothing'", "3.0", "None"):
        with pytest.raises(ValueError, match="a quantity or a decision that a cell of this notebook named"):
            notebook.run(f"shown = intervals({bad})")
    with pytest.raises(ValueError, match="at least one"):
        notebook.run("intervals()")


def test_without_a_notebook_nothing_is_shown_and_cells_can_be_given():
    namespace = {"__name__": "bare"}
    exec(f"{HEAD}{SUM}\nshown = intervals(both)", namespace)
    assert namespace["shown"] is None
    namespace["source"] = f"{HEAD}{SUM}"
    exec("shown = intervals(both, cells=[source])", namespace)
    assert namespace["shown"].rows[0].name == "both"


def test_a_script_reads_its_own_statements_above_the_call(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(f"{HEAD}{SUM}\nprint(intervals(\n    both,\n))\nlater = both * 2\n")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=".")
    assert done.stdout.startswith("Sum of both  p50 ")


def test_a_cell_that_was_edited_and_run_again_counts_once_and_in_its_place():
    notebook = LiveNotebook(SUM, "tripled = both * 3  # Three times")
    notebook.run(SUM.replace("(15, 45)", "(29, 31)"))
    notebook.run("tripled = both * 3  # Three times")
    row = notebook.run("shown = intervals(tripled)")["shown"].rows[0]
    assert units.base(row.p10) > 3 * (30 + 3)
    notebook.namespace["In"].append("broken = (")
    assert notebook.run("shown = intervals(tripled)")["shown"].rows


def test_a_notebook_run_out_of_order_is_told_so():
    notebook = LiveNotebook(SUM, "tripled = both * 3  # Three times")
    notebook.run(SUM.replace('"First", 10', '"First", 11'))
    with pytest.raises(ValueError, match="run all of them again"):
        notebook.run("intervals(tripled)")


def test_charts_of_a_notebook_describe_themselves():
    notebook = LiveNotebook(PRODUCT)
    described = notebook.run("chart = tornado(work, note='As it should be.')")["chart"].description
    assert described.startswith("Work, 400 requests as assumed") or "as assumed" in described
    assert described.index("Rate, 10/s to 1,000/s") < described.index("Time, 1 s to 16 s")
    assert described.endswith("As it should be.")
    assert "(p50)" in notebook.run("chart = distribution(work)")["chart"].description
