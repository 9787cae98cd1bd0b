"""What stands beside an input: its unit, in words."""

import pytest

from handbook.units import COUNTS
from scripts.assumption_panel import unit_words


@pytest.mark.parametrize(("noun", "plural"), [pair for pair in COUNTS.items() if "_" not in pair[0]])
def test_what_is_counted_has_the_plural_that_the_library_gives_it(noun: str, plural: str) -> None:
    assert unit_words(noun) == plural
    assert unit_words(noun, 1) == noun


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("query / second / server", "queries per second per server"),
        ("USD / message / thousand", "USD per thousand messages"),
        ("kilobyte / event", "kB per event"),
        ("percent", "%"),
    ],
)
def test_units_are_read_as_they_are_said(unit: str, words: str) -> None:
    assert unit_words(unit) == words
