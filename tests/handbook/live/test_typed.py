"""What readers type for an assumption."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.live import typed


def record(unit: str, base: float, value: float, low: float | None = None, high: float | None = None) -> dict:
    return {"unit": unit, "base": base, "value": value, "low": low, "high": high, "range": "this to that"}


COUNT = record("member", 4e7, 4e7, 1e6, 1e9)
SIZE = record("kilobyte / message", 2000.0, 2.0, 0.001, 5e6)
TIME = record("hour", 7200.0, 2.0, 0.001, 1e6)
SHARE = record("percent", 0.4, 40.0, 0.0, 100.0)
PRICE = record("USD / message / thousand", 0.0001, 0.1, 0.01, 1e4)
WAGES = record("USD / month", 200_000 / 2_628_000, 200_000.0, 1.0, 1e7)
FACTOR = record("dimensionless", 3.0, 3.0)
MONTH = 2_628_000


@pytest.mark.parametrize(
    ("of", "text", "base"),
    [
        (COUNT, "250M", 250e6), (COUNT, "250 million", 250e6), (COUNT, "2.5e8", 250e6), (COUNT, "250,000,000", 250e6),
        (COUNT, "250 million members", 250e6), (COUNT, " 0.25 bn ", 250e6), (COUNT, "+5e6", 5e6),
        (COUNT, "5 000 000", 5e6),
        (SIZE, "3", 3000), (SIZE, "2 kB", 2000), (SIZE, "500 B", 500), (SIZE, "1 MB/message", 1e6),
        (SIZE, "1 MB per message", 1e6), (SIZE, "16 kbit", 2000), (SIZE, "2 KB", 2000),
        (TIME, "30 s", 30), (TIME, "30 min", 1800), (TIME, "0.5", 1800), (TIME, "1 day", 86400),
        (TIME, "3 hours", 10800),
        (SHARE, "5 %", 0.05), (SHARE, "5%", 0.05), (SHARE, "5", 0.05), (SHARE, "5 percent", 0.05), (SHARE, "0", 0),
        (PRICE, "$0.05", 5e-5), (PRICE, "$0.05 per thousand", 5e-5), (PRICE, "$0.05 per thousand messages", 5e-5),
        (WAGES, "$250k", 250e3 / MONTH), (WAGES, "250 thousand", 250e3 / MONTH),
        (WAGES, "$3 million/year", 3e6 / 31536000),
        (FACTOR, "7", 7),
    ],
)  # fmt: skip
def test_is_read_in_the_units_that_people_write(of, text, base):
    assert typed.read(of, text) == pytest.approx(base)


@pytest.mark.parametrize(
    ("of", "text", "words"),
    [
        (COUNT, "", "Type a number"), (COUNT, "   ", "Type a number"), (COUNT, "many", "not a number"),
        (COUNT, "<script>alert(1)</script>", "not a number"), (COUNT, "1e999", "too large"),
        (COUNT, "nan", "not a number"),
        (COUNT, "inf", "not a number"), (COUNT, "5 kB", "not a unit of this"), (COUNT, "0", "this to that"),
        (COUNT, "-5", "this to that"), (COUNT, "1e12", "this to that"), (SIZE, "5 s", "not a unit of this"),
        (SIZE, "5 kB/s", "not a unit of this"), (TIME, "5/s", "not a unit of this"), (SHARE, "101", "this to that"),
        (FACTOR, "0", "above zero"), (FACTOR, "-1", "above zero"), (FACTOR, "5 kB", "not a unit of this"),
        (COUNT, "5 ()", "not a unit"), (COUNT, "5 __import__", "not a unit"), (COUNT, "9" * 61, "too long"),
        (SIZE, "5 kB ** 9999999", "not a unit"), (COUNT, "1.2.3", "not a"), (COUNT, None, "not a number"),
    ],
)  # fmt: skip
def test_is_refused_in_plain_words(of, text, words):
    with pytest.raises(typed.TypedError, match=words):
        typed.read(of, text)


@given(st.text(max_size=70))
def test_any_text_is_read_or_refused(text):
    for of in (COUNT, SIZE, FACTOR):
        try:
            assert typed.read(of, text) > 0
        except typed.TypedError as refused:
            assert "\n" not in str(refused).replace(text, "")
