"""Arrival processes against the integral of their rates."""

import math
from collections import Counter
from itertools import takewhile
from random import Random

import pytest

from handbook.simulation import (
    Meter,
    Simulation,
    Source,
    Station,
    burst,
    constant,
    diurnal,
    poisson,
    replay,
    steps,
    thinned,
)


def arrived(arrivals, seed: int, end: float) -> list[float]:
    return list(takewhile(lambda time: time < end, arrivals.times(Random(seed))))


PROCESSES = [
    (poisson(5), 400, [(0, 400), (100, 150)]),
    (diurnal(0.02, 0.036), 86400, [(0, 86400), (19 * 3600, 21 * 3600), (7 * 3600, 9 * 3600)]),
    (burst(2, 40, start=100, duration=10), 300, [(0, 300), (100, 110), (110, 300)]),
    (steps([(0, 3), (50, 0), (100, 6)]), 200, [(0, 50), (100, 200), (0, 200)]),
    (thinned(lambda time: min(time, 110) / 10, 11, lambda a, b: (b * b - a * a) / 20), 100, [(0, 50), (50, 100)]),
]


@pytest.mark.parametrize(("arrivals", "end", "windows"), PROCESSES, ids=lambda value: getattr(value, "label", ""))
def test_mean_numbers_are_the_integral_of_the_rate(agrees, arrivals, end, windows):
    for start, stop in windows:

        def number(seed: int, start=start, stop=stop) -> int:
            return sum(start <= time < stop for time in arrived(arrivals, seed, end))

        agrees(number, arrivals.expected(start, stop), within=0.15)


def test_expected_numbers_are_right():
    assert poisson(5).expected(10, 20) == 50
    assert diurnal(100, 150).expected(0, 86400) == pytest.approx(100 * 86400)
    assert diurnal(100, 150).expected(20 * 3600 - 1, 20 * 3600 + 1) == pytest.approx(300, rel=1e-6)
    assert diurnal(100, 150).expected(8 * 3600 - 1, 8 * 3600 + 1) == pytest.approx(100, rel=1e-6)
    assert burst(2, 40, 100, 10).expected(90, 120) == pytest.approx(10 * 2 + 10 * 40 + 10 * 2)
    assert burst(2, 40, 0, 10).expected(0, 20) == pytest.approx(10 * 40 + 10 * 2)
    assert replay([1, 1, 2, 5]).expected(1, 5) == 3


def test_poisson_counts_have_the_variance_of_their_mean():
    times = arrived(poisson(10), 3, 5000)
    counts = Counter(int(time) for time in times)
    mean = len(times) / 5000
    variance = math.fsum((counts[second] - mean) ** 2 for second in range(5000)) / 4999
    # The ratio of 5,000 counts has a standard error of √(2 / 5000) = 2 %.
    assert variance / mean == pytest.approx(1, abs=0.06)


def test_a_rate_of_zero_sends_nothing():
    assert not [time for time in arrived(steps([(0, 3), (50, 0), (100, 6)]), 1, 200) if 50 <= time < 100]
    assert len(list(steps([(0, 3), (50, 0)]).times(Random(1)))) > 100  # and at the end it stops


def test_replay_sends_at_exactly_these_times():
    sim, seen = Simulation(1), []
    Source(sim, "source", replay([0, 0.5, 0.5, 7]), lambda request, done: seen.append((sim.now, request.created)))
    sim.run()
    assert seen == [(0, 0), (0.5, 0.5), (0.5, 0.5), (7, 7)]


def test_priorities_are_dealt_in_their_shares():
    sim, seen = Simulation(1), Counter()
    station = Station(sim, "station", 1, constant(0))
    meter = Meter(sim, "meter", station)

    def note(request, done):
        seen[request.priority] += 1
        meter(request, done)

    Source(sim, "source", poisson(100), note, priorities={0: 0.1, 1: 0.6, 7: 0.3})
    sim.run(until=100)
    total = seen.total()
    # Standard errors of shares of 10,000: below half a percent.
    assert [seen[n] / total for n in (0, 1, 7)] == pytest.approx([0.1, 0.6, 0.3], abs=0.015)
    assert set(seen) == {0, 1, 7}
    assert meter.requests == total
