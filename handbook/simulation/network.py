"""What lies between caller and service: a link with latency, loss and partitions; errors; a load balancer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Done, Outcome, Request, Service, Simulation
from handbook.simulation.distributions import Distribution, distribution
from handbook.simulation.updown import UpDown


class Link(UpDown):
    """A network between caller and `target`: each leg takes `latency`, and loses what passes with probability `loss`.

    A lost request never reaches the target; a lost reply leaves the caller without an answer although the work is
    done, which is why retries make duplicates. `fail()` is a partition: everything sent in either direction is lost
    until `restore()`. Nothing is answered for what is lost: put a `Timeout` around it.
    `loss` and `reply_loss` (None: as `loss`) can be changed at any time. `lost` counts legs. Raises InputError.
    """

    def __init__(
        self,
        sim: Simulation,
        name: str,
        target: Service,
        latency: Distribution | None = None,
        loss: float = 0.0,
        reply_loss: float | None = None,
    ) -> None:
        super().__init__()
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.loss = inputs.share("loss", loss)
        self.reply_loss = self.loss if reply_loss is None else inputs.share("reply_loss", reply_loss)
        rng = sim.stream(f"{name}/loss")
        self._uniform = rng.random
        self._latency = distribution("latency", latency).sampler(sim.stream(name)) if latency is not None else None
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.lost = 0

    def __call__(self, request: Request, done: Done) -> None:
        """Carry the request there and the answer back."""

        def reply(outcome: Outcome) -> None:
            self._carry(self.reply_loss, done, outcome)

        self._carry(self.loss, self.target, request, reply)

    def _carry(self, loss: float, deliver: Callable[..., None], *what: Any) -> None:
        # One draw for each leg, lost or not: a run with another loss keeps the draws of the other messages.
        if self._uniform() < loss or not self.up:
            self.lost += 1
        elif self._latency is None:
            deliver(*what)
        else:
            self.sim.after(self._latency(), deliver, *what)


class Errors:
    """Answers "failed" with a probability, instead of calling `target`; `probability` can be changed at any time.

    `failed` counts. Raises InputError.
    """

    def __init__(self, sim: Simulation, name: str, target: Service, probability: float = 0.0) -> None:
        self.sim, self.name, self.target = sim, sim.join(name, self), target
        self.probability = inputs.share("probability", probability)
        self._uniform = sim.stream(name).random
        self.reset()

    def reset(self) -> None:
        """Forget what was counted."""
        self.failed = 0

    def __call__(self, request: Request, done: Done) -> None:
        """Fail or pass the request on."""
        if self._uniform() < self.probability:
            self.failed += 1
            done(Outcome.FAILED)
        else:
            self.target(request, done)


POLICIES = ("round robin", "random", "least loaded", "two choices")


class Balancer:
    """Spreads requests over the `targets` that look healthy; it notices what goes down or up `detection` seconds later.

    `policy`: "round robin", "random", "least loaded" (smallest backlog) or "two choices" (the less loaded of two
    drawn at random). `stations`: whose `up` and `backlog` stand for each target (None: the targets themselves, which
    then are stations). With none healthy it answers "unavailable". Raises InputError.
    """

    def __init__(
        self,
        sim: Simulation,
        name: str,
        targets: Sequence[Service],
        policy: str = "round robin",
        detection: Any = 0.0,
        stations: Sequence[Any] | None = None,
    ) -> None:
        self.sim, self.name = sim, sim.join(name, self)
        stations = targets if stations is None else stations
        if not targets or len(stations) != len(targets):
            raise InputError("targets", targets, "at least one, and a station for each")
        self._pairs = list(zip(targets, stations, strict=True))
        self._looks_up = [station.up for station in stations]
        for index, station in enumerate(stations):
            station.watchers.append(partial(self._changed, index))
        self._choose_healthy()
        self.detection = inputs.duration("detection", detection, zero=True)
        inputs.choice("policy", policy, POLICIES)
        self._pick = getattr(self, "_" + policy.replace(" ", "_"))
        self._rng = sim.stream(name)
        self._turn = -1

    def __call__(self, request: Request, done: Done) -> None:
        """Send the request to one of the targets."""
        if self._healthy:
            self._pick(self._healthy)[0](request, done)
        else:
            done(Outcome.UNAVAILABLE)

    def _changed(self, index: int, up: bool) -> None:
        if self.detection:
            self.sim.after(self.detection, self._notice, index, up)
        else:
            self._notice(index, up)

    def _notice(self, index: int, up: bool) -> None:
        self._looks_up[index] = up
        self._choose_healthy()

    def _choose_healthy(self) -> None:
        self._healthy = [pair for pair, up in zip(self._pairs, self._looks_up, strict=True) if up]

    def _random(self, healthy: list) -> Any:
        return healthy[int(self._rng.random() * len(healthy))]

    def _round_robin(self, healthy: list) -> Any:
        self._turn += 1
        return healthy[self._turn % len(healthy)]

    def _least_loaded(self, healthy: list) -> Any:
        return min(healthy, key=lambda pair: pair[1].backlog)

    def _two_choices(self, healthy: list) -> Any:
        first = self._random(healthy)
        if len(healthy) == 1:
            return first
        second = self._random(healthy)
        while second is first:
            second = self._random(healthy)
        return first if first[1].backlog <= second[1].backlog else second
