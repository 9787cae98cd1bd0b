"""Now, later or nothing: visits against a budget of patience, and a fair test of it.

A gain is the expected number of visits that a message adds, patience its expected
number of opt-outs. Both come from models and are only as good as these.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

ACTIONS = ("nothing", "now", "later")


# --8<-- [start:policy]
@dataclass(frozen=True)
class Forecast:
    """What an action is expected to bring and to cost."""

    gain: float
    patience: float


Options = Mapping[str, Forecast]  # by action; "nothing" brings and costs nothing


def best(options: Options, price: float) -> str:
    """The action that brings most after patience is paid for; if none does, nothing."""

    def profit(action: str) -> float:
        return options[action].gain - price * options[action].patience

    return max(ACTIONS, key=profit)


def spent(members: Sequence[Options], price: float) -> float:
    """The patience that all members' best actions cost at this price."""
    return math.fsum(options[best(options, price)].patience for options in members)


def price_of_patience(
    members: Sequence[Options], budget: float, dearest: float = 1e6
) -> float:
    """The lowest price at which the budget suffices, the same price for everybody."""
    if spent(members, 0.0) <= budget:
        return 0.0
    low, high = 0.0, dearest
    for _ in range(60):
        price = (low + high) / 2
        low, high = (price, high) if spent(members, price) > budget else (low, price)
    return high


# --8<-- [end:policy]


# --8<-- [start:explore]
@dataclass(frozen=True)
class Decision:
    """One line of the log from which later policies are judged."""

    options: Options
    action: str
    propensity: float  # with which probability the action was chosen
    visits: float = 0.0  # within a day; comes later


def decide(options: Options, price: float, explore: float, random: Random) -> Decision:
    """The best action, except for a small share of decisions left to chance."""
    favourite = best(options, price)
    action = random.choice(ACTIONS) if random.random() < explore else favourite
    propensity = explore / len(ACTIONS) + (1 - explore) * (action == favourite)
    return Decision(options, action, propensity)


def value(
    log: Iterable[Decision], policy: Callable[[Options], str]
) -> tuple[float, float]:
    """Visits per decision had `policy` decided, and the standard error of this.

    Inverse propensity scoring: a line where both agree stands for 1/propensity lines.
    """
    scores = [
        line.visits / line.propensity if line.action == policy(line.options) else 0.0
        for line in log
    ]
    mean = math.fsum(scores) / len(scores)
    variance = math.fsum((score - mean) ** 2 for score in scores) / (len(scores) - 1)
    return mean, math.sqrt(variance / len(scores))


# --8<-- [end:explore]
