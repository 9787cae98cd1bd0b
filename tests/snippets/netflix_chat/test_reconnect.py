import math
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.netflix_chat.reconnect import Door, Limits, wait

LIMITS = Limits(window=60, longest=600)


@pytest.mark.parametrize(("attempt", "longest"), [(0, 60), (1, 120), (2, 240), (3, 480), (4, 600), (50, 600)])
def test_a_wait_is_uniform_up_to_a_limit_that_doubles(attempt, longest):
    random = Random(attempt)
    waits = [wait(attempt, LIMITS, random) for _ in range(4000)]
    assert 0 <= min(waits) < max(waits) <= longest
    assert max(waits) > 0.99 * longest
    error = longest / math.sqrt(12 * len(waits))  # of the mean of as many uniform numbers
    assert sum(waits) / len(waits) == pytest.approx(longest / 2, abs=4 * error)
    for share in (0.1, 0.5, 0.9):
        assert sum(w <= share * longest for w in waits) / len(waits) == pytest.approx(share, abs=0.03)


def test_the_first_attempts_of_a_crowd_are_spread_over_the_window():
    random = Random(1)
    seconds = [int(wait(0, LIMITS, random)) for _ in range(60_000)]
    assert max(map(seconds.count, range(60))) < 1.2 * 60_000 / 60


@given(st.integers(0, 10**9), st.floats(1e-3, 1e4), st.floats(1e-3, 1e5), st.integers())
def test_no_wait_is_longer_than_the_longest(attempt, window, longest, seed):
    assert 0 <= wait(attempt, Limits(window, longest), Random(seed)) <= longest


@pytest.mark.parametrize("attempt", [59, 60, 61, 1023, 1024, 10**9])
def test_a_million_attempts_do_not_overflow(attempt):
    assert wait(attempt, Limits(1e-3, 600), Random(1)) == wait(60, Limits(1e-3, 600), Random(1))


# The door


def test_a_quiet_door_admits_everybody_at_once():
    door = Door(rate=16)
    for second in range(100):
        assert [door.ask(second) <= second for _ in range(16)] == [True] * 16


def test_the_door_by_hand():
    door = Door(rate=2, burst=1)
    assert [door.ask(100) for _ in range(5)] == [99.5, 100, 100.5, 101, 101.5]
    assert door.ask(100.5) == 102  # who comes later waits behind those with tickets
    assert door.ask(100.5, 100.5) == 100.5
    assert door.ask(500) == 499.5


def test_a_place_is_kept_from_its_time_on_as_long_as_a_burst():
    door = Door(rate=8, burst=1)
    ticket = [door.ask(0) for _ in range(32)][-1]
    assert ticket == 3
    assert [door.ask(now, ticket) <= now for now in (3, 3.5, 3.999)] == [True] * 3
    for late in (4, 4.1, 33, 1e9):
        busy = Door(rate=8, burst=1)
        assert [busy.ask(late) <= late for _ in range(9)] == [True] * 8 + [False]
        assert busy.ask(late, ticket) > late  # a new place, at the end


def test_who_shows_a_ticket_early_keeps_the_place_and_takes_no_other():
    door = Door(rate=10, burst=1)
    ticket = [door.ask(0) for _ in range(40)][-1]
    given = door.given
    for now in (0, 1, 2.999):
        assert door.ask(now, ticket) == ticket > now
    assert door.given == given
    assert door.ask(ticket, ticket) == ticket


def test_a_ticket_that_is_no_time_is_none():
    door = Door(rate=1, burst=1)
    door.ask(100), door.ask(100)
    assert door.ask(100, math.nan) == 102
    assert door.ask(100, -math.inf) == 103


def busiest(admitted, rate, burst):
    """The largest excess of admissions over rate × (time + burst), over all windows."""
    admitted = sorted(admitted)
    return max(
        (count - rate * (end - start + burst) for i, start in enumerate(admitted)
         for count, end in enumerate(admitted[i:], 1)),
        default=0,
    )  # fmt: skip


@given(
    st.floats(0.5, 50),
    st.floats(0.1, 5),
    st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 3)), min_size=1, max_size=60),
)
def test_no_window_admits_more_than_the_rate_and_a_burst(rate, burst, clients):
    """Clients come at any time; each shows its ticket early, in time, late or too late, and as often as it is told."""
    door, now, queue, admitted = Door(rate, burst), 1000.0, [], []
    for gap, lateness in clients:
        now += gap
        queue.append((now, None, lateness))
    while queue:
        queue.sort(key=lambda client: client[0])
        now, ticket, lateness = queue.pop(0)
        place = door.ask(now, ticket)
        if place <= now:
            admitted.append(now)
        else:
            # At most twice late: then it comes when it is told.
            queue.append((max(now, place) + lateness, place, lateness if ticket is None else 0.0))
    assert len(admitted) == len(clients)
    assert busiest(admitted, rate, burst) <= 1 + 1e-6


def test_all_who_held_back_their_tickets_come_at_once():
    """The worst that holders can do together: a burst, and not all the places of half a minute."""
    door = Door(rate=128, burst=1)
    tickets = [door.ask(0) for _ in range(8192)][128:]  # a burst was let in at once
    admitted = [ticket for ticket in tickets if door.ask(50, ticket) <= 50]
    assert len(admitted) == 128
    assert {ticket > 49 for ticket in admitted} == {True}


@pytest.mark.parametrize("clients", [512, 4096])
def test_n_clients_are_in_after_n_over_rate(clients):
    rate = 128
    door = Door(rate, burst=1)
    places = [door.ask(0) for _ in range(clients)]
    assert sum(place <= 0 for place in places) == rate  # a burst at once
    last = [door.ask(place, place) for place in places if place > 0][-1]
    assert last == clients / rate - 1


def test_places_are_in_the_order_of_asking_and_evenly_apart():
    door = Door(rate=20)
    places = [door.ask(second / 70) for second in range(700)]
    assert {round(b - a, 9) for a, b in pairwise(places)} == {1 / 20}


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=60))
def test_a_clock_that_goes_back_gives_no_place_twice(steps):
    door, now, places = Door(rate=10), 100.0, []
    for step in steps:
        now += step
        places.append(door.ask(now))
    assert len(set(places)) == len(places) and places == sorted(places)
