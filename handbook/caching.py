"""Caches: the hit ratio of LRU by Che's approximation, and Zipf popularity.

Requests are independent of each other (no bursts for one item), items are of equal size, and capacity is counted in
items. A popularity is a list of pairs (probability of one item, number of such items).
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from handbook import domain
from handbook.errors import InputError

Popularity = list[tuple[float, int]]

#: Ranks up to this one stand alone; later ones are grouped, each group this share longer than the last.
_HEAD, _GROWTH = 100, 0.01


def zipf(items: int, exponent: float) -> Popularity:
    """Zipf popularity: the item of rank i is asked for with probability proportional to 1/iˢ.

    `items` is a whole number from 1 to 10¹², `exponent` s from 0 (all equal) to 5. Ranks beyond 100 share the mean of
    a group of neighbours (1 % wide), so that a billion items are some 1,700 pairs; hit ratios change by about
    1e-6. Raises InputError. Source: Zipf, 1949; Breslau et al., Web Caching and Zipf-like Distributions, 1999.

    >>> [(round(probability, 4), count) for probability, count in zipf(3, 1)]
    [(0.5455, 1), (0.2727, 1), (0.1818, 1)]
    """
    items = domain.whole("items", items, 1, 10**12)
    exponent = domain.at_most("exponent", domain.not_negative("exponent", exponent), 5)
    weights = [(rank**-exponent, 1) for rank in range(1, min(items, _HEAD) + 1)]
    first = _HEAD + 1
    while first <= items:
        last = min(items, first + int(first * _GROWTH))
        weights.append((_mean_weight(first, last, exponent), last - first + 1))
        first = last + 1
    total = math.fsum(weight * count for weight, count in weights)
    return [(weight / total, count) for weight, count in weights]


def _mean_weight(first: int, last: int, exponent: float) -> float:
    """The mean of x⁻ˢ over ranks `first` to `last`, as the integral over half a rank more on both sides."""
    low, high = first - 0.5, last + 0.5
    ratio = math.log(high / low)
    # ∫ x⁻ˢ dx = low^(1 − s) × (e^((1 − s)·ln(high/low)) − 1)/(1 − s), whose limit at s = 1 is the logarithm.
    power = 1 - exponent
    integral = low**power * (math.expm1(power * ratio) / power if abs(power) > 1e-9 else ratio)
    return integral / (high - low)


def popularity(weights: Iterable[float]) -> Popularity:
    """A popularity from measured `weights`, such as request counts by item: at least one, none negative, sum above 0.

    Raises InputError.

    >>> popularity([3, 1])
    [(0.75, 1), (0.25, 1)]
    """
    checked = [domain.not_negative("weights", weight) for weight in domain.sequence("weights", weights)]
    total = domain.positive("weights", math.fsum(checked), "weights that sum to more than 0")
    return [(weight / total, 1) for weight in checked]


def lru_hit_ratio(items: Popularity, capacity: float) -> float:
    """Share of requests that an LRU cache of `capacity` items answers, by Che's approximation.

    Σ p(1 − e^(−pT)) over the items, with T from Σ(1 − e^(−pT)) = C: T is the characteristic time, how many requests an
    item stays cached without being asked for. `items` is a popularity, such as `zipf(10_000, 0.8)`; `capacity` C ≥ 0,
    1.0 when everything fits. Within about 1 % of a simulation. Raises InputError. Source: Che, Tung & Wang, 2002;
    Fricker, Robert & Roberts, 2012.

    >>> round(lru_hit_ratio(zipf(10_000, 0.8), 1000), 5)
    0.43666
    """
    requested = _requested(items)
    capacity = domain.not_negative("capacity", capacity)
    if capacity >= sum(count for _, count in requested):
        return 1.0
    time = _characteristic_time(requested, [count for _, count in requested], capacity)
    return math.fsum(-count * p * math.expm1(-p * time) for p, count in requested)


def capacity_for_hit_ratio(items: Popularity, hit_ratio: float) -> float:
    """The capacity in items at which an LRU cache answers the share `hit_ratio` (0 to 1) of requests; round it up.

    The inverse of `lru_hit_ratio`; all items that are ever asked for when `hit_ratio` is 1. Raises InputError. Source
    as for `lru_hit_ratio`.

    >>> round(capacity_for_hit_ratio(zipf(10_000, 0.8), 0.5))
    1425
    """
    requested = _requested(items)
    hit_ratio = domain.probability("hit_ratio", hit_ratio)
    if hit_ratio == 1:
        return float(sum(count for _, count in requested))
    time = _characteristic_time(requested, [count * p for p, count in requested], hit_ratio)
    return math.fsum(-count * math.expm1(-p * time) for p, count in requested)


def _requested(items: Popularity) -> Popularity:
    """The items that are ever asked for, checked: probabilities that sum to 1."""
    allowed = "pairs (probability, number of items) whose probabilities sum to 1, as zipf or popularity returns"
    pairs = domain.sequence("items", items, allowed)
    if not all(isinstance(pair, tuple) and len(pair) == 2 for pair in pairs):
        raise InputError("items", items, allowed)
    checked = [(domain.probability("items", p), domain.whole("items", count, 1, 10**12)) for p, count in pairs]
    if not math.isclose(math.fsum(p * count for p, count in checked), 1, rel_tol=1e-9):
        raise InputError("items", items, allowed)
    return [(p, count) for p, count in checked if p > 0]


def _characteristic_time(items: Popularity, weights: list[float], target: float) -> float:
    """The time T at which Σ weight × (1 − e^(−pT)) reaches `target`, by Newton's method.

    The sum is concave in T and never above T itself, so that steps from T = target only ever approach the solution
    from below and need neither a bracket nor damping.
    """
    time = target
    for _ in range(200):
        asked = [(weight, p, -math.expm1(-p * time)) for (p, _), weight in zip(items, weights, strict=True)]
        missing = target - math.fsum(weight * share for weight, _, share in asked)
        slope = math.fsum(weight * p * (1 - share) for weight, p, share in asked)
        if missing <= 1e-14 * target or slope == 0:
            break
        time += missing / slope
    return time
