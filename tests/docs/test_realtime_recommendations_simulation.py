"""The small worlds of the recommendations: what their models must do whatever the numbers on the page are."""

from __future__ import annotations

import math
from random import Random
from typing import Any

import pytest

from scripts import percent
from tests.docs import notebooks

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def world() -> dict[str, Any]:
    """All models, with their results of 20 seeds."""
    return notebooks.run("realtime-recommendations", "simulate")


def model(*sections: str) -> dict[str, Any]:
    """The names of the first cell, which the chapter does not show, and of others, run anew: a test may change them."""
    names: dict[str, Any] = {}
    path = notebooks.path("realtime-recommendations", "simulate")
    for number, cell in enumerate(cell for cell in percent.read(path) if cell.kind == "code"):
        if number == 0 or cell.section in sections:
            exec(compile(cell.source, f"<{cell.section}>", "exec"), names)
    return names


# Greedy, or curious


def test_chances_are_chances_and_each_end_of_the_taste_has_its_own_best(world):
    for seed in range(1, 21):
        of = world["World"](seed)
        chances = [of.chance(item, (1.0, t / 10)) for item in range(world["ITEMS"]) for t in range(-10, 11)]
        assert min(chances) > 0 and max(chances) < 0.5
        assert (of.best((1.0, 0.9)), of.best((1.0, -0.9))) == (world["ITEMS"] - 2, world["ITEMS"] - 1)


def test_a_seed_gives_the_same_run(world):
    first, again, other = (world["learning"](world["ALPHA"])(seed) for seed in (1, 1, 2))
    assert first == again != other


def test_all_begin_with_the_same_random_showings():
    world = model()
    starts = []
    for alpha in (0.0, 0.6):
        log = world["live"](world["World"](1), world["LinUCB"](range(6), 2, alpha), 100)
        starts.append([(line.action, line.context, line.reward) for line in log[: 10 * world["ITEMS"]]])
    assert starts[0] == starts[1]


def test_whoever_knows_the_truth_loses_nothing_and_chance_loses_much(world):
    of = world["World"](1)

    class Knows:
        def __init__(self, choose):
            self.choose = choose

        def learn(self, *_):
            pass

    log = world["live"](of, Knows(of.best), 1000)
    assert world["regret"](of, log[10 * world["ITEMS"] :]) == pytest.approx(0)
    drawn = world["live"](of, Knows(lambda context: of.random.randrange(world["ITEMS"])), 1000)
    assert world["regret"](of, drawn) > 30


def test_the_curious_lose_least_and_the_greedy_stay_where_they_are(world):
    late = {name: world[name]["late"].mean for name in ("greedy", "tenth", "curious")}
    assert late["curious"] < late["tenth"] < late["greedy"]
    assert world["curious"]["late"].high < world["greedy"]["late"].low
    assert world["curious"]["late"].mean < 0.5 * world["curious"]["lost"].mean


def test_the_greedy_do_not_get_better_with_time_and_the_curious_do():
    world, late = model(), {}
    for world["MEMBERS"] in (3000, 6000):
        for alpha in (0.0, world["ALPHA"]):
            late[alpha, world["MEMBERS"]] = sum(world["learning"](alpha)(seed)["late"] for seed in range(1, 11)) / 10
    assert late[0.0, 6000] == pytest.approx(late[0.0, 3000], abs=2) and late[0.0, 6000] > 10
    assert late[world["ALPHA"], 6000] < late[world["ALPHA"], 3000] < 3


# What a log can say


def test_the_truth_is_the_mean_over_tastes(world):
    for seed in SEEDS:
        of = world["World"](seed)
        tastes = [(t + 0.5) / 500 - 1 for t in range(1000)]
        mean = math.fsum(of.chance(world["rule"]((1.0, t)), (1.0, t)) for t in tastes) / 1000
        assert world["truth"](of) == pytest.approx(mean)


def test_the_log_as_it_is_flatters_and_both_others_do_not(world):
    found = world["judgements"]
    assert found["naive"].low > 20
    for unbiased in ("replay", "ips", "learner"):
        assert abs(found[unbiased].mean) < 1.5 * found[unbiased].half_width
    assert found["ips off"].mean > found["replay off"].mean  # "so it is noisy"
    assert found["used"].covers(100 / world["ITEMS"])


def test_a_longer_log_does_not_mend_what_is_read_as_it_is():
    world, off = model("replay"), []
    for seed in range(1, 11):
        of = world["World"](seed)
        log = world["live"](of, world["LinUCB"](range(6), 2, 0.6), 4000)
        rewards = [line.reward for line in log if line.action == world["rule"](line.context)]
        off.append(sum(rewards) / len(rewards) / world["truth"](of) - 1)
    assert min(off) > 0.2 and sum(off) / 10 > 0.4


def test_chances_of_the_explored_log_sum_to_one(world):
    of = world["World"](1)
    learner = world["LinUCB"](range(world["ITEMS"]), 2, 0.0)
    chances = world["explored"](learner)((1.0, 0.3))
    assert sum(chances) == pytest.approx(1)
    assert min(chances) == pytest.approx(world["EXPLORED"] / world["ITEMS"])
    assert len(world["drawn"](of, world["explored"](learner))) == world["LINES"]
    assert 1 / min(chances) == pytest.approx(30)


def test_peeking_is_armitage_s(world):
    assert world["peeked_twice"].magnitude == pytest.approx(8.3, abs=0.05)
    assert world["peeked_daily"].magnitude > 20


# Training and serving


def test_a_leak_shines_offline_and_not_when_served(world):
    assert world["leaked"]["offline"].low > world["honest"]["offline"].high + 10
    assert world["leaked"]["online"].mean == pytest.approx(world["honest"]["online"].mean, abs=2)
    # The order hardly suffers where there is one feature; the probabilities do.
    assert world["leaked"]["predicted"].high < 95 < world["honest"]["predicted"].high
    assert world["honest"].samples["offline"] == world["honest"].samples["online"]
    assert world["honest"]["offline"].low > 55  # better than guessing


def test_the_check_speaks_for_the_leak_and_is_silent_otherwise(world):
    assert set(world["leaked"].samples["found"]) == {100.0}
    assert set(world["honest"].samples["found"]) == {0.0}
    assert min(world["leaked"].samples["differed"]) > 5


@pytest.mark.parametrize(("rows", "name"), [(200, "few_speak"), (1000, "some_speak"), (5000, "many_speak")])
def test_how_often_a_check_speaks_is_a_binomial(world, rows, name):
    """Drawn anew: runs in which a skew of one row in two hundred is more than the one in a thousand allowed."""
    random, limit = Random(rows), world["surprising"](rows, 0.001, 0.001)
    runs = [sum(random.random() < 0.005 for _ in range(rows)) >= limit for _ in range(300)]
    assert 100 * sum(runs) / 300 == pytest.approx(world[name].magnitude, abs=8)


def test_a_feature_is_read_only_after_it_was_known(world):
    rows, versions = world["person"]("m", Random(1))
    assert all(version.known == version.happened + 5 for version in versions)
    assert [row.time for row in rows] == sorted(row.time for row in rows)
    clicks = [row.time for row in rows if row.label]
    for version in versions:
        count = sum(version.happened - world["HOUR"] < time <= version.happened for time in clicks)
        assert version.value == min(count, world["MOST_CLICKS"])


def test_auc_by_hand(world):
    shown = world["Shown"]
    pairs = [(shown("m", 1, True), 2), (shown("m", 2, False), 1), (shown("m", 3, False), 2)]
    assert world["auc"]({1: 0.1, 2: 0.2}, pairs) == 75  # one pair won, one drawn


# Stale features


@pytest.mark.parametrize(("age", "rate"), [(0, 0.12), (1e9, 0.03 + 0.09 / 8)])
def test_the_closed_form_at_its_ends(world, age, rate):
    assert world["expected"](age) == pytest.approx(rate)


def test_old_features_cost_what_the_closed_form_says(world):
    for name, age in world["AGES"].items():
        assert world["rates"][name].mean == pytest.approx(100 * world["expected"](age), abs=0.25)


def test_from_a_certain_age_on_popular_items_do_better(world):
    age = 60 * world["useful_age"].magnitude
    assert world["expected"](age) == pytest.approx(world["POPULAR"])
    assert world["expected"](0.9 * age) > world["POPULAR"] > world["expected"](1.1 * age)


def test_a_stall_is_mended_by_the_request_and_hardly_by_the_guard(world):
    lost = {name: world[name].magnitude for name in ("stalled_lost", "guarded_lost", "carried_lost")}
    assert lost["stalled_lost"] > lost["guarded_lost"] > 0.8 * lost["stalled_lost"]
    assert lost["carried_lost"] < 0.25 * lost["guarded_lost"]


def test_a_stall_costs_what_the_closed_form_says(world):
    for how, by_hand in world["closed"].items():
        assert world["stalls"][how].mean == pytest.approx(by_hand, abs=1)
    assert world["closed"]["carried"] == pytest.approx(0.2 * world["closed"]["guard"])


def test_the_topic_at_a_moment_is_that_of_the_last_change(world):
    topic = world["Topic"](Random(1), 10 * world["HOUR"])
    for place, start in enumerate(topic.times):
        assert topic.at(start) == topic.topics[place]
        assert not place or topic.at(start - 1e-6) == topic.topics[place - 1]
    back = [topic.at(moment) for moment in (9000.0, 100.0, 9000.0)]  # moments need not grow
    assert back[0] == back[2] and back[1] == topic.at(100.0)


def test_a_guard_does_nothing_while_features_are_fresh(world):
    fresh = world["visits"](1, lambda moment: 5.0, 60.0)
    assert fresh == world["visits"](1, lambda moment: 5.0)


def test_four_pages_of_five_carry_acts(world):
    random, start = Random(1), world["STALL"]
    moments = [start + 60 + random.uniform(0, world["STALLED"] - 60) for _ in range(5000)]
    share = sum(world["carried"](moment) == 5.0 for moment in moments) / len(moments)
    assert share == pytest.approx(world["CARRIED"], abs=0.02)


# Late events


def test_arms_that_are_equal_differ_only_by_what_is_late(world):
    equal = {"A": 0.05, "B": 0.05}
    gaps = [world["counted"](45.0, slow=equal)(seed)["gap"] for seed in range(1, 21)]
    assert abs(sum(gaps) / 20) < 0.6
    assert world["late"][45.0]["gap"].high < -2


def test_what_is_missing_falls_with_the_wait_and_so_does_the_gap(world):
    waits = world["WAITS"]
    missing = [world["late"][wait]["missing"].mean for wait in waits]
    gaps = [-world["late"][wait]["gap"].mean for wait in waits]
    assert missing == sorted(missing, reverse=True) and gaps == sorted(gaps, reverse=True)


def test_the_shares_are_those_of_the_closed_form(world):
    for wait in world["WAITS"]:
        by_hand = 50 * sum(world["missing"](wait, slow) for slow in world["SLOW_SHARE"].values())
        assert world["late"][wait]["missing"].mean == pytest.approx(by_hand, abs=0.3)


def test_corrections_bring_back_all_but_the_latest(world):
    assert max(world["corrected"].samples["missing"]) < 0.1
    assert max(map(abs, world["corrected"].samples["gap"])) < 0.1
    target = notebooks.model("realtime-recommendations")()["counted_target"]
    assert world["late"][45.0]["missing"].mean > 100 * (1 - target)  # not without corrections


def test_the_gap_is_several_times_what_an_experiment_looks_for(world):
    facts = notebooks.model("realtime-recommendations")()
    assert facts["watermark"] in world["WAITS"]
    assert -world["usual_gap"].magnitude > 4 * 100 * facts["least_lift"]
