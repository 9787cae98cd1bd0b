"""Distributions: their draws have the mean and the variation that they say."""

import math
from random import Random

import pytest

from handbook.simulation import (
    constant,
    empirical,
    erlang,
    exponential,
    hyperexponential,
    lognormal,
    pareto,
    uniform,
)

DISTRIBUTIONS = [
    exponential(0.2), constant(0.3), uniform(0.1, 0.5), erlang(0.2, 3), hyperexponential(0.2, 4.0),
    lognormal(0.2, 0.5), pareto(0.1, 6.0), empirical([0.1, 0.1, 0.4]),
]  # fmt: skip


@pytest.mark.parametrize("distribution", DISTRIBUTIONS, ids=lambda d: d.label)
def test_draws_have_the_mean_and_variation(distribution):
    n = 40_000
    draw = distribution.sampler(Random(5))
    values = [draw() for _ in range(n)]
    mean = math.fsum(values) / n
    # Four standard errors: one in 16,000 tries is farther off.
    assert mean == pytest.approx(distribution.mean, rel=4 * math.sqrt(distribution.cv2 / n) + 1e-12)
    cv2 = math.fsum((value - mean) ** 2 for value in values) / n / mean**2
    assert cv2 == pytest.approx(distribution.cv2, rel=0.12, abs=1e-9)
    assert min(values) >= 0


def test_known_shapes():
    draw = exponential(1.0).sampler(Random(1))
    assert sum(draw() > math.log(10) for _ in range(20_000)) / 20_000 == pytest.approx(0.1, abs=0.01)
    draw = pareto(1.0, 2.5).sampler(Random(1))
    assert sum(draw() > 2 for _ in range(20_000)) / 20_000 == pytest.approx(2**-2.5, abs=0.012)
    assert math.isinf(pareto(1.0, 1.5).cv2)
    assert pareto(1.0, 1.5).mean == 3.0
    draw = empirical([0.1, 0.4]).sampler(Random(1))
    assert {draw() for _ in range(50)} == {0.1, 0.4}
