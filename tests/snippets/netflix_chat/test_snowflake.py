from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import ids
from snippets.netflix_chat.snowflake import PATIENCE_MS, ClockError, Parts, Snowflake, read

X, DISCORD = 1_288_834_974_657, 1_420_070_400_000  # the published epochs, ms
TIMES, WORKERS, SEQUENCES = 2**41, 2**10, 2**12  # how many of each there are


class Clock:
    """A clock that tests set (ms since the epoch X), and a sleep that moves it by what was asked and no less."""

    def __init__(self, now=1000.0):
        self.now, self.slept = now, []

    def read(self):
        return X + int(self.now)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += 1000 * seconds


def maker(clock, worker=5):
    return Snowflake(worker, X, clock.read, clock.sleep)


@pytest.mark.parametrize(
    ("identifier", "written", "worker", "process", "sequence"),
    [
        (175928847299117063, "2016-04-30T11:18:25.796Z", 1, 0, 7),
        (90339695967350784, "2015-09-07T06:57:41.949Z", None, None, None),
    ],
)
def test_published_ids_of_discord(identifier, written, worker, process, sequence):
    """Discord divides the ten bits of the worker into five and five."""
    parts, library = read(identifier, DISCORD), ids.decode(ids.DISCORD, identifier)
    assert ids.iso_time(parts.time_ms) == written
    assert parts == Parts(library["time_ms"], library["worker"] << 5 | library["process"], library["sequence"])
    if worker is not None:
        assert (parts.worker, parts.sequence) == (worker << 5 | process, sequence)


@given(st.integers(0, TIMES - 1), st.integers(0, WORKERS - 1), st.integers(1, 3))
def test_made_ids_are_those_of_the_published_layout(now, worker, count):
    clock = Clock()
    clock.read = lambda: X + now
    flake = maker(clock, worker)
    for sequence in range(count):
        made = flake.make()
        assert made == ids.encode(ids.X, X + now, {"worker": worker, "sequence": sequence}) < 2**63
        assert read(made, X) == Parts(X + now, worker, sequence)


@given(st.lists(st.integers(-PATIENCE_MS, 5), max_size=60))
def test_ids_only_grow_whatever_the_clock_does_within_its_patience(steps):
    clock = Clock()
    flake, made = maker(clock), []
    for step in steps:
        clock.now = max(clock.now, flake.last) + step
        made.append(flake.make())
    assert made == sorted(set(made))


def test_threads_never_get_the_same_id():
    flake = Snowflake(1, X)
    with ThreadPoolExecutor(8) as pool:
        batches = list(pool.map(lambda _: [flake.make() for _ in range(1500)], range(8)))
    assert all(batch == sorted(batch) for batch in batches)  # each thread sees its own grow
    assert len({made for batch in batches for made in batch}) == 8 * 1500


def test_workers_never_make_the_same_id():
    clock = Clock()
    assert len({maker(clock, worker).make() for worker in range(WORKERS)}) == WORKERS


def test_a_full_millisecond_waits_for_the_next():
    clock = Clock()
    flake = maker(clock)
    made = [read(flake.make(), X) for _ in range(SEQUENCES)]
    assert clock.slept == []
    assert [part.sequence for part in made] == list(range(SEQUENCES))
    assert read(flake.make(), X) == Parts(X + 1001, 5, 0)
    assert clock.slept == [0.001]


def test_a_full_millisecond_and_a_clock_that_is_then_set_back():
    clock = Clock()
    flake = maker(clock)
    made = [flake.make() for _ in range(SEQUENCES)]
    clock.now -= PATIENCE_MS + 1
    for _ in range(3):
        with pytest.raises(ClockError):
            flake.make()
    clock.now += PATIENCE_MS + 1  # the same millisecond again: it is still full
    assert read(flake.make(), X) == Parts(X + 1001, 5, 0)
    assert len(set(made)) == SEQUENCES


@pytest.mark.parametrize("back", [1, PATIENCE_MS])
def test_a_clock_set_back_by_little_is_waited_for(back):
    clock = Clock()
    flake = maker(clock)
    before = flake.make()
    clock.now -= back
    assert flake.make() == before + 1
    assert sum(clock.slept) == pytest.approx(back / 1000)


@pytest.mark.parametrize("back", [PATIENCE_MS + 1, 3_600_000])
def test_a_clock_set_back_by_much_is_refused_until_it_is_right_again(back):
    clock = Clock(10_000_000)
    flake = maker(clock)
    before = flake.make()
    clock.now -= back
    with pytest.raises(ClockError, match="behind"):
        flake.make()
    assert clock.slept == []
    clock.now += back
    assert flake.make() == before + 1


def test_a_clock_set_back_by_much_while_one_waits_is_refused_too():
    """Else the maker would hold its lock for as long as the clock is behind."""
    clock = Clock(10_000_000)
    flake = maker(clock)
    flake.make()
    clock.now -= 1

    def sleep(seconds):
        assert seconds <= PATIENCE_MS / 1000
        clock.now -= 3_600_000

    flake.sleep = sleep
    with pytest.raises(ClockError):
        flake.make()
    assert not flake.lock.locked()


def test_a_sleep_that_ends_early_is_repeated():
    clock = Clock()
    flake = maker(clock)
    before = flake.make()
    clock.now -= 8
    flake.sleep = lambda seconds: clock.sleep(seconds / 2 if seconds > 0.002 else seconds)
    assert flake.make() == before + 1
    assert len(clock.slept) > 1


@pytest.mark.parametrize(("now", "good"), [(-1, False), (0, True), (TIMES - 1, True), (TIMES, False)])
def test_the_time_has_a_range(now, good):
    clock = Clock()
    clock.read = lambda: X + now
    if good:
        assert read(maker(clock).make(), X).time_ms == X + now
    else:
        with pytest.raises(ClockError):
            maker(clock).make()


def test_the_range_ends_in_the_year_2080():
    assert ids.iso_time(X + TIMES - 1).startswith("2080-")
    years = TIMES / (365.25 * 86_400_000)
    assert years == pytest.approx(69.7, abs=0.05)


@pytest.mark.parametrize("worker", [-1, WORKERS])
def test_a_worker_that_does_not_fit_is_refused(worker):
    with pytest.raises(ValueError, match="bits"):
        Snowflake(worker, X)


def test_what_it_cannot_know_a_worker_that_starts_anew_repeats_the_ids_of_its_last_millisecond():
    """Whoever hands out the workers' numbers must see to it that time has passed."""
    clock = Clock()
    assert maker(clock).make() == maker(clock).make()
    clock.now += 1
    assert maker(clock).make() > maker(Clock()).make()
