"""A region is lost with numbers that were shown and not copied: nobody's order changes, nothing is shown twice."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

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


class Reader:
    """A client: what it showed, in order, and never one of them twice."""

    def __init__(self):
        self.numbers = []
        self.line = Timeline(self.show)

    def show(self, message):
        assert message.number not in self.numbers
        self.numbers.append(message.number)

    def ask(self, owner):
        """A ping came, and what is missing is asked for."""
        self.line.told = owner.last
        self.line.fill(lambda after, before: [m for m in owner.store.after(after) if m.number < before])


@given(st.data())
def test_any_order_of_sends_frames_restores_and_owners(data):
    """Two readers saw different parts of region A; in the end both have everything, each message once."""
    a, readers = Owner(Store(), 1), (Reader(), Reader())
    said = [a.send(f"a{n}", f"text {n}") for n in range(data.draw(st.integers(0, 6), "said"))]
    for reader in readers:
        for frame in data.draw(st.lists(st.sampled_from(said), max_size=12), "seen") if said else []:
            reader.line.receive(frame)

    copied, spare = data.draw(st.integers(0, len(said)), "copied"), data.draw(st.integers(1, 3), "spare")
    copy, reserved = Store(), range(copied + 1, len(said) + 1 + spare)
    copy.messages.update({m.number: m for m in said[:copied]})
    b, lost, sent = Owner(copy, 2, reserved), said[copied:], []
    steps = st.sampled_from(("send", "again", "restore", "frame", "frame", "frame", "ask", "next owner"))
    for step in data.draw(st.lists(steps, max_size=25), "steps"):
        reader = data.draw(st.sampled_from(readers))
        if step == "send":
            sent.append(b.send(f"b{len(sent)}", ""))
        elif step == "again" and sent:
            first = data.draw(st.sampled_from(sent))
            assert b.send(first.key, "") == first
        elif step == "restore" and lost:  # a sender's receipt
            b.restore(data.draw(st.sampled_from(lost)))
        elif step == "frame" and b.store.messages:  # late, early, twice
            reader.line.receive(data.draw(st.sampled_from(list(b.store.messages.values()))))
        elif step == "ask":
            reader.ask(b)
        elif step == "next owner":
            b = Owner(b.store, b.epoch + 1, reserved)

    for message in data.draw(st.permutations(lost), "the region is back"):
        b.restore(message)
    stored = b.store.messages
    assert [m.number for m in sent] == [n + reserved.stop for n in range(len(sent))]
    assert set(stored) == {m.number for m in [*said, *sent]}
    for reader in readers:
        reader.ask(b)
        assert (reader.line.gap, reader.line.early) == (None, {})
        late = set(stored) - set(reader.numbers)
        assert late <= reader.line.void  # of these it knows that they were left empty; it says so when it connects
        for number in data.draw(st.permutations(sorted(late)), "late"):
            reader.line.receive(stored[number])
        for message in data.draw(st.permutations(list(stored.values())), "once more"):
            reader.line.receive(message)
        assert sorted(reader.numbers) == sorted(stored)


def test_a_reserve_whose_last_number_came_back_first_still_leads_on(lost):
    said, _ = lost
    copied = Store()
    copied.messages.update({m.number: m for m in said[:2]})
    b = Owner(copied, 3, range(3, 5))
    saw_less, shown_less = reader(said[:2])
    b.restore(said[3])
    saw_less.receive(b.send("b1", "after"))
    assert ([m.number for m in shown_less], saw_less.gap) == ([1, 2, 5], None)
