"""A station: servers with a queue in front. The only part where work takes time because others are being served."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable
from heapq import heappop, heappush
from itertools import count
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Done, Outcome, Request, Simulation
from handbook.simulation.distributions import Distribution, distribution
from handbook.simulation.shedding import Shedder
from handbook.simulation.updown import UpDown

_Waiting = tuple[Request, Done, float]
_OK, _EXPIRED = Outcome.OK, Outcome.EXPIRED


class _PriorityQueue:
    """Lowest priority number first; among equals, first come, first served."""

    def __init__(self) -> None:
        self._heap: list[tuple[int, int, _Waiting]] = []
        self._order = count()

    def __len__(self) -> int:
        return len(self._heap)

    def push(self, waiting: _Waiting) -> None:
        heappush(self._heap, (waiting[0].priority, next(self._order), waiting))

    def pop(self) -> _Waiting:
        return heappop(self._heap)[2]


def _queue(discipline: str) -> tuple[Any, Callable[[_Waiting], None], Callable[[], _Waiting]]:
    """A queue and the ways in and out of it."""
    if discipline == "priority":
        ordered = _PriorityQueue()
        return ordered, ordered.push, ordered.pop
    line: deque[_Waiting] = deque()
    return line, line.append, line.popleft if discipline == "fifo" else line.pop


class Station(UpDown):
    """`servers` equal servers, one queue, service times from a distribution.

    `queue_limit`: the longest queue (None: no limit; 0: no queue). `discipline`: "fifo", "lifo" or "priority"
    (non-preemptive). `shedder`: a policy of `shedding`. `drop_expired`: a request whose deadline has passed is
    dropped when its turn comes, instead of being served for nobody.

    While it is down it answers "unavailable", also to what it was serving or had queued (a crash). `slow(factor)`
    stretches the services that begin from then on. `resize(servers)` lets running services end.

    Measured since the warm-up: `arrivals`, `delayed` (found all servers busy), `completed`, `wasted` (completed after
    the deadline), `refused` (a Counter by outcome); `mean_wait` (s, of those that were served), `mean_queue`,
    `mean_busy`, `utilisation`. Raises InputError.
    """

    def __init__(
        self,
        sim: Simulation,
        name: str,
        servers: int,
        service: Distribution,
        queue_limit: int | None = None,
        discipline: str = "fifo",
        shedder: Shedder | None = None,
        drop_expired: bool = False,
    ) -> None:
        super().__init__()
        self.sim, self.name = sim, sim.join(name, self)
        self.servers = inputs.count("servers", servers)
        self.service = distribution("service", service)
        self.queue_limit = math.inf if queue_limit is None else inputs.count("queue_limit", queue_limit, least=0)
        if shedder is not None and not isinstance(shedder, Shedder):
            raise InputError("shedder", shedder, "a load shedding policy, such as ControlledDelay()")
        self.shedder, self.drop_expired = shedder, drop_expired
        self._line, self._push, self._pop = _queue(
            inputs.choice("discipline", discipline, ("fifo", "lifo", "priority"))
        )
        self._draw = service.sampler(sim.stream(name))
        self._slow: list[float] = []
        self._factor = 1.0
        self._serving: dict[int, tuple[Request, Done]] = {}  # in order of start: so a crash answers them
        self._numbers = count()
        self.reset()

    def reset(self) -> None:
        """Forget what was measured; keep the requests."""
        self.arrivals = self.delayed = self.started = self.completed = self.wasted = 0
        self.refused: Counter[Outcome] = Counter()
        self._waited = self._queue_area = self._busy_area = 0.0
        self._since = self.sim.now

    @property
    def busy(self) -> int:
        """Servers at work now."""
        return len(self._serving)

    @property
    def queued(self) -> int:
        """Requests waiting now."""
        return len(self._line)

    @property
    def backlog(self) -> int:
        """Requests waiting or being served now."""
        return len(self._line) + len(self._serving)

    def _advance(self, now: float) -> None:
        """Add up queue length and busy servers over the time since the last change."""
        elapsed = now - self._since
        self._queue_area += elapsed * len(self._line)
        self._busy_area += elapsed * len(self._serving)
        self._since = now

    def __call__(self, request: Request, done: Done) -> None:
        """Serve the request now, queue it, or refuse it."""
        now = self.sim.now
        self._advance(now)
        self.arrivals += 1
        if not self.up:
            self._refuse(done, Outcome.UNAVAILABLE)
        elif len(self._serving) < self.servers:
            self._start(request, done, 0.0)
        else:
            self.delayed += 1
            queued = len(self._line)
            if queued >= self.queue_limit:
                self._refuse(done, Outcome.QUEUE_FULL)
            elif self.shedder is not None and not self.shedder.admits(request, queued, now):
                self._refuse(done, Outcome.SHED)
            else:
                self._push((request, done, now))

    def _refuse(self, done: Done, outcome: Outcome) -> None:
        self.refused[outcome] += 1
        done(outcome)

    def _start(self, request: Request, done: Done, waited: float) -> None:
        self.started += 1
        self._waited += waited
        number = next(self._numbers)
        self._serving[number] = request, done
        self.sim.after(self._draw() * self._factor, self._finish, number)

    def _finish(self, number: int) -> None:
        if number not in self._serving:
            return  # a crash has answered it
        now = self.sim.now
        self._advance(now)
        request, done = self._serving.pop(number)
        self.completed += 1
        if now > request.deadline:
            self.wasted += 1
        if self._line:
            self._serve_queue(now)
        done(_OK)

    def _serve_queue(self, now: float) -> None:
        # `done` may send a new request here at once: look at queue and servers again in every round.
        while self.up and self._line and len(self._serving) < self.servers:
            request, done, since = self._pop()
            if self.drop_expired and request.deadline <= now:
                self._refuse(done, _EXPIRED)
            elif self.shedder is not None and not self.shedder.keeps(request, now - since, now):
                self._refuse(done, Outcome.SHED)
            else:
                self._start(request, done, now - since)

    def _went_down(self) -> None:
        self._advance(self.sim.now)
        lost = [done for _, done in self._serving.values()]
        self._serving.clear()
        while self._line:
            lost.append(self._pop()[1])
        for done in lost:
            self._refuse(done, Outcome.UNAVAILABLE)

    def slow(self, factor: float) -> None:
        """Services that begin from now on take `factor` times as long (below 1: faster), on top of other factors."""
        self._slow.append(inputs.amount("factor", factor))
        self._factor = math.prod(self._slow)

    def unslow(self, factor: float) -> None:
        """Take one such factor back. Raises InputError when it is not in force."""
        if factor not in self._slow:
            raise InputError("factor", factor, f"one of those in force: {self._slow}")
        self._slow.remove(factor)
        self._factor = math.prod(self._slow)

    def resize(self, servers: int) -> None:
        """Have that many servers from now on; services that run end as they would."""
        self._advance(self.sim.now)
        self.servers = inputs.count("servers", servers, least=0)
        self._serve_queue(self.sim.now)

    @property
    def mean_wait(self) -> float:
        """Mean time in the queue of the requests that were served, s; NaN before the first."""
        return self._waited / self.started if self.started else math.nan

    def _mean(self, area: float, level: int) -> float:
        elapsed = self.sim.measured
        return (area + level * (self.sim.now - self._since)) / elapsed if elapsed else math.nan

    @property
    def mean_queue(self) -> float:
        """Average number of requests waiting; NaN before time has passed."""
        return self._mean(self._queue_area, len(self._line))

    @property
    def mean_busy(self) -> float:
        """Average number of servers at work; NaN before time has passed."""
        return self._mean(self._busy_area, len(self._serving))

    @property
    def utilisation(self) -> float:
        """Average share of the servers at work; of their present number, if that was changed."""
        return self.mean_busy / self.servers if self.servers else math.nan
