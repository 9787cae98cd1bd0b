"""What stands beside an input, its unit in words, and below the inputs: where a decision turns over."""

from types import SimpleNamespace

import pytest

from handbook.units import COUNTS
from scripts import listings
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


def test_the_name_of_an_alternative_may_hold_a_when() -> None:
    turns = "Scan when asked when “Wait for a chart” is above 3 min (now 2 s)."
    decision = {"name": "count", "chosen": "Count", "words": "3 min is above 2 s", "cell": "cell-count", "reason": "So",
                "alternative": "Scan when asked", "thresholds": [{"words": turns, "plausible": True}]}  # fmt: skip
    assert "; else when “Wait for a chart” is above 3 min" in listings.decision_line("demo", decision)
    assert "<li>“Wait for a chart” is above 3 min (now 2 s).</li>" in listings.decision_card("demo", decision)


def test_the_titles_of_designs_are_words_and_no_html() -> None:
    about = {"title": "Rank < 10 & more", "company": "R&D", "prompt": "Is a < b?"}
    store = SimpleNamespace(chapters={"one": about}, drafts=set())
    listed = listings.designs_list(store, [{**about, "slug": "two"}])
    assert listed.count("Rank &lt; 10 &amp; more") == listed.count("R&amp;D") == listed.count("Is a &lt; b?") == 2


def test_a_decision_that_no_assumption_turns_over_says_so() -> None:
    decision = {"name": "count", "chosen": "Count", "words": "3 min is above 2 s", "cell": "cell-count", "reason": "So",
                "alternative": "Wait", "thresholds": []}  # fmt: skip
    card = listings.decision_card("demo", decision)
    assert "<p>Not: Wait. No assumption turns this over, changed alone.</p></div>" in card
    assert "<ul>" not in card and "when one of these" not in card
