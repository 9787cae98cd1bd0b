"""The clock, the random streams and the one interface through which all parts are composed.

A **service** is anything that can be called as `service(request, done)`: it answers once (or, like a network that
loses messages, never) by calling `done(outcome)`. A station is a service; a retry policy, a circuit breaker or a rate
limit is a service around another one. They stack in any order:

    provider = Station(sim, "provider", servers=10, service=exponential(0.1))
    client = Retry(sim, "client", Timeout(sim, "timeout", provider, 1.0), attempts=3)
    Source(sim, "campaign", poisson(70), client)
    sim.run(until=600)

(Eriksen, "Your Server as a Function", 2013, names these services and filters.) Plain callbacks keep a request at a
few microseconds; a SimPy process can use any service too: `outcome = yield sim.call(service)`.

Times are in seconds, rates per second; a quantity of the right dimension is accepted wherever a part is made.
"""

from __future__ import annotations

import gc
import math
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from heapq import heappop, heappush
from itertools import count
from typing import Any, NamedTuple

import simpy

from handbook.errors import InputError
from handbook.simulation import inputs


class Outcome(StrEnum):
    """How a request ended."""

    OK = "ok"
    FAILED = "failed"  # the service answered with an error
    UNAVAILABLE = "unavailable"  # it is down, or crashed while serving
    QUEUE_FULL = "queue full"
    SHED = "shed"
    EXPIRED = "expired"  # its deadline passed while it was queued, and the station noticed
    RATE_LIMITED = "rate limited"
    CIRCUIT_OPEN = "circuit open"
    BULKHEAD_FULL = "bulkhead full"
    TIMED_OUT = "timed out"

    __hash__ = str.__hash__  # the enum's own is a Python function, and outcomes are counted for every request


class Request:
    """One piece of work. `key` stays the same over all attempts; a lower `priority` number is more important.

    `created` and `deadline` are simulation times in seconds; `attempt` counts from 0.
    """

    __slots__ = ("created", "key", "priority", "deadline", "attempt")

    def __init__(
        self, created: float, key: int = 0, priority: int = 0, deadline: float = math.inf, attempt: int = 0
    ) -> None:
        self.created, self.key, self.priority = created, key, priority
        self.deadline, self.attempt = deadline, attempt


Done = Callable[[Outcome], None]
Service = Callable[[Request, Done], None]


class Mark(NamedTuple):
    """Something that happened and belongs on a chart: time in seconds and a label."""

    time: float
    label: str


class Simulation(simpy.Environment):
    """A SimPy environment with a seed, named random streams, marks, and statistics that start after a warm-up.

    `seed`: a whole number; the same seed gives the same run. `warm_up`: seconds after which every part forgets what it
    has measured, so that the empty start does not bias the averages. Raises InputError.
    """

    __slots__ = ("_now",)  # where SimPy writes its time

    def __init__(self, seed: int, warm_up: float = 0.0) -> None:
        super().__init__()
        self.seed = inputs.count("seed", seed, least=0)
        self.measured_from = 0.0
        self.marks: list[Mark] = []
        self.keys = count()
        self._parts: dict[str, Any] = {}
        warm_up = inputs.duration("warm_up", warm_up, zero=True)
        if warm_up:
            self.after(warm_up, self._start_measuring)

    def _start_measuring(self) -> None:
        self.measured_from = self.now
        for part in self._parts.values():
            if hasattr(part, "reset"):
                part.reset()

    @property
    def measured(self) -> float:
        """Seconds since the start or since the end of the warm-up."""
        return self.now - self.measured_from

    def join(self, name: str, part: Any) -> str:
        """Enter a part under its name, which must be new, since its random stream hangs on it. Raises InputError."""
        if not isinstance(name, str) or not name or name in self._parts:
            raise InputError("name", name, "a text that no other part of this simulation has")
        self._parts[name] = part
        return name

    def stream(self, name: str) -> random.Random:
        """The random stream of that name: it depends on the seed and the name only.

        Adding a part therefore leaves the draws of all others as they were, which is what makes a comparison on the
        same seeds precise (common random numbers). Text seeds are hashed with SHA-512: the same in every Python 3.
        """
        return random.Random(f"{self.seed}/{name}")

    def after(self, delay: float, action: Callable[..., None], *args: Any) -> None:
        """Call `action(*args)` in `delay` seconds. Raises InputError when that is negative or no number."""
        if not delay >= 0:
            raise InputError("delay", delay, "zero or more seconds")
        # The call itself stands in SimPy's queue, among the events: as an event it would cost twice as much.
        heappush(self._queue, (self.now + delay, 1, next(self._eid), action, args))

    def step(self) -> None:
        """Make the calls that are due before SimPy's next event, which the end of a run is too, then let that happen.

        Raises simpy.core.EmptySchedule when there is none.
        """
        queue = self._queue
        while queue and len(queue[0]) == 5:
            self._now, _, _, action, args = heappop(queue)
            action(*args)
        super().step()

    def at(self, time: float, action: Callable[..., None], *args: Any) -> None:
        """Call `action(*args)` at that time, in seconds from the start; not in the past. Raises InputError."""
        time = inputs.duration("time", time, zero=True)
        if time < self.now:
            raise InputError("time", time, f"not before now ({self.now} s)")
        self.after(time - self.now, action, *args)

    def mark(self, label: str) -> None:
        """Note that something happens now, to be drawn on charts."""
        self.marks.append(Mark(self.now, label))

    def request(self, priority: int = 0) -> Request:
        """A new request, created now, with a key of its own."""
        return Request(self.now, next(self.keys), priority)

    def call(self, service: Service, request: Request | None = None) -> simpy.Event:
        """For processes: `outcome = yield sim.call(service)`."""
        event = self.event()
        service(request or self.request(), event.succeed)
        return event

    def run(self, until: Any = None) -> Any:
        """Run until a time (seconds or a quantity), until an event, or until nothing is left to do."""
        if until is not None and not isinstance(until, simpy.Event):
            until = inputs.duration("until", until)
            if until <= self.now:
                raise InputError("until", until, f"later than now ({self.now} s)")
        with _rare_collections():
            return super().run(until)


# Parts and models ask for the time at every step: the slot itself answers twenty times as fast as SimPy's property.
Simulation.now = Simulation._now  # type: ignore[assignment]


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for garbage cycles rarely: the parts make none, and a long queue makes each search long (half the run)."""
    before = gc.get_threshold()
    gc.set_threshold(1_000_000, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


def ignore(outcome: Outcome) -> None:
    """A `done` for callers that do not care how a request ends."""
