"""The chat under stress: what its model functions must do whatever the numbers on the page are."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.docs import notebooks

POLICIES = (
    "fixed waits", "doubling", "full jitter", "jitter, short queue", "spread", "short window", "short window, door",
    "door alone",
)  # fmt: skip
SEEDS = (1, 2, 3)


def model() -> dict[str, Any]:
    """The names of the first model, run anew: a test may change them."""
    return notebooks.run("netflix-chat", "simulate", "reconnect-model")


@pytest.fixture(scope="module")
def of() -> dict[str, Any]:
    return model()


@pytest.fixture(scope="module")
def others(of) -> dict[str, Any]:
    """The names of the other two models, with their results of 20 seeds."""
    return notebooks.run("netflix-chat", "simulate", "reconnect-model", "hot", "order")


@pytest.fixture(scope="module")
def storms(of) -> dict[str, list[Any]]:
    """A few runs of each policy."""
    return {policy: [of["storm"](seed, policy) for seed in SEEDS] for policy in POLICIES}


def shares(of, runs, by=math.inf):
    """The share of the lost clients that were back by a time, for each run."""
    return [sum(time <= by for time, _ in back) / of["LOST"] for _, _, back, _ in runs]


# A zone is lost


def test_the_model_is_the_estimate_scaled_down(of):
    facts = notebooks.model("netflix-chat")()
    assert of["LOST"] / of["RATE"] == pytest.approx(facts["fastest_return"], abs=0.05)
    assert of["WINDOW"] == pytest.approx(facts["jitter_window"], abs=0.05)
    assert of["PROMISE"] == facts["reconnect_target"]
    assert of["END"] == 5 * 60  # "all of five minutes"
    assert of["LONGEST"] > 2 * of["LOST"] / of["RATE"]
    assert of["SHORT"] < of["PATIENCE"] < of["QUEUE"]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_seed_gives_the_same_run(of, storms, policy):
    again = of["storm"](SEEDS[0], policy)[2]
    first, other = (run[2] for run in storms[policy][:2])
    assert first == again != other


@pytest.mark.parametrize("policy", POLICIES)
def test_no_client_comes_back_twice_and_none_without_a_handshake(of, storms, policy):
    for _, clients, back, seen in storms[policy]:
        assert len(clients) == of["LOST"] >= len(back) > 0
        assert all(tries >= 1 for _, tries in back)
        counts = [n for _, n in seen.points("back")]
        assert counts == sorted(counts)


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_is_faster_than_the_fleet(of, storms, policy):
    """Handshakes are random: a tenth more than the rate in a minute is much."""
    for _, _, back, _ in storms[policy]:
        for until in (30, 60):
            assert sum(time <= until for time, _ in back) <= 1.15 * of["RATE"] * until


@pytest.mark.parametrize("policy", POLICIES)
def test_a_small_loss_is_no_storm(of, policy):
    """As many as wait in a second: nobody needs more than the time to come and a little."""
    _, clients, back, _ = of["storm"](1, policy, lost=10)
    assert len(back) == len(clients) == 10
    assert max(time for time, _ in back) < of["WINDOW"] + of["PATIENCE"]


@pytest.mark.parametrize("policy", ["fixed waits", "full jitter"])
def test_fixed_waits_and_too_short_jitter_never_recover(of, storms, policy):
    assert max(shares(of, storms[policy])) < 0.2
    for _, _, back, _ in storms[policy]:
        assert max(time for time, _ in back) < 15  # the first ones, before the queue was full, and nobody after them


@pytest.mark.parametrize("policy", ["jitter, short queue", "spread", "short window, door", "door alone"])
def test_a_short_queue_a_spread_and_a_door_keep_the_promise(of, storms, policy):
    assert min(shares(of, storms[policy], by=of["PROMISE"])) >= 0.99


def test_a_fleet_that_works_for_nobody_is_busy_all_the_time():
    """Half as much again, as if the zone had come back, does not end it: what is stuck stays stuck."""
    of = model()
    of["RATE"], of["PROCESSORS"] = 1.5 * of["RATE"], 3
    assert max(shares(of, [of["storm"](seed, "fixed waits") for seed in SEEDS])) < 0.4


def test_a_longest_wait_over_twice_the_time_the_fleet_needs_saves_full_jitter():
    of = model()
    rule = of["rule"]

    def longer(policy, random):
        longest = {"jitter to 60": 60, "jitter to 200": 200}.get(policy)
        if longest is None:
            return rule(policy, random)
        return lambda tries: random.uniform(0, min(longest, 2.0 * 2**tries))

    of["rule"], of["END"] = longer, 900.0
    assert max(shares(of, [of["storm"](seed, "jitter to 60") for seed in SEEDS])) < 0.2
    assert min(shares(of, [of["storm"](seed, "jitter to 200") for seed in SEEDS])) >= 0.99


def test_a_queue_beyond_the_patience_of_its_clients_is_what_wastes(of, storms):
    for (_, _, back, _), (_, _, saved, _) in zip(storms["full jitter"], storms["jitter, short queue"], strict=True):
        assert len(saved) > 5 * len(back)


def test_half_a_window_costs_handshakes_and_a_door_saves_them(of, storms):
    def tries(policy):
        return [sum(c.tries for c in clients) / of["LOST"] for _, clients, _, _ in storms[policy]]

    assert max(tries("short window, door")) < 1.1 < min(tries("short window"))
    assert max(tries("spread")) < 1.1
    assert min(tries("fixed waits")) > 20 * max(tries("door alone"))


def test_a_door_needs_the_time_of_the_closed_form(of, storms):
    """A place each 1 / (0.95 × rate); the burst at once; and a handshake after the last one."""
    for _, _, back, _ in storms["door alone"]:
        times = sorted(time for time, _ in back)
        places = 0.99 * of["LOST"] / (0.95 * of["RATE"])
        assert places - 1 < times[math.ceil(0.99 * of["LOST"]) - 1] < places + of["PATIENCE"]


# A loud room


def test_the_loud_room_s_closed_forms(others):
    owner, ordinary, room, lasts = (others[name] for name in ("OWNER", "ORDINARY", "LOUD", "LOUD_FOR"))
    backlog = (ordinary + room - owner) * lasts  # messages, when the burst ends
    assert others["shared"]["wait"].mean == pytest.approx(1000 * 0.99 * backlog / owner, rel=0.1)
    spread = others["split"]["wait"].mean  # one server, 70% busy: its response is exponential
    assert spread == pytest.approx(1000 * math.log(100) / (owner - ordinary - room / others["PARTS"]), rel=0.15)
    capped = others["ROOM_SHARE"] * owner
    assert others["capped"]["wait"].mean < 1000 * math.log(100) / (owner - ordinary - capped) * 1.1
    assert others["capped"]["refused"].mean == pytest.approx(100 * (1 - capped / room), abs=1.5)
    assert others["shared"]["refused"].mean == others["split"]["refused"].mean == 0


def test_a_cap_and_a_split_protect_the_neighbours(others):
    assert others["shared"]["wait"].low > 50 * max(others[way]["wait"].high for way in ("capped", "split"))


# Order


def test_numbers_show_everything_once_and_in_order(others):
    for metric in ("disorder", "duplicates", "missing"):
        assert others["numbered"].samples[metric] == pytest.approx([0] * 20, abs=0)


def test_what_comes_as_it_comes(others):
    """Swaps by the closed form of two exponential delays; a loss in a hundred; an acknowledgement in fifty repeated."""
    talk, delay, loss, ack_loss = (others[name] for name in ("TALK", "DELAY", "LOSS", "ACK_LOSS"))
    swapped = talk / (2 * (talk + 1 / delay))
    assert others["plain"]["disorder"].mean == pytest.approx(100 * swapped, rel=0.1)
    assert others["exact"].covers(100 * swapped)
    assert others["plain"]["missing"].mean == pytest.approx(100 * loss, rel=0.2)
    repeats = ack_loss / (1 - ack_loss)
    assert others["plain"]["duplicates"].mean == pytest.approx(100 * repeats, rel=0.2)
    assert others["numbered"]["delay"].mean < 1000 * delay


def test_without_delay_and_loss_nothing_is_wrong_either_way(others):
    lossless = others["ordering"](True, loss=0, ack_loss=0)(1)
    assert {lossless[metric] for metric in ("disorder", "duplicates", "missing")} == {0}


@pytest.mark.parametrize("loss", [0.1, 0.5])
def test_numbers_bear_any_loss(others, loss):
    found = others["ordering"](True, loss=loss, ack_loss=loss)(1)
    assert {found[metric] for metric in ("disorder", "duplicates", "missing")} == {0}
