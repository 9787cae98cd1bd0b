"""The numbers of the feature flags as the page states them, and its decisions on both sides of where they turn over."""

from __future__ import annotations

import math
import re

import pytest

from handbook import rounding, uncertainty, units
from handbook.assumptions import declaration
from tests.docs import notebooks
from tests.docs.by_hand import near, servers

MINUTE, HOUR, DAY = 60, 3600, 86400
YEAR = 365 * DAY
MONTH = YEAR / 12
KB, MB, GB, TB = 1e3, 1e6, 1e9, 1e12

# The assumptions, as the chapter states them
PAYMENTS = 25.4e9 / YEAR
PEAK_PAYMENTS = 4 * PAYMENTS
EVALUATIONS = PAYMENTS * 10 * 40 * 12
STARTS = 439e6 * 0.12 * 1.5 / DAY  # a second, on average
SPREAD = 0.3 + 0.15 + 0.1 + 0.05
LOADED = 20e3 * 1500 * 0.02 / 6  # what one instance loads


@pytest.fixture(scope="module")
def of() -> dict[str, float]:
    """The facts in seconds, bytes, dollars and pieces."""
    return notebooks.model("feature-flags")()


@pytest.fixture(scope="module")
def page() -> str:
    return notebooks.path("feature-flags").with_name("index.md").read_text("utf-8")


def test_evaluations_are_local_because_asking_takes_too_long(of):
    assert of["peak_evaluations"] == near(4 * EVALUATIONS)
    assert of["chain"] == near(480)
    assert of["chain_time"] == near(0.480)
    assert of["batched_time"] == near(0.040)
    assert of["chain"] * of["evaluation_time"] < of["flag_budget"] < of["batched_time"] < of["chain_time"]
    assert of["local_cost"] < of["evaluation_time"]
    assert of["local_processors"] == near(4 * EVALUATIONS * 2e-6)
    assert of["local_processors"] / of["instances"] < 0.001  # "so nobody sees them"
    assert of["flag_servers"] == servers(4 * EVALUATIONS / 12, 20e3)
    assert of["slow_visits"] == pytest.approx(1 - 0.999**40)


def test_configuration_is_no_load(of):
    assert of["snapshot"] == near(30 * MB)
    assert of["instance_snapshot"] == near(LOADED) == near(100 * KB)
    assert of["delta"] == near(250)
    assert of["deliveries_daily"] * DAY == near(3000 * 3000)
    assert of["delta_traffic"] * DAY == near(9e6 * 250)
    assert of["snapshot_traffic"] / of["delta_traffic"] == near(20e3 * 0.02)  # flags for one flag
    assert of["restart_bytes"] == near(6 * GB)
    # In one region: its instances, its three relays
    assert of["restart_bandwidth"] == near(12_000 * LOADED / 3 / MINUTE)
    assert of["restart_bandwidth"] < of["relay_bandwidth"] / 10


def test_relays_follow_from_where_the_zones_are(of):
    assert of["relays"] == 15 == 5 * 3 > servers(60e3, 10e3)
    assert of["streams"] < of["relay_capacity"] * 2 / 3 * 0.70
    assert of["poll_rate"] == near(2000) == near(of["poll_answer_rate"])  # as much as one server answers


def test_the_tail_is_made_of_the_dead_streams(of):
    assert of["spread_time"] == near(SPREAD)
    assert of["spread_time"] < of["kill_target"]
    assert of["late_instances"] == near(1200)
    assert of["in_time"] == near(0.98)
    assert of["in_time"] < 0.99  # "which misses the objective"
    assert of["poll_interval"] + of["spread_time"] < of["stale_target"]


def test_apps_are_many_more_than_servers(of):
    assert of["client_fetches"] == near(4 * STARTS)
    assert of["open_clients"] == near(4 * STARTS * 4 * MINUTE)
    assert of["open_clients"] > 10 * of["instances"]
    assert of["client_rules"] / of["client_traffic"] == near(LOADED / (3 * KB))


def test_exposures(of):
    assert of["exposures"] * DAY == near(439e6 * 0.12 * 8)
    assert of["exposure_storage"] == near(439e6 * 0.12 * 8 * 300 * 3 * 90)
    assert of["sent_exposures"] == near(1.5 * of["exposures"])
    assert of["exposure_ratio"] == near(EVALUATIONS * 0.05 / (439e6 * 0.12 * 8 * 1.5 / DAY))
    assert of["exposures"] < of["sent_exposures"] < of["event_budget"] < of["raw_exposures"]


def test_the_size_of_the_stage_and_the_hand_at_the_switch(of):
    assert of["hurt_at_once"] == near(PEAK_PAYMENTS * 0.28 * 9 * MINUTE)
    assert of["hurt_staged"] < of["bigger_hurt"] < of["hurt_budget"] < of["hurt_at_once"]
    assert of["hurt_ratio"] > 1000
    assert of["bigger_detect"] == near(of["detect_stage"] / 10)
    assert of["bigger_hurt"] < 10 * of["hurt_staged"]  # ten times the people, seen sooner
    assert of["false_kills"] * MONTH == near(3000 * MONTH / DAY * 4 * 1e-5)
    assert of["false_kills"] * MONTH < 10


def test_people_are_not_scarce_and_honesty_is(of):
    assert of["arm_time"] * 439e6 * 0.12 / DAY == near(2 * of["arm"])
    assert of["arm_time"] < DAY
    assert of["peeking"] > 3 * 0.05


def test_models(of):
    assert of["predictions"] == near(PEAK_PAYMENTS * 20)
    assert of["prediction_processors"] == near(PEAK_PAYMENTS * 20 * 0.005)
    assert of["shadow_processors"] == near(PEAK_PAYMENTS * 20 * 0.005 / 10)
    assert of["cascade_processors"] < of["tenfold_processors"] == near(10 * of["prediction_processors"])
    assert of["cascade_share"] == near(0.1 + 0.2)
    assert of["unlabelled"] == near(25.4e9 * 45 / 365)


def test_cost_is_people(of):
    machines = (15 + 30) * 0.33 * MONTH / HOUR
    storage = 439e6 * 0.12 * 8 * 300 * 3 * 90 / GB * 0.08
    traffic = (9e6 * 250 / GB * 0.02 + 439e6 * 0.12 * 1.5 * 3 * KB / GB * 0.05) * MONTH / DAY
    assert of["flags_cost"] * MONTH == near(machines + storage + traffic + 200e3)
    assert of["people_share"] > 0.9
    assert of["local_cost_month"] < of["remote_cost"] < of["flags_cost"]
    assert of["local_cost_month"] < of["relays_cost"] < of["control_cost"]


# Each row's numbers as the page shows them, what they make, and that as the page shows it
BY_HEART = [
    ("25.4 billion/year", 25.4e9 / YEAR, "805/s"),
    ("10|40|12|4", 805 * 10 * 40 * 12 * 4, "15.5 million/s"),
    ("40|1 ms", 40 * 0.001, "40 ms"),
    ("20 thousand|2%|1.5 kB|6", 20e3 * 0.02 * 1.5e3 / 6, "100 kB"),
    ("20 thousand|1.5 kB", 20e3 * 1.5e3, "30 MB"),
    ("60 thousand|30 s", 60e3 / 30, "2,000/s"),
    ("3,220/s|30%|2%", 3220 * 0.28 * 9 * 60, "487 thousand"),
]


def by_heart(page: str) -> list[str]:
    """The rows of the sums to know by heart, as the page shows them."""
    names, shown = notebooks.run("feature-flags", "estimate"), []
    table = page.split(" sums to know by heart")[1].split("###")[0]
    for row in re.findall(r"^\| (.*\{\{.*) \|.*\|$", table, re.MULTILINE):
        values = [names[name] for name in re.findall(r"\{\{ (\w+)", row)]
        exact = [(found := declaration(value)) is not None and found.exact for value in values]
        shown.append("|".join(rounding.text(value, exact=e) for value, e in zip(values, exact, strict=True)))
    return shown


def test_the_sums_to_know_by_heart_come_out_as_shown(page):
    assert by_heart(page) == [f"{numbers}|{result}" for numbers, _, result in BY_HEART]


@pytest.mark.parametrize(("numbers", "value", "result"), BY_HEART)
def test_by_heart_the_displayed_numbers_make_the_displayed_result(numbers, value, result):
    digits, *words = result.replace(",", "").replace("/", " ").split()
    scales = {"thousand": 1e3, "million": 1e6, "kB": KB, "MB": MB, "ms": 1e-3}
    shown = float(digits) * math.prod(scales.get(word, 1) for word in words)
    assert value == pytest.approx(shown, rel=0.005)  # rounded to three digits along the way


# Decisions

# decision: assumption, where it turns over by hand (base units), whether the first alternative holds below it
BY_HAND = [
    ("local_or_remote", "calls", 0.020 / 0.001, False),
    ("local_or_remote", "remote_time", 0.020 / 40, False),
    ("local_or_remote", "flag_budget", 0.040, True),
    ("stream_or_poll", "kill_target", 10 + SPREAD, True),
    ("stream_or_poll", "shortest_interval", 5 - SPREAD, False),
    ("delta_or_whole", "flags", 1e9 / 8 * 2 * 15 / 60e3 * 6 / 0.02 / 1500, False),
    ("delta_or_whole", "relay_bandwidth", 60e3 * LOADED / 15 / 2, True),
    ("delta_or_whole", "send_time", 60e3 * LOADED / 15 / (1e9 / 8), True),
    ("delta_or_whole", "compression", 60e3 * 30e6 * 0.02 / 15 / 2 / (1e9 / 8), True),
    ("tree_or_direct", "instances", 30e3, False),
    ("tree_or_direct", "direct_streams", 60e3, True),
    ("values_or_rules", "flags_each", 1e12 / (439e6 * 0.12 * 1.5) * 6 / 30e6, False),
    ("values_or_rules", "client_budget", STARTS * LOADED, True),
    ("ask_or_stream", "visit_length", 100e3 / (4 * STARTS), False),
    ("ask_or_stream", "client_streams", 4 * STARTS * 240, True),
    ("staged_or_all", "failure_share", 0.02 + 1000 / (PEAK_PAYMENTS * 540), False),
    ("staged_or_all", "ordinary_failures", 0.30 - 1000 / (PEAK_PAYMENTS * 540), True),
    ("staged_or_all", "hurt_budget", PEAK_PAYMENTS * 0.28 * 540, True),
    ("once_or_each", "experiments_share", 20e3 / EVALUATIONS, False),
    ("once_or_each", "event_budget", EVALUATIONS * 0.05, True),
    ("sequential_or_fixed", "looks", 1.5, False),  # between one look and two
]


@pytest.mark.parametrize(("name", "over", "value", "first_below"), BY_HAND)
def test_decisions_turn_over_where_the_hand_says(name, over, value, first_below):
    model = notebooks.decisions("feature-flags")
    sides = [bool(model(**{over: value * side})[name]) for side in (0.9999, 1.0001)]
    assert sides == [first_below, not first_below]
    found = model.threshold(name, over, within=(value * 0.99, value * 1.01))
    assert [units.base(v) for v in found.values] == pytest.approx([value], rel=1e-5)


def test_as_published_the_chapter_chooses_what_it_says():
    published = notebooks.decisions("feature-flags").published
    assert {name: bool(decision) for name, decision in published.items()} == dict.fromkeys(published, True)
    assert {name for name, *_ in BY_HAND} == set(published)


def test_each_decision_is_told_on_the_page(page):
    told = re.findall(r"\{\{ decision\(\"(\w+)\"\) \}\}", page)
    assert sorted(told) == sorted(notebooks.decisions("feature-flags").published)


def test_fifteen_seconds_are_enough_for_polling(of):
    assert not notebooks.decisions("feature-flags")(kill_target=15)["stream_or_poll"]
    assert of["calm_interval"] == near(15 - SPREAD)
    assert of["calm_interval"] > of["shortest_interval"] > of["needed_interval"]


def test_servers_do_not_decide_between_streams_and_polls(of):
    """ "In servers the two are nearly equal"."""
    assert of["poll_servers"] == servers(60e3 / (5 - SPREAD), 2000)
    assert of["poll_servers"] == pytest.approx(of["relays"], rel=0.1)


def test_no_decision_depends_on_the_evaluations_within_their_range():
    """The text below the table of intervals, which shows eight of ten cases: they spread over more than a decade."""
    model, decisions = notebooks.model("feature-flags"), notebooks.decisions("feature-flags")
    drawn = uncertainty.sample(model, ["peak_evaluations"], runs=300)["peak_evaluations"]
    low, high = (uncertainty.percentile(drawn, percent) for percent in (10, 90))
    assert high / low > 9  # of fewer draws than the page takes
    now = model()
    for edge in (low, high):
        for name in ("visits", "calls", "checks"):
            found = decisions(**{name: now[name] * edge / now["peak_evaluations"]})
            turned = {decision for decision in found if not found[decision]}
            assert turned <= ({"local_or_remote"} if name == "calls" else set())  # "except where it says so"


# For other assumptions


def test_more_load_never_needs_less():
    model = notebooks.model("feature-flags")
    for name in ("accounts", "transactions_yearly", "peak_factor", "visits", "calls", "checks", "instances", "regions",
                 "flags", "flag_size", "changes_daily", "touched", "daily_share", "starts", "concurrent", "scores",
                 "exposure_days", "failure_share", "manual_kill"):  # fmt: skip
        low, high = (model(**{name: edge}) for edge in notebooks.ranges("feature-flags")[name])
        for result in ("peak_evaluations", "flag_servers", "chain_time", "restart_bytes", "relays", "delta_traffic",
                       "open_clients", "client_traffic", "exposure_storage", "hurt_at_once", "predictions",
                       "poll_servers", "flags_cost"):  # fmt: skip
            assert low[result] <= high[result] * (1 + 1e-12), (name, result)


def test_better_objectives_and_parts_cost_no_less():
    model = notebooks.model("feature-flags")
    for name, results in {
        "kill_target": ("poll_servers",), "target_utilisation": ("flag_servers", "relays", "poll_servers"),
        "relay_streams": ("relays",), "compression": ("instance_snapshot", "delta"), "tolerated": ("peeking",),
        "lift": ("arm", "arm_time"), "poll_interval": ("poll_rate",), "restart_time": ("restart_bandwidth",),
    }.items():  # fmt: skip
        low, high = (model(**{name: edge}) for edge in notebooks.ranges("feature-flags")[name])
        for result in results:
            assert low[result] >= high[result], (name, result)


def test_a_larger_fault_is_seen_sooner():
    model = notebooks.model("feature-flags")
    times = [model(failure_share=share)["detect_stage"] for share in (0.04, 0.1, 0.3, 0.6, 0.9)]
    assert times == sorted(times, reverse=True)


def test_the_time_of_a_person_moves_the_damage_most():
    """The text below the tornado: measure how long people take, before the traffic."""
    model, ranges = notebooks.model("feature-flags"), notebooks.ranges("feature-flags")

    def swing(name: str) -> float:
        low, high = (model(**{name: edge})["hurt_at_once"] for edge in ranges[name])
        return abs(high - low)

    assert max(ranges, key=swing) == "manual_kill"


def test_the_exercises_are_what_a_reader_s_change_shows(of):
    model = notebooks.model("feature-flags")
    assert model(calls=15)["batched_time"] == near(of["short_chain_time"])
    assert of["short_chain_time"] < of["flag_budget"]
    stage = model(first_stage=0.10)
    assert (stage["hurt_staged"], stage["detect_stage"]) == (near(of["bigger_hurt"]), near(of["bigger_detect"]))
    assert model(kill_target=15)["needed_interval"] == near(of["calm_interval"])
