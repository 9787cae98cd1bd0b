import math

import pint
import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import Q, ceil, number, to, total
from handbook.errors import InputError
from handbook.units import COUNTS, TIMES, Quantity, base, factor, is_finite, plain, registry, tidy
from tests.handbook.bad_input import rejects

FINITE = st.floats(1e-6, 1e12)
UNITS = st.sampled_from(["member", "message/second", "kB/event", "USD/GB/month", "percent", "Mbit/stream/second", ""])


@pytest.mark.parametrize("noun", COUNTS)
def test_each_count_is_a_dimension_of_its_own_in_singular_and_plural(noun):
    assert Q(1, noun).dimensionality == {f"[{noun}]": 1}
    plural = COUNTS[noun]
    if " " not in plural:
        assert Q(1, plural) == Q(1, noun)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Q(20e6, "stream"), Q(20e6, "request/second")),
        (Q(20e6, "stream"), Q(1, "request")),
        (Q(3, "byte"), 1),
        (Q(3, "bit"), Q(3, "second")),
        (Q(3, "USD"), 3),
        (Q(3, "USD/month"), Q(3, "USD")),
        (Q(1, "member"), Q(1, "profile")),
        (Q(1, "second"), 1),
    ],
)
def test_what_is_counted_stored_paid_and_timed_does_not_mix(one, other):
    for combine in (lambda: one + other, lambda: one - other, lambda: total(one, other), lambda: one < other):
        with pytest.raises((pint.DimensionalityError, ValueError)):
            combine()
    assert one != other


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (Q(1, "byte"), Q(8, "bit")),
        (Q(1, "TB"), Q(1000, "GB")),
        (Q(1, "day"), Q(24, "hour")),
        (Q(1, "week"), Q(7, "day")),
        (Q(1, "year"), Q(12, "month")),
        (Q(1, "year"), Q(365, "day")),
        (Q(1, "ms"), Q(1000, "µs")),
        (Q(325, "million member"), Q(325e6, "member")),
        (Q(0.1, "USD/thousand/message"), Q(0.0001, "USD/message")),
        (Q(50, "percent"), Q(0.5)),
        (Q(2, "people"), Q(2, "person")),
    ],
)
def test_conversions(one, same):
    assert base(one) == pytest.approx(base(same), rel=1e-12)
    assert one.dimensionality == same.dimensionality


def test_scale_words_do_not_travel_through_products():
    product = Q(325, "million member") * Q(5, "message/member/week")
    assert "million" not in str(product.units)
    assert "thousand" in str(Q(0.1, "USD/thousand/message").units)


@pytest.mark.parametrize(
    "unit",
    [
        "GiB",
        "m",
        "message per fortnight",
        "5 kB",
        "$",
        "member/0",
        "(",
        "member)",
        "__import__('os')",
    ],
)
def test_an_unknown_unit_is_named(unit):
    error = rejects("unit", Q, 1, unit)
    assert error.value == unit
    assert "such as" in error.allowed
    rejects("unit", to, Q(1, "byte"), unit)


@pytest.mark.parametrize("unit", [None, 3, True, b"byte"])
def test_a_unit_is_a_text(unit):
    rejects("unit", Q, 1, unit)


@pytest.mark.parametrize("value", [True, False, None, "3", math.nan, math.inf, -math.inf, [1], 1 + 0j, 10**400])
def test_a_quantity_needs_a_finite_number(value):
    rejects("value", Q, value, "member")
    assert not is_finite(value)


def test_a_quantity_is_finite_in_base_units_too():
    rejects("value", Q, 1.7e308, "TB")
    assert base(Q(1.7e308, "byte")) == 1.7e308


def test_to_takes_quantities_of_the_same_dimension():
    assert to(Q(1, "hour"), "minute").magnitude == pytest.approx(60)
    rejects("quantity", to, 5, "member")
    with pytest.raises(pint.DimensionalityError):
        to(Q(1, "member"), "request")


@pytest.mark.parametrize(
    ("exact", "whole"),
    [
        (12.3, 13),
        (12, 12),
        (12.0000000001, 12),
        (0, 0),
        (-0.5, 0),
        (-1.5, -1),
        (0.1 * 3 / 0.3, 1),
        (1e12, 1e12),
        (1e9 + 1e-5, 1e9),
        (1e6 + 0.01, 1e6 + 1),
    ],
)
def test_ceil_lifts_to_the_next_whole_one_but_not_by_noise(exact, whole):
    assert ceil(exact) == whole
    assert ceil(Q(exact, "server")).magnitude == whole
    assert str(ceil(Q(exact, "server")).units) == "server"


def test_ceil_of_a_share_of_servers_is_a_whole_number_of_servers():
    servers = ceil(Q(40, "server") * Q(97.1, "percent"))
    assert (servers.magnitude, str(servers.units)) == (39.0, "server")


@pytest.mark.parametrize("unit", ["USD/month", "message/day", "hour", "connection*minute/message", "percent/day"])
def test_ceil_refuses_what_would_be_rounded_in_base_units(unit):
    error = rejects("quantity", ceil, Q(2.75, unit))
    assert "whole" in error.allowed


def test_ceil_takes_what_is_in_base_units():
    assert ceil(Q(2.75, "request/second")).magnitude == 3
    assert ceil(Q(2.75, "USD")).magnitude == 3
    assert ceil(Q(1.2345, "kB")).magnitude == pytest.approx(1.235)


@pytest.mark.parametrize("value", [math.nan, math.inf, "12", None, True])
def test_ceil_and_number_need_numbers(value):
    rejects("quantity", ceil, value)
    if not isinstance(value, float):
        rejects("quantity", number, value)


def test_total_is_exact_and_in_the_first_unit():
    tenths = [Q(0.1, "USD/month")] * 10
    assert total(*tenths).magnitude == 1.0
    assert str(total(Q(1, "GB"), Q(1, "MB")).units) == "gigabyte"
    assert total(0.1, 0.2, 0.3) == 0.6


def test_total_needs_something_to_add():
    for nothing in ((), []):
        with pytest.raises(InputError, match="at least one quantity"):
            total(*nothing)
    with plain(), pytest.raises(InputError, match="at least one quantity"):
        total()
    rejects("quantity", total, [Q(1, "GB"), Q(2, "GB")])


def test_number_needs_a_quantity_without_a_unit():
    assert number(Q(50, "percent")) == 0.5
    assert number(Q(1, "hour") / Q(1, "minute")) == pytest.approx(60)
    assert number(3) == 3.0
    with pytest.raises(pint.DimensionalityError):
        number(Q(50, "hour"))


def test_plain_quantities_are_floats_in_base_units_and_the_block_ends():
    with plain():
        assert Q(2, "kB/minute") == pytest.approx(2000 / 60)
        assert isinstance(Q(2, "kB"), float)
        assert to(7.0, "GB/day") == 7.0
        assert (ceil(2.1), total(1.0, 2.0), number(0.5)) == (3.0, 3.0, 0.5)
        with plain():
            pass
        assert Q(1) == 1.0
    assert isinstance(Q(1), Quantity)


def test_an_error_ends_the_plain_block():
    with pytest.raises(InputError), plain():
        Q(1, "nothing like it")
    assert isinstance(Q(1), Quantity)


@given(FINITE, UNITS)
def test_a_plain_quantity_is_the_quantity_in_base_units(value, unit):
    with plain():
        bare = Q(value, unit)
    assert math.isclose(bare, base(Q(value, unit)), rel_tol=1e-12)
    assert math.isclose(bare, value * factor(unit), rel_tol=1e-12)


@given(FINITE, UNITS)
def test_the_order_of_quantities_is_that_of_their_base_numbers(value, unit):
    one, other = Q(value, unit), 1.5 * Q(value, unit)
    assert min(one, other) is one
    assert max(one, other) is other


@given(st.lists(st.sampled_from(["percent", "hour", "1/second", "server", "1/member", "kB", "1/GB", "million", "USD",
                                 "1/thousand/message", "ms", "member/day", "kmember"]), max_size=6))  # fmt: skip
def test_tidy_keeps_the_quantity_with_one_unit_for_each_dimension(units):
    product = Q(7.0)
    for unit in units:
        product = product * Quantity(1.0, unit)
    tidied = tidy(product)
    assert tidied.dimensionality == product.dimensionality
    assert math.isclose(base(tidied), base(product), rel_tol=1e-9)
    dimensions = [d for unit, _ in tidied.unit_items() for d in registry.get_dimensionality(unit)]
    assert len(dimensions) == len(set(dimensions))
    assert not {"million", "billion"} & {unit for unit, _ in tidied.unit_items()}


def test_tidy_takes_the_unit_of_the_side_on_which_a_dimension_ends_up():
    assert str(tidy(Q(6, "GB/minute") * Q(2, "hour") * Q(3, "1/hour")).units) == "gigabyte / minute"
    assert str(tidy(Q(6, "kB/hour") * Q(2, "minute") * Q(3, "minute")).units) == "kilobyte * minute"
    assert tidy(Q(2, "percent") * Q(3, "server") / Q(2, "server") * Q(1, "percent/day")).magnitude == pytest.approx(
        0.03
    )
    assert str(tidy(Q(2, "percent") * Q(3, "server")).units) == "server"


def test_a_year_is_365_days_and_a_month_its_twelfth():
    assert TIMES["year"] == 365 * TIMES["day"]
    assert TIMES["month"] * 12 == TIMES["year"]
