import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import domain
from tests.handbook.bad_input import NOT_NUMBERS, rejects

RANGE = "finite and at most 1e70 in size"


def test_a_number_is_returned_as_a_float():
    for value in (3, -3, 0, 0.5, -2.5, 1e-70, 1e70, -1e70, 2**200):
        result = domain.number("rate", value)
        assert result == value
        assert type(result) is float


def test_what_is_smaller_than_1e_70_counts_as_0():
    for value in (0.99e-70, -0.99e-70, 5e-324):
        assert domain.number("rate", value) == 0
        assert domain.probability("rate", value) == 0
        rejects("rate", domain.positive, "rate", value)
        rejects("rate", domain.between, "rate", value)


@pytest.mark.parametrize("value", [*NOT_NUMBERS, 10**400, -(10**400), 1j, {}, 1.01e70])
def test_what_is_no_number_is_refused_by_all(value):
    for check in (
        domain.number, domain.positive, domain.not_negative, domain.probability, domain.below_one, domain.between,
        domain.whole,
    ):  # fmt: skip
        rejects("rate", check, "rate", value)
    rejects("rate", domain.at_least, "rate", value, -math.inf)
    rejects("rate", domain.at_most, "rate", value, math.inf)


def test_the_message_names_argument_value_and_what_is_allowed():
    assert str(rejects("rate", domain.number, "rate", math.nan)) == f"rate = nan is not allowed: a number, {RANGE}"
    assert rejects("rate", domain.positive, "rate", "x").allowed == f"a number above 0, {RANGE}"
    assert rejects("rate", domain.positive, "rate", 0).allowed == "a number above 0"
    assert rejects("rate", domain.not_negative, "rate", None).allowed == f"a number of at least 0, {RANGE}"
    assert rejects("rate", domain.not_negative, "rate", -1).allowed == "a number of at least 0"
    assert rejects("rate", domain.at_least, "rate", None, 3).allowed == f"a number of at least 3, {RANGE}"
    assert rejects("rate", domain.at_least, "rate", 2, 3).allowed == "a number of at least 3"
    assert rejects("rate", domain.at_most, "rate", None, 3).allowed == f"a number of at most 3, {RANGE}"
    assert rejects("rate", domain.at_most, "rate", 4, 3).allowed == "a number of at most 3"
    assert rejects("share", domain.probability, "share", None).allowed == f"a number from 0 to 1, {RANGE}"
    assert rejects("share", domain.probability, "share", 2).allowed == "a number from 0 to 1"
    assert rejects("share", domain.below_one, "share", None).allowed == f"a number from 0 to below 1, {RANGE}"
    assert rejects("share", domain.below_one, "share", 1).allowed == "a number from 0 to below 1"
    assert rejects("share", domain.between, "share", None).allowed == f"a number above 0 and below 1, {RANGE}"
    assert rejects("share", domain.between, "share", 1).allowed == "a number above 0 and below 1"
    assert rejects("count", domain.whole, "count", 9, 1, 5).allowed == "a whole number from 1 to 5"
    assert rejects("kind", domain.one_of, "kind", "c", ("b", "a")).allowed == "one of a, b"
    assert rejects("name", domain.text, "name", 7).allowed == "a text"
    assert rejects("values", domain.sequence, "values", []).allowed == "at least one element"
    assert rejects("values", domain.sequence, "values", 7, "pairs").allowed == "pairs"


@pytest.mark.parametrize(
    ("check", "inside", "outside"),
    [
        (domain.positive, [1e-70, 1, 1e70], [0, -1e-70, -1]),
        (domain.not_negative, [0, 1e-70, 1e70], [-1e-70, -1]),
        (domain.probability, [0, 1e-70, 0.5, 1], [-1e-70, math.nextafter(1, 2), 2]),
        (domain.below_one, [0, 1e-70, math.nextafter(1, 0)], [-1e-70, 1, 2]),
        (domain.between, [1e-70, math.nextafter(1, 0)], [0, 1, -1e-70, 2]),
        (lambda name, value: domain.at_least(name, value, 3), [3, 4], [math.nextafter(3, 0), -3]),
        (lambda name, value: domain.at_most(name, value, 3), [3, 2, -9], [math.nextafter(3, 9), 4]),
    ],
)
def test_boundaries_of_numbers(check, inside, outside):
    for value in inside:
        assert check("x", value) == value
        assert type(check("x", value)) is float
    for value in outside:
        assert rejects("x", check, "x", value).value == value


@given(st.integers(-100, 100))
def test_whole_numbers_within_their_limits(value):
    if -5 <= value <= 7:
        assert domain.whole("n", value, -5, 7) == value
        assert type(domain.whole("n", float(value), -5, 7)) is int
    else:
        rejects("n", domain.whole, "n", value, -5, 7)
    rejects("n", domain.whole, "n", value + 0.5, -200, 200)


def test_whole_numbers_go_from_0_to_a_billion_by_default():
    assert domain.whole("n", 0) == 0
    assert domain.whole("n", 10**9) == 10**9
    rejects("n", domain.whole, "n", -1)
    rejects("n", domain.whole, "n", 10**9 + 1)


def test_texts_and_choices():
    assert domain.text("key", "") == ""
    assert domain.text("key", "naïve \U0001f600 \ud7ff\ue000") == "naïve \U0001f600 \ud7ff\ue000"
    for value in (7, None, b"bytes", "a\ud800", "\udfffb"):
        rejects("key", domain.text, "key", value)
    assert domain.one_of("kind", "a", {"a": 1, "b": 2}) == "a"
    for value in ("c", "", 1, None, ["a"]):
        rejects("kind", domain.one_of, "kind", value, ("a", "b"))


def test_sequences():
    assert domain.sequence("values", iter([1, 2])) == (1, 2)
    assert domain.sequence("values", {"a": 1}) == ("a",)
    for value in ([], (), iter([]), "text", b"bytes", 5, None):
        rejects("values", domain.sequence, "values", value)
