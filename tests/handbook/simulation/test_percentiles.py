"""Percentiles: exact, then within the stated relative error."""

import math
from random import Random

import pytest

from handbook import InputError
from handbook.simulation import Percentiles, exponential, lognormal, pareto


def filled(values, **options) -> Percentiles:
    percentiles = Percentiles(**options)
    for value in values:
        percentiles.add(value)
    return percentiles


def exact(values, q: float) -> float:
    return sorted(values)[max(1, math.ceil(round(q * len(values), 9))) - 1]


def test_small_samples_are_exact():
    percentiles = filled([5, 1, 4, 2, 3])
    assert percentiles.is_exact
    assert [percentiles.quantile(q) for q in (0, 0.2, 0.21, 0.5, 0.8, 0.99, 1)] == [1, 1, 2, 3, 4, 5, 5]
    assert filled(range(100)).quantile(0.07) == 6  # the seventh smallest, although .07 · 100 is not 7 in floats
    assert (percentiles.mean, percentiles.minimum, percentiles.maximum, percentiles.count) == (3, 1, 5, 5)
    assert percentiles.summary(0.5, 0.999) == {"p50": 3, "p99.9": 5}


@pytest.mark.parametrize("error", [0.005, 0.01, 0.05])
@pytest.mark.parametrize(
    "distribution", [exponential(0.1), lognormal(3.0, 4.0), pareto(0.001, 1.1)], ids=lambda d: d.label
)
def test_large_samples_are_within_the_relative_error(distribution, error):
    draw = distribution.sampler(Random(2))
    values = [draw() for _ in range(20_000)] + [0.0] * 200
    percentiles = filled(values, exact=1000, error=error)
    assert not percentiles.is_exact
    assert percentiles.count == len(values)
    assert percentiles.mean == pytest.approx(math.fsum(values) / len(values), rel=1e-12)
    for q in (0, 0.001, 0.009, 0.1, 0.5, 0.9, 0.99, 0.999, 0.99999, 1):
        assert percentiles.quantile(q) == pytest.approx(exact(values, q), rel=error * 1.000001)
    assert percentiles.maximum == max(values)


def test_the_sketch_stays_small():
    draw = pareto(1e-6, 0.01 + 1).sampler(Random(1))
    percentiles = filled((min(draw(), 3600) for _ in range(30_000)), exact=100)
    assert len(percentiles._buckets) <= math.log(3600 / 1e-6) / math.log(1.01 / 0.99) + 2 <= 1105


@pytest.mark.parametrize(("first", "second"), [(50, 50), (50, 5000), (5000, 50), (5000, 5000)])
def test_merging_is_as_adding(first, second):
    rng = Random(1)
    a, b = [rng.random() for _ in range(first)], [10 * rng.random() for _ in range(second)]
    merged = filled(a, exact=1000)
    merged.merge(filled(b, exact=1000))
    assert merged.count == first + second
    assert merged.mean == pytest.approx(math.fsum(a + b) / (first + second))
    assert (merged.minimum, merged.maximum) == (min(a + b), max(a + b))
    for q in (0.01, 0.5, 0.99):
        assert merged.quantile(q) == pytest.approx(exact(a + b, q), rel=0.0101)
    with pytest.raises(InputError, match="other"):
        merged.merge(Percentiles(error=0.02))


def test_nothing_has_no_percentiles_and_nonsense_is_refused():
    percentiles = Percentiles()
    assert all(map(math.isnan, (percentiles.quantile(0.5), percentiles.mean, percentiles.minimum, percentiles.maximum)))
    for value in (-1, math.nan, math.inf):
        with pytest.raises(InputError, match="value"):
            percentiles.add(value)
    with pytest.raises(InputError, match="q = 1.5"):
        percentiles.quantile(1.5)
    for error in (0, 1):
        with pytest.raises(InputError, match="error"):
            Percentiles(error=error)
