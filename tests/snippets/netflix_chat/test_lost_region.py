"""A region is lost with numbers that were shown and not copied: nobody's order changes, nothing is shown twice."""

import pytest

from snippets.netflix_chat.sequencer import ConflictError, Message, Owner, Store
from snippets.netflix_chat.timeline import Timeline

RESERVED = range(3, 103)


@pytest.fixture
def lost():
    """Region A stored 1 to 4; B has a copy of 1 and 2, and takes over with a reserve."""
    a = Owner(Store(), 1)
    said = [a.send(f"a{n}", f"text {n}") for n in range(1, 5)]
    copied = Store()
    copied.messages.update({m.number: m for m in said[:2]})
    return said, Owner(copied, 2, RESERVED)


def reader(messages):
    shown = []
    line = Timeline(shown.append)
    for message in messages:
        line.receive(message)
    return line, shown


def test_the_next_number_lies_beyond_what_the_lost_region_may_have_given(lost):
    _, b = lost
    first, second = b.send("b1", "after"), b.send("b2", "and more")
    assert (first.number, first.after) == (103, 2)
    assert (second.number, second.after) == (104, 103)


def test_both_readers_go_on_and_neither_sees_a_change(lost):
    said, b = lost
    saw_all, shown_all = reader(said)
    saw_less, shown_less = reader(said[:2])
    for message in (b.send("b1", "after"), b.send("b2", "and more")):
        saw_all.receive(message)
        saw_less.receive(message)
    assert [m.number for m in shown_all] == [1, 2, 3, 4, 103, 104]
    assert [m.number for m in shown_less] == [1, 2, 103, 104]
    assert (saw_all.gap, saw_less.gap) == (None, None)


def test_what_was_lost_comes_back_at_its_own_place_once(lost):
    said, b = lost
    saw_all, shown_all = reader(said)
    saw_less, shown_less = reader(said[:2])
    after = b.send("b1", "after")
    back = [b.restore(said[3]), b.restore(said[2]), b.restore(said[2])]  # by a sender, by the region, by both
    for message in [after, *back, *back]:
        saw_all.receive(message)
        saw_less.receive(message)
    assert [m.number for m in shown_all] == [1, 2, 3, 4, 103]
    assert [m.number for m in shown_less] == [1, 2, 103, 4, 3]
    assert sorted(m.number for m in shown_less) == [m.number for m in shown_all]  # sorted by number: the same page


def test_a_resend_by_key_after_a_restore_gets_the_old_number(lost):
    said, b = lost
    b.restore(said[2])
    assert b.send("a3", "text 3") == said[2]


def test_a_receipt_that_was_made_up_is_refused(lost):
    said, b = lost
    with pytest.raises(ConflictError):
        b.restore(Message(500, "x", "beyond the reserve"))
    with pytest.raises(ConflictError):
        b.restore(Message(2, "x", "a number that is taken"))
    with pytest.raises(ConflictError):
        b.restore(Message(1, "a1", "another text"))
    assert b.restore(said[0]) == said[0]


def test_the_owner_after_that_goes_on_behind_the_reserve(lost):
    said, b = lost
    b.send("b1", "after")
    following = Owner(b.store, 3, RESERVED)
    assert following.restore(said[2]) == said[2]
    assert following.send("b2", "and more").number == 104


def test_a_ping_shows_that_the_last_message_was_missed():
    line, shown = reader([Message(1, "a", "")])
    assert line.gap is None
    line.told = 2
    assert line.gap == (1, 3)
    line.fill(lambda after, before: [Message(2, "b", "")])
    assert ([m.number for m in shown], line.gap) == ([1, 2], None)


def test_what_comes_back_before_anything_new_was_said(lost):
    said, b = lost
    saw_less, shown_less = reader(said[:2])
    saw_less.receive(b.restore(said[3]))
    assert [m.number for m in shown_less] == [1, 2]  # 3 may still come, or never
    after = b.send("b1", "after")
    assert (after.number, after.after) == (103, 2)
    saw_less.receive(after)
    assert sorted(m.number for m in shown_less) == [1, 2, 4, 103]
    saw_less.receive(b.restore(said[2]))
    assert sorted(m.number for m in shown_less) == [1, 2, 3, 4, 103]
