"""Replicas against the closed forms of stale reads."""

import pytest

from handbook import InputError
from handbook.simulation import Replicas, Simulation, Source, Zone, constant, exponential, outage, poisson, replay


def stale_share(seed: int, lag) -> float:
    sim = Simulation(seed, warm_up=20)
    replicas = Replicas(sim, "replicas", 2, lag)
    Source(sim, "writes", poisson(0.5), lambda request, done: replicas.write("key"))
    Source(sim, "reads", poisson(4), lambda request, done: replicas.read("key"))
    sim.run(until=1020)
    return replicas.stale_reads / replicas.reads


def test_a_constant_lag_is_stale_while_a_write_is_on_its_way(agrees):
    agrees(lambda seed: stale_share(seed, constant(1.0)), 0.393469, within=0.04)  # 1 - exp(-.5)


def test_an_exponential_lag_is_stale_while_the_last_write_is_younger(agrees):
    agrees(lambda seed: stale_share(seed, exponential(1.0)), 1 / 3, within=0.04)  # .5 / 1.5


def read_at(sim: Simulation, replicas: Replicas, times, **what) -> list:
    seen = []
    Source(sim, "reads", replay(times), lambda request, done: seen.append(replicas.read(**what)))
    sim.run()
    return seen


def test_a_read_says_how_far_behind_it_is():
    sim = Simulation(1)
    replicas = Replicas(sim, "replicas", 1, constant(5))
    Source(sim, "writes", replay([0, 1, 2]), lambda request, done: replicas.write("a"))
    seen = read_at(sim, replicas, [0.5, 3, 5.5, 8], key="a")
    assert [(read.version, read.behind, read.stale_for) for read in seen] == [
        (0, 1, 0.5), (0, 3, 3.0), (1, 2, 4.5), (3, 0, 0.0),
    ]  # fmt: skip
    assert [read.stale for read in seen] == [True, True, True, False]
    assert replicas.read("other") == (0, 0, 0.0)


def test_a_copy_that_is_cut_off_catches_up_afterwards():
    sim = Simulation(1)
    replicas = Replicas(sim, "replicas", 2, constant(1))
    Source(sim, "writes", replay([0, 9.5, 12, 19]), lambda request, done: replicas.write())
    outage(sim, replicas.copies[1], start=10, duration=20)
    seen = read_at(sim, replicas, [9, 25, 30.5, 31.5], copy=1)
    assert [read.version for read in seen] == [1, 1, 1, 4]  # the write of 9.5 was on its way when the link was cut
    assert replicas.read(copy=0).version == 4


def test_out_of_order_writes_do_not_undo_newer_ones():
    sim = Simulation(3)
    replicas = Replicas(sim, "replicas", 1, exponential(5))
    Source(sim, "writes", replay(range(50)), lambda request, done: replicas.write())
    versions = [read.version for read in read_at(sim, replicas, range(0, 120))]
    assert versions == sorted(versions)
    assert versions[-1] == 50


def test_a_copy_that_is_not_there_is_an_error():
    replicas = Replicas(Simulation(1), "replicas", 2, constant(1))
    with pytest.raises(InputError, match="copy = 2"):
        replicas.read(copy=2)
    Zone("zone", replicas.copies).fail()
    assert not replicas.copies[0].up
