"""The chat under stress: what its model functions must do whatever the numbers on the page are."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.docs import notebooks

POLICIES = (
    "fixed waits", "jitter", "patient jitter", "jitter, drops late ones", "jitter, short queue", "spread",
    "short window", "short window, door", "door alone",
)  # fmt: skip
NEVER = ("fixed waits", "jitter")  # the rows of the table that never come back
KEPT = (
    "jitter, drops late ones",
    "jitter, short queue",
    "spread",
    "short window, door",
)  # and those within two minutes
SEEDS = (1, 2, 3)


def model() -> dict[str, Any]:
    """The names of the first model, run anew: a test may change them."""
    return notebooks.run("netflix-chat", "simulate", "reconnect-model")


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """All models, with their results of 20 seeds."""
    return notebooks.run("netflix-chat", "simulate", "reconnect-model", "reconnect", "hot", "order")


@pytest.fixture(scope="module")
def runs(world) -> dict[str, list[Any]]:
    """A few runs of each policy, to look into."""
    return {policy: [world["storm"](seed, policy) for seed in SEEDS] for policy in POLICIES}


@pytest.fixture(scope="module")
def table(world) -> dict[str, dict[str, tuple[float, ...]]]:
    """What each policy comes to, for each of 20 seeds."""
    return {policy: found.samples for policy, found in world["storms"].items()}


def share(model, policy, seed):
    """The share of the lost clients that come back at all."""
    return len(model["storm"](seed, policy)[1]) / model["LOST"]


# A zone is lost


def test_the_model_is_the_estimate_scaled_down(world):
    facts = notebooks.model("netflix-chat")()
    assert world["LOST"] / world["RATE"] == pytest.approx(facts["fastest_return"], abs=0.05)
    assert world["WINDOW"] == pytest.approx(facts["jitter_window"], abs=0.05)
    assert world["PROMISE"] == facts["reconnect_target"]
    assert world["END"] == 5 * 60  # "all of five minutes"
    assert world["SOON"] < 2 * world["LOST"] / world["RATE"] < world["LONGEST"]
    assert world["SHORT"] < world["PATIENCE"] < world["QUEUE"]
    assert set(world["storms"]) == set(POLICIES)


@pytest.mark.parametrize("policy", POLICIES)
def test_a_seed_gives_the_same_run(world, runs, policy):
    again = world["storm"](SEEDS[0], policy)[1]
    first, other = (back for _, back, _ in runs[policy][:2])
    assert first == again != other


@pytest.mark.parametrize("policy", POLICIES)
def test_no_client_comes_back_twice_and_none_without_a_handshake(world, runs, policy):
    for clients, back, seen in runs[policy]:
        assert len(clients) == world["LOST"] >= len(back) > 0
        assert sum(client.tries >= 1 for client in clients) >= len(back)
        counts = [n for _, n in seen.points("back")]
        assert counts == sorted(counts)


@pytest.mark.parametrize("policy", POLICIES)
def test_nobody_is_faster_than_the_fleet(world, runs, policy):
    """Handshakes are random: a seventh more than the rate in a minute is much."""
    for _, back, _ in runs[policy]:
        for until in (30, 60):
            assert sum(time <= until for time in back) <= 1.15 * world["RATE"] * until


@pytest.mark.parametrize("policy", POLICIES)
def test_a_small_loss_is_no_storm(policy):
    """As many as half a second's work: nobody needs more than the time to come and a little."""
    world = model()
    world["LOST"] = 10
    clients, back, _ = world["storm"](1, policy)
    assert len(back) == len(clients) == 10
    assert max(back) < world["WINDOW"] + world["PATIENCE"]


@pytest.mark.parametrize("policy", NEVER)
def test_fixed_waits_and_jitter_up_to_a_minute_never_recover(world, runs, table, policy):
    assert max(table[policy]["in time"]) < 20
    assert set(table[policy]["back"]) == {world["END"]}
    for _, back, _ in runs[policy]:
        assert max(back) < 15  # the first ones, before the queue was full, and nobody after them


@pytest.mark.parametrize("policy", NEVER)
def test_the_zone_could_come_back_and_it_would_not_end(policy):
    """At 100 s the fleet is as large as it was before: half as much again."""
    world = model()

    class Mended(world["Gateways"]):
        def __init__(self, sim, *args, **options):
            super().__init__(sim, *args, **options)
            work = self.work
            self.work = lambda: work() / (1.5 if sim.now > 100 else 1)

    world["Gateways"], world["END"] = Mended, 600.0
    assert max(share(world, policy, seed) for seed in SEEDS) < 0.2


def test_jitter_up_to_two_minutes_comes_back_in_most_runs_and_late(world, table):
    assert max(table["patient jitter"]["in time"]) < 20
    late = [time for time in table["patient jitter"]["back"] if time < world["END"]]
    assert 10 < len(late) < 20
    assert min(late) > 200


@pytest.mark.parametrize("policy", KEPT)
def test_four_ways_keep_the_promise_in_every_run(world, table, policy):
    assert min(table[policy]["in time"]) >= 99
    assert max(table[policy]["back"]) < world["PROMISE"]


def test_the_waste_needs_a_long_queue_and_a_server_that_does_not_notice():
    """Either is enough to mend it, with the clients of the second row."""
    world = model()
    assert max(share(world, "jitter", seed) for seed in SEEDS) < 0.2
    world["SHORT"] = world["PATIENCE"]  # not longer than the patience is short enough
    assert min(share(world, "jitter, short queue", seed) for seed in SEEDS) >= 0.99
    assert min(share(world, "jitter, drops late ones", seed) for seed in SEEDS) >= 0.99


def test_those_outside_ask_for_more_than_the_fleet_can_do(world, table):
    """A wait of half the longest on average, then the patience of a client whose handshake is not finished."""
    outside = 1 - max(table["jitter"]["in time"]) / 100
    pause = {name: world[name] / 2 + world["PATIENCE"] for name in ("SOON", "LONGEST")}
    assert outside * world["LOST"] / pause["SOON"] > world["RATE"] > (world["LOST"] / pause["LONGEST"] + world["NEW"])
    facts = notebooks.model("netflix-chat")()
    assert facts["lost"] / pause["SOON"] > 100e3 > facts["accept_rate"]  # "more than a hundred thousand a second"


def test_a_longest_wait_far_over_twice_the_time_the_fleet_needs_saves_jitter():
    world = model()
    world["LONGEST"], world["END"] = 200.0, 900.0
    assert max(share(world, "jitter", seed) for seed in SEEDS) < 0.2
    assert min(share(world, "patient jitter", seed) for seed in SEEDS) >= 0.99


def test_half_a_window_costs_handshakes_and_breaks_the_promise_and_a_door_mends_it(table):
    assert max(table["short window"]["in time"]) < 99
    assert min(table["short window"]["tries"]) > 1.5
    for policy in ("spread", "short window, door"):
        assert max(table[policy]["tries"]) < 1.01  # "one handshake for each client"
    assert min(table["fixed waits"]["tries"]) > 20 * max(table["door alone"]["tries"])


def test_a_door_alone_is_quick_in_most_runs_and_brings_some_down(world, table):
    back, in_time = table["door alone"]["back"], table["door alone"]["in time"]
    assert sum(time < world["WINDOW"] for time in back) > len(back) / 2
    assert 0 < sum(share < 99 for share in in_time) < len(in_time) / 4
    assert world["LOST"] * world["REFUSAL"] / world["RATE"] > 2  # seconds of work, from a crowd that comes within two


def test_a_free_refusal_would_make_the_door_enough():
    world = model()
    world["REFUSAL"] = 0.0
    for seed in range(1, 21):
        assert sum(time <= world["PROMISE"] for time in world["storm"](seed, "door alone")[1]) >= 0.99 * world["LOST"]


def test_a_door_needs_the_time_of_the_closed_form(world, table):
    """A place each 1 / (0.9 × rate), also for new members who come while the crowd does; a second of them at once."""
    places = 0.99 * world["LOST"] + world["NEW"] * world["WINDOW"] / 2
    expected = places / (0.9 * world["RATE"])
    back = table["short window, door"]["back"]
    assert sum(back) / len(back) == pytest.approx(expected, rel=0.02)
    assert max(abs(time - expected) for time in back) < world["PATIENCE"]


def test_the_chart_s_description(world):
    """Seed 1: nine of ten outside with jitter; the three others back within about a minute."""
    assert 0.08 < share(world, "jitter", 1) < 0.12
    for policy in ("jitter, short queue", "spread", "short window, door"):
        assert world["storms"][policy].samples["back"][0] < 80


# A loud room


def test_the_loud_room_s_closed_forms(world):
    owner, ordinary, room, lasts = (world[name] for name in ("OWNER", "ORDINARY", "LOUD", "LOUD_FOR"))
    backlog = (ordinary + room - owner) * lasts  # messages, when the burst ends
    assert world["shared"]["wait"].mean == pytest.approx(1000 * 0.99 * backlog / owner, rel=0.1)
    spread = world["split"]["wait"].mean  # one server, 70% busy: its response is exponential
    assert spread == pytest.approx(1000 * math.log(100) / (owner - ordinary - room / world["PARTS"]), rel=0.15)
    capped = world["ROOM_SHARE"] * owner
    assert world["capped"]["wait"].mean < 1000 * math.log(100) / (owner - ordinary - capped) * 1.1
    assert world["capped"]["refused"].mean == pytest.approx(100 * (1 - capped / room), abs=1.5)
    assert world["shared"]["refused"].mean == world["split"]["refused"].mean == 0


def test_a_cap_and_a_split_protect_the_neighbours(world):
    assert world["shared"]["wait"].low > 50 * max(world[way]["wait"].high for way in ("capped", "split"))


# Order


def test_numbers_show_everything_once_and_in_order(world):
    for metric in ("disorder", "duplicates", "missing"):
        assert world["numbered"].samples[metric] == pytest.approx([0] * 20, abs=0)


def test_what_comes_as_it_comes(world):
    """Swaps by the closed form of two exponential delays; a loss in a hundred; an acknowledgement in fifty repeated."""
    talk, delay, loss, ack_loss = (world[name] for name in ("TALK", "DELAY", "LOSS", "ACK_LOSS"))
    swapped = talk / (2 * (talk + 1 / delay))
    assert world["plain"]["disorder"].mean == pytest.approx(100 * swapped, rel=0.1)
    assert world["exact"].covers(100 * swapped)
    assert world["plain"]["missing"].mean == pytest.approx(100 * loss, rel=0.2)
    repeats = ack_loss / (1 - ack_loss)
    assert world["plain"]["duplicates"].mean == pytest.approx(100 * repeats, rel=0.2)
    assert world["numbered"]["delay"].mean < 1000 * delay


def test_without_delay_and_loss_nothing_is_wrong_either_way(world):
    lossless = world["ordering"](True, loss=0, ack_loss=0)(1)
    assert {lossless[metric] for metric in ("disorder", "duplicates", "missing")} == {0}


@pytest.mark.parametrize("loss", [0.1, 0.5])
def test_numbers_bear_any_loss(world, loss):
    found = world["ordering"](True, loss=loss, ack_loss=loss)(1)
    assert {found[metric] for metric in ("disorder", "duplicates", "missing")} == {0}
