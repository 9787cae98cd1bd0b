"""Erlang B and C: how likely an arrival finds all servers busy, and is then lost (B) or has to wait (C).

Offered load is in erlangs: arrival rate × mean service time, which is the mean number of busy servers.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from handbook import domain
from handbook.errors import InputError

#: The longest recursions worth waiting for: to a number of servers (10 million take a second), and in search of one.
MOST_SERVERS, MOST_SEARCHED = 10_000_000, 1_000_000


def blocking_by_servers(load: float) -> Iterator[float]:
    """Erlang B for 0, 1, 2 … servers, without end. Only positive terms are added: no overflow, no cancellation.

    >>> [round(value, 3) for value in islice(blocking_by_servers(2.0), 4)]
    [1.0, 0.667, 0.4, 0.211]
    """
    blocking, servers = 1.0, 0
    while True:
        yield blocking
        servers += 1
        blocking = load * blocking / (servers + load * blocking)


def erlang_b(servers: int, load: float) -> float:
    """P(an arrival finds all servers busy and is lost), M/M/c/c: (aᶜ/c!) / Σₖ₌₀ᶜ aᵏ/k!, from 0 to 1.

    `servers` c is a whole number from 0, `load` a is in erlangs (≥ 0; 1 or more a server is fine, nothing queues).
    Computed by the recursion over servers, exact to rounding for millions of them. Holds for every distribution of
    service times. Raises InputError. Source: Erlang, 1917.

    >>> round(erlang_b(10, 8), 5)
    0.12166
    """
    recursion = blocking_by_servers(domain.not_negative("load", load))
    return next(islice(recursion, domain.whole("servers", servers, 0, MOST_SERVERS), None))


def waiting(servers: int, load: float, blocking: float) -> float:
    """Erlang C from Erlang B of the same servers: B/(1 − ρ(1 − B)), written without cancellation for ρ near 1.

    >>> waiting(1, 0.8, 0.8 / 1.8)
    0.8
    """
    return servers * blocking / (servers - load + load * blocking)


def erlang_c(servers: int, load: float) -> float:
    """P(an arrival has to wait), M/M/c: B/(1 − ρ(1 − B)) with B = `erlang_b`, ρ = a/c < 1, from 0 to 1.

    `servers` c is a whole number from 1, `load` a is in erlangs, at least 0 and below c. Raises InputError. Source:
    Erlang, 1917.

    >>> round(erlang_c(10, 8), 5)
    0.40918
    """
    servers = domain.whole("servers", servers, 1)
    if domain.not_negative("load", load) >= servers:
        raise InputError("load", load, f"below the number of servers, {servers} (utilisation < 1)")
    return waiting(servers, load, erlang_b(servers, load))


def servers_for_blocking(load: float, blocking: float) -> int:
    """The fewest servers at which at most the share `blocking` (0 < b < 1) of arrivals is lost: inverse Erlang B.

    `load` is in erlangs, from 0 to a million. Raises InputError. Source: Erlang, 1917.

    >>> servers_for_blocking(8, 0.01)
    15
    """
    load = domain.at_most("load", domain.not_negative("load", load), MOST_SEARCHED)
    blocking = domain.between("blocking", blocking)
    return next(servers for servers, value in enumerate(blocking_by_servers(load)) if value <= blocking)
