"""Reconnecting clients: the peak with and without jitter."""

import pytest

from handbook.simulation import Backoff, Population, RateLimit, Simulation, Station, constant, exponential


def reconnect(seed: int, clients: int, spread: float, until: float = 100.0, service=None, **options) -> Population:
    sim = Simulation(seed)
    front = service(sim) if service else Station(sim, "front", clients, constant(0.1))
    population = Population(sim, "clients", front, clients, spread, **options)
    sim.at(10, population.disconnect)
    sim.run(until=until)
    return population


def test_without_jitter_all_come_at_once():
    population = reconnect(1, 5000, spread=0)
    assert population.attempts.peak_rate == 5000
    assert population.attempts.sums[10] == 5000
    assert population.recovered_at == pytest.approx(10.1)
    assert population.connected == 5000


def test_a_uniform_spread_divides_the_peak(agrees):
    # 6,000 clients over 60 s: 100 a second in the mean of every second.
    agrees(lambda seed: reconnect(seed, 6000, spread=60).attempts.mean_rate(20, 50), 100, within=0.02)
    # The fullest of 60 seconds: 100 + about 2.3 standard deviations of 10.
    agrees(lambda seed: reconnect(seed, 6000, spread=60).attempts.peak_rate, 123, within=0.05)


def test_what_a_front_end_can_do_bounds_the_recovery():
    # 1,000 at once into 10 servers of 0.1 s: 100 a second, so 10 s, whatever the spread below that.
    def front(sim):
        return Station(sim, "front", 10, exponential(0.1))

    for spread in (0, 2):
        population = reconnect(1, 1000, spread, service=front)
        assert population.recovered_at == pytest.approx(20, rel=0.05)


def test_clients_that_are_refused_back_off_and_come_again():
    def front(sim):
        return RateLimit(sim, "limit", Station(sim, "front", 1000, constant(0.01)), rate=50, burst=50)

    crowd, spread_out = (
        reconnect(1, 1000, spread, until=400, service=front, backoff=Backoff(1, 30)) for spread in (0, 30)
    )
    for population in (crowd, spread_out):
        assert population.connected == 1000
        assert sum(population.reconnected.sums) == 1000
    assert sum(crowd.attempts.sums) > 3 * sum(spread_out.attempts.sums)
    assert spread_out.recovered_at < crowd.recovered_at


def test_a_share_can_be_cut_off():
    sim = Simulation(1)
    population = Population(sim, "clients", Station(sim, "front", 100, constant(1)), 100)
    sim.at(1, population.disconnect, 0.3)
    sim.run(until=1.5)
    assert (population.connected, population.recovered_at) == (70, None)
    sim.run(until=5)
    assert (population.connected, population.recovered_at) == (100, 2.0)
    assert sim.marks == [(1.0, "clients: 30 clients disconnected")]
