"""Bad input names the argument, its value and what is allowed."""

import math

import pytest

from handbook import InputError, Q
from handbook import simulation as s


def sim() -> s.Simulation:
    return s.Simulation(1)


def station() -> s.Station:
    return s.Station(sim(), "station", 1, s.constant(1))


BAD = {
    "seed": [lambda: s.Simulation(-1), lambda: s.Simulation(1.5), lambda: s.Simulation("one")],
    "warm_up": [lambda: s.Simulation(1, warm_up=-1), lambda: s.Simulation(1, warm_up=math.nan)],
    "rate": [
        lambda: s.poisson(0), lambda: s.poisson(math.inf), lambda: s.poisson("70"), lambda: s.poisson(True),
        lambda: s.poisson(Q(5, "second")), lambda: s.poisson(Q(5, "request")),
        lambda: s.TokenBucket(sim(), -1, 5), lambda: s.RateLimit(sim(), "l", station(), rate=0),
    ],
    "peak": [lambda: s.diurnal(10, 9), lambda: s.diurnal(10, 21)],
    "levels": [lambda: s.steps([]), lambda: s.steps([(1, 5)]), lambda: s.steps([(0, 5), (0, 6)]),
               lambda: s.steps([(0, -5)])],
    "duration": [lambda: s.burst(1, 2, 3, 0), lambda: s.outage(sim(), station(), 1, -1)],
    "times": [lambda: s.replay([]), lambda: s.replay([2, 1]), lambda: s.replay([-1])],
    "rate_at": [lambda: next(s.thinned(lambda t: 11, 10, lambda a, b: 0).times(sim().stream("x")))],
    "priorities": [lambda: s.Source(sim(), "s", s.poisson(1), station(), {0: 0.5, 1: 0.6}),
                   lambda: s.Source(sim(), "s", s.poisson(1), station(), {})],
    "arrivals": [lambda: s.Source(sim(), "s", 70, station())],
    "mean": [lambda: s.exponential(0), lambda: s.exponential(-1), lambda: s.lognormal(math.nan, 1),
             lambda: s.exponential(Q(1, "byte"))],
    "high": [lambda: s.uniform(2, 1)],
    "stages": [lambda: s.erlang(1, 0)],
    "cv2": [lambda: s.hyperexponential(1, 1), lambda: s.lognormal(1, 0)],
    "alpha": [lambda: s.pareto(1, 1)],
    "values": [lambda: s.empirical([]), lambda: s.empirical([0, 0]), lambda: s.empirical([1, -1])],
    "servers": [lambda: s.Station(sim(), "s", 0, s.constant(1)), lambda: s.Station(sim(), "s", 1.5, s.constant(1)),
                lambda: station().resize(-1)],
    "service": [lambda: s.Station(sim(), "s", 1, 0.1)],
    "queue_limit": [lambda: s.Station(sim(), "s", 1, s.constant(1), queue_limit=-1)],
    "discipline": [lambda: s.Station(sim(), "s", 1, s.constant(1), discipline="random")],
    "shedder": [lambda: s.Station(sim(), "s", 1, s.constant(1), shedder=5)],
    "factor": [lambda: station().slow(0)],
    "restore": [lambda: station().restore()],
    "target": [lambda: s.ControlledDelay(0.2, 0.1)],
    "limits": [lambda: s.PriorityLimits({}), lambda: s.PriorityLimits({0: -1})],
    "after": [lambda: s.Timeout(sim(), "t", station(), 0)],
    "attempts": [lambda: s.Retry(sim(), "r", station(), 0)],
    "jitter": [lambda: s.Backoff(jitter="some")],
    "cap": [lambda: s.Backoff(base=2, cap=1)],
    "ratio": [lambda: s.RetryBudget(sim(), ratio=-0.1)],
    "failure_share": [lambda: s.CircuitBreaker(sim(), "b", station(), failure_share=1.5)],
    "minimum": [lambda: s.CircuitBreaker(sim(), "b", station(), window=10, minimum=20)],
    "limit": [lambda: s.Bulkhead(sim(), "b", station(), 0)],
    "loss": [lambda: s.Link(sim(), "l", station(), loss=1.1)],
    "latency": [lambda: s.Link(sim(), "l", station(), latency=0.1)],
    "probability": [lambda: s.Errors(sim(), "e", station(), math.nan)],
    "targets": [lambda: s.Balancer(sim(), "b", []), lambda: s.Balancer(sim(), "b", [station()], stations=[])],
    "policy": [lambda: s.Balancer(sim(), "b", [station()], "best")],
    "lag": [lambda: s.Replicas(sim(), "r", 1, 0.5)],
    "replicas": [lambda: s.Replicas(sim(), "r", 0, s.constant(1))],
    "clients": [lambda: s.Population(sim(), "p", station(), 0)],
    "share": [lambda: s.Population(sim(), "p", station(), 10).disconnect(1.5)],
    "parts": [lambda: s.Zone("zone", [])],
    "bin": [lambda: s.Series(sim(), 0)],
    "gauges": [lambda: s.Probe(sim(), "p", 1, {})],
    "samples": [lambda: s.confidence_interval([1]), lambda: s.confidence_interval([1, math.nan])],
    "name": [lambda: s.Source(sim(), "", s.poisson(1), station())],
    "delay": [lambda: sim().after(-1, print), lambda: sim().after(math.nan, print)],
}  # fmt: skip


@pytest.mark.parametrize(
    ("argument", "call"), [(argument, call) for argument, calls in BAD.items() for call in calls], ids=lambda v: str(v)
)
def test_bad_input_is_named(argument, call):
    with pytest.raises(InputError) as caught:
        call()
    assert caught.value.argument == argument
    assert str(caught.value).startswith(f"{argument} = ")
