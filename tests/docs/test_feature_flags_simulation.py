"""The flags under stress: what the model's functions must do, and what the text says around its tables."""

from __future__ import annotations

import math
from random import Random
from statistics import NormalDist, fmean, pvariance
from typing import Any

import pytest

from handbook.experiments import peeking_false_positive, peeking_level
from handbook.simulation import replicate
from tests.docs import notebooks

BEATS = "stream, poll, heartbeat"
FULL = "stream, poll, heartbeat, neighbour"
POLICIES = ("stream", "poll", "stream, poll", BEATS, FULL)
SEEDS = range(1, 6)


def anew(*sections: str) -> dict[str, Any]:
    """The names of some models, run anew: a test may change them."""
    return notebooks.run("feature-flags", "simulate", "spread-model", *sections)


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """All models, with their results of 20 seeds."""
    return anew("spread", "spread-chart", "rollout", "rollouts", "peeking")


@pytest.fixture(scope="module")
def facts() -> dict[str, float]:
    return notebooks.model("feature-flags")()


def means(model: Any, seeds: Any = SEEDS) -> dict[str, float]:
    found = [model(seed) for seed in seeds]
    return {name: fmean(one[name] for one in found) for name in found[0]}


def overlap(one: Any, other: Any) -> bool:
    return one.low <= other.high and other.low <= one.high


def test_the_models_are_the_estimate_s(world, facts):
    assert world["REGIONS"] == facts["regions"]
    assert world["POLL"] == facts["poll_interval"]
    assert world["DEAD"] == pytest.approx(facts["dead_streams"])
    assert world["PROMISE"] == world["KILL"] == facts["kill_target"]
    assert world["RATE"] == pytest.approx(facts["peak_payments"], abs=0.5)
    assert world["USUAL"] == pytest.approx(facts["ordinary_failures"])
    assert world["BAD"] == pytest.approx(facts["failure_share"])
    assert world["GUARD"] == pytest.approx(facts["guard_level"])
    assert world["QUIET"] + world["THINKS"] == facts["manual_kill"]
    assert len(world["Arms"](Random(1), 1, 0.3).lately) == facts["detect_all"]
    assert world["LOOKS"] == facts["looks"]


def test_and_what_the_text_says_of_them(world):
    assert world["FAINT"] - world["USUAL"] == pytest.approx(1 / 200)
    assert (world["EVERY"], world["CUT_AFTER"], world["LAST"]) == (60, 40, 20 * 60)
    assert world["LIFTED"] / world["BASE"] - 1 == pytest.approx(0.01, abs=0.001)
    assert tuple(world["spreads"]) == POLICIES
    assert all(len(found.samples["mean"]) == 20 for found in world["spreads"].values())


# A change on its way


@pytest.mark.parametrize("policy", POLICIES)
def test_a_seed_gives_the_same_run(world, policy):
    one, again, other = (world["spreading"](policy)(seed) for seed in (1, 1, 2))
    assert one == again != other


def test_polls_alone_come_half_an_interval_later_and_never_a_whole_one(world):
    """By uniform waits, where nothing is lost: a second is more than twenty of the ways to an instance."""
    found = means(world["spreading"]("poll", loss=0.0))
    way = world["FAR"] + world["NEAR"]
    assert world["exact"].covers(way + world["POLL"] / 2)
    assert found["p99"] == pytest.approx(0.99 * world["POLL"] + way, abs=1)
    assert found["in time"] == pytest.approx(100 * (world["PROMISE"] - way) / world["POLL"], abs=3)


def test_streams_that_live_and_lose_nothing_need_two_ways(world):
    mine = anew("spread-model")
    mine["DEAD"], mine["LIFE"] = 0.0, 1e12
    found = means(mine["spreading"]("stream", loss=0.0))
    assert found["mean"] == pytest.approx(world["FAR"] + world["NEAR"], abs=0.03)
    assert found["in time"] == 100
    assert found["p99"] < 1


def test_streams_alone_reach_those_that_live_and_lose_nothing(world):
    """By hand: alive at the start and still at the change, and a delta that is not lost on the last hop."""
    calm = [c for c in range(1, world["CHANGES"] + 1) if c != world["CUT_CHANGE"]]
    when = fmean(world["FIRST"] + (c - 1) * world["EVERY"] for c in calm)
    alive = (1 - world["DEAD"]) * math.exp(-when / world["LIFE"])
    assert world["stream"]["in time"].mean == pytest.approx(100 * alive * (1 - world["LOSS"]), abs=1.5)


def test_polls_bring_in_those_outside_but_slowly(world):
    stream, both, poll = (world[name] for name in ("stream", "both", "poll"))
    assert overlap(stream["in time"], both["in time"])  # "are chance"
    assert both["p99"].high < world["POLL"] < stream["p99"].low
    assert poll["in time"].high < 50 < both["in time"].low
    assert both["mean"].high < stream["mean"].low


def test_heartbeats_turn_slowly_into_seconds(world):
    assert world["beat"]["p99"].high < world["PROMISE"] < world["both"]["p99"].low
    for found in (world["beat"], world["full"]):
        assert found["in time"].low > 99 > world["both"]["in time"].high  # the objective: 99 of 100 in five seconds


def test_without_a_second_way_all_of_a_region_waits_as_long_as_the_cut(world):
    for policy in POLICIES:
        sim = world["Simulation"](1)
        fleet = world["Fleet"](sim, policy)
        sim.run(until=world["END"])
        waits = world["delays"](fleet.instances[-world["EACH"] :], world["CUT_CHANGE"])
        assert (min(waits) < 10) if policy == FULL else (min(waits) >= world["CUT_AFTER"])
    assert world["full"]["cut"].high < 10
    for policy in POLICIES[:-1]:
        assert min(world["spreads"][policy].samples["cut"]) >= world["CUT_AFTER"]


@pytest.mark.parametrize("policy", POLICIES)
def test_no_real_client_ever_goes_back(policy):
    mine, places = anew(), []

    class Watched(mine["Client"]):
        def __init__(self, *args):
            super().__init__(*args)
            self.places = [self.config.place]
            places.append(self.places)

        def _swap(self, config, now):
            super()._swap(config, now)
            self.places.append(self.config.place)

    mine["Client"] = Watched
    sim = mine["Simulation"](3)
    mine["Fleet"](sim, policy, 0.2)
    sim.run(until=mine["END"])
    assert len(places) == 1 + mine["REGIONS"] * (1 + mine["EACH"])
    assert all(one == sorted(one) for one in places)


def test_whatever_is_lost_with_everything_all_have_the_newest_before_the_next(world):
    for seed in SEEDS:
        sim = world["Simulation"](seed)
        fleet = world["Fleet"](sim, FULL, 0.1)
        sim.run(until=world["END"])
        assert {holder.client.config.version for holder in fleet.instances} == {world["CHANGES"]}


@pytest.mark.parametrize("policy", ["stream", "poll", BEATS])
def test_more_losses_are_never_better(world, policy):
    found = [means(world["spreading"](policy, loss=loss))["mean"] for loss in (0.0, 0.1, 0.4)]
    assert found == sorted(found)


def test_the_chart_s_description(world):
    after = {policy: dict(world["waiting"](policy)) for policy in POLICIES[:4]}  # seconds: per cent that lack it
    assert after["stream"][1] < 10
    assert 1 < after["stream"][40] < 10  # "a few per cent never get it"
    for seconds in (5, 10, 20, 25):
        assert after["poll"][seconds] == pytest.approx(100 * (1 - seconds / world["POLL"]), abs=8)
    assert after["stream, poll"][1] > 1 > after["stream, poll"][35]
    assert after[BEATS][1] < 3
    assert all(line[t] >= line[t + 0.5] for line in after.values() for t in range(40))


# A bad flag


@pytest.mark.parametrize("expected", [0.6, 5.0, 40.0, 60.0, 966.0])
def test_counts_have_the_mean_and_variance_of_a_poisson_process(world, expected):
    random, runs = Random(7), 4000
    counts = [world["count"](random, expected) for _ in range(runs)]
    assert fmean(counts) == pytest.approx(expected, abs=4 * math.sqrt(expected / runs))
    assert pvariance(counts) == pytest.approx(expected, rel=0.12)
    assert all(isinstance(n, int) and n >= 0 for n in counts)


def test_wald_in_every_row(world):
    """Failures at the moment of stopping are the share times the people, on average."""
    for case, found in world["rollouts"].items():
        wald = found["Wald"]
        assert abs(wald.mean) < 1.5 * (wald.high - wald.mean), case


def test_what_is_broken_is_rate_times_people_times_time(world):
    for case, (part, _, *failing) in world["CASES"].items():
        found, share = world["rollouts"][case], (failing or [world["BAD"]])[0] - world["USUAL"]
        if share:
            expected = world["RATE"] * part * share * found["off"].mean
            assert found["hurt"].mean == pytest.approx(expected, rel=0.1), case


def test_a_person_is_called_after_a_minute_and_never_for_what_is_noise_in_the_total(world):
    samples = {case: found.samples for case, found in world["rollouts"].items()}
    assert set(samples["all, person"]["noticed"]) == {60}
    for case in ("hundredth, person", "all, person, faint"):
        assert set(samples[case]["off"]) == {world["LAST"]}
    quickest = 60 + world["QUIET"] + world["KILL"]
    assert min(samples["all, person"]["off"]) >= quickest


def test_the_estimate_s_accident_is_the_simulation_s(world, facts):
    hurt = world["rollouts"]["all, person"]["hurt"]
    assert hurt.low < facts["hurt_at_once"] < hurt.high
    staged = world["rollouts"]["hundredth, machine"]["hurt"]
    assert staged.high < facts["hurt_staged"]  # "its machine looks every second and is quicker"


def test_the_hand_and_the_stage_are_worth_about_a_hundred_each_and_multiply(world):
    hurt = {case: found["hurt"].mean for case, found in world["rollouts"].items()}
    hand = hurt["all, person"] / hurt["all, machine"]
    stage = hurt["all, machine"] / hurt["hundredth, machine"]
    assert 60 < hand < 160
    assert 60 < stage < 160
    assert hurt["all, person"] / hurt["hundredth, machine"] == pytest.approx(hand * stage)
    assert 8 < hurt["all, machine"] / hurt["tenth, machine"] < 12


def test_a_stage_that_nobody_compares_only_buys_time(world):
    hurt = {case: found["hurt"] for case, found in world["rollouts"].items()}
    assert hurt["hundredth, person"].high < hurt["all, person"].low / 10
    assert hurt["hundredth, person"].low > 100 * hurt["hundredth, machine"].high


def test_a_faint_fault_takes_a_larger_stage_or_a_longer_one(world):
    """In a hundredth more than ten minutes, if it shows at all in twenty; in a tenth a minute or two."""
    hundredth = world["rollouts"]["hundredth, machine, faint"]
    assert hundredth["off"].mean > 600
    assert hundredth["killed"].mean >= 0.9
    tenth = replicate(world["rolled_out"](0.1, "machine", world["FAINT"]), seeds=20)["off"]
    assert 50 < tenth.mean < 150
    assert world["rollouts"]["all, machine, faint"]["off"].high < tenth.low


def test_a_larger_part_or_fault_is_noticed_no_later(world):
    rolled, seeds = world["rolled_out"], range(1, 21)
    by_part = [means(rolled(part, "machine", 0.06), seeds)["noticed"] for part in (0.005, 0.02, 0.1, 0.5)]
    assert by_part == sorted(by_part, reverse=True)
    by_fault = [means(rolled(0.01, "machine", failing), seeds)["noticed"] for failing in (0.04, 0.08, 0.3)]
    assert by_fault == sorted(by_fault, reverse=True)


def test_a_harmless_change_is_never_reverted(world):
    assert set(world["rollouts"]["hundredth, machine, harmless"].samples["killed"]) == {False}
    for part in (0.1, 0.5, 1):
        assert not any(world["rolled_out"](part, "machine", world["USUAL"])(seed)["killed"] for seed in SEEDS)


def test_a_change_that_heals_is_never_reverted(world):
    assert not any(world["rolled_out"](0.1, "machine", world["USUAL"] / 2)(seed)["killed"] for seed in SEEDS)


# An experiment that is looked at


@pytest.mark.parametrize("lifted", [False, True])
def test_the_draws_have_their_shares(world, lifted):
    random, runs = Random(3), 400
    share = world["LIFTED"] if lifted else world["BASE"]
    people = world["EACH_LOOK"] * runs
    found = sum(world["completed"](random, lifted) for _ in range(runs)) / people
    assert found == pytest.approx(share, abs=4 * math.sqrt(share * (1 - share) / people))


def test_false_alarms_are_what_the_theory_says(world):
    nothing, looks = world["nothing"], world["LOOKS"]
    for rule, expected in (
        ("each look", peeking_false_positive(looks)), ("one look", 0.05),
        ("level split", peeking_false_positive(looks, peeking_level(looks))),
    ):  # fmt: skip
        found = nothing[rule]
        assert abs(found.mean - 100 * expected) < 2 * (found.high - found.mean), rule
    assert peeking_false_positive(looks, peeking_level(looks)) == pytest.approx(0.05, rel=1e-4)
    assert nothing["sequence"].high < 5 / 2  # "far less often than it may be"


def test_one_look_finds_what_its_power_says(world):
    people = world["EACH_LOOK"] * world["LOOKS"]
    shares = world["BASE"], world["LIFTED"]
    noise = math.sqrt(sum(p * (1 - p) for p in shares) / people)
    power = NormalDist().cdf((shares[1] - shares[0]) / noise - 1.96)
    assert world["lift"]["one look"].mean == pytest.approx(100 * power, abs=2)


def test_nothing_is_free(world):
    lift = world["lift"]
    assert lift["one look"].low > lift["level split"].high  # looking costs some of what is found
    assert lift["level split"].low > lift["sequence"].high  # "the better bargain"
    assert lift["level split, looks"].high < lift["sequence, looks"].low < world["LOOKS"]
    assert set(lift.samples["one look, looks"]) == {world["LOOKS"]}
    assert world["nothing"]["each look"].low > 3 * 5


def test_who_would_stop_at_a_look_would_stop_by_a_looser_rule_too(world):
    """Rule by rule on the same draws: the split level and the sequence never see what the usual level does not."""
    for found in (world["nothing"], world["lift"]):
        for stricter in ("level split", "one look", "sequence"):
            assert all(a <= b for a, b in zip(found.samples[stricter], found.samples["each look"], strict=True))
