import math
import re

import pytest

from handbook import units
from handbook.cells import Cell
from handbook.errors import EstimateError, InputError
from handbook.estimate import Model, facts
from tests.handbook.notebooks import run

ASSUMED = """
    users = assume("Users", 100, "million member", between=(50, 200), because="Given")
    actions = assume("Actions", 10, "request/member/day", source="book")
"""


def by_name(*sources):
    return {fact["name"]: fact for fact in facts(*run(*sources))}


def error_of(*sources):
    with pytest.raises(EstimateError) as caught:
        facts(*run(*sources))
    return caught.value


def test_each_named_quantity_is_a_fact_with_its_derivation():
    found = by_name(ASSUMED, "peak = to(users * actions, 'request/s') * 3  # Peak rate\n")
    assert list(found) == ["users", "actions", "peak"]
    users, actions, peak = found.values()
    assert (users["kind"], users["because"], users["label"], users["range"]) == (
        "assumed", "Given", "Users", "50 million to 200 million",
    )  # fmt: skip
    assert (users["value"], users["unit"], users["low"], users["high"]) == (100e6, "member", 50e6, 200e6)
    assert (actions["kind"], actions["source"], actions["low"], actions["range"]) == ("sourced", "book", None, "")
    assert (peak["kind"], peak["label"], peak["inputs"]) == ("derived", "Peak rate", ["users", "actions"])
    assert peak["formula"] == "to(users * actions, 'request/s') * 3"
    assert (peak["text"], peak["full"], peak["line"]) == ("34.7 thousand/s", "34.7 thousand requests/s", 8)
    assert peak["base"] == pytest.approx(34722.22, abs=0.01)


def test_a_cell_gives_its_facts_line_and_section():
    cells, namespace = run("a = Q(1, 'byte')", "\nb = a * 2\n", first_line=28)
    cells[2] = Cell(cells[2].source, 40, "storage")
    assert [(f["line"], f["section"]) for f in facts(cells, namespace)] == [(30, None), (41, "storage")]


def test_a_value_is_told_in_units_that_say_something():
    found = by_name(
        """
        share = assume("Share", 50, "percent", between=(10, 60), because="Given")
        rate = assume("Rate", 8, "message/second", because="Given")
        kept = rate * share * Q(2, "hour")
        """
    )
    assert (found["kept"]["value"], found["kept"]["unit"]) == (pytest.approx(28800), "message")
    assert (found["share"]["value"], found["share"]["low"], found["share"]["unit"]) == (50, 10, "percent")


@pytest.mark.parametrize(
    "lines",
    [
        "def double(x):\n    return 2 * x\nb = double(a)",
        "def double():\n    return 2 * a\nb = double()",
        "_twice = 2 * a\nb = _twice",
        "_sum = Q(0, 'byte')\nfor _ in range(2):\n    _sum = _sum + a\nb = _sum",
        "_sum = Q(0, 'byte')\n_sum += a\n_sum += a\nb = _sum",
        "if a > Q(1, 'byte'):\n    _part = a\nelse:\n    _part = Q(0, 'byte')\nb = _part * 2",
        "_costs = {}\n_costs['x'] = a\n_costs['y'] = a\nb = total(*_costs.values())",
        "_parts = [a, a]\nb = total(*[part for part in _parts])",
        "_one, _other = a, a\nb = _one + _other",
        "b = (_x := a) + _x",
        "import math\nb = a * math.sqrt(4)",
        "from math import sqrt as root\nb = a * root(4)",
        "_double = lambda x: 2 * x\nb = _double(a)",
        "class Twice:\n    factor = 2\nb = Twice.factor * a",
        "from contextlib import nullcontext\nwith nullcontext(a) as _x:\n    _y = 2 * _x\nb = _y",
        "try:\n    _x = 2 * a\nexcept ValueError:\n    _x = a\nb = _x",
        "_n = 0\nwhile _n < 2:\n    _n += 1\nb = a * _n",
    ],
)
def test_what_the_model_can_follow(lines):
    cells, namespace = run('a = assume("A", 8, "byte", because="Given")\nother = Q(1, "second")\n', lines)
    *_, last = facts(cells, namespace)
    assert (last["name"], last["inputs"], last["base"]) == ("b", ["a"], 16)
    assert Model(cells, namespace)(a=20.0)["b"] == 40.0


def test_a_private_name_that_is_bound_again_does_not_mix_up_inputs():
    found = by_name(
        """
        a = Q(1, "byte")
        b = Q(2, "byte")
        _x = a
        c = _x * 2
        _x = b
        d = _x * 2
        """
    )
    assert (found["c"]["inputs"], found["d"]["inputs"]) == (["a"], ["b"])


def test_a_function_reads_private_names_when_it_is_called_and_loops_read_on():
    found = by_name(
        """
        a = Q(1, "byte")
        b = Q(2, "byte")
        def first():
            return 2 * _x
        _x = a
        c = first()
        _y = a
        for _i in range(2):
            _y = _y + b
        d = _y * 1
        _z = a
        _z = _z * b
        e = 1 * _z
        """
    )
    assert [found[name]["inputs"] for name in "cde"] == [["a"], ["a", "b"], ["a", "b"]]


def test_a_fact_may_be_one_of_two_others():
    found = by_name("a = Q(1, 'byte')\nb = Q(2, 'byte')\nsmaller = a if a < b else b  # The smaller")
    assert (found["smaller"]["label"], found["smaller"]["inputs"]) == ("The smaller", ["a", "b"])


def test_a_local_name_like_a_fact_is_no_input():
    found = by_name(
        """
        servers = Q(4, "server")
        def half(servers):
            return servers / 2
        rate = Q(8, "byte")
        b = half(rate)
        c = total(*[servers for servers in [rate, rate]])
        """
    )
    assert (found["b"]["inputs"], found["c"]["inputs"]) == (["rate"], ["rate"])


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ("a = Q(1)\na = Q(2)", 2, "named on line 3"),
        ("a = Q(1)\na += Q(2)", 2, "named on line 3"),
        ("a = Q(1)\nfor _i in range(2):\n    a = a * 2", 2, "named on line 3"),
        ("def a(): pass\na = Q(1)", 1, "an assignment of its own"),
        ("a = Q(1, 'byte')\nb = a", 2, "this one is a already"),
        ("a = assume('A', 8, because='b')\nb = a if a > 5 else 2 * a", 2, "this one is a already"),
        ("a = b = Q(1, 'byte')", 1, "an assignment of its own|already"),
        ("a, b = Q(1), Q(2)", 1, "an assignment of its own"),
        ("x = (a := Q(1)) * 2", 1, "an assignment of its own"),
        ("for a in [Q(1), Q(2)]:\n    pass", 1, "an assignment of its own"),
        ("from handbook.netflix import members", 1, "members = module.members"),
        ("a = Q(1, 'byte') * float('inf')", 1, "a finite number"),
        ("a = Q(1, 'byte') * float('nan')", 1, "a finite number"),
        ("x = 1\na = assume('A', 8, because='b') * 2", 2, "a line of its own"),
        ("_a = assume('A', 8, because='b')", 1, "a line of its own"),
        ("x = 1\nassume('A', 8, because='b')", 2, "a line of its own"),
        ("a = Q(8, 'hour')\nb = a.to('minute')", 2, "keep to arithmetic"),
        ("a = Q(2.6, 'hour')\nb = round(a)", 2, "keep to arithmetic"),
        ("from handbook import netflix\n\na = netflix.members * 2", 3, "members|named first"),
        ("_parts = []\n_parts.append(Q(1))\nb = total(*_parts)", 3, "at least one quantity"),
    ],
)
def test_what_an_estimate_cannot_do_is_told_with_its_line(source, line, what):
    error = error_of(source)
    assert error.line == line + 2  # below the imports
    assert re.search(what, str(error))


def test_a_cell_with_a_magic_is_told_with_its_line():
    cells, namespace = run("a = Q(1)")
    with pytest.raises(EstimateError) as caught:
        facts([*cells, Cell("b = 1\n%time b", 9)], namespace)
    assert caught.value.line == 10


def test_a_tiny_price_is_held_to_the_same_tolerance():
    source = """
        price = assume("Price", 0.08, "USD/GB/month", because="List")
        rounded = to(price, "USD/GB/month") * 1.0
        cut = rounded.__round__(1)
    """
    assert error_of(source).line == 6


def test_what_is_zero_but_for_noise_agrees():
    found = by_name("a = Q(0.3, 'day')\nb = Q(0.1, 'day')\nrest = a - b - b - b")
    assert abs(found["rest"]["value"]) < 1e-12


def test_an_assumption_that_nothing_uses_moves_nothing():
    cells, namespace = run(ASSUMED, "idle = assume('Idle', 3, 'zone', because='b')\npeak = users * actions")
    model = Model(cells, namespace)
    assert list(model.assumptions) == ["users", "actions", "idle"]
    before, after = model(), model(idle=9.0)
    assert after["peak"] == before["peak"]
    assert (before["idle"], after["idle"]) == (3.0, 9.0)


def test_only_what_is_needed_runs_again():
    cells, namespace = run(
        """
        a = assume("A", 8, "byte", because="Given")
        seen = []
        """,
        """
        seen.append("ran")
        _unused = seen.append("bound, but not needed")
        b = 2 * a
        """,
    )
    model = Model(cells, namespace)
    for _ in range(3):
        model()
    assert namespace["seen"] == ["ran", "bound, but not needed"]


def test_a_model_without_assumptions_or_facts():
    assert Model(*run("a = Q(2, 'kB')"))() == {"a": 2000.0}
    assert Model(*run("a = 5"))() == {}
    assert facts([], {}) == []


def test_a_simulated_fact_stays_as_it_was_found():
    cells, namespace = run(
        """
        from handbook import simulated
        from handbook.simulation import Interval
        a = assume("A", 8, "byte", because="Given")
        wait = simulated("Wait", Interval(2.0, 0.5, 0.95, 10), "second", "Ten runs")
        b = a / wait
        """
    )
    model = Model(cells, namespace)
    assert list(model.assumptions) == ["a"]
    assert model(a=16.0) == {"a": 16.0, "wait": 2.0, "b": 8.0}
    with pytest.raises(InputError, match="one of the assumptions a"):
        model(wait=3.0)
    assert [fact["kind"] for fact in facts(cells, namespace)] == ["assumed", "simulated", "derived"]


@pytest.mark.parametrize("value", [math.nan, math.inf, "3", None, True])
def test_a_model_takes_finite_numbers(value):
    with pytest.raises(InputError, match="users = .* finite number"):
        Model(*run(ASSUMED))(users=value)


def test_a_model_knows_its_assumptions():
    model = Model(*run(ASSUMED, "peak = users * actions"))
    for name in ("nobody", "peak"):
        with pytest.raises(InputError, match=f"{name} = 1.0 .* users, actions"):
            model(**{name: 1.0})


@pytest.mark.parametrize(("users", "what"), [(0.0, "ZeroDivisionError"), (1e-320, "a finite number")])
def test_a_fact_that_cannot_be_computed_is_told_with_its_line(users, what):
    model = Model(*run(ASSUMED, "a = users * 2", "share = actions * 1e9 / a\nc = share + actions / users"))
    with pytest.raises(EstimateError, match=what) as caught:
        model(users=users)
    assert caught.value.line == 10
    assert caught.value.argument == "share"
    assert isinstance(units.Q(1), units.Quantity)  # the plain block ended
