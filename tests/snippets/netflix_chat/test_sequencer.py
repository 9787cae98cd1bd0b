"""The owner of a conversation, and two of them: every order of events, every fate of a write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.netflix_chat.sequencer import ConflictError, Message, Owner, StaleError, Store, UnknownError
from tests.snippets.netflix_chat.ownership_world import Net, State, World, wrong


def test_numbers_begin_at_one_and_have_no_gaps():
    store = Store()
    owner = Owner(store, 1)
    assert [owner.send(f"k{n}", "x").number for n in range(1, 6)] == [1, 2, 3, 4, 5]
    assert [m.number for m in store.after(2)] == [3, 4, 5]


def test_a_repeated_key_gets_the_first_answer_also_from_the_next_owner():
    store = Store()
    first = Owner(store, 1)
    answer = first.send("a", "hello")
    first.send("b", "there")
    for owner in (first, Owner(store, 2), Owner(store, 7)):
        assert owner.send("a", "hello") is answer
    assert len(store.messages) == 2


def test_a_key_with_another_text_is_refused_and_changes_nothing():
    store = Store()
    owners = [Owner(store, 1)]
    owners[0].send("a", "hello")
    owners.append(Owner(store, 2))
    for owner in owners:
        with pytest.raises(ConflictError):
            owner.send("a", "goodbye")
    assert store.messages == {1: Message(1, "a", "hello")}
    assert owners[1].send("b", "more").number == 2


@pytest.mark.parametrize("outcome", ["lost", "unanswered"])
def test_a_doubtful_key_with_another_text_is_refused_and_the_first_text_is_stored(outcome):
    net = Net()
    owner = Owner(net, 1)
    net.outcome = outcome
    with pytest.raises(UnknownError):
        owner.send("a", "hello")
    net.outcome = "answered"
    with pytest.raises(ConflictError):
        owner.send("a", "goodbye")
    assert owner.send("a", "hello") == net.messages[1] == Message(1, "a", "hello")


@pytest.mark.parametrize("epoch", [0, 4, 5])
def test_only_a_newer_epoch_takes_over(epoch):
    store = Store()
    Owner(store, 5)
    with pytest.raises(StaleError):
        Owner(store, epoch)


def test_an_owner_that_was_paused_stores_nothing():
    store = Store()
    old = Owner(store, 1)
    old.send("a", "x")
    new = Owner(store, 2)
    for _ in range(3):
        with pytest.raises(StaleError):
            old.send("b", "from the old one")
    assert new.send("c", "y").number == 2
    with pytest.raises(StaleError):
        old.send("a", "x")  # it must stop
    assert set(store.messages) == {1, 2}


def test_the_store_refuses_a_number_that_is_taken_and_bears_a_repeat():
    store = Store()
    store.take(1)
    message = Message(1, "a", "x")
    store.append(1, message)
    store.append(1, message)
    for other in (Message(1, "b", "x"), Message(1, "a", "y")):
        with pytest.raises(StaleError):
            store.append(1, other)
    assert store.messages == {1: message}


def test_messages_under_way_are_settled_before_the_next_one():
    net = Net()
    owner = Owner(net, 1)
    net.outcome = "unanswered"
    with pytest.raises(UnknownError):
        owner.send("a", "x")
    net.outcome = "answered"
    assert owner.send("b", "y").number == 2
    assert owner.send("a", "x").number == 1


# Two owners, exhaustively


def finishes(world: World, state: State) -> None:
    """A third owner, in charge of what is left behind, gives every key its number and keeps every promise."""
    store = Store(state.epoch, {m.number: m for m in state.stored})
    owner = world.owner(store, 9)
    for epoch, late in state.under_way:
        with pytest.raises(StaleError):
            store.append(epoch, late)
    sent = {key: owner.send(key, f"text of {key}") for key in world.keys}
    assert sorted(m.number for m in sent.values()) == list(range(1, len(world.keys) + 1))
    assert {m.key: m for m in state.acknowledged}.items() <= sent.items()
    assert set(state.stored) <= set(store.messages.values())


@pytest.mark.parametrize("keys", [("a",), ("a", "b"), ("a", "b", "c")])
def test_every_order_of_events_and_every_fate_of_a_write(keys):
    world = World(keys)

    def check(state: State) -> None:
        assert wrong(state) is None, state
        finishes(world, state)

    known = world.explore(check)
    assert len(known) > 10 ** len(keys)
    assert max(len(state.stored) for state in known) == len(keys)
    both = [state for state in known if None not in state.seats]
    assert any(state.seats[0].doubtful and state.seats[1].doubtful for state in both)
    assert any(len(state.under_way) > 1 for state in both)


def stuck(world: World) -> int:
    """In how many states the owner in charge cannot store every key although the store answers."""
    found = 0
    for state in world.explore():
        number = {1: 0, 2: 1}.get(state.epoch)
        if number is not None:
            before = state.acknowledged
            for key in world.keys:
                state = world.send(state, number, key, "answered")
            found += not before <= state.acknowledged or {m.key for m in state.acknowledged} != set(world.keys)
    return found


@pytest.mark.parametrize("keys", [("a",), ("a", "b")])
def test_the_owner_in_charge_is_never_stuck(keys):
    assert stuck(World(keys)) == 0


class NoEpoch(Net):
    """Takes writes from every owner, if the number is free."""

    def append(self, epoch, message):
        super().append(self.epoch, message)


def test_without_the_epoch_a_late_write_of_the_old_owner_stops_the_new_one():
    """The condition on the number alone keeps the order; it does not keep the owner in charge going."""
    world = World(("a", "b"), store=NoEpoch)
    assert {wrong(state) for state in world.explore()} == {None}
    assert stuck(world)


class NoCondition(NoEpoch):
    """Writes over what is there."""

    def append(self, epoch, message):
        if self.outcome in ("answered", "unanswered"):
            self.messages.pop(message.number, None)
        super().append(epoch, message)


class Forgetful(Owner):
    """Gives a key that it heard before another number."""

    def send(self, key, text):
        self.by_key.pop(key, None)
        return super().send(key, text)


class Hasty(Owner):
    """Takes the next number before it knows what became of the last one."""

    def _store(self, message):
        self.last = message.number
        try:
            super()._store(message)
        except UnknownError:
            self.doubtful = None
            raise


class Eager(Owner):
    """Remembers, and so answers, before the message is stored."""

    def _store(self, message):
        self.by_key[message.key] = message
        try:
            super()._store(message)
        except UnknownError:
            self.doubtful = None
            raise


@pytest.mark.parametrize(
    ("world", "found"),
    [
        (World(("a", "b"), store=NoCondition), "one number for two messages"),
        (World(("a",), owner=Forgetful), "two numbers for one key"),
        (World(("a", "b"), owner=Hasty), "a gap"),
        (World(("a",), owner=Eager), "an acknowledged message is lost"),
    ],
    ids=lambda value: f"{value.owner.__name__}, {value.store.__name__}" if isinstance(value, World) else None,
)
def test_the_exploration_finds_what_is_left_out(world, found):
    class FoundError(Exception):
        pass

    seen = set()

    def check(state):
        seen.add(wrong(state))
        if found in seen:
            raise FoundError
        assert len(seen) < 100

    with pytest.raises(FoundError):
        world.explore(check)


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from(["answered", "lost", "unanswered", "take"]))))
def test_long_conversations_with_owners_that_change(events):
    net, epoch, told = Net(), 1, {}
    owner = Owner(net, epoch)
    for key, event in events:
        if event == "take":
            epoch += 1
            owner = Owner(net, epoch)
            continue
        net.outcome = event
        try:
            message = owner.send(key, key.upper())
        except UnknownError:
            continue
        assert told.setdefault(key, message) == message
        assert net.messages[message.number] == message
    assert sorted(net.messages) == list(range(1, len(net.messages) + 1))
    assert len({m.key for m in net.messages.values()}) == len(net.messages)
