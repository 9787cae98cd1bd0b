"""When requests come: Poisson, diurnal, bursts, any rate by thinning, or a replayed list; and the source that sends.

Times are in seconds from the start of the simulation, rates per second.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from random import Random
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Request, Service, Simulation, ignore

DAY = 86400.0


@dataclass(frozen=True)
class Arrivals:
    """A point process: `times(rng)` yields arrival times in order, `expected(start, end)` is their mean number."""

    label: str
    times: Callable[[Random], Iterator[float]] = field(repr=False)
    expected: Callable[[float, float], float] = field(repr=False)


def poisson(rate: Any) -> Arrivals:
    """Independent arrivals at a constant rate (per second). Raises InputError."""
    rate = inputs.rate("rate", rate)

    def times(rng: Random) -> Iterator[float]:
        time, log, uniform = 0.0, math.log, rng.random
        while True:
            time -= log(1.0 - uniform()) / rate
            yield time

    return Arrivals(f"poisson({rate:g}/s)", times, lambda start, end: rate * (end - start))


def thinned(
    rate_at: Callable[[float], float], ceiling: Any, expected: Callable[[float, float], float], label: str = "thinned"
) -> Arrivals:
    """A Poisson process whose rate changes: `rate_at(time)` per second, never above `ceiling`.

    A candidate at the ceiling rate is kept with probability rate_at / ceiling. A rate outside 0…ceiling raises
    InputError when it is met. Source: Lewis & Shedler, "Simulation of nonhomogeneous Poisson processes by thinning",
    1979.
    """
    ceiling = inputs.rate("ceiling", ceiling)

    def times(rng: Random) -> Iterator[float]:
        time, log, uniform = 0.0, math.log, rng.random
        while True:
            time -= log(1.0 - uniform()) / ceiling
            rate = rate_at(time)
            if not 0 <= rate <= ceiling * (1 + 1e-12):
                raise InputError("rate_at", rate, f"from 0 to the ceiling ({ceiling:g}/s), at {time:g} s")
            if uniform() * ceiling < rate:
                yield time

    return Arrivals(label, times, expected)


def diurnal(average: Any, peak: Any, peak_at: Any = 20 * 3600.0, period: Any = DAY) -> Arrivals:
    """A day's wave: average + (peak - average) · cos(2π (t - peak_at) / period).

    `average` and `peak` per second, `peak_at` and `period` in seconds. Raises InputError unless
    average ≤ peak ≤ 2 · average: beyond that the night would be negative.
    """
    average, peak = inputs.rate("average", average), inputs.rate("peak", peak)
    peak_at, period = inputs.duration("peak_at", peak_at, zero=True), inputs.duration("period", period)
    if not average <= peak <= 2 * average:
        raise InputError("peak", peak, f"from the average to twice the average ({average:g} to {2 * average:g}/s)")
    swing, speed = peak - average, 2 * math.pi / period

    def expected(start: float, end: float) -> float:
        wave = math.sin(speed * (end - peak_at)) - math.sin(speed * (start - peak_at))
        return average * (end - start) + swing / speed * wave

    def rate_at(time: float) -> float:
        return average + swing * math.cos(speed * (time - peak_at))

    return thinned(rate_at, peak, expected, f"diurnal({average:g}/s, peak {peak:g}/s)")


def steps(levels: Sequence[tuple[Any, Any]]) -> Arrivals:
    """Poisson with a rate that jumps: (start in s, rate per second) pairs from start 0, each until the next.

    Raises InputError for no levels, a first start other than 0, or starts that do not rise.
    """
    starts = [inputs.duration("levels", start, zero=True) for start, _ in levels]
    rates = [inputs.rate("levels", rate, zero=True) for _, rate in levels]
    if not starts or starts[0] != 0 or any(b <= a for a, b in zip(starts, starts[1:], strict=False)):
        raise InputError("levels", levels, "(start, rate) pairs with rising starts, the first of them 0")
    ends = [*starts[1:], math.inf]

    def times(rng: Random) -> Iterator[float]:
        log, uniform = math.log, rng.random
        for start, end, rate in zip(starts, ends, rates, strict=True):
            time = start
            while rate:  # memoryless: beginning anew at each step changes nothing
                time -= log(1.0 - uniform()) / rate
                if time >= end:
                    break
                yield time

    def expected(start: float, end: float) -> float:
        spans = zip(starts, ends, rates, strict=True)
        return math.fsum(rate * (min(b, end) - max(a, start)) for a, b, rate in spans if min(b, end) > max(a, start))

    return Arrivals(f"steps({len(starts)} levels)", times, expected)


def burst(base: Any, peak: Any, start: Any, duration: Any) -> Arrivals:
    """Poisson at `base`, but at `peak` for `duration` seconds from `start`. Raises InputError."""
    start, duration = inputs.duration("start", start, zero=True), inputs.duration("duration", duration)
    levels = [(0.0, base), (start, peak), (start + duration, base)]
    return steps(levels if start else levels[1:])


def replay(times: Iterable[Any]) -> Arrivals:
    """Exactly these times (s), in order. Raises InputError when empty, negative or not in order."""
    recorded = [inputs.duration("times", time, zero=True) for time in times]
    if not recorded or any(b < a for a, b in zip(recorded, recorded[1:], strict=False)):
        raise InputError("times", recorded[:5], "at least one time, in rising order")

    def expected(start: float, end: float) -> float:
        return float(bisect_left(recorded, end) - bisect_left(recorded, start))

    return Arrivals(f"replay({len(recorded)} times)", lambda rng: iter(recorded), expected)


class Source:
    """Sends a request to `target` at each arrival; `sent` counts them.

    `priorities`: share of the requests by priority number, such as {0: 0.1, 1: 0.9}; without it all have 0.
    Raises InputError when the shares do not sum to 1.
    """

    def __init__(
        self,
        sim: Simulation,
        name: str,
        arrivals: Arrivals,
        target: Service,
        priorities: Mapping[int, float] | None = None,
    ) -> None:
        if not isinstance(arrivals, Arrivals):
            raise InputError("arrivals", arrivals, "arrivals, such as poisson(70)")
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self._priorities = _cumulative(priorities)
        self._uniform = sim.stream(f"{name}/priority").random
        self._times = arrivals.times(sim.stream(name))
        self.sent = 0
        self._schedule_next()

    def reset(self) -> None:
        """Forget what was counted."""
        self.sent = 0

    def _schedule_next(self) -> None:
        time = next(self._times, None)
        if time is not None:
            self.sim.after(max(time - self.sim.now, 0.0), self._arrive)

    def _arrive(self) -> None:
        self._schedule_next()
        self.sent += 1
        sim, priority = self.sim, 0
        if self._priorities:
            draw = self._uniform()
            priority = next(number for number, limit in self._priorities if draw < limit)
        self.target(Request(sim.now, next(sim.keys), priority), ignore)


def _cumulative(priorities: Mapping[int, float] | None) -> list[tuple[int, float]]:
    if priorities is None:
        return []
    shares = [inputs.share("priorities", share) for share in priorities.values()]
    if not math.isclose(math.fsum(shares), 1.0, abs_tol=1e-9):
        raise InputError("priorities", dict(priorities), "shares that sum to 1")
    limits = [*list(accumulate(shares))[:-1], math.inf]
    return list(zip(priorities, limits, strict=True))
