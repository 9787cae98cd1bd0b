"""Availability: components in series and in parallel, k of n, downtime and error budgets.

Availabilities are shares of time from 0 to 1. Components fail independently of each other: an assumption that shared
networks, deployments and configuration break, so that the results for redundancy are upper bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from handbook import domain

DAY = 86_400
YEAR_DAYS, MONTH_DAYS = 365, 30


def _shares(availabilities: Iterable[float]) -> list[float]:
    return [domain.probability("availabilities", share) for share in domain.sequence("availabilities", availabilities)]


def series(availabilities: Iterable[float]) -> float:
    """Availability of a system that needs all of its components: the product, from 0 to 1.

    `availabilities` are at least one share from 0 to 1. Raises InputError. Source: Beyer et al., Site Reliability
    Engineering, 2016; independence is an assumption.

    >>> round(series([0.999] * 5), 5)
    0.99501
    """
    return math.prod(_shares(availabilities))


def parallel(availabilities: Iterable[float]) -> float:
    """Availability of a system that needs any one of its components: 1 − Π(1 − a), from 0 to 1.

    Arguments, errors and source as for `series`.

    >>> parallel([0.99, 0.99])
    0.9999
    """
    return 1 - math.prod(1 - share for share in _shares(availabilities))


def k_of_n(needed: int, components: int, availability: float) -> float:
    """Availability of a system that needs at least k of n equal components: Σᵢ₌ₖⁿ C(n, i)·aⁱ·(1 − a)ⁿ⁻ⁱ.

    `components` n is a whole number from 1 to a million, `needed` k one from 0 to n. Raises InputError. Source as for
    `series`.

    >>> round(k_of_n(2, 3, 0.99), 6)
    0.999702
    """
    components = domain.whole("components", components, 1, 10**6)
    needed = domain.whole("needed", needed, 0, components)
    up = domain.probability("availability", availability)
    if up in (0, 1):
        return 1.0 if up == 1 or needed == 0 else 0.0
    # In logarithms, as C(n, i) exceeds every float from n = 1,030 on.
    log_up, log_down, log_ways = math.log(up), math.log1p(-up), math.lgamma(components + 1)
    terms = (
        log_ways - math.lgamma(i + 1) - math.lgamma(components - i + 1) + i * log_up + (components - i) * log_down
        for i in range(needed, components + 1)
    )
    return min(1.0, math.fsum(map(math.exp, terms)))


def downtime(availability: float, days: float) -> float:
    """Seconds of downtime in a period of `days` (≥ 0): (1 − a) × days × 86,400.

    `availability` from 0 to 1. Raises InputError. Source as for `series`.

    >>> round(downtime(0.999, 7))
    605
    """
    return (1 - domain.probability("availability", availability)) * domain.not_negative("days", days) * DAY


def downtime_per_year(availability: float) -> float:
    """Seconds of downtime in 365 days at an `availability` from 0 to 1. Raises InputError.

    >>> round(downtime_per_year(0.9999) / 60, 1)
    52.6
    """
    return downtime(availability, YEAR_DAYS)


def downtime_per_month(availability: float) -> float:
    """Seconds of downtime in 30 days, the usual window of an objective, at an `availability` from 0 to 1.

    Raises InputError.

    >>> round(downtime_per_month(0.9999) / 60, 2)
    4.32
    """
    return downtime(availability, MONTH_DAYS)


def budget_spent(objective: float, outage: float, affected: float = 1, days: float = MONTH_DAYS) -> float:
    """Share of the error budget that an outage spends: outage × affected / ((1 − objective) × days × 86,400).

    `objective` from 0 to below 1, `outage` in seconds (≥ 0), `affected` the share of requests that failed (0 to 1),
    `days` the window of the objective (> 0). More than 1 means more than the whole budget. Raises InputError. Source as
    for `series`.

    >>> round(budget_spent(0.9999, 600), 1), round(budget_spent(0.9999, 600, affected=0.25), 2)
    (2.3, 0.58)
    """
    budget = downtime(domain.below_one("objective", objective), domain.positive("days", days))
    return domain.not_negative("outage", outage) * domain.probability("affected", affected) / budget


def availability_from_repair(between_failures: float, repair: float) -> float:
    """Availability of what fails now and then and is repaired: MTBF/(MTBF + MTTR), from 0 to 1.

    `between_failures` is the mean time up between two failures (> 0), `repair` the mean time to repair (≥ 0), in one
    unit. Raises InputError. Source: Gray & Reuter, Transaction Processing, 1992.

    >>> availability_from_repair(999, 1)
    0.999
    """
    up = domain.positive("between_failures", between_failures)
    return up / (up + domain.not_negative("repair", repair))


def nines(availability: float) -> float:
    """How many nines an `availability` (0 to below 1) has: −log₁₀(1 − a). Raises InputError.

    >>> round(nines(0.9995), 1)
    3.3
    """
    return abs(math.log10(1 - domain.below_one("availability", availability)))
