"""The read-out of an experiment: against its closed form, against many looks, and where there is nothing to read."""

import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.feature_flags.readout import Arm, Readout, mismatch, read

EACH, LOOKS, RUNS = 400, 60, 300


def half_width(variance, pairs, mixed, alpha):
    """The published ratio, solved for the difference: `variance` of a pair, `mixed` that of the mixture."""
    spread = variance + pairs * mixed
    return math.sqrt(variance * spread / (pairs**2 * mixed) * (2 * math.log(1 / alpha) + math.log(spread / variance)))


@pytest.mark.parametrize("people", [10, 1_000, 50_000])
@pytest.mark.parametrize(("shares", "hoped"), [((0.5, 0.6), 0.05), ((0.7, 0.7), 0.007), ((0.02, 0.3), 0.2)])
@pytest.mark.parametrize("alpha", [0.05, 0.001])
def test_the_closed_form(people, shares, hoped, alpha):
    control, treatment = (round(people * share) for share in shares)
    found = read(Arm(people, control), Arm(people, treatment), hoped, alpha)
    share = (control + treatment + 1) / (2 * people + 2)
    half = half_width(2 * share * (1 - share), people, hoped**2, alpha)
    assert found.difference == pytest.approx((treatment - control) / people)
    assert (found.high - found.difference, found.difference - found.low) == (pytest.approx(half), pytest.approx(half))


@pytest.mark.parametrize("n", [100, 10_000])
def test_the_other_published_form(n):
    """Of a mean of unit variance at time t: sqrt(2 (t r + 1) / (t² r) · log(sqrt(t r + 1) / alpha))."""
    hoped, alpha = 0.03, 0.05
    found = read(Arm(n, n // 2), Arm(n, n // 2), hoped, alpha)
    variance = 2 * 0.25
    r = hoped**2 / variance
    unit = math.sqrt(2 * (n * r + 1) / (n**2 * r) * math.log(math.sqrt(n * r + 1) / alpha))
    assert found.high == pytest.approx(unit * math.sqrt(variance), rel=1e-3)


def experiment(seed, lifted):
    """Read-outs after each look: half of the people succeed, or three of four."""
    random, control, treatment = Random(seed), 0, 0
    for look in range(1, LOOKS + 1):
        control += random.getrandbits(EACH).bit_count()
        more = random.getrandbits(EACH)
        treatment += (more | random.getrandbits(EACH) if lifted else more).bit_count()
        yield Arm(look * EACH, control), Arm(look * EACH, treatment)


@pytest.mark.parametrize(("lifted", "truth"), [(False, 0.0), (True, 0.25)])
@pytest.mark.parametrize("hoped", [0.01, 0.04])
def test_over_all_looks_together_the_interval_rarely_misses(lifted, truth, hoped):
    missed = 0
    for seed in range(RUNS):
        found = [read(*arms, hoped) for arms in experiment(f"{seed}/{lifted}", lifted)]
        missed += any(not one.low <= truth <= one.high for one in found)
    assert missed / RUNS <= 0.05 + 3 * math.sqrt(0.05 * 0.95 / RUNS)


def test_a_test_for_one_look_would_miss_often():
    """The same experiments, at the usual level: what the sequence is for."""
    fooled = sum(
        any(
            abs(b.successes - a.successes) > 1.96 * math.sqrt(a.people / 2)
            for a, b in experiment(f"{seed}/False", False)
        )
        for seed in range(RUNS)
    )
    assert fooled / RUNS > 0.2


def test_a_large_difference_is_found_at_once_and_said():
    better = [read(a, b, 0.05).verdict for a, b in experiment("found", True)]
    worse = [read(b, a, 0.05).verdict for a, b in experiment("found", True)]
    assert better[-1] == "better"
    assert worse[-1] == "worse"
    assert better.index("better") < 5


@given(st.integers(1, 10**6), st.floats(0, 1), st.floats(0, 1), st.floats(1e-3, 1), st.floats(1e-6, 0.5))
def test_it_is_symmetric_and_stricter_levels_are_wider(people, one, two, hoped, alpha):
    a, b = (Arm(people, round(people * share)) for share in (one, two))
    found, other = read(a, b, hoped, alpha), read(b, a, hoped, alpha)
    assert (found.low, found.high) == (pytest.approx(-other.high), pytest.approx(-other.low))
    strict = read(a, b, hoped, alpha / 2)
    assert strict.low < found.low < found.difference < found.high < strict.high


def test_more_people_see_more():
    widths = [(found := read(Arm(n, n // 2), Arm(n, n // 2), 0.01)).high - found.low for n in (10, 100, 1000, 10**6)]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 1 > 0.01 > widths[-1]


def test_it_is_sharpest_near_what_was_hoped_for():
    """The words of `hoped`: the interval is narrowest for about the size that can just be told."""
    arms = Arm(10_000, 5_000), Arm(10_000, 5_000)
    widths = {hoped: read(*arms, hoped).high for hoped in (1e-4, 1e-3, 0.01, 0.02, 0.1, 1.0)}
    assert min(widths, key=widths.get) in (0.01, 0.02)
    assert widths[1e-4] > widths[1e-3] > widths[0.01]
    assert widths[1.0] > widths[0.1] > widths[0.02]


@pytest.mark.parametrize(("control", "treatment"), [(0, 0), (0, 5), (5, 0)])
def test_an_empty_arm_says_nothing(control, treatment):
    found = read(Arm(control, 0), Arm(treatment, 0), 0.05)
    assert found == Readout(0.0, -math.inf, math.inf)
    assert found.verdict == "go on"


@pytest.mark.parametrize("share", [0, 1])
def test_arms_in_which_all_or_none_succeed_are_no_certainty(share):
    found = read(Arm(1, share), Arm(1, share), 0.05)
    assert found.low < -0.5 < 0.5 < found.high
    assert read(Arm(1, 0), Arm(1, 1), 0.05).verdict == "go on"
    assert read(Arm(1000, 0), Arm(1000, 1000), 0.05).verdict == "better"


# The sizes of the arms


def test_the_published_mismatch():
    assert mismatch(821_588, 815_482) == pytest.approx(1.8e-6, rel=0.02)
    assert mismatch(821_588, 815_482) < 0.001


@pytest.mark.parametrize(("people", "share"), [(1000, 0.5), (1000, 0.1), (700, 0.3)])
@pytest.mark.parametrize("deviations", [0.5, 1, 2, 3])
def test_against_the_exact_binomial(people, share, deviations):
    mean = people * share
    treatment = round(mean + deviations * math.sqrt(people * share * (1 - share)))
    chance = [math.comb(people, k) * share**k * (1 - share) ** (people - k) for k in range(people + 1)]
    # Of those who are just as far away, half: the bell curve has no steps
    away = [(abs(k - mean) - (treatment - mean), p) for k, p in enumerate(chance)]
    exact = math.fsum(p if far > 1e-6 else p / 2 for far, p in away if far > -1e-6)
    assert mismatch(people - treatment, treatment, share) == pytest.approx(exact, rel=0.1, abs=1e-3)


def test_how_often_an_honest_split_is_doubted():
    random = Random(1)
    doubted = sum(mismatch(n := random.getrandbits(10_000).bit_count(), 10_000 - n) < 0.05 for _ in range(2000))
    assert 60 < doubted < 145


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_it_is_a_chance_and_the_same_for_both_arms(one, two):
    assert 0 <= mismatch(one, two) <= 1
    assert mismatch(one, two) == pytest.approx(mismatch(two, one))
    assert mismatch(one, one) == 1


def test_nobody_yet_is_no_mismatch():
    assert mismatch(0, 0) == 1
    assert mismatch(0, 1) > 0.3


def test_an_uneven_plan():
    assert mismatch(90_000, 10_000, share=0.1) == 1
    assert mismatch(90_000, 10_000) < 1e-9
    assert mismatch(89_000, 11_000, share=0.1) < 0.001
