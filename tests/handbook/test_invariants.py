import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import InputError, Q, invariants, units
from handbook.invariants import InvariantError, InvariantModel, checks
from tests.handbook.live_notebook import LiveNotebook

RATE = "message/second"
HOLDS = [
    (invariants.capacity, (Q(40, RATE), Q(30, RATE), Q(10, RATE))),
    (invariants.capacity, (Q(30, RATE), Q(30, RATE))),
    (invariants.storage, (Q(60, "GB"), Q(1, "GB/day"), 3, Q(20, "day"))),
    (invariants.egress, (Q(200, "GB"), Q(100, "million message"), Q(2, "kB/message"))),
    (invariants.little, (Q(24, "connection"), Q(30, RATE), Q(0.8, "second*connection/message"))),
    (invariants.utilisation, (Q(6, "server"), Q(10, "server"), Q(3, "zone"))),
    (invariants.nodes, (Q(10, "server"), Q(3, "message/server/second"), Q(30, RATE))),
    (invariants.parts, (Q(3, "hour"), Q(1, "hour"), Q(120, "minute"))),
    (invariants.cost, (Q(0.3, "USD"), Q(0.1, "USD"), Q(0.2, "USD"))),
]  # fmt: skip

BROKEN = [
    (
        invariants.capacity,
        (Q(20, RATE), Q(30, RATE), Q(10, RATE)),
        "capacity = 20 messages/s",
        "at least peak = 30 mess",
    ),
    (
        invariants.capacity,
        (Q(40, RATE), Q(30, RATE), Q(35, RATE)),
        "peak = 30 messages/s",
        "at least average = 35 mess",
    ),
    (
        invariants.storage,
        (Q(59, "GB"), Q(1, "GB/day"), 3, Q(20, "day")),
        "stored = 59 GB",
        "replication × retention = 60 GB",
    ),
    (
        invariants.egress,
        (Q(1, "GB"), Q(1000, "message"), Q(2, "kB/message")),
        "egress = 1 GB",
        "deliveries × size = 2 MB",
    ),
    (
        invariants.little,
        (Q(25, "connection"), Q(30, RATE), Q(0.8, "second*connection/message")),
        "concurrency = 25 connections",
        "rate × duration = 24 connections",
    ),
    (
        invariants.utilisation,
        (Q(7, "server"), Q(10, "server"), Q(3, "zone")),
        "busy nodes = 7 servers",
        "below nodes left = 6.67 servers",
    ),
    (
        invariants.utilisation,
        (Q(10, "server"), Q(10, "server"), Q(3, "zone")),
        "busy nodes = 10 servers",
        "below nodes = 10 servers",
    ),
    (
        invariants.nodes,
        (Q(9, "server"), Q(3, "message/server/second"), Q(30, RATE)),
        "27 messages/s",
        "at least demand = 30 messages/s",
    ),
    (invariants.parts, (Q(3, "hour"), Q(1, "hour"), Q(121, "minute")), "whole = 3 h", "sum of the parts = 3.02 h"),
    (invariants.cost, (Q(5, "USD"), Q(1, "USD"), Q(2, "USD")), "cost = $5.00", "sum of its parts = $3.00"),
]

NOTEBOOK = """
peak = assume("Peak", 30, "message/second", between=(10, 60), because="test")
time = assume("Time", 0.8, "second*connection/message", between=(0.1, 2), because="test")
room = assume("Room", 40, "connection", because="test")
open_now = peak * time  # Connections
"""
STATED = """
invariants.little(open_now, peak, time)
invariants.capacity(room, open_now)
"""


def _plain(value: object) -> object:
    return units.base(value) if isinstance(value, units.Quantity) else value


@pytest.mark.parametrize(("invariant", "arguments"), HOLDS)
def test_it_holds_with_units_and_plain(invariant, arguments):
    check = invariant(*arguments)
    assert check and " holds: " in repr(check)
    assert invariant(*map(_plain, arguments))


@pytest.mark.parametrize(("invariant", "arguments", "value", "allowed"), BROKEN)
def test_a_broken_one_raises_with_both_sides_and_units(invariant, arguments, value, allowed):
    with pytest.raises(InvariantError) as caught:
        invariant(*arguments)
    assert isinstance(caught.value, InputError)
    assert f"{value} is not allowed: " in str(caught.value)
    assert allowed in str(caught.value)
    with pytest.raises(InvariantError):
        invariant(*map(_plain, arguments))


@pytest.mark.parametrize(("invariant", "arguments"), HOLDS)
def test_bad_input_is_no_broken_invariant(invariant, arguments):
    for position in range(len(arguments)):
        optional = invariant is invariants.capacity and position == 2
        for bad in (float("nan"), "1", True, Q(1, "room"), *([] if optional else [None])):
            given = [*arguments]
            given[position] = bad
            with pytest.raises(InputError) as caught:
                invariant(*given)
            assert not isinstance(caught.value, InvariantError)


def test_sizes_below_zero_and_sums_of_nothing_are_refused():
    for call in (
        lambda: invariants.little(Q(-1, "request"), Q(-1, "request/second"), Q(1, "second")),
        lambda: invariants.storage(1.0, -1.0, 1.0, 1.0),
        lambda: invariants.utilisation(1, 2, 1),
        lambda: invariants.utilisation(1, 2, 3, lost=3),
        lambda: invariants.parts(1.0),
    ):
        with pytest.raises(InputError) as caught:
            call()
        assert not isinstance(caught.value, InvariantError)


@given(st.lists(st.floats(0, 1e9), min_size=1, max_size=6))
def test_float_noise_breaks_nothing(parts):
    assert invariants.parts(sum(parts), *reversed(parts))


@given(st.floats(1e-3, 1e6), st.floats(1e-3, 1e6))
def test_a_little_too_much_is_too_much(rate, duration):
    assert invariants.little(rate * duration, rate, duration)
    with pytest.raises(InvariantError):
        invariants.little(rate * duration * 1.001, rate, duration)
    with pytest.raises(InvariantError):
        invariants.capacity(rate * 0.999, rate)


def test_more_lost_zones_need_more_nodes():
    assert invariants.utilisation(6, 10, 3, lost=1)
    with pytest.raises(InvariantError):
        invariants.utilisation(6, 10, 3, lost=2)
    assert invariants.utilisation(6, 10, 3, lost=0)


def test_the_last_of_a_cell_is_shown():
    shown = invariants.capacity(Q(40, RATE), Q(30, RATE))
    assert repr(shown) == "capacity ≥ peak holds: capacity 40 messages/s ≥ peak 30 messages/s"
    assert shown._repr_html_().startswith('<p class="invariant">')


def test_a_notebooks_invariants_are_checked_for_a_readers_values():
    notebook = LiveNotebook(NOTEBOOK, STATED)
    model = InvariantModel(notebook.cells, notebook.namespace)
    assert [check.statement for check in model.published.values()] == ["Little's law", "capacity ≥ peak"]
    assert model.broken() == []
    assert model.broken(peak=49.0) == []
    [broken] = model.broken(peak=60.0)
    assert repr(broken) == "capacity ≥ peak is broken: capacity 40 connections < peak 48 connections"
    assert model(peak=60.0)["check_2"].holds


def test_invariants_are_published_as_json():
    notebook = LiveNotebook(NOTEBOOK, "from handbook.invariants import little\nlittle(open_now, peak, time)")
    found = checks(notebook.cells, notebook.namespace)
    json.dumps(found)
    assert [(c["statement"], c["holds"], c["line"]) for c in found] == [("Little's law", True, 2)]
    assert checks(LiveNotebook(NOTEBOOK).cells, LiveNotebook(NOTEBOOK).namespace) == []


def test_a_broken_invariant_stops_the_notebook():
    with pytest.raises(
        InvariantError, match="capacity = 23 connections is not allowed: at least peak = 24 connections"
    ):
        LiveNotebook(NOTEBOOK.replace('"Room", 40', '"Room", 23'), STATED)
