# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
# ---

# %% [markdown]
# # $title under stress
#
# One failure, without and with what the chapter does against it: for a minute, twice
# as much arrives as the service can do. Every figure is a mean over 20 seeds with its
# 95% confidence interval. Rates are scaled down together, times are real.

# %% section="model" tags=["hide-input"]
from handbook import queueing, show, simulated
from handbook.simulation import Meter, Outcome, Simulation, Source, Station, Timeout, burst
from handbook.simulation import exponential, poisson, replicate

SERVICE, USUAL, SPIKE = 0.1, 6.0, 20.0  # seconds; requests a second
PATIENCE = 1.0  # seconds that a caller waits
BECAUSE = "mean of 20 seeds; the interval is 95%"


def overload(longest):
    """What `replicate` averages, for a queue of at most so many; None: no limit."""

    def model(seed):
        sim = Simulation(seed)
        service = Station(sim, "service", 1, exponential(SERVICE), queue_limit=longest)
        callers = Meter(sim, "callers", Timeout(sim, "patience", service, after=PATIENCE))
        Source(sim, "arrivals", burst(USUAL, SPIKE, start=60, duration=60), callers)
        sim.run(until=300)
        return {"answered": 100 * callers.outcomes[Outcome.OK] / callers.requests}

    return model


def usual(seed):
    """The same service without a spike, a case that has a closed form."""
    sim = Simulation(seed, warm_up=60)
    service = Station(sim, "service", 1, exponential(SERVICE))
    Source(sim, "arrivals", poisson(USUAL), service)
    sim.run(until=2_000)
    return {"wait": service.mean_wait}


# %% section="overload"
waited = replicate(usual, seeds=20)["wait"]
assert waited.covers(queueing.mm1_wait(USUAL, SERVICE)), "the model is not the M/M/1 queue"
answered_endless = simulated(
    "Answered in time, queue without a limit", replicate(overload(None))["answered"], "percent", BECAUSE)
answered_short = simulated(
    "Answered in time, queue of five", replicate(overload(5))["answered"], "percent", BECAUSE)
show()
