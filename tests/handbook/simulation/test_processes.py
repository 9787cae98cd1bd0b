"""Seeds that run in several processes give what they give in one."""

import os

import pytest

from handbook.errors import InputError
from handbook.simulation import Simulation, processes, replicate

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="nothing is forked here")


def model(seed):
    draw = Simulation(seed).stream("draws").random
    return {"mean": sum(draw() for _ in range(1000)) / 1000, "process": 0.0}


@pytest.mark.parametrize("wanted", ["2", "3", "50"])
def test_the_same_numbers_to_the_last_bit_in_the_same_order(monkeypatch, wanted):
    alone = replicate(model, seeds=7)
    monkeypatch.setenv(processes.VARIABLE, wanted)
    assert replicate(model, seeds=7).samples == alone.samples


def test_other_processes_take_part(monkeypatch):
    monkeypatch.setenv(processes.VARIABLE, "2")
    ids = replicate(lambda seed: {"id": os.getpid()}, seeds=4).samples["id"]
    assert ids[0] == ids[2] == os.getpid() != ids[1] == ids[3]


@pytest.mark.parametrize("bad", [1, 2])
def test_an_error_in_any_of_them_is_raised_here(monkeypatch, bad):
    def fails(seed):
        if seed == bad:
            raise InputError("seed", seed, "a better one")
        return {"x": 1.0}

    monkeypatch.setenv(processes.VARIABLE, "2")
    with pytest.raises(InputError, match="a better one"):
        replicate(fails, seeds=4)
