"""A metastable failure in the small: a retry storm that outlives its trigger, and three cures for it.

Clients send 70 requests a second to a service that can do 100. For 20 seconds it is three times as slow. The queue
grows beyond the clients' patience of a second; from then on each request is tried four times, so that 280 attempts a
second arrive, nearly all of them served after the client has stopped waiting. The trigger ends; the storm feeds itself.

Source of the pattern: Bronson, Aghayev, Charapko & Zhu, "Metastable Failures in Distributed Systems", HotOS, 2021;
Huang et al., "Metastable Failures in the Wild", OSDI, 2022.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.arrivals import Source, poisson
from handbook.simulation.breaker import CircuitBreaker
from handbook.simulation.core import Mark, Service, Simulation
from handbook.simulation.distributions import exponential
from handbook.simulation.faults import slowdown
from handbook.simulation.meters import Meter, Probe
from handbook.simulation.retry import Backoff, Retry, RetryBudget
from handbook.simulation.shedding import ControlledDelay
from handbook.simulation.station import Station
from handbook.simulation.timeouts import Timeout

MITIGATIONS = ("none", "budget", "breaker", "shedding")


@dataclass(frozen=True)
class Storm:
    """One run: the parts that measured it, and the marks for its chart."""

    client: Meter
    retry: Retry
    attempts: Meter
    station: Station
    backlog: Probe
    marks: list[Mark]
    trigger_ends: float
    end: float

    def metrics(self) -> dict[str, float]:
        """Numbers for `replicate`, over the last third of the run, long after the trigger.

        goodput (requests/s that end ok), attempts (per second that reach the station), backlog (requests at the end),
        recovery (s from the trigger's end until the backlog is below one second of work; the rest of the run when
        that never happens).
        """
        start = self.end * 2 / 3
        capacity = self.station.servers / self.station.service.mean
        recovered = self.backlog.when("backlog", lambda requests: requests < capacity, after=self.trigger_ends)
        return {
            "goodput": self.client.good.mean_rate(start, self.end),
            "attempts": self.attempts.offered.mean_rate(start, self.end),
            "backlog": self.backlog.values["backlog"][-1],
            "recovery": (self.end if recovered is None else recovered) - self.trigger_ends,
        }


def retry_storm(
    seed: int,
    mitigation: str = "none",
    load: float = 0.7,
    servers: int = 10,
    attempts: int = 4,
    factor: float = 3.0,
    jitter: str = "full",
    end: Any = 300.0,
) -> Storm:
    """Run it. `mitigation`: "none", "budget" (retries at most 10 % of requests), "breaker" or "shedding" (by delay).

    `load` is the share of the capacity that first attempts need, `servers` do 10 requests a second each (fewer make a
    quicker run), `factor` is that of the slowdown from 60 s to 80 s, `end` in s, a multiple of 3 of at least 120.
    Raises InputError.
    """
    inputs.choice("mitigation", mitigation, MITIGATIONS)
    end, load = inputs.duration("end", end), inputs.amount("load", load)
    if end < 120 or end % 3:
        raise InputError("end", end, "a multiple of 3 s, at least 120 s")
    sim = Simulation(seed)
    shedder = ControlledDelay(target=0.1, interval=0.5) if mitigation == "shedding" else None
    station = Station(sim, "service", servers, service=exponential(0.1), shedder=shedder)
    attempt_meter = Meter(sim, "attempts", station)
    target: Service = Timeout(sim, "timeout", attempt_meter, after=1.0)
    if mitigation == "breaker":
        target = CircuitBreaker(sim, "breaker", target, open_for=5.0)
    budget = RetryBudget(sim, ratio=0.1) if mitigation == "budget" else None
    retry = Retry(sim, "retry", target, attempts, Backoff(base=0.1, cap=2.0, jitter=jitter), budget)
    client = Meter(sim, "client", retry)
    Source(sim, "requests", poisson(10 * servers * load), client)
    backlog = Probe(sim, "backlog", 1.0, {"backlog": lambda: station.backlog})
    slowdown(sim, station, factor, start=60.0, duration=20.0)
    sim.run(until=end)
    return Storm(client, retry, attempt_meter, station, backlog, sim.marks, 80.0, end)
