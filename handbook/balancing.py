"""Load balancing: the power of two choices, and balls thrown into bins.

Times are in units of the mean service time; loads are shares of one server's capacity.
"""

from __future__ import annotations

import math
import random

from handbook import domain
from handbook.errors import InputError

MOST_CHOICES = 1000


def supermarket_tail(load: float, choices: int, length: int) -> float:
    """Share of servers with at least `length` requests when each joins the shortest of `choices` random queues.

    λ^((dⁱ − 1)/(d − 1)), and λⁱ for d = 1: the fixed point for many servers, Poisson arrivals and exponential
    service. `load` λ from 0 to below 1, `choices` d a whole number from 1 to 1,000, `length` i a whole number from 0
    to 1,000. Raises InputError. Source: Mitzenmacher, The Power of Two Choices in Randomized Load Balancing, 2001.

    >>> round(supermarket_tail(0.9, 2, 4), 5)
    0.20589
    """
    load = domain.below_one("load", load)
    choices = domain.whole("choices", choices, 1, MOST_CHOICES)
    length = domain.whole("length", length, 0, 1000)
    exponent = length if choices == 1 else (choices**length - 1) // (choices - 1)
    return _power(load, exponent)


def supermarket_response(load: float, choices: int = 2) -> float:
    """Mean response time, in service times, when each request joins the shortest of `choices` random queues.

    Σᵢ₌₁^∞ λ^((dⁱ − d)/(d − 1)); 1/(1 − λ) for d = 1; λ^(2ⁱ − 2) for d = 2. Domain, limits, errors and source as for
    `supermarket_tail`.

    >>> round(supermarket_response(0.9), 5)
    2.61406
    """
    load = domain.below_one("load", load)
    choices = domain.whole("choices", choices, 1, MOST_CHOICES)
    if choices == 1:
        return 1 / (1 - load)
    terms, exponent = [1.0], choices
    while terms[-1] > 1e-17:
        terms.append(_power(load, exponent))
        exponent = choices * (exponent + 1)
    return math.fsum(terms)


def _power(load: float, exponent: int) -> float:
    """load ** exponent; the exponent grows beyond every float, where the power has long vanished."""
    if exponent == 0:
        return 1.0
    return math.exp(exponent * math.log(load)) if load and exponent < 10**20 else 0.0


def fullest_bin(bins: int, choices: int = 1) -> float:
    """Leading term of the fullest bin's balls when n balls fall into n `bins`; the true value is this + O(1).

    ln n/ln ln n for one random choice; ln ln n/ln d when each ball takes the emptiest of d `choices`. `bins` n is a
    whole number from 16, `choices` d one from 1 to 1,000. Raises InputError. Source: Azar, Broder, Karlin & Upfal,
    Balanced Allocations, 1999.

    >>> round(fullest_bin(1_000_000), 2), round(fullest_bin(1_000_000, 2), 2)
    (5.26, 3.79)
    """
    inner = math.log(domain.whole("bins", bins, 16, 10**18))
    choices = domain.whole("choices", choices, 1, MOST_CHOICES)
    return inner / math.log(inner) if choices == 1 else math.log(inner) / math.log(choices)


def fullest_bin_heavy(balls: float, bins: int) -> float:
    """Balls in the fullest of n `bins` when far more than n·ln n `balls` m fall at random: m/n + √(2·m·ln n/n).

    `bins` n is a whole number from 2, `balls` m at least n·ln n (below that use `fullest_bin`). The leading terms, for
    large n. Raises InputError. Source: Raab & Steger, Balls into Bins: a simple and tight analysis, 1998.

    >>> round(fullest_bin_heavy(1_000_000, 100))
    10303
    """
    bins = domain.whole("bins", bins, 2)
    balls, log = domain.positive("balls", balls), math.log(bins)
    if balls < bins * log:
        raise InputError("balls", balls, f"at least bins × ln(bins) = {bins * log:g}")
    return balls / bins + math.sqrt(2 * balls * log / bins)


def throw(balls: int, bins: int, choices: int = 1, seed: int = 0) -> list[int]:
    """The balls in each bin after `balls` were thrown, each into the emptiest of `choices` random bins.

    A small experiment beside the formulas: `balls` from 0 and `bins` from 1, whole numbers up to 10 million,
    `choices` from 1 to 1,000; the same `seed` (a whole number) gives the same result. Bins are drawn with
    replacement, the first of equals wins. Raises InputError.

    >>> max(throw(1000, 1000, 1)) > max(throw(1000, 1000, 2))
    True
    """
    balls = domain.whole("balls", balls, 0, 10**7)
    bins = domain.whole("bins", bins, 1, 10**7)
    choices = domain.whole("choices", choices, 1, MOST_CHOICES)
    draw = random.Random(domain.whole("seed", seed)).random
    counts = [0] * bins
    for _ in range(balls):
        candidates = [int(draw() * bins) for _ in range(choices)]
        counts[min(candidates, key=counts.__getitem__)] += 1
    return counts
