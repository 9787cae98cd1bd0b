import math
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handbook import Q
from handbook.errors import InputError
from handbook.rounding import count, full, significant, text
from handbook.units import SCALES, Quantity, base
from tests.handbook.bad_input import rejects

NUMBERS = st.floats(-1e18, 1e18).filter(lambda v: v == 0 or abs(v) > 1e-9) | st.integers(-(10**9), 10**9).map(float)
PREFIXES = {"": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18, "Z": 1e21}
SECONDS = {"ns": 1e-9, "µs": 1e-6, "ms": 1e-3, "s": 1, "min": 60, "h": 3600, "day": 86400, "days": 86400,
           "year": 31536000, "years": 31536000}  # fmt: skip


def read(shown):
    """The number that a reader takes from a rendered one."""
    digits, _, rest = shown.partition(" ")
    value = float(digits.replace(",", ""))
    if rest.startswith("×"):
        power = rest.removeprefix("× 10").translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789"))
        return float(f"{value}e{power}")
    return value * SCALES.get(rest, 1)


def read_first(shown, units):
    number, _, unit = shown.rpartition(" ")
    return read(number) * units[unit]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "0"), (-0.0, "0"), (1, "1"), (999.6, "1,000"), (1234.5, "1,230"), (9994, "9,990"), (9999, "10 thousand"),
        (34722.2, "34.7 thousand"), (99950, "100 thousand"), (999_499, "999 thousand"), (999_500, "1 million"),
        (1e9, "1 billion"), (999.9e12, "1 × 10¹⁵"), (1e15, "1 × 10¹⁵"), (0.0001, "0.0001"), (0.00009999, "0.0001"),
        (1.5e-5, "1.5 × 10⁻⁵"), (1e-300, "1 × 10⁻³⁰⁰"), (5e-324, "5 × 10⁻³²⁴"), (-1234, "-1,230"), (2.5, "2.5"),
        (0.1 + 0.2, "0.3"), (1000, "1,000"), (2.675, "2.68"),
    ],
)  # fmt: skip
def test_plain_numbers(value, shown):
    assert count(value) == shown


@pytest.mark.parametrize(
    ("value", "unit", "short", "long"),
    [
        (34722.2, "message/second", "34.7 thousand/s", "34.7 thousand messages/s"),
        (1, "message/second", "1/s", "1 message/s"),
        (-1, "server", "-1", "-1 server"),
        (0.9999, "server", "1", "1 server"),
        (325, "million member", "325 million", "325 million members"),
        (5, "message/member/week", "5/week", "5 messages/week per member"),
        (5, "message/millisecond", "5,000/s", "5,000 messages/s"),
        (1.2e6, "GB", "1.2 PB", "1.2 PB"),
        (999.6, "byte", "1 kB", "1 kB"),
        (1, "bit", "1 bit", "1 bit"),
        (10, "bit/address", "10 bits", "10 bits per address"),
        (10, "Mbit/stream/second", "10 Mbit/s", "10 Mbit/s per stream"),
        (3, "kB/event", "3 kB", "3 kB per event"),
        (0.1, "USD/thousand/message", "$0.10 per thousand", "$0.10 per thousand messages"),
        (0.1, "USD/million/request", "$0.10 per million", "$0.10 per million requests"),
        (0.2, "USD/million/request/member", "$0.20 per million", "$0.20 per million requests per member"),
        (0.08, "USD/GB/month", "$0.08/month per GB", "$0.08/month per GB"),
        (9.996, "USD", "$10", "$10"),
        (9.5, "USD", "$9.50", "$9.50"),
        (-5, "USD", "-$5.00", "-$5.00"),
        (265e3, "USD/month", "$265 thousand/month", "$265 thousand/month"),
        (12.5, "percent", "12.5%", "12.5%"),
        (2, "percent/month", "2%/month", "2%/month"),
        (3, "stream*hour", "3 hours", "3 stream-hours"),
        (1, "stream*hour", "1 hour", "1 stream-hour"),
        (0.8, "connection*second/message", "800 ms", "0.8 connection-seconds per message"),
        (4, "second/GB", "4 s per GB", "4 s per GB"),
        (2, "byte_range/request", "2", "2 byte ranges per request"),
        (1, "byte_range", "1", "1 byte range"),
        (5, "person", "5", "5 people"),
        (3, "server*member", "3", "3 server-members"),
        (3, "", "3", "3"),
    ],
)
def test_quantities(value, unit, short, long):
    assert (text(Q(value, unit)), full(Q(value, unit))) == (short, long)


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        (2, "GB*hour", "2 GB·h"), (5, "second**2", "5 s²"), (3, "message/second**2", "3 message/s²"),
        (3, "member**2", "3 member²"), (1, "GB/USD", "1 GB/USD"), (5, "USD**2", "5 USD²"),
    ],
)  # fmt: skip
def test_units_without_a_usual_word_are_said_in_full_rather_than_wrongly(value, unit, shown):
    assert text(Q(value, unit)) == full(Q(value, unit)) == shown


@pytest.mark.parametrize(
    ("value", "unit", "shown", "written"),
    [
        (0.5, "nanosecond", "0.5 ns", "0.5 ns"), (0.9996, "second", "1 s", "999.6 ms"),
        (59.96, "second", "1 min", "59.96 s"),
        (60, "second", "1 min", "60 s"), (90, "second", "90 s", "90 s"), (90, "minute", "90 min", "90 min"),
        (119.96, "minute", "2 h", "119.96 min"), (0.25, "hour", "15 min", "15 min"), (48, "hour", "48 h", "48 h"),
        (2, "day", "48 h", "2 days"), (47.99, "hour", "48 h", "47.99 h"), (49, "hour", "2.04 days", "49 h"),
        (1, "day", "1 day", "1 day"), (-1, "day", "-1 day", "-1 day"), (3, "week", "21 days", "3 weeks"),
        (1, "month", "30.4 days", "1 month"), (1, "year", "1 year", "1 year"), (1.5, "year", "548 days", "1.5 years"),
        (1e6, "year", "1 million years", "1 million years"), (4000, "second", "66.7 min", "4,000 s"),
        (0, "hour", "0 s", "0 s"),
    ],
)  # fmt: skip
def test_times(value, unit, shown, written):
    assert (text(Q(value, unit)), text(Q(value, unit), exact=True)) == (shown, written)


@pytest.mark.parametrize(
    ("value", "unit", "written"),
    [
        (12345.678, "member", "12.345678 thousand"), (24.95, "USD", "$24.95"), (24.5, "USD", "$24.50"),
        (9.996, "USD", "$9.996"), (99.999, "percent", "99.999%"), (1 / 3, "", "0.333333333333"), (0.1 + 0.2, "", "0.3"),
        (1.1 * 3, "kB", "3.3 kB"),
    ],
)  # fmt: skip
def test_what_an_author_wrote_keeps_its_digits_and_loses_float_noise(value, unit, written):
    assert text(Q(value, unit), exact=True) == written


def test_leftover_units_of_a_product_are_not_shown():
    leftover = Q(50, "percent") * Q(8, "message/second") * Q(1, "hour") / Quantity(1.0, "thousand")
    assert full(leftover) == "14.4 messages"
    assert full(Q(1) / Q(2, "percent")) == "50"
    assert full(Q(50, "percent") * Q(50, "percent")) == "25%"


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_what_is_not_finite_is_refused(value):
    for unit in ("", "member", "byte", "second", "USD", "percent"):
        with pytest.raises(InputError, match="a finite number"):
            text(Quantity(value, unit))


@pytest.mark.parametrize("value", ["5", None, True, [1]])
def test_what_is_no_number_is_refused(value):
    rejects("quantity", text, value)
    rejects("quantity", full, value)


@given(NUMBERS)
def test_significant_keeps_within_half_of_the_third_digit(value):
    rounded = significant(value)
    if value == 0:
        assert math.copysign(1, rounded) == 1
    else:
        third = 10.0 ** (math.floor(math.log10(abs(value))) - 2)
        assert abs(rounded - value) <= 0.5 * third * (1 + 1e-9)
    assert significant(rounded) == rounded


@given(NUMBERS, NUMBERS)
def test_significant_is_monotone_and_odd(one, other):
    low, high = sorted((one, other))
    assert significant(low) <= significant(high)
    assert significant(-one) == -significant(one)


@given(NUMBERS)
@example(999_950.0)
@example(9_995.0)
@example(-0.0)
@example(999_999_999_999_999.0)
def test_counts_have_three_digits_and_no_faux_precision(value):
    shown = count(value)
    assert re.fullmatch(
        r"-?(\d{1,3}(\.\d+)?|\d,\d{3}|0\.\d+)( (thousand|million|billion|trillion)| × 10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)?", shown
    )
    assert shown not in ("-0", "1,000 thousand", "1,000 million", "1,000 billion", "1,000 trillion")
    digits = re.sub(r"[-,.]", "", shown.split(" ")[0])
    assert len(digits.lstrip("0").rstrip("0")) <= 3
    assert not re.search(r"\.\d*0( |$)", shown)
    assert math.isclose(read(shown), value, rel_tol=0.005000001)


@given(NUMBERS, NUMBERS)
def test_counts_are_monotone(one, other):
    low, high = sorted((one, other))
    assert read(count(low)) <= read(count(high)) * (1 + math.copysign(1e-12, high))


@given(st.floats(1e-10, 1e12))
@example(59.96)
@example(119.97)
@example(31_501_440.0)
@example(172_800.4)
def test_times_keep_within_half_of_the_third_digit(seconds):
    shown = text(Q(seconds, "second"))
    assert math.isclose(read_first(shown, SECONDS), seconds, rel_tol=0.005001)
    assert not shown.startswith(("0.999 ", "1,000 s", "1,000 ms", "60 ", "0 "))


@given(st.floats(1, 1e24))
def test_sizes_keep_within_half_of_the_third_digit(size):
    shown = text(Q(size, "byte"))
    assert math.isclose(read_first(shown, {f"{p}B": f for p, f in PREFIXES.items()}), size, rel_tol=0.005001)
    assert not shown.startswith(("1,000 k", "1,000 B", "0."))


@given(
    st.floats(1e-3, 1e9),
    st.lists(st.sampled_from(["member", "1/second", "hour", "kB", "1/GB", "USD", "percent", "1/month", "message",
                              "1/message", "1/thousand/member", "stream"]), max_size=4),
)  # fmt: skip
def test_any_product_of_units_is_rendered_and_begins_with_its_number(value, units):
    quantity = Q(value)
    for unit in units:
        quantity = quantity * Q(1, unit)
    for shown in (text(quantity), full(quantity), text(quantity, exact=True)):
        assert re.match(r"\$?\d", shown)
        assert "  " not in shown
    assert base(quantity) > 0


_NEAR_A_HUNDRED = [(99.954, "99.954%"), (99.99, "99.99%"), (99.9954, "99.9954%"), (98.96, "99%")]


@pytest.mark.parametrize(("share", "shown"), _NEAR_A_HUNDRED)
def test_just_below_a_hundred_percent_what_is_missing_counts(share, shown):
    assert text(Q(share, "percent")) == shown
