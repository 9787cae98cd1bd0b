import math
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from snippets.netflix_chat.fanout import Room, Rule, Way
from tests.docs import notebooks

DAY, MINUTE = 86_400, 60
RULE = Rule(read_cost=4, readable=2)
SHARP = replace(RULE, slack=0)
FRIENDS = Room(members=5, talking=5, sends=1 / MINUTE, opens=5 / DAY, posts=0.2 / DAY)
CROWD = Room(members=10**6, talking=10**5, sends=0.5 / MINUTE, opens=5 / DAY, posts=0.2 / DAY)

rates = st.floats(1e-6, 10)
rooms = st.builds(Room, st.integers(1, 10**7), st.integers(0, 10**6), rates, rates, rates)
rules = st.builds(Rule, st.floats(1, 10), st.floats(0.5, 4), st.floats(0, 0.5))
ways = st.sampled_from(Way)


def test_three_kinds_of_rooms():
    group = replace(FRIENDS, members=5000, talking=20)
    assert [RULE.choose(room) for room in (FRIENDS, group, CROWD)] == [Way.INBOX, Way.LOG, Way.SAMPLE]


def test_the_limits_are_those_of_the_estimate():
    """A look costs 4 rows, twenty times a day; a post a row for each member, 0.2 times a day: 80 / 0.2."""
    facts = notebooks.model("netflix-chat")()
    rule = Rule(facts["read_cost"], facts["readable"] * (1 - facts["sample_share"]), slack=0)
    room = Room(5, 0, facts["event_talk"], facts["looks"], facts["posts"])
    assert RULE.inbox_limit(FRIENDS) == pytest.approx(100)
    assert rule.inbox_limit(room) == pytest.approx(facts["inbox_limit"], rel=1e-9) == pytest.approx(400)
    followed = round(facts["followed_room"])
    assert followed == 0.75 * 2 * MINUTE / 0.5 == 180
    assert rule.choose(replace(room, talking=followed)) is Way.INBOX
    assert rule.choose(replace(room, talking=followed + 1)) is Way.SAMPLE


def test_at_the_limit_both_ways_cost_the_same():
    """By counting rows: everybody posts to everybody, or everybody reads the log."""

    def written(members):
        return members * 0.2 * members

    def read(members):
        return members * 5 * 4

    assert [written(n) < read(n) for n in (99, 101)] == [True, False]
    assert written(100) == read(100)
    for members in (99, 101):
        way = SHARP.choose(replace(FRIENDS, members=members))
        assert way is (Way.INBOX if written(members) < read(members) else Way.LOG)


@pytest.mark.parametrize(
    ("now", "members", "way"),
    [
        (Way.INBOX, 109, Way.INBOX),
        (Way.INBOX, 111, Way.LOG),
        (Way.LOG, 91, Way.LOG),
        (Way.LOG, 89, Way.INBOX),
        (Way.SAMPLE, 91, Way.LOG),
        (Way.SAMPLE, 89, Way.INBOX),
    ],
)
def test_both_sides_of_the_border_of_the_inbox(now, members, way):
    assert RULE.choose(replace(FRIENDS, members=members), now) is way


@pytest.mark.parametrize(
    ("now", "talking", "way"),
    [
        (Way.INBOX, 263, Way.LOG),
        (Way.LOG, 263, Way.LOG),
        (Way.INBOX, 265, Way.SAMPLE),
        (Way.LOG, 265, Way.SAMPLE),
        (Way.SAMPLE, 217, Way.SAMPLE),
        (Way.SAMPLE, 215, Way.LOG),
    ],
)
def test_both_sides_of_the_border_of_what_can_be_read(now, talking, way):
    """240 × 0.9 = 216 and 240 × 1.1 = 264."""
    assert RULE.choose(replace(CROWD, talking=talking), now) is way


@given(rules, rooms, ways)
def test_a_room_that_does_not_change_stays_as_it_was_chosen(rule, room, now):
    chosen = rule.choose(room, now)
    assert rule.choose(room, chosen) is chosen


@given(st.lists(st.floats(-0.09, 0.09), min_size=2, max_size=50), st.sampled_from(["members", "talking"]), ways)
def test_a_room_that_trembles_at_a_border_changes_at_most_once(moves, which, now):
    room, border = (FRIENDS, 100) if which == "members" else (CROWD, 240)
    changes = 0
    for move in moves:
        way = RULE.choose(replace(room, **{which: round(border * (1 + move))}), now)
        changes, now = changes + (way is not now), way
    assert changes <= 1


def test_without_slack_it_would_flip():
    now, seen = Way.INBOX, []
    for members in (99, 101) * 5:
        seen.append(now := SHARP.choose(replace(FRIENDS, members=members), now))
    assert seen == [Way.INBOX, Way.LOG] * 5


@given(rooms, st.integers(0, 10**7), st.integers(0, 10**6), ways)
def test_a_larger_or_louder_room_never_gets_a_dearer_way(room, more, louder, now):
    order = list(Way)
    larger = replace(room, members=room.members + more, talking=room.talking + louder)
    assert order.index(RULE.choose(room, now)) <= order.index(RULE.choose(larger, now))


@given(rules, rooms)
def test_the_history_of_a_room_matters_within_the_slack_alone(rule, room):
    read = room.talking * room.sends / rule.readable
    size = room.members / rule.inbox_limit(room)
    assume(all(not 1 - rule.slack - 1e-9 <= part <= 1 + rule.slack + 1e-9 for part in (read, size)))
    assert len({rule.choose(room, now) for now in Way}) == 1


def test_silence():
    silent = replace(FRIENDS, members=10**7, talking=0, posts=0)
    assert RULE.inbox_limit(silent) == math.inf
    assert {RULE.choose(silent, now) for now in Way} == {Way.INBOX}
    unread = replace(FRIENDS, opens=0)  # nobody looks: reading costs nothing
    assert RULE.choose(unread) is Way.LOG
