"""Queues: Little's law, M/M/1, M/M/c and M/G/1.

Rates are per second and times are seconds throughout (any one unit of time will do, if it is the same everywhere);
offered load is in erlangs: arrival rate × service time, the mean number of busy servers. Arrivals are Poisson, the
queue has no limit and is served in order of arrival. Real traffic is burstier, so that these waits are a floor.
"""

from __future__ import annotations

import math

from handbook import domain
from handbook.erlang import MOST_SEARCHED, MOST_SERVERS, blocking_by_servers, erlang_c, waiting
from handbook.errors import InputError


def little_concurrency(arrival_rate: float, duration: float) -> float:
    """Mean number in the system, L = λW: `arrival_rate` per second (≥ 0) × mean `duration` in seconds (≥ 0).

    Holds for every stable system, whatever the distributions. Raises InputError. Source: Little, Operations
    Research, 1961.

    >>> little_concurrency(8000, 0.25)
    2000.0
    """
    return domain.not_negative("arrival_rate", arrival_rate) * domain.not_negative("duration", duration)


def little_rate(concurrency: float, duration: float) -> float:
    """Mean arrivals per second, λ = L/W, of `concurrency` (≥ 0) sessions that last `duration` seconds (> 0) each.

    Raises InputError. Source: Little, Operations Research, 1961.

    >>> little_rate(18e6, 1800)
    10000.0
    """
    return domain.not_negative("concurrency", concurrency) / domain.positive("duration", duration)


def little_duration(concurrency: float, arrival_rate: float) -> float:
    """Mean time in the system in seconds, W = L/λ, of `concurrency` (≥ 0) at `arrival_rate` per second (> 0).

    Raises InputError. Source: Little, Operations Research, 1961.

    >>> little_duration(2000, 8000)
    0.25
    """
    return domain.not_negative("concurrency", concurrency) / domain.positive("arrival_rate", arrival_rate)


def offered_load(arrival_rate: float, service_time: float) -> float:
    """Offered load in erlangs, a = λS: `arrival_rate` per second (≥ 0) × mean `service_time` in seconds (> 0).

    Raises InputError. Source: Erlang, 1917.

    >>> offered_load(900, 0.1)
    90.0
    """
    return domain.not_negative("arrival_rate", arrival_rate) * domain.positive("service_time", service_time)


def utilisation(arrival_rate: float, service_time: float, servers: int = 1) -> float:
    """Demand as a share of capacity, ρ = λS/c; 1 or more means overload and is returned as it is.

    `arrival_rate` per second (≥ 0), `service_time` in seconds (> 0), `servers` a whole number from 1. Raises
    InputError. Source: Kleinrock, Queueing Systems, 1975.

    >>> utilisation(900, 0.1, 120)
    0.75
    """
    return offered_load(arrival_rate, service_time) / domain.whole("servers", servers, 1, MOST_SERVERS)


def _stable(arrival_rate: float, service_time: float, servers: int = 1) -> float:
    """The utilisation, or InputError when the queue would grow without end."""
    share = utilisation(arrival_rate, service_time, servers)
    if share >= 1:
        limit = servers / service_time
        raise InputError("arrival_rate", arrival_rate, f"below servers / service_time = {limit:g} (utilisation < 1)")
    return share


def mm1_response(arrival_rate: float, service_time: float) -> float:
    """Mean time in an M/M/1 system (waiting and service) in seconds: S/(1 − ρ), ρ = λS < 1.

    `arrival_rate` per second (≥ 0), `service_time` in seconds (> 0). Raises InputError, also when ρ ≥ 1. Source:
    Kleinrock, Queueing Systems, 1975.

    >>> round(mm1_response(80, 0.01), 12)
    0.05
    """
    return service_time / (1 - _stable(arrival_rate, service_time))


def mm1_wait(arrival_rate: float, service_time: float) -> float:
    """Mean time in the queue of an M/M/1 system, before service, in seconds: ρS/(1 − ρ), ρ = λS < 1.

    Arguments, errors and source as for `mm1_response`.

    >>> round(mm1_wait(80, 0.01), 12)
    0.04
    """
    share = _stable(arrival_rate, service_time)
    return share * service_time / (1 - share)


def mm1_in_system(arrival_rate: float, service_time: float) -> float:
    """Mean number in an M/M/1 system, waiting or in service: ρ/(1 − ρ), ρ = λS < 1.

    Arguments, errors and source as for `mm1_response`.

    >>> round(mm1_in_system(80, 0.01), 12)
    4.0
    """
    share = _stable(arrival_rate, service_time)
    return share / (1 - share)


def mm1_response_percentile(arrival_rate: float, service_time: float, quantile: float) -> float:
    """The response time in seconds that the share `quantile` (0 ≤ q < 1) of requests stays within in M/M/1.

    −ln(1 − q)·S/(1 − ρ): the response time of M/M/1 is exponential. Other arguments, errors and source as for
    `mm1_response`.

    >>> round(mm1_response_percentile(80, 0.01, 0.99), 5)
    0.23026
    """
    return -math.log1p(-domain.below_one("quantile", quantile)) * mm1_response(arrival_rate, service_time)


def mm1_rate_for_response(service_time: float, response: float) -> float:
    """The arrival rate per second at which an M/M/1 system reaches the mean `response` in seconds: 1/S − 1/W.

    The inverse of `mm1_response`: `service_time` in seconds (> 0), `response` at least `service_time`. Raises
    InputError. Source as for `mm1_response`.

    >>> round(mm1_rate_for_response(0.01, 0.05), 9)
    80.0
    """
    domain.positive("service_time", service_time)
    return 1 / service_time - 1 / domain.at_least("response", response, service_time)


def mmc_wait(arrival_rate: float, service_time: float, servers: int) -> float:
    """Mean time in the queue of an M/M/c system, before service, in seconds: C(c, a)·S/(c − a), a = λS < c.

    `arrival_rate` per second (≥ 0), `service_time` in seconds (> 0), `servers` c a whole number from 1. Raises
    InputError, also when a ≥ c. Source: Erlang, 1917; Kleinrock, Queueing Systems, 1975.

    >>> round(mmc_wait(80, 0.1, 10), 5)
    0.02046
    """
    _stable(arrival_rate, service_time, servers)
    load = offered_load(arrival_rate, service_time)
    return erlang_c(servers, load) * service_time / (servers - load)


def mmc_response(arrival_rate: float, service_time: float, servers: int) -> float:
    """Mean time in an M/M/c system (waiting and service) in seconds: `mmc_wait` + S.

    Arguments, errors and source as for `mmc_wait`.

    >>> round(mmc_response(80, 0.1, 10), 5)
    0.12046
    """
    return mmc_wait(arrival_rate, service_time, servers) + service_time


def mmc_wait_exceeds(arrival_rate: float, service_time: float, servers: int, time: float) -> float:
    """P(wait > `time`) in an M/M/c system: C(c, a)·e^(−(c − a)t/S), `time` t in seconds (≥ 0).

    Other arguments, errors and source as for `mmc_wait`.

    >>> round(mmc_wait_exceeds(80, 0.1, 10, 0.1), 5)
    0.05538
    """
    _stable(arrival_rate, service_time, servers)
    load = offered_load(arrival_rate, service_time)
    decay = (servers - load) * domain.not_negative("time", time) / service_time
    return erlang_c(servers, load) * math.exp(-decay)


def mmc_wait_percentile(arrival_rate: float, service_time: float, servers: int, quantile: float) -> float:
    """The wait in seconds that the share `quantile` (0 ≤ q < 1) of requests stays within in an M/M/c system.

    max(0, S·ln(C(c, a)/(1 − q))/(c − a)): zero while fewer than 1 − q of the requests wait at all. Other arguments,
    errors and source as for `mmc_wait`.

    >>> round(mmc_wait_percentile(80, 0.1, 10, 0.99), 5)
    0.18558
    """
    _stable(arrival_rate, service_time, servers)
    load = offered_load(arrival_rate, service_time)
    now, later = erlang_c(servers, load), 1 - domain.below_one("quantile", quantile)
    return service_time * math.log(now / later) / (servers - load) if now > later else 0.0


def _finishable(arrival_rate: float, service_time: float) -> float:
    """The offered load, small enough to count servers one by one from 0."""
    load = offered_load(arrival_rate, service_time)
    if load > MOST_SEARCHED:
        raise InputError("arrival_rate", arrival_rate, f"an offered load of at most {MOST_SEARCHED} erlangs")
    return load


def servers_for_wait(arrival_rate: float, service_time: float, wait: float) -> int:
    """The fewest servers at which the mean wait of an M/M/c system is at most `wait` seconds (> 0).

    `arrival_rate` per second (≥ 0), `service_time` in seconds (> 0), at most a million erlangs together. Raises
    InputError. Source: the inverse of `mmc_wait`.

    >>> servers_for_wait(80, 0.1, 0.01)
    11
    """
    load = _finishable(arrival_rate, service_time)
    patience = domain.positive("wait", wait) / service_time
    return next(
        servers
        for servers, blocking in enumerate(blocking_by_servers(load))
        if servers > load and waiting(servers, load, blocking) <= patience * (servers - load)
    )


def servers_for_wait_percentile(arrival_rate: float, service_time: float, wait: float, quantile: float) -> int:
    """The fewest servers at which the share `quantile` (0 ≤ q < 1) of requests waits at most `wait` seconds (≥ 0).

    Other arguments and errors as for `servers_for_wait`. Source: the inverse of `mmc_wait_percentile`.

    >>> servers_for_wait_percentile(80, 0.1, 0.02, 0.99)
    15
    """
    load = _finishable(arrival_rate, service_time)
    patience = domain.not_negative("wait", wait) / service_time
    later = 1 - domain.below_one("quantile", quantile)
    return next(
        servers
        for servers, blocking in enumerate(blocking_by_servers(load))
        if servers > load and waiting(servers, load, blocking) * math.exp((load - servers) * patience) <= later
    )


def mg1_wait(arrival_rate: float, service_time: float, scv: float) -> float:
    """Mean time in the queue of an M/G/1 system in seconds: ρS(1 + cv²)/(2(1 − ρ)), ρ = λS < 1.

    `scv` is cv², the squared coefficient of variation of the service time (variance / mean², ≥ 0): 0 for constant,
    1 for exponential, far more where a few requests are slow. `arrival_rate` per second (≥ 0), `service_time` in
    seconds (> 0). Raises InputError, also when ρ ≥ 1. Source: Pollaczek, 1930; Khinchine, 1932.

    >>> round(mg1_wait(80, 0.01, 0), 12)
    0.02
    """
    share = _stable(arrival_rate, service_time)
    return share * service_time * (1 + domain.not_negative("scv", scv)) / (2 * (1 - share))


def mg1_response(arrival_rate: float, service_time: float, scv: float) -> float:
    """Mean time in an M/G/1 system (waiting and service) in seconds: `mg1_wait` + S.

    Arguments, errors and source as for `mg1_wait`.

    >>> round(mg1_response(80, 0.01, 1), 12)
    0.05
    """
    return mg1_wait(arrival_rate, service_time, scv) + service_time
