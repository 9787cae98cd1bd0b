"""Simulation parts on SimPy: seeded, composable, each held against a closed form by the tests.

    sim = Simulation(seed=1, warm_up=100)
    provider = Station(sim, "provider", servers=10, service=exponential(0.1))
    client = Meter(sim, "client", Retry(sim, "retry", Timeout(sim, "timeout", provider, after=1.0), attempts=3))
    Source(sim, "campaign", poisson(70), client)
    sim.run(until=600)
    client.goodput, client.latency.quantile(0.99)

Times in seconds, rates per second. See `core` for how services stack.
"""

from handbook.simulation.arrivals import Arrivals, Source, burst, diurnal, poisson, replay, steps, thinned
from handbook.simulation.breaker import CircuitBreaker
from handbook.simulation.core import Mark, Outcome, Request, Service, Simulation
from handbook.simulation.distributions import (
    Distribution,
    constant,
    empirical,
    erlang,
    exponential,
    hyperexponential,
    lognormal,
    pareto,
    uniform,
)
from handbook.simulation.effects import Effects
from handbook.simulation.experiment import Comparison, Replications, compare, replicate
from handbook.simulation.faults import Zone, capacity_loss, fault, outage, override, random_outages, slowdown
from handbook.simulation.intervals import Interval, confidence_interval
from handbook.simulation.limits import Bulkhead, RateLimit, TokenBucket
from handbook.simulation.metastable import Storm, retry_storm
from handbook.simulation.meters import Meter, Probe, Series
from handbook.simulation.network import Balancer, Errors, Link
from handbook.simulation.percentiles import Percentiles
from handbook.simulation.population import Population
from handbook.simulation.replication import Read, Replicas
from handbook.simulation.retry import Backoff, Retry, RetryBudget
from handbook.simulation.shedding import ControlledDelay, PriorityLimits, Shedder
from handbook.simulation.station import Station
from handbook.simulation.timeouts import Timeout

__all__ = [
    "Arrivals", "Backoff", "Balancer", "Bulkhead", "CircuitBreaker", "Comparison", "ControlledDelay", "Distribution",
    "Effects", "Errors", "Interval", "Link", "Mark", "Meter", "Outcome", "Percentiles", "Population", "PriorityLimits",
    "Probe", "RateLimit", "Read", "Replicas", "Replications", "Request", "Retry", "RetryBudget", "Series", "Service",
    "Shedder", "Simulation", "Source", "Station", "Storm", "Timeout", "TokenBucket", "Zone", "burst", "capacity_loss",
    "compare", "confidence_interval", "constant", "diurnal", "empirical", "erlang", "exponential", "fault",
    "hyperexponential", "lognormal", "outage", "override", "pareto", "poisson", "random_outages", "replay", "replicate",
    "retry_storm", "slowdown", "steps", "thinned", "uniform",
]  # fmt: skip
