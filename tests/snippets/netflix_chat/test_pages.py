import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.netflix_chat.pages import MOST, Page, page
from snippets.netflix_chat.sequencer import Message


def log(*numbers):
    return [Message(n, f"k{n}", f"text {n}") for n in numbers]


def numbers(found):
    return [m.number for m in found.messages]


LOG = log(*range(1, 121))
logs = st.sets(st.integers(1, 200), max_size=80).map(lambda found: log(*sorted(found)))
limits = st.integers(1, 30)


def backwards(messages, limit, between=lambda read: None):
    """All pages from the newest to the oldest; something may happen between two of them."""
    read, before = [], None
    while True:
        found = page(messages, before=before, limit=limit)
        read = numbers(found) + read
        before = found.older
        if before is None:
            return read
        between(read)


def forwards(messages, limit, between=lambda read: None):
    """All pages from the oldest to the newest, until one is empty."""
    read, after = [], 0
    while (found := page(messages, after=after, limit=limit)).messages:
        read, after = read + numbers(found), found.newer
        between(read)
    return read


def test_by_hand():
    assert page(LOG) == Page(tuple(LOG[70:]), older=71, newer=120)
    assert page(LOG, before=71) == Page(tuple(LOG[20:70]), older=21, newer=70)
    assert page(LOG, before=21) == Page(tuple(LOG[:20]), older=None, newer=20)
    assert page(LOG, after=0, limit=3) == Page(tuple(LOG[:3]), older=None, newer=3)
    assert page(LOG, after=118) == Page(tuple(LOG[118:]), older=119, newer=120)


@given(logs, limits)
def test_both_directions_read_everything_once(messages, limit):
    everything = [m.number for m in messages]
    assert backwards(messages, limit) == forwards(messages, limit) == everything


@given(logs, limits, st.integers(-5, 210))
def test_the_cursors_of_any_page_lead_to_its_neighbours(messages, limit, at):
    everything = [m.number for m in messages]
    for found in (page(messages, before=at, limit=limit), page(messages, after=at, limit=limit)):
        inside = numbers(found)
        assert len(inside) <= limit
        newer = numbers(page(messages, after=found.newer, limit=MOST))
        older = numbers(page(messages, before=found.older, limit=MOST)) if found.older is not None else []
        assert older + inside + newer == everything


def test_who_waits_at_the_end_sees_what_comes_and_still_finds_the_way_back():
    messages = log(1, 2, 3)
    found = page(messages, after=3)
    assert (found.messages, found.newer) == ((), 3)
    assert numbers(page(messages, before=found.older)) == [1, 2, 3]
    messages += log(4)
    assert numbers(page(messages, after=found.newer)) == [4]


def test_an_empty_conversation():
    for found in (page([]), page([], before=5), page([], after=0)):
        assert found == Page((), older=None, newer=0)
    assert page([], after=7) == Page((), older=None, newer=7)


@pytest.mark.parametrize(("limit", "size"), [(-5, 1), (0, 1), (1, 1), (99, 99), (100, 100), (101, 100), (10**9, 100)])
def test_limits(limit, size):
    assert len(page(LOG, limit=limit).messages) == size
    assert len(page(LOG, after=0, limit=limit).messages) == size


def test_a_page_has_one_cursor():
    with pytest.raises(ValueError, match="before a message or after one"):
        page(LOG, before=5, after=3)


def test_the_message_that_a_cursor_names_is_on_neither_page():
    assert numbers(page(LOG, before=50, limit=2)) == [48, 49]
    assert numbers(page(LOG, after=50, limit=2)) == [51, 52]


def test_a_cursor_outlives_the_message_that_it_names():
    messages = log(*range(1, 50), *range(51, 121))
    assert numbers(page(messages, before=50, limit=2)) == [48, 49]
    assert numbers(page(messages, after=50, limit=2)) == [51, 52]


def by_offset(messages, limit, between):
    """The other way: skip as many of the newest as were on the pages before."""
    read = []
    for skipped in range(0, len(messages), limit):
        end = len(messages) - skipped
        read = [m.number for m in messages[max(0, end - limit) : end]] + read
        between(read)
    return read


def talk(messages):
    messages.extend(log(messages[-1].number + 1))


def remove(messages):
    messages.pop()


@pytest.mark.parametrize(
    ("meanwhile", "offsets"),
    [
        (lambda messages: None, list(range(1, 21))),
        (talk, [*range(4, 9), *range(8, 13), *range(12, 17), *range(16, 21)]),  # 8, 12 and 16 twice
        (remove, [1, 2, *range(4, 9), *range(10, 15), *range(16, 21)]),  # 3, 9 and 15 never
    ],
)
def test_with_offsets_new_messages_repeat_old_ones_and_removals_hide_some(meanwhile, offsets):
    messages = log(*range(1, 21))
    assert by_offset(messages, 5, lambda read: meanwhile(messages)) == offsets
    messages = log(*range(1, 21))
    assert backwards(messages, 5, lambda read: meanwhile(messages)) == list(range(1, 21))


@given(logs, limits, st.data())
def test_whatever_is_said_and_removed_meanwhile_the_rest_is_read_once(messages, limit, data):
    first, gone = {m.number for m in messages}, set()

    def meanwhile(read):
        for message in data.draw(st.lists(st.sampled_from(messages), max_size=3)) if messages else []:
            if message in messages:
                messages.remove(message)
                gone.add(message.number)
        last = messages[-1].number if messages else 300
        messages.extend(log(*range(last + 1, last + 1 + data.draw(st.integers(0, 3)))))

    read = backwards(messages, limit, meanwhile)
    assert read == sorted(set(read))
    assert first - gone <= set(read) <= first
