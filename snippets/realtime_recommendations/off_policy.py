"""What another policy would have earned, from the log of the one that ran."""

from __future__ import annotations

import math
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Line:
    """A decision that was logged: with which probability the action had been chosen."""

    context: Any
    action: Hashable
    propensity: float
    reward: float


@dataclass(frozen=True)
class Estimate:
    """Reward for each decision, its standard error, and how many lines it rests on."""

    value: float
    error: float
    lines: int


Policy = Callable[[Any], Hashable]


# --8<-- [start:ips]
def ips(log: Iterable[Line], policy: Policy, most: float = math.inf) -> Estimate:
    """Inverse propensity scoring: a line on which both agree stands for 1/propensity.

    Unbiased where every action of `policy` had a chance. `most` caps the weight of a
    line: less noise, and too low a value where weights are cut.
    """
    scores, used = [], 0
    for line in log:
        if not 0 < line.propensity <= 1:
            raise ValueError(f"propensity {line.propensity}: log what was drawn with")
        agrees = line.action == policy(line.context)
        used += agrees
        scores.append(agrees * line.reward * min(most, 1 / line.propensity))
    if len(scores) < 2:
        raise ValueError("an error needs at least two lines")
    mean = math.fsum(scores) / len(scores)
    squares = math.fsum((score - mean) ** 2 for score in scores)
    return Estimate(mean, math.sqrt(squares / (len(scores) - 1) / len(scores)), used)


# --8<-- [end:ips]


class Learner(Protocol):
    """A policy that learns while it is evaluated."""

    def choose(self, context: Any) -> Hashable:
        """The action that it would take."""
        ...

    def learn(self, action: Hashable, context: Any, reward: float) -> None:
        """What came of an action."""
        ...


# --8<-- [start:replay]
def replay(log: Iterable[Line], learner: Learner) -> Estimate:
    """The learner lives through the lines on which it agrees, and skips the others.

    Unbiased if the log's actions were drawn uniformly at random. Of n lines with K
    actions it sees n / K: a log for ten actions must be ten times as long.
    """
    rewards = []
    for line in log:
        if learner.choose(line.context) == line.action:
            learner.learn(line.action, line.context, line.reward)
            rewards.append(line.reward)
    if len(rewards) < 2:
        raise ValueError("the learner agreed with fewer than two lines")
    mean = math.fsum(rewards) / len(rewards)
    squares = math.fsum((reward - mean) ** 2 for reward in rewards)
    error = math.sqrt(squares / (len(rewards) - 1) / len(rewards))
    return Estimate(mean, error, len(rewards))


# --8<-- [end:replay]
