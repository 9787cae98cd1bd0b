"""LinUCB: choose what could be best, given what is known and how well."""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterable, Sequence
from operator import mul

Vector = Sequence[float]


# --8<-- [start:linucb]
class Arm:
    """One item: clicks as a linear function of the context, by ridge regression."""

    def __init__(self, size: int) -> None:
        self.inverse = [[float(i == j) for j in range(size)] for i in range(size)]
        self.weights = [0.0] * size

    def predict(self, context: Vector) -> tuple[float, float]:
        """The expected reward, and how far off it may be."""
        away = _dot(context, self._apply(context))
        return _dot(self.weights, context), math.sqrt(max(0.0, away))

    def learn(self, context: Vector, reward: float) -> None:
        """One more observation, by the formula of Sherman and Morrison."""
        if len(context) != len(self.weights):
            raise ValueError(f"{len(context)} features, not {len(self.weights)}")
        missed = reward - _dot(self.weights, context)
        gain = self._apply(context)
        scale = 1 + _dot(context, gain)
        for i, row in enumerate(self.inverse):
            self.weights[i] += gain[i] * missed / scale
            for j in range(len(row)):
                row[j] -= gain[i] * gain[j] / scale

    def _apply(self, context: Vector) -> list[float]:
        return [_dot(row, context) for row in self.inverse]


def _dot(left: Vector, right: Vector) -> float:
    return math.fsum(map(mul, left, right))


class LinUCB:
    """Chooses by mean plus `alpha` times the error: 0 is greedy, more is curious."""

    def __init__(self, items: Iterable[Hashable], size: int, alpha: float) -> None:
        self.arms = {item: Arm(size) for item in items}
        self.alpha = alpha

    def choose(self, context: Vector) -> Hashable:
        """The item that could be best; of equals, the first."""
        return max(self.arms, key=lambda item: self._bound(item, context))

    def learn(self, item: Hashable, context: Vector, reward: float) -> None:
        """What came of showing the item."""
        self.arms[item].learn(context, reward)

    def _bound(self, item: Hashable, context: Vector) -> float:
        mean, error = self.arms[item].predict(context)
        return mean + self.alpha * error


# --8<-- [end:linucb]
