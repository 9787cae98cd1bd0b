from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.realtime_recommendations.windows import Count, Windows

#: Events that arrive in any order, between advances of two partitions.
steps = st.lists(
    st.one_of(
        st.tuples(st.just("event"), st.integers(0, 30), st.sampled_from("AB"), st.floats(0, 300)),
        st.tuples(st.just("advance"), st.sampled_from(("p", "q")), st.floats(0, 400)),
    ),
    max_size=60,
)


def final(counts):
    """What a store holds that keeps the highest revision of each row."""
    rows = {}
    for count in counts:
        if count.revision >= rows.get((count.start, count.group), count).revision:
            rows[count.start, count.group] = count
    return {key: count.number for key, count in rows.items()}


def test_the_sequence_of_the_chapter():
    """20:13 is the window from 0; the clock begins at 20:13:00."""
    windows = Windows(60, wait=45, correct=600, partitions=["one", "two"])
    assert windows.advance("one", 130) == [] and windows.advance("two", 30) == []
    for n in range(118):
        assert windows.add(n, "click", 50) == []
    assert windows.advance("two", 125) == [Count(0, "click", 118, (1, 1))]
    assert windows.add("late", "click", 58) == [Count(0, "click", 119, (1, 2))]
    assert windows.add("late", "click", 58) == []


@pytest.mark.parametrize(("wait", "heard", "closes"), [(0, 59.9, 0), (0, 60, 1), (45, 104.9, 0), (45, 105, 1)])
def test_a_window_closes_when_the_watermark_passes_its_end(wait, heard, closes):
    windows = Windows(60, wait)
    windows.add(1, "A", 59)
    assert len(windows.advance("p", heard)) == closes


@pytest.mark.parametrize(("time", "start"), [(0, 0), (59.999, 0), (60, 60), (-1, -60)])
def test_an_event_counts_in_the_window_of_its_own_time(time, start):
    windows = Windows(60, 0)
    windows.add(1, "A", time)
    assert windows.advance("p", 1000) == [Count(start, "A", 1, (1, 1))]


def test_the_slowest_partition_decides():
    windows = Windows(60, 0)
    windows.add(1, "A", 10)
    windows.heard["slow"] = 20.0
    assert windows.advance("quick", 500) == []
    assert windows.advance("slow", 60) == [Count(0, "A", 1, (1, 1))]


def test_a_partition_that_goes_back_moves_nothing():
    windows = Windows(60, 0)
    windows.advance("p", 100)
    windows.advance("p", 50)
    assert windows.watermark == 100


def test_without_corrections_what_is_late_is_dropped_and_counted():
    windows = Windows(60, wait=15)
    windows.add(1, "A", 10)
    windows.advance("p", 75)
    assert windows.add(2, "A", 20) == []
    assert windows.dropped == 1


@pytest.mark.parametrize(("heard", "corrected"), [(60, True), (659.9, True), (660, False)])
def test_corrections_end(heard, corrected):
    windows = Windows(60, wait=0, correct=600)
    windows.add(1, "A", 10)
    windows.advance("p", heard)
    found = windows.add(2, "A", 20)
    assert found == ([Count(0, "A", 2, (1, 2))] if corrected else [])
    assert windows.dropped == (not corrected)


def test_a_group_that_was_never_seen_may_come_late():
    windows = Windows(60, wait=0, correct=600)
    windows.add(1, "A", 10)
    windows.advance("p", 60)
    assert windows.add(2, "B", 20) == [Count(0, "B", 1, (1, 2))]


def test_what_is_forgotten_takes_no_memory():
    windows = Windows(60, wait=0, correct=120)
    for second in range(0, 6000, 5):
        windows.add(second, "A", second)
        windows.advance("p", second)
    assert max(len(windows.counts), len(windows.ids), len(windows.revisions)) <= 4


@given(steps, st.floats(0, 60), st.floats(0, 600))
def test_nothing_is_lost_twice_or_twice_counted(found, wait, correct):
    """What the store holds, what is still open and what was dropped are all events, once each."""
    windows, emitted, sent, dropped = Windows(60, wait, correct), [], {}, 0
    for kind, *rest in found:
        if kind == "advance":
            emitted += windows.advance(*rest)
        else:
            key, group, time = rest
            if key in sent:  # the same event again: the same time and group
                group, time = sent[key]
            before = windows.dropped
            emitted += windows.add(key, group, time)
            if windows.dropped > before:
                dropped += key not in sent
            sent.setdefault(key, (group, time))
    emitted += windows.advance("p", 1e6) + windows.advance("q", 1e6)
    held = final(emitted)
    assert sum(held.values()) + dropped == len(sent)
    truth = Counter((time // 60 * 60, group) for group, time in sent.values())
    assert all(number <= truth[key] for key, number in held.items())


@given(st.integers(0, 10**6))
def test_with_a_long_wait_the_order_of_arrival_does_not_matter(seed):
    random = Random(seed)
    events = [(key, random.choice("AB"), random.uniform(0, 300)) for key in range(40)]
    held = []
    for _ in range(2):
        random.shuffle(events)
        windows, emitted = Windows(60, wait=300), []
        for key, group, time in events:
            emitted += windows.add(key, group, time) + windows.advance("p", time)
        held.append(final(emitted + windows.advance("p", 1e6)))
    assert held[0] == held[1]
    assert sum(held[0].values()) == 40


def test_after_a_crash_a_new_run_has_the_word_also_where_it_needs_fewer_revisions():
    """Before the crash two late events made revision 3. Read again from the log they arrive in time: revision 1.

    By revision alone the store would keep the old row, and lose the event that comes afterwards.
    """
    early = [(1, 10.0), (2, 20.0)]
    late = [(3, 30.0), (4, 40.0)]
    first = Windows(60, wait=0, correct=600)
    emitted = [count for key, time in early for count in first.add(key, "A", time)]
    emitted += first.advance("p", 60)
    for key, time in late:
        emitted += first.add(key, "A", time)
    assert emitted[-1] == Count(0, "A", 4, (1, 3))

    again = Windows(60, wait=0, correct=600, run=2)
    for key, time in early + late:
        emitted += again.add(key, "A", time)
    emitted += again.advance("p", 60) + again.add(5, "A", 50)
    assert emitted[-1] == Count(0, "A", 5, (2, 2))
    assert final(emitted) == {(0, "A"): 5}


@given(st.integers(0, 100), st.integers(0, 10**6))
def test_wherever_it_crashes_the_rows_are_those_of_a_run_without_a_crash(cut, seed):
    random = Random(seed)
    events = sorted((time + random.expovariate(1 / 20), key, time) for key in range(100) for time in [3.0 * key])

    def run(upto, number):
        windows, emitted = Windows(60, wait=10, correct=10**6, run=number), []
        for arrival, key, time in events[:upto]:
            emitted += windows.add(key, "AB"[key % 2], time) + windows.advance("p", arrival)
        return emitted + (windows.advance("p", 1e5) if upto == 100 else [])

    assert final(run(cut, 1) + run(100, 2)) == final(run(100, 1))


def test_the_first_partition_does_not_speak_for_those_that_are_not_heard_yet():
    windows = Windows(60, wait=0, partitions=["one", "two"])
    assert windows.advance("one", 1000) == []
    assert windows.add("of two", "A", 50) == [] and windows.dropped == 0
    assert windows.advance("two", 60) == [Count(0, "A", 1, (1, 1))]


def test_an_idle_partition_holds_nobody_back_until_it_is_heard_again():
    windows = Windows(60, wait=0, partitions=["one", "two"])
    windows.add("of one", "A", 50)
    assert windows.advance("one", 130) == []
    windows.idle("two")
    assert windows.advance("one", 130) == [Count(0, "A", 1, (1, 1))]
    windows.advance("two", 60)  # what it brings now may be late; the watermark never goes back
    assert windows.watermark == 130
