"""Intervals, replications and comparisons."""

import math
from random import Random
from statistics import NormalDist

import pytest

from handbook import InputError
from handbook.simulation import (
    Meter,
    Simulation,
    Source,
    Station,
    compare,
    confidence_interval,
    exponential,
    poisson,
    replicate,
)
from handbook.simulation.intervals import student_cdf, student_quantile

# Published tables of Student's t: (probability, degrees of freedom, t).
TABLE = [
    (0.975, 1, 12.706), (0.975, 2, 4.303), (0.975, 3, 3.182), (0.975, 4, 2.776), (0.975, 9, 2.262),
    (0.975, 19, 2.093), (0.975, 29, 2.045), (0.975, 60, 2.000), (0.975, 120, 1.980), (0.95, 10, 1.812),
    (0.995, 19, 2.861), (0.995, 5, 4.032), (0.9, 7, 1.415), (0.99, 24, 2.492), (0.9995, 30, 3.646),
]  # fmt: skip


@pytest.mark.parametrize(("p", "freedom", "t"), TABLE)
def test_student_quantiles_are_those_of_the_tables(p, freedom, t):
    assert student_quantile(p, freedom) == pytest.approx(t, abs=0.0006)
    assert student_cdf(student_quantile(p, freedom), freedom) == pytest.approx(p, abs=1e-12)
    assert student_cdf(-t, freedom) == pytest.approx(1 - student_cdf(t, freedom), abs=1e-12)


def test_student_becomes_normal():
    normal = NormalDist().inv_cdf(0.995)
    assert student_quantile(0.995, 1000) == normal
    assert student_quantile(0.995, 999) == pytest.approx(normal, rel=0.002)
    assert student_quantile(0.5, 3) == pytest.approx(0, abs=1e-9)
    for p in (0.3, 1.0, math.nan):
        with pytest.raises(InputError, match="p ="):
            student_quantile(p, 3)


def test_an_interval_is_worked_out_right():
    interval = confidence_interval([1, 2, 3, 4, 5])
    assert interval.mean == 3
    assert interval.half_width == pytest.approx(2.7764 * math.sqrt(2.5 / 5), rel=1e-4)
    assert interval.covers(4.9)
    assert not interval.covers(5)
    shown = [str(confidence_interval(samples)) for samples in ([0.41, 0.42, 0.43], [42_000, 45_000], [7.5, 7.5])]
    assert shown == ["0.420 ± 0.025", "43,500 ± 19,059", "7.5 ± 0"]
    assert math.isinf(confidence_interval([-1, 1]).relative)


def test_intervals_cover_as_often_as_they_say():
    rng, covered = Random(4), 0
    for _ in range(1000):
        samples = [rng.normalvariate(10, 3) for _ in range(5)]
        covered += confidence_interval(samples, 0.9).covers(10)
    assert covered == pytest.approx(900, abs=38)  # four standard errors


def queue(servers: int):
    def model(seed: int) -> dict[str, float]:
        sim = Simulation(seed, warm_up=50)
        meter = Meter(sim, "meter", Station(sim, "station", servers, exponential(0.8 * servers)))
        Source(sim, "source", poisson(1), meter)
        sim.run(until=550)
        return {"mean": meter.latency.mean, "p99": meter.latency.quantile(0.99)}

    return model


def test_replications_run_every_seed_once():
    runs = replicate(queue(1), seeds=[3, 5, 8])
    assert runs.seeds == (3, 5, 8)
    assert runs.samples["mean"] == tuple(queue(1)(seed)["mean"] for seed in (3, 5, 8))
    assert replicate(queue(1), seeds=4).seeds == (1, 2, 3, 4)
    assert [row["metric"] for row in runs.rows()] == ["mean", "p99"]
    assert runs.rows()[0]["mean"] == runs["mean"].mean
    lines = repr(runs).splitlines()
    assert lines[0].split() == ["metric", "mean", "±", "95", "%", "(3", "seeds)"]
    assert lines[1].split() == ["mean", *str(runs["mean"]).split()]
    with pytest.raises(InputError, match="metric"):
        runs["p50"]


def test_pairing_on_the_same_seeds_is_sharper_than_two_intervals():
    comparison = compare(queue(1), queue(2), seeds=20)
    # Two servers of half the speed: the same waits, but a service takes .8 s longer. Arrivals are shared.
    difference = comparison.difference("mean")
    unpaired = math.hypot(comparison.before["mean"].half_width, comparison.after["mean"].half_width)
    assert difference.half_width < 0.8 * unpaired
    assert difference.mean == pytest.approx(comparison.after["mean"].mean - comparison.before["mean"].mean)


def test_a_comparison_shows_what_is_clear():
    def model(shift):
        return lambda seed: {"shifted": seed + shift, "noise": Random(f"{seed}{shift}").random()}

    comparison = compare(model(0), model(2), seeds=20)
    assert comparison.difference("shifted").mean == 2
    assert comparison.difference("shifted").half_width == 0
    assert comparison.is_clear("shifted")
    assert not comparison.is_clear("noise")
    assert [row["clear"] for row in comparison.rows()] == [True, False]
    assert "2 ± 0" in repr(comparison)


@pytest.mark.parametrize(
    ("model", "seeds", "what"),
    [
        (lambda seed: {"x": 1.0}, 1, "seeds"),
        (lambda seed: {"x": 1.0}, [1, 1], "seeds"),
        (lambda seed: {"x": 1.0}, [1, -2], "seeds"),
        (lambda seed: {}, 2, "same metrics"),
        (lambda seed: {"x": 1.0} if seed == 1 else {"y": 1.0}, 2, "seed 2 differs"),
        (lambda seed: {"x": math.nan}, 2, "finite number for 'x'"),
        (lambda seed: {"x": None}, 2, "finite number for 'x'"),
    ],
)
def test_models_that_cannot_be_averaged_are_refused(model, seeds, what):
    with pytest.raises(InputError, match=what):
        replicate(model, seeds)


def test_comparisons_need_the_same_metrics():
    with pytest.raises(InputError, match="after"):
        compare(lambda seed: {"x": seed}, lambda seed: {"y": seed}, 3)
    for level in (0, 1):
        with pytest.raises(InputError, match="level"):
            confidence_interval([1, 2], level)
