import gc
import math

import pytest

from handbook import Q, assume, simulated
from handbook.assumptions import declaration, label
from handbook.simulation import Interval
from handbook.units import base, plain
from tests.handbook.bad_input import rejects


def rate(**more):
    return assume("Rate", 50, "request/s", **{"because": "Given", **more})


def test_an_assumption_is_a_quantity_that_knows_where_it_comes_from():
    quantity = assume("Size", 0.6, "kB/event", between=(0.3, 2), because="Ids", source="book")
    declared = declaration(quantity)
    assert quantity == Q(0.6, "kB/event")
    assert (declared.label, declared.source, declared.because, declared.kind) == ("Size", "book", "Ids", "sourced")
    assert (base(declared.low), base(declared.high)) == (300, 2000)
    assert declaration(rate()).kind == "assumed"
    assert declaration(rate()).low is None


@pytest.mark.parametrize("between", [(50, 50), (50, 60), [40, 50], (0, 1e9)])
def test_a_range_may_touch_its_value(between):
    assert base(declaration(rate(between=between)).high) == between[1]


@pytest.mark.parametrize(
    "between",
    [(51, 60), (10, 49), (60, 40), (10,), (10, 50, 60), (), 50, "ab", (math.nan, 60), (10, math.inf), (True, 60),
     ("10", 60), (None, 60)],
)  # fmt: skip
def test_a_range_holds_the_value_and_is_finite(between):
    error = rejects("between", rate, between=between)
    assert "50" in error.allowed


@pytest.mark.parametrize("because", [None, "", "  ", 3])
def test_an_assumption_needs_a_source_or_a_reason(because):
    error = rejects("because", rate, because=because)
    assert "'Rate'" in error.allowed


@pytest.mark.parametrize("words", ["", " ", None, 5])
def test_an_assumption_needs_a_label(words):
    rejects("label", assume, words, 5, "member", because="Given")


def test_a_value_and_a_unit_are_checked():
    rejects("value", assume, "Rate", math.nan, "member", because="Given")
    rejects("value", assume, "Rate", True, "member", because="Given")
    rejects("unit", assume, "Rate", 5, "wrong", because="Given")


def test_a_declaration_belongs_to_one_object_alone():
    quantity = rate()
    assert declaration(quantity * 1) is None
    assert declaration(Q(50, "request/s")) is None
    assert declaration(5.0) is None
    names = {declaration(assume(f"n{i}", i, because="Given")).label for i in range(200) if gc.collect(0) >= 0}
    assert len(names) == 200
    assert all(declaration(Q(i)) is None for i in range(200))


def test_runs_on_plain_numbers_declare_nothing():
    with plain():
        value = rate(between=(10, 60))
    assert value == 50.0
    assert declaration(value) is None


def test_the_result_of_a_simulation_is_named_with_its_interval():
    quantity = simulated("Wait", Interval(2.0, 0.5, 0.95, 10), "second", "Ten runs")
    declared = declaration(quantity)
    assert (declared.kind, declared.exact) == ("simulated", False)
    assert (base(declared.low), base(declared.high)) == (1.5, 2.5)


def test_a_quantity_is_called_as_declared_or_as_commented_or_by_its_name():
    assert label("x", rate(), "Comment") == "Rate"
    assert label("peak_rate", Q(1), "Comment") == "Comment"
    assert label("peak_rate", Q(1)) == "Peak rate"
