"""The numbers of $title: the estimate by hand, and what the simulation must do whatever its numbers are."""

from __future__ import annotations

import pytest

from tests.docs import notebooks

DESIGN = "$slug"


def test_the_peak_rate_by_hand():
    peak_rate = notebooks.run(DESIGN, "estimate")["peak_rate"]
    assert peak_rate.to("request/second").magnitude == pytest.approx(1e6 * 10 * 3 / 86_400)


def test_a_seed_gives_the_same_run_and_another_seed_another():
    run_once = notebooks.run(DESIGN, "simulate", "model")["overload"](5)
    assert run_once(3) == run_once(3) != run_once(4)


def test_a_short_queue_answers_more_in_time():
    overload = notebooks.run(DESIGN, "simulate", "model")["overload"]
    assert all(overload(5)(seed)["answered"] > overload(None)(seed)["answered"] for seed in range(1, 6))
