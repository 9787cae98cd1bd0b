import math
from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import consistency as c
from tests.handbook.bad_input import check_domain, rejects

quorums = st.integers(1, 7).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n), st.integers(1, n)))


def constant(value):
    return lambda random: value


def test_published_staleness():
    assert c.stale_probability(3, 1, 1) == pytest.approx(2 / 3)
    assert 1 - c.stale_probability(3, 1, 1, versions=3) == pytest.approx(0.7037, abs=5e-5)


@given(quorums)
def test_staleness_counts_the_pairs_of_quorums(quorum):
    replicas, reads, writes = quorum
    written = set(range(writes))
    missing = [written.isdisjoint(read) for read in combinations(range(replicas), reads)]
    assert c.stale_probability(*quorum) == pytest.approx(sum(missing) / len(missing))
    assert c.quorums_intersect(*quorum) == (not any(missing))
    assert c.stale_probability(*quorum, versions=2) == pytest.approx(c.stale_probability(*quorum) ** 2)


def test_many_replicas_do_not_overflow():
    # C(500, 500)/C(1000, 500): ln C(1000, 500) is 689.467…
    assert c.stale_probability(1000, 500, 500) == pytest.approx(math.exp(-689.4672615678511), rel=1e-9, abs=0)


def test_delays_follow_their_distributions():
    draws = Random(7)
    exponential = sorted(c.exponential(2.0)(draws) for _ in range(20_000))
    assert math.fsum(exponential) / 20_000 == pytest.approx(2, rel=0.03)
    assert exponential[10_000] == pytest.approx(2 * math.log(2), rel=0.05)
    pareto = sorted(c.pareto(3, 2)(draws) for _ in range(20_000))
    assert pareto[0] == pytest.approx(3, rel=0.001)
    assert pareto[15_000] == pytest.approx(6, rel=0.03)  # a quarter exceeds twice the minimum at shape 2
    mixed = [c.mixture(0.3, constant(1), constant(0))(draws) for _ in range(20_000)]
    assert sum(mixed) / 20_000 == pytest.approx(0.3, abs=0.015)
    assert c.mixture(0, constant(1), constant(0))(draws) == 0
    either = c.mixture(0.5, c.pareto(1, 2), c.pareto(5, 2))
    assert sum(either(draws) < 5 for _ in range(20_000)) / 20_000 == pytest.approx(0.5 * (1 - 1 / 25), abs=0.015)
    assert c.mixture(1, constant(1), constant(0))(draws) == 1


@pytest.mark.parametrize(
    ("delays", "at_once", "published", "age"),
    [
        (c.LINKEDIN_SSD, 0.9736, 0.974, 1.97), (c.LINKEDIN_DISK, 0.436, 0.439, 53.0), (c.YAMMER, 0.887, 0.893, 1482),
    ],
)  # fmt: skip
def test_published_fits_with_one_read_and_one_write(delays, at_once, published, age):
    result = c.bounded_staleness(delays, 3, 1, 1, trials=30_000, seed=1)
    assert result.consistent(0) == pytest.approx(at_once, abs=0.01)
    assert result.consistent(0) == pytest.approx(published, abs=0.015)
    assert result.age_for(0.999) == pytest.approx(age, rel=0.25)


@given(quorums, st.integers(0, 3))
def test_intersecting_quorums_are_always_consistent(quorum, seed):
    result = c.bounded_staleness(c.LINKEDIN_DISK, *quorum, trials=30, seed=seed)
    if c.quorums_intersect(*quorum):
        assert result.consistent(0) == 1
        assert result.age_for(0.999) == 0
    assert result.ages == tuple(sorted(result.ages))
    assert len(result.ages) == 30


def test_two_replicas_have_a_closed_form():
    # The first arrival commits; a read asks one replica at random: half the time the other one, which the write
    # reaches an exponential time later.
    delays = c.Delays(c.exponential(1), constant(0), constant(0), c.exponential(1))
    result = c.bounded_staleness(delays, 2, 1, 1, trials=20_000, seed=5)
    for age in (0, 0.5, 1, 3):
        assert result.consistent(age) == pytest.approx(1 - math.exp(-age) / 2, abs=0.012)
    assert result.age_for(0.9) == pytest.approx(math.log(5), rel=0.06)


def test_one_trial_by_hand():
    # Writes arrive at 1, 5, 9 and are acknowledged at once; reads arrive at once; responses take 7, 2, 4.
    write, response = iter([1, 5, 9] * 4), iter([7, 2, 4] * 4)
    delays = c.Delays(lambda _: next(write), constant(0), constant(0), lambda _: next(response))
    assert c.bounded_staleness(delays, 3, 1, 1, trials=1).ages == (5 - 1,)  # only the second answers in time
    assert c.bounded_staleness(delays, 3, 2, 2, trials=1).ages == (5 - 5,)
    assert c.bounded_staleness(delays, 3, 3, 1, trials=1).ages == (1 - 1,)
    assert c.bounded_staleness(delays, 3, 1, 3, trials=1).ages == (5 - 9,)


def test_acknowledgement_and_read_delays_help():
    write, acknowledgement = iter([1, 5]), iter([10, 3])
    delays = c.Delays(lambda _: next(write), lambda _: next(acknowledgement), constant(2), constant(0))
    # Acknowledged at 11 and 8: committed at 8. Equal answers: the first replica, reached at 1, counts; a read takes 2.
    assert c.bounded_staleness(delays, 2, 1, 1, trials=1).ages == (1 - 2 - 8,)
    # The response counts from when the read arrived: 1 + 5 before 4 + 4.
    read, response = iter([4, 1]), iter([4, 5])
    delays = c.Delays(constant(20), constant(0), lambda _: next(read), lambda _: next(response))
    assert c.bounded_staleness(delays, 2, 1, 1, trials=1).ages == (20 - 1 - 20,)


def test_staleness_steps():
    result = c.Staleness((-3.0, 0.0, 1.0, 4.0))
    assert [result.consistent(age) for age in (0, 0.5, 1, 3.9, 4, 9)] == [0.5, 0.5, 0.75, 0.75, 1, 1]
    assert [result.age_for(share) for share in (0, 0.24, 0.25, 0.5, 0.74, 0.75, 0.99)] == [0, 0, 0, 1, 1, 4, 4]


def test_seeds_repeat():
    first, again, other = (c.bounded_staleness(c.YAMMER, 3, 1, 1, 20, seed).ages for seed in (0, 0, 1))
    assert first == again != other
    assert c.bounded_staleness(c.YAMMER, 3, 1, 1, 20).ages == first
    assert len(c.bounded_staleness(c.YAMMER, 1, 1, 1).ages) == 10_000


def test_bad_input():
    good = {"replicas": 3, "reads": 1, "writes": 2}
    bad = {"replicas": (0, 1001, 1.5), "reads": (0, 4, 1.5), "writes": (0, 4, 1.5)}
    fine = {"replicas": (2, 1000), "reads": (3,), "writes": (1, 3)}
    check_domain(c.quorums_intersect, good, bad, fine)
    check_domain(c.stale_probability, good | {"versions": 1}, bad | {"versions": (0, 1.5)}, fine)
    setup = good | {"trials": 2, "seed": 0}
    limits = bad | {"trials": (0, 1.5, 10**7 + 1), "seed": (-1, 0.5)}

    def run(**arguments):
        return c.bounded_staleness(c.YAMMER, **arguments)

    check_domain(run, setup, limits, fine | {"trials": (1,)})
    for value in (None, "x", 5):
        error = rejects("delays", c.bounded_staleness, value, 3, 1, 1)
        assert error.allowed == "the four delays of a store, such as LINKEDIN_DISK"
        error = rejects("common", c.mixture, 0.5, value, constant(1))
        assert error.allowed == "a delay, such as exponential(2.0)"
        rejects("rare", c.mixture, 0.5, constant(1), value)
        rejects("read", c.Delays, constant(1), constant(1), value, constant(1))
        rejects("write", c.Delays, value, constant(1), value, constant(1))
    check_domain(c.exponential, {"mean": 1}, {"mean": (0, -1)})
    check_domain(c.pareto, {"minimum": 1, "shape": 1}, {"minimum": (0, -1), "shape": (0, 0.09)}, {"shape": (0.1,)})
    rejects("share", c.mixture, 1.1, constant(1), constant(1))
    check_domain(c.Staleness((1.0,)).consistent, {"age": 1}, {"age": (-1,)})
    check_domain(c.Staleness((1.0,)).age_for, {"share": 0.5}, {"share": (-0.1, 1)})
