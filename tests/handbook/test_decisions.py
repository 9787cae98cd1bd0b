import json
import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import Q, crossings, decide, units
from handbook.decisions import DecisionModel, decisions
from handbook.errors import InputError
from handbook.estimate import Model, facts
from scripts import percent
from tests.handbook.bad_input import rejects
from tests.handbook.live_notebook import LiveNotebook

EMAIL = Path("docs/designs/email-platform/estimate.py")
NOTEBOOK = """
followers = assume("Followers of an author", 200, "member", between=(10, 5000), because="test")
write = assume("Cost of a write", 2, "USD/member", between=(1, 4), because="test")
read = assume("Cost of reading", 900, "USD", because="test")
push_cost = followers * write  # Cost of pushing
"""
DECIDE = """
push = decide(
    "Push to followers", push_cost, "<", read, otherwise="Pull from authors", because="Writes grow with followers",
)
"""


def live(*more: str) -> LiveNotebook:
    return LiveNotebook(NOTEBOOK, DECIDE, *more)


def model(notebook: LiveNotebook) -> DecisionModel:
    return DecisionModel(notebook.cells, notebook.namespace)


def polynomial(*roots: float):
    return lambda x: math.prod(x - root for root in roots)


@given(st.lists(st.floats(0.5, 9.5), min_size=0, max_size=4, unique_by=lambda x: round(x / 0.4)))
def test_all_roots_of_a_polynomial_are_found(roots):
    roots = sorted(roots)
    if any(b - a < 0.35 for a, b in zip(roots, roots[1:], strict=False)):
        return
    found = crossings.find(polynomial(*roots), crossings.grid(0, 10))
    assert [c.at for c in found.crossings] == pytest.approx(roots, rel=1e-9)
    assert not any(c.jump for c in found.crossings)


def test_two_roots_inside_one_step_are_found():
    found = crossings.find(polynomial(5.01, 5.03), crossings.grid(0, 10, 21))
    assert [c.at for c in found.crossings] == pytest.approx([5.01, 5.03])


@pytest.mark.parametrize("root", [5.0, 5.03, math.pi])
@pytest.mark.parametrize("sign", [1, -1])
def test_a_tangent_touches_and_does_not_cross(root, sign):
    found = crossings.find(lambda x: sign * (x - root) ** 2, crossings.grid(0, 10, 21))
    assert found.crossings == ()
    assert found.touches == pytest.approx((root,), abs=1e-4)


def test_no_root_is_no_crossing_and_no_touch():
    found = crossings.find(lambda x: (x - 5) ** 2 + 0.01, crossings.grid(0, 10))
    assert (found.crossings, found.touches) == ((), ())


def test_steps_and_poles_are_jumps():
    step = crossings.find(lambda x: math.ceil(x) - 4.5, crossings.grid(0, 10))
    assert [(c.at, c.jump) for c in step.crossings] == [(pytest.approx(4), True)]
    pole = crossings.find(lambda x: 1 / (x - math.pi) if x != math.pi else None, crossings.grid(0, 10))
    assert [(c.at, c.jump) for c in pole.crossings] == [(pytest.approx(math.pi), True)]


def test_where_a_margin_cannot_be_computed_nothing_is_claimed():
    found = crossings.find(lambda x: None if x < 3 else x - 5, crossings.grid(0, 10, 11))
    assert [c.at for c in found.crossings] == [5]
    assert (found.low, found.high) == (3, 10)
    rejects("points", crossings.find, lambda x: None, [0.0, 1.0])


def test_a_grid_refuses_what_is_no_range():
    assert crossings.grid(1, 16, 5, log=True) == pytest.approx([1, 2, 4, 8, 16])
    rejects("high", crossings.grid, 2, 1)
    rejects("high", crossings.grid, 0, math.inf)
    rejects("low", crossings.grid, 0, 1, log=True)


@pytest.mark.parametrize(
    ("sign", "left", "right", "first"),
    [
        (">", 2, 1, True),
        (">", 1, 1, False),
        (">=", 1, 1, True),
        ("<", 1, 2, True),
        ("<", 1, 1, False),
        ("<=", 1, 1, True),
    ],
)
def test_a_decision_is_what_its_comparison_says_with_units_and_plain(sign, left, right, first):
    words = {"otherwise": "B", "because": "test"}
    decided = decide("A", Q(left, "hour"), sign, Q(right, "hour"), **words)
    with units.plain():
        plain = decide("A", left * 3600.0, sign, right * 3600.0, **words)
    assert bool(decided) is bool(plain) is first
    assert decided.chosen == plain.chosen == ("A" if first else "B")
    assert decided.alternative == ("B" if first else "A")
    assert decided.margin == pytest.approx(plain.margin)


def test_a_decision_says_both_sides_and_the_reason():
    decided = live()["push"]
    assert repr(decided) == (
        "Push to followers, not: Pull from authors. $400 is below $900. Writes grow with followers"
    )
    assert "<strong>Push to followers</strong>" in decided._repr_html_()
    assert "<script" not in decide("<script>", 1, ">", 0, otherwise="B", because="c")._repr_html_()


def test_decide_refuses_bad_input():
    good = {"label": "A", "left": Q(1, "hour"), "sign": "<", "right": Q(1, "day"), "otherwise": "B", "because": "c"}

    def call(**other):
        given = {**good, **other}
        sides = [given.pop(name) for name in ("label", "left", "sign", "right")]
        return decide(*sides, **given)

    assert call()
    for argument, bad in [
        ("label", ""), ("otherwise", " "), ("because", None), ("sign", "="), ("sign", "=="), ("left", "x"),
        ("left", math.nan), ("left", True), ("right", Q(1, "byte")), ("right", 3.0),
    ]:  # fmt: skip
        rejects(argument, call, **{argument: bad})


def test_both_sides_of_a_decision_can_be_tested():
    decided = model(live())
    assert decided(followers=449.0)["push"].chosen == "Push to followers"
    assert decided(followers=451.0)["push"].chosen == "Pull from authors"
    assert decided(followers=451.0)["push"].words == "$902 is not below $900"
    rejects("push_cost", decided, push_cost=1.0)
    rejects("followers", decided, followers=math.inf)


def test_one_threshold_is_solved_for_and_said_in_the_authors_unit():
    found = model(live()).threshold("push", "followers")
    assert [units.base(value) for value in found.values] == pytest.approx([450])
    assert found.words == "Pull from authors when “Followers of an author” is above 450 members (now 200 members)."
    assert found.plausible and not found.jump


def test_a_threshold_beyond_the_range_is_found_and_called_so():
    found = model(live()).threshold("push", "write")
    assert [units.base(value) for value in found.values] == pytest.approx([4.5])
    assert not found.plausible
    assert "outside its plausible range" in found.words
    fixed = model(live()).threshold("push", "read")
    assert [units.base(value) for value in fixed.values] == pytest.approx([400])


def test_a_threshold_that_does_not_exist_is_said():
    found = model(live()).threshold("push", "write", within=(1.0, 4.0))
    assert found.values == ()
    assert found.words == "Push to followers for every “Cost of a write” from $1.00 per member to $4.00 per member."


def test_several_thresholds_are_all_reported():
    source = """
load = assume("Load", 5, between=(0, 10), because="test")
left = (load - 2) * (load - 8)  # Left
flat = Q(0) * load  # Zero
wide = decide("Between", left, "<", flat, otherwise="Outside", because="test")
"""
    notebook = LiveNotebook(source)
    found = model(notebook).threshold("wide", "load")
    assert [units.base(value) for value in found.values] == pytest.approx([2, 8])
    assert found.words == "Outside when “Load” is below 2, or above 8 (now 5)."
    inside = model(notebook).threshold("wide", "load", values={"load": 1.0})
    assert inside.words == "Between when “Load” is from 2 to 8 (now 1)."


def test_a_tangent_is_no_threshold_but_is_mentioned():
    source = """
load = assume("Load", 5, between=(0, 10), because="test")
left = (load - 3) ** 2  # Left
flat = Q(0) * load  # Zero
never = decide("Above", left, ">=", flat, otherwise="Below", because="test")
"""
    found = model(LiveNotebook(source)).threshold("never", "load")
    assert found.values == ()
    assert "both sides are equal at 3" in found.words


def test_a_share_is_not_followed_beyond_all():
    source = """
share = assume("Share", 50, "percent", between=(10, 90), because="test")
seen = to(share * 0.5, "percent")  # Seen
most = decide("Few", seen, "<", Q(60, "percent"), otherwise="Many", because="test")
"""
    found = model(LiveNotebook(source)).threshold("most", "share")
    assert found.values == ()
    assert "100%" in found.words


def test_rounded_counts_turn_over_in_a_jump():
    source = """
load = assume("Load", 5, "server", between=(1, 20), because="test")
few = decide("Few", ceil(load), "<", Q(7.5, "server"), otherwise="Many", because="test")
"""
    found = model(LiveNotebook(source)).threshold("few", "load")
    assert [units.base(value) for value in found.values] == pytest.approx([7])
    assert found.jump


def test_thresholds_refuse_unknown_names():
    decided = model(live())
    rejects("decision", decided.threshold, "nothing", "write")
    rejects("over", decided.threshold, "push", "push_cost")


def test_in_a_notebook_thresholds_are_a_table_of_those_that_turn_it_over():
    notebook = live("idle = assume('Idle', 1, between=(0, 2), because='test')")
    shown = notebook.run("shown = thresholds(push)")["shown"]
    assert [row.name for row in shown.rows] == ["followers", "write"]  # those within their range first
    html = shown._repr_html_()
    assert '<table class="results thresholds">' in html and "above 450 members" in html and "Idle" not in html
    one = notebook.run("one = threshold(push, over=followers)")["one"]
    assert "above 450 members" in repr(one)
    nothing = notebook.run("far = threshold(push, over='write', within=(Q(1, 'USD/member'), Q(2, 'USD/member')))")[
        "far"
    ]
    assert nothing.values == ()


def test_facts_may_depend_on_a_decision():
    notebook = live("cost = (push_cost if push else read) * 1  # What it costs")
    found = model(notebook)
    assert found.published["push"].chosen == "Push to followers"
    assert Model(notebook.cells, notebook.namespace)(followers=1000.0)["cost"] == 900
    assert [fact["name"] for fact in facts(notebook.cells, notebook.namespace)][-1] == "cost"


def test_decisions_are_published_as_json():
    notebook = live()
    [found] = decisions(notebook.cells, notebook.namespace)
    json.dumps(found, allow_nan=False)
    assert found["name"] == "push"
    assert (found["label"], found["otherwise"]) == ("Push to followers", "Pull from authors")
    assert (found["chosen"], found["alternative"], found["holds"]) == ("Push to followers", "Pull from authors", True)
    assert found["reason"] == "Writes grow with followers"
    assert found["words"] == "$400 is below $900"
    assert set(found["inputs"]) == {"push_cost", "read"}
    assert [(t["over"], t["plausible"]) for t in found["thresholds"]] == [("followers", True), ("write", False)]
    assert found["thresholds"][0]["texts"] == ["450 members"]


def test_a_notebook_without_decisions_has_none_and_a_name_decides_once():
    notebook = LiveNotebook(NOTEBOOK)
    assert decisions(notebook.cells, notebook.namespace) == []
    twice = live(DECIDE)
    with pytest.raises(InputError, match="name = 'push'"):
        decisions(twice.cells, twice.namespace)


def test_the_email_platform_switches_where_its_own_formula_says():
    sources = [cell.source for cell in percent.read(EMAIL) if cell.kind == "code"]
    extra = """
from handbook import decide
_by_cost = dict(otherwise="Use a sending service", because="test")
own_by_cost = decide("Own servers", own_cost, "<", service_cost, **_by_cost)
own_by_volume = decide("Own servers", messages_daily, ">", switch_volume, **_by_cost)
"""
    notebook = LiveNotebook(*sources, extra)
    decided, estimate = model(notebook), Model(notebook.cells, notebook.namespace)
    for over in ("service_price", "team_price"):
        by_cost, by_volume = (decided.threshold(name, over) for name in ("own_by_cost", "own_by_volume"))
        at = units.base(by_cost.values[-1])
        assert units.base(by_volume.values[-1]) == pytest.approx(at, rel=1e-9)
        there = estimate(**{over: at})
        assert there["messages_daily"] == pytest.approx(there["switch_volume"], rel=1e-9)
        assert there["own_cost"] == pytest.approx(there["service_cost"], rel=1e-9)


def test_a_decision_is_followed_where_another_cannot_be_computed():
    fragile = """
root = number(Q(250, "member") / followers - Q(1)) ** 0.5 if number(followers / Q(1, "member")) < 250 else 1 / Q(0)
shaky = decide("A", Q(root), "<", Q(9), otherwise="B", because="test")
"""
    notebook = live(fragile)
    assert [units.base(v) for v in model(notebook).threshold("push", "followers").values] == pytest.approx([450])


def test_a_threshold_is_told_with_digits_enough_to_differ_from_now():
    source = """
up = assume("Availability", 99.99, "percent", between=(99.9, 99.999), because="test")
down = to((Q(1) - up) * Q(1, "month"), "minute")  # Down
one = decide("Two regions", down, "<", Q(13.14, "minute"), otherwise="One region", because="test")
"""
    found = model(LiveNotebook(source)).threshold("one", "up")
    assert found.words == "One region when “Availability” is below 99.97% (now 99.99%)."
