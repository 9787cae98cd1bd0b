from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.netflix_chat.sequencer import Message
from snippets.netflix_chat.timeline import Timeline


def message(number, text=""):
    return Message(number, f"k{number}", text)


def timeline(seen=0):
    shown = []
    return Timeline(lambda m: shown.append(m.number), seen), shown


def server(*stored, asked=None):
    """Answers what is between two numbers, from what it has."""

    def fetch(after, before):
        if asked is not None:
            asked.append((after, before))
        return [message(n) for n in stored if after < n < before]

    return fetch


@pytest.mark.parametrize("seen", [0, 8812])
def test_every_order_of_arrival_is_shown_in_the_order_of_the_numbers(seen):
    for order in permutations(range(1, 6)):
        line, shown = timeline(seen)
        for at, number in enumerate(order, 1):
            line.receive(message(seen + number))
            ready = next(n for n in range(1, 7) if n not in order[:at]) - 1
            assert shown == [seen + n for n in range(1, ready + 1)]  # as soon as it may be, and no sooner
        assert (line.gap, line.early) == (None, {})


@given(st.integers(0, 30), st.data())
def test_losses_and_duplicates_in_any_order(last, data):
    frames = data.draw(st.lists(st.integers(1, last), max_size=60)) if last else []
    line, shown = timeline()
    for number in frames:
        line.receive(message(number))
        assert shown == list(range(1, line.seen + 1))
    arrived = set(frames)
    assert line.seen == next(n for n in range(last + 2) if n + 1 not in arrived)
    later = [n for n in arrived if n > line.seen]
    assert line.gap == ((line.seen, min(later)) if later else None)
    line.fill(server(*range(1, last + 1)))
    assert shown == list(range(1, max(arrived, default=0) + 1))
    assert (line.gap, line.early) == (None, {})


def test_a_gap_and_its_filling():
    line, shown = timeline(8812)
    line.receive(message(8814))
    assert (shown, line.gap) == ([], (8812, 8814))
    line.fill(server(8812, 8813, 8814))
    assert (shown, line.gap) == ([8813, 8814], None)


def test_a_gap_that_closes_by_itself_asks_nobody():
    line, shown = timeline()
    line.receive(message(2))
    line.receive(message(1))
    line.fill(server(asked=(asked := [])))
    assert (shown, asked) == ([1, 2], [])


def test_several_gaps_are_filled_one_after_another():
    line, shown = timeline()
    for number in (9, 3, 6):
        line.receive(message(number))
    line.fill(server(*range(1, 10), asked=(asked := [])))
    assert asked == [(0, 3), (3, 6), (6, 9)]
    assert shown == list(range(1, 10))


def test_a_server_that_does_not_have_it_either_is_asked_once_and_again_later():
    line, shown = timeline()
    line.receive(message(3))
    line.fill(server(asked=(asked := [])))
    assert (asked, shown, line.gap) == ([(0, 3)], [], (0, 3))
    line.fill(server(1, 2))
    assert shown == [1, 2, 3]


@pytest.mark.parametrize("stored", [(1,), (2,), (1, 3), (3,), (4,)])
def test_a_server_that_has_a_part_of_it(stored):
    line, shown = timeline()
    line.receive(message(5))
    line.fill(server(*stored, asked=(asked := [])))
    assert len(asked) <= len(stored) + 1
    assert shown == [n for n in (1, 2, 3, 4) if set(range(1, n + 1)) <= set(stored)]
    line.fill(server(1, 2, 3, 4))
    assert shown == [1, 2, 3, 4, 5]


@given(st.lists(st.integers(-3, 12), max_size=20))
def test_a_server_that_answers_anything_neither_hangs_nor_repeats(answer):
    line, shown = timeline()
    line.receive(message(6))
    line.fill(lambda after, before: [message(n) for n in answer])
    assert shown == list(range(1, line.seen + 1))
    assert line.seen >= (6 if {1, 2, 3, 4, 5} <= set(answer) else 0)


def test_what_was_seen_before_is_not_shown_again():
    line, shown = timeline(5)
    for number in (-1, 0, 1, 5):
        line.receive(message(number))
    assert (shown, line.early, line.gap) == ([], {}, None)


def test_the_first_of_two_messages_with_one_number_stays():
    texts = []
    line = Timeline(lambda m: texts.append(m.text))
    for frame in (message(2, "first"), message(2, "other"), message(1), message(2, "third")):
        line.receive(frame)
    assert texts == ["", "first"]


def test_a_frame_that_arrives_while_one_is_shown():
    shown = []

    def show(m):
        shown.append(m.number)
        if m.number == 1:
            line.receive(message(2))
            line.receive(message(1))

    line = Timeline(show)
    line.receive(message(3))
    line.receive(message(1))
    assert shown == [1, 2, 3]
