"""The guard's evidence: exactly how often it blames a harmless change, and how soon one that does harm."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.feature_flags.guard import evidence

SHARES = [0.01, 0.1, 0.5, 0.9]


def likelihood(having, without, share):
    """The average likelihood over all shares, against that of the plan: by numerical integration."""
    a, b = 1.0, 1 / share - 1
    steps = 20_000
    total = weight = 0.0
    for i in range(steps):
        p = (i + 0.5) / steps
        density = p ** (a - 1) * (1 - p) ** (b - 1)
        weight += density
        total += density * (p / share) ** having * ((1 - p) / (1 - share)) ** without
    return math.log(total / weight)


@pytest.mark.parametrize(
    ("having", "without", "share"), [(3, 2, 0.5), (1, 0, 0.1), (5, 20, 0.1), (4, 40, 0.05), (9, 1, 0.4)]
)
def test_it_is_the_average_over_all_other_shares(having, without, share):
    assert evidence(having, without, share) == pytest.approx(likelihood(having, without, share), abs=0.01)


def ever(level, share, truth, failures):
    """The exact chance that the evidence is ever enough, within so many failures, whose share is `truth`."""
    limit, alive, blamed = -math.log(level), [1.0], 0.0
    for n in range(1, failures + 1):
        following = [0.0] * (n + 1)
        for k, chance in enumerate(alive):
            following[k] += chance * (1 - truth)
            following[k + 1] += chance * truth
        for k in range(n + 1):
            if following[k] and evidence(k, n - k, share) > limit:
                blamed, following[k] = blamed + following[k], 0.0
        alive = following
    return blamed


@pytest.mark.parametrize("share", SHARES)
@pytest.mark.parametrize("level", [0.05, 1e-3, 1e-5])
def test_a_harmless_change_is_blamed_with_at_most_the_chance_that_is_allowed(share, level):
    assert ever(level, share, share, 250) <= level


@pytest.mark.parametrize("share", [0.01, 0.1, 0.5])
def test_and_the_bound_is_not_an_empty_one(share):
    assert ever(0.05, share, share, 250) > 0.05 / 50


@pytest.mark.parametrize(("share", "failures"), [(0.01, 200), (0.1, 60), (0.5, 120)])
def test_a_harmful_one_is_blamed_within_some_dozen_failures(share, failures):
    """Where it breaks fifteen times as many as usual, as the chapter's does."""
    truth = 15 * share / (15 * share + 1 - share)
    assert ever(1e-5, share, truth, failures) > 0.99


@pytest.mark.parametrize("share", SHARES)
def test_what_has_its_share_of_the_failures_or_less_does_no_harm(share):
    assert evidence(0, 0, share) == -math.inf
    assert evidence(0, 1000, share) == -math.inf
    assert evidence(round(1000 * share), 1000 - round(1000 * share), share) == -math.inf


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.sampled_from([0.001, *SHARES]))
def test_each_failure_on_the_one_side_adds_and_on_the_other_takes_away(having, without, share):
    found = evidence(having, without, share)
    assert not math.isnan(found)
    assert evidence(having + 1, without, share) >= found - 1e-6
    if found > 0:
        assert evidence(having, without + 1, share) <= found + 1e-6


def test_everybody_has_it_or_nobody_is_left_to_compare_with():
    assert evidence(10**6, 0, 1.0) == -math.inf


def test_looking_every_second_or_once_blames_no_more_often():
    """Seconds bring several failures at once: looking less often than at each failure can only miss."""
    random, blamed = Random(1), 0
    for _ in range(400):
        having = without = 0
        for _ in range(60):
            for _ in range(5):
                if random.random() < 0.1:
                    having += 1
                else:
                    without += 1
            if evidence(having, without, 0.1) > -math.log(0.05):
                blamed += 1
                break
    assert blamed / 400 <= 0.05
