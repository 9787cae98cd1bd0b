"""Measuring: counts in bins of time, a meter around a service, and gauges read at regular times."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Done, Outcome, Request, Service, Simulation
from handbook.simulation.percentiles import Percentiles

_OK = Outcome.OK


class Series:
    """Sums in bins of time; the bin in which the simulation stands is shown once it is complete.

    `bin` in seconds. It counts from time 0, through the warm-up. Raises InputError.
    """

    def __init__(self, sim: Simulation, bin: Any = 1.0) -> None:
        self.sim, self.bin = sim, inputs.duration("bin", bin)
        self._sums: list[float] = []

    def add(self, amount: float = 1.0) -> None:
        """Add to the present bin."""
        index = int(self.sim.now / self.bin)
        try:
            self._sums[index] += amount
        except IndexError:
            self._sums += [0.0] * (index + 1 - len(self._sums))
            self._sums[index] += amount

    def _complete(self) -> int:
        return math.floor(self.sim.now / self.bin + 1e-9)

    @property
    def sums(self) -> list[float]:
        """The sum in each complete bin."""
        complete = self._complete()
        return (self._sums + [0.0] * (complete - len(self._sums)))[:complete]

    @property
    def times(self) -> list[float]:
        """Where each complete bin begins, s."""
        return [index * self.bin for index in range(self._complete())]

    @property
    def rates(self) -> list[float]:
        """The sum in each complete bin, per second."""
        return [amount / self.bin for amount in self.sums]

    @property
    def points(self) -> list[tuple[float, float]]:
        """(time in s, rate per second) of each complete bin, to draw as a line."""
        return list(zip(self.times, self.rates, strict=True))

    @property
    def peak_rate(self) -> float:
        """The highest of the rates, per second; NaN before the first bin is complete."""
        return max(self.rates, default=math.nan)

    def mean_rate(self, start: Any, end: Any) -> float:
        """The mean per second from `start` to `end` (s), which must be whole bins that are complete.

        Raises InputError.
        """
        first, last = (inputs.duration("start", start, zero=True) / self.bin, inputs.duration("end", end) / self.bin)
        whole = all(abs(edge - round(edge)) < 1e-6 for edge in (first, last))
        if not whole or not round(first) < round(last) <= self._complete():
            raise InputError("start, end", (start, end), f"whole bins of {self.bin} s, from 0 to now, start before end")
        return math.fsum(self.sums[round(first) : round(last)]) / (end - start)


class Meter:
    """Measures the requests that pass through it to `target`: put it outermost to see what the caller sees.

    `latency`: Percentiles of the requests that ended ok, s. `outcomes`: a Counter. `offered` and `good`: Series of
    requests sent and of requests that ended ok, in bins of `bin` seconds. `in_flight`: without an answer so far.
    Statistics but not the series begin after the warm-up. Raises InputError.
    """

    def __init__(self, sim: Simulation, name: str, target: Service, bin: Any = 1.0) -> None:
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.offered, self.good = Series(sim, bin), Series(sim, bin)
        self.in_flight = 0
        self.latency = Percentiles()
        self.reset()

    def reset(self) -> None:
        """Forget what was measured; keep the series."""
        self.requests = 0
        self.outcomes: Counter[Outcome] = Counter()
        self.latency.clear()

    def __call__(self, request: Request, done: Done) -> None:
        """Pass the request on and measure its answer."""
        sim = self.sim
        sent = sim.now
        self.requests += 1
        self.in_flight += 1
        self.offered.add()

        def answer(outcome: Outcome) -> None:
            self.in_flight -= 1
            self.outcomes[outcome] += 1
            if outcome is _OK:
                self.latency.add(sim.now - sent)
                self.good.add()
            done(outcome)

        self.target(request, answer)

    @property
    def success_share(self) -> float:
        """Share of the answered requests that ended ok; NaN before the first answer."""
        answered = self.outcomes.total()
        return self.outcomes[_OK] / answered if answered else math.nan

    @property
    def goodput(self) -> float:
        """Requests that ended ok, per second since the warm-up; NaN before time has passed."""
        return self.outcomes[_OK] / self.sim.measured if self.sim.measured else math.nan


class Probe:
    """Reads gauges every `every` seconds from time 0: `Probe(sim, "probe", 1, {"backlog": lambda: station.backlog})`.

    `times` (s) and `values[gauge]` are lists of equal length. Raises InputError.
    """

    def __init__(self, sim: Simulation, name: str, every: Any, gauges: Mapping[str, Callable[[], float]]) -> None:
        self.sim, self.name, self.every = sim, sim.join(name, self), inputs.duration("every", every)
        if not gauges:
            raise InputError("gauges", gauges, "at least one gauge by name")
        self.gauges = dict(gauges)
        self.times: list[float] = []
        self.values: dict[str, list[float]] = {gauge: [] for gauge in self.gauges}
        sim.after(0, self._read)

    def _read(self) -> None:
        self.times.append(self.sim.now)
        for gauge, read in self.gauges.items():
            self.values[gauge].append(read())
        self.sim.after(self.every, self._read)

    def points(self, gauge: str) -> list[tuple[float, float]]:
        """(time in s, value) of one gauge, to draw as a line. Raises InputError for a gauge that is not read."""
        return list(zip(self.times, self.values[inputs.choice("gauge", gauge, self.values)], strict=True))

    def when(self, gauge: str, condition: Callable[[float], bool], after: float = 0.0) -> float | None:
        """The first time (s) not before `after` at which the gauge met the condition; None when it never did.

        Raises InputError for a gauge that is not read.
        """
        return next((time for time, value in self.points(gauge) if time >= after and condition(value)), None)
