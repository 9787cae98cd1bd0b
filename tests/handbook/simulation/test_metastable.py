"""The retry storm that outlives its trigger, and its cures."""

from functools import lru_cache

import pytest

from handbook import InputError
from handbook.simulation import compare, replicate, retry_storm

SEEDS = 4


@lru_cache  # the comparison looks at runs that other tests have made
def metrics(seed: int, **options) -> dict[str, float]:
    return retry_storm(seed, end=240, **options).metrics()


def model(**options):
    return lambda seed: metrics(seed, **options)


@pytest.fixture(scope="module")
def storm():
    return replicate(model(), SEEDS)


def test_the_storm_outlives_its_trigger(storm):
    # From 80 s after the trigger: four attempts a request reach the service, next to none in time.
    assert storm["goodput"].high < 1
    assert storm["attempts"].low > 3.8 * 70
    assert min(storm.samples["recovery"]) == 160


def test_without_the_trigger_there_is_no_storm():
    calm = replicate(model(factor=1.0), SEEDS)
    assert calm["goodput"].covers(70)
    assert calm["attempts"].mean == pytest.approx(70, rel=0.02)


def test_without_retries_the_trigger_passes():
    single = replicate(model(attempts=1), SEEDS)
    assert single["goodput"].low > 68
    assert max(single.samples["recovery"]) < 60


@pytest.mark.parametrize(("mitigation", "slowest"), [("budget", 80), ("breaker", 20), ("shedding", 5)])
def test_each_cure_brings_the_goodput_back(storm, mitigation, slowest):
    cured = replicate(model(mitigation=mitigation), SEEDS)
    assert cured["goodput"].covers(70)
    assert max(cured.samples["recovery"]) <= slowest
    assert max(cured.samples["backlog"]) < 100


def test_the_difference_is_clear_on_paired_seeds():
    comparison = compare(model(), model(mitigation="shedding"), SEEDS)
    difference = comparison.difference("goodput")
    assert difference.low > 65
    assert comparison.is_clear("attempts")


def test_marks_tell_what_happened():
    marks = [mark.label for mark in retry_storm(1, "breaker", end=120).marks]
    assert marks[0] == "service slow begins"
    assert "service slow ends" in marks
    assert marks[-1] == "breaker closed"


def test_unknown_cures_are_refused():
    with pytest.raises(InputError, match="mitigation = 'hope'"):
        retry_storm(1, "hope")
    for end in (90, 200):
        with pytest.raises(InputError, match="end ="):
            retry_storm(1, end=end)
