"""The numbers of the recommendations, computed a second time by hand, and its decisions on both sides."""

from __future__ import annotations

import math
import re

import pytest

from handbook import rounding, units
from handbook.assumptions import declaration
from handbook.estimate import Model
from tests.docs import notebooks
from tests.docs.by_hand import near, servers

MINUTE, HOUR, DAY = 60, 3600, 86400
MONTH = 365 * DAY / 12
KB, MB, GB, TB = 1e3, 1e6, 1e9, 1e12

# The assumptions, as the chapter states them
PAGES = 100e6 * 10 / DAY
PEAK = 3 * PAGES
SCORES = PEAK * 600
LOAD = SCORES * 0.7e6
EVENTS = PEAK * 12.3
LOGGED = EVENTS * 300 + PEAK * 8000  # bytes a second
FRONTS, GPUS, CPUS, RETRIEVERS, NODES, BROKERS, WORKERS = 38, 16, 782, 19, 41, 27, 46  # worked out below


@pytest.fixture(scope="module")
def of() -> dict[str, float]:
    """The facts in seconds, bytes, dollars and pieces."""
    return notebooks.model("realtime-recommendations")()


@pytest.fixture(scope="module")
def model() -> Model:
    """The estimate as a function of its assumptions."""
    return notebooks.model("realtime-recommendations")


def test_objectives(of):
    assert of["page_downtime"] == near(0.0005 * MONTH)
    assert of["page_downtime"] / MINUTE == pytest.approx(21.9)


def test_the_usual_opening(of):
    assert round(of["mean_requests"]) == 11_574
    assert round(of["peak_requests"]) == 34_722  # not 36 thousand, three times a rounded mean
    assert of["peak_requests"] == near(PEAK)
    assert of["fronts"] == FRONTS == servers(PEAK, 2000)


def test_candidates_times_the_cost_of_the_model(of):
    assert of["naive_scores"] == near(PEAK * 10e6)
    assert of["scores"] == near(SCORES)
    assert of["funnel"] == near(10e6 / 600)
    assert of["rank_load"] == near(LOAD)
    assert of["gpus_busy"] == near(LOAD / 2e12)
    assert of["gpus"] == GPUS == servers(LOAD, 2e12)
    assert of["cpus"] == CPUS == servers(LOAD, 40e9)
    assert of["naive_gpus"] == servers(PEAK * 10e6 * 0.7e6, 2e12)
    assert of["surviving"] == near(2 / 3)
    assert of["utilisation_after_loss"] == near(LOAD / 2e12 / (GPUS * 2 / 3))
    assert of["utilisation_after_loss"] <= 0.70 < LOAD / 2e12 / ((GPUS - 1) * 2 / 3)
    assert of["even_gpus"] == 18  # 6, 5 and 5 become 6, 6 and 6
    assert LOAD / 2e12 / 12 < 0.70 < LOAD / 2e12 / 10
    assert of["assembly_time"] == near(GPUS * 2 / 3 * 8 / SCORES)
    assert of["served"] == near(GPUS * 2e12 / (600 * 0.7e6))


def test_the_parts_of_a_list_fit_its_deadline(of):
    assert of["rank_time"] == near(600 * 0.7e6 / 2e12)
    assert of["core_time"] == near(600 * 0.7e6 / 5e9)
    assert of["page_latency"] / 2 < of["core_time"] < of["page_latency"]  # "most of the deadline"
    assert of["list_time"] == near(0.008 + 0.015 + 0.010 + 600 * 0.7e6 / 2e12 + 0.012)
    assert of["under_way"] == near(PEAK * of["list_time"])
    assert of["rank_time"] < of["batch_wait"]  # "more time waiting for a batch than working on it"
    slow = 2 * of["list_time"]
    assert slow < of["page_latency"] < 2 * slow  # room for one retry, not for three


def test_the_index_fits_one_server(of):
    assert of["index_size"] == near(10e6 * (256 + 288)) == near(5.44 * GB)
    assert of["retrievers"] == RETRIEVERS == servers(PEAK, 4000)
    assert of["searches"] == near(PEAK)
    assert of["scan_work"] == near(640e6)  # ten million items of 64 numbers
    assert of["exact_servers"] == servers(PEAK, 40e9 / 640e6) == 1191
    assert of["exact_gpus"] == servers(PEAK, 2e12 / 640e6) == 24
    assert of["exact_cost"] * MONTH == near(24 * 1.2 * MONTH / HOUR)
    assert of["member_vectors"] == near(300e6 * 256)


def test_features(of):
    assert of["fetch_all"] == near(SCORES * 300)
    assert of["fetch_member"] == near(PEAK * 2 * KB)
    assert of["items_memory"] == near(3 * GB)
    assert of["store_size"] == near(300e6 * 2 * KB * 3) == near(1.8 * TB)
    assert of["nodes_for_memory"] == math.ceil(1.8 * TB / (64 * GB) / 0.70) == 41
    assert of["store_rate"] == near(2 * PEAK)
    assert of["nodes_for_rate"] == servers(2 * PEAK, 100e3) == 2
    assert of["nodes"] == NODES


def test_nodes_are_set_by_memory_or_by_commands():
    model = notebooks.model("realtime-recommendations")
    busy = model(pages_each=300 / DAY, monthly_active=150e6, member_row=500)
    assert busy["nodes"] == busy["nodes_for_rate"] == servers(6 * 300 * 100e6 / DAY, 100e3) > busy["nodes_for_memory"]


def test_events(of):
    assert of["peak_events"] == near(EVENTS)
    assert of["events_daily"] * DAY == near(12.3e9)
    assert of["event_bytes"] == near(EVENTS * 300)
    assert of["units_for_events"] == math.ceil(EVENTS / 1000) == 428
    assert of["units_for_bytes"] == math.ceil(EVENTS * 300 / MB) == 129
    assert of["units_for_events"] > of["units_for_bytes"] > of["most_units"] == 40
    assert of["served_bytes"] == near(PEAK * 8 * KB)
    assert of["log_bytes"] == near(LOGGED)
    assert of["served_bytes"] > 2 * of["event_bytes"]  # "a louder voice than the members"
    assert of["brokers"] == BROKERS == servers(LOGGED, 33 * MB)


def test_the_log_and_the_stream_job(of):
    assert of["raw_daily"] * DAY == near(12.3e9 * 300)
    assert of["acts_log"] == near(12.3e9 * 300 * 3 * 7)
    assert of["served_log"] == near(8 * TB * 3)
    assert of["log_size"] == near(12.3e9 * 300 * 3 * 7 + 8 * TB * 3)
    assert of["partitions"] == math.ceil(LOGGED / (2 * MB) / 0.70) == 290
    assert of["job_state"] == near(100 * GB)
    assert of["stream_workers"] == WORKERS == servers(EVENTS, 20e3)
    assert of["counting_state"] == near(EVENTS * 12 * MINUTE * 32)
    assert of["counting_time"] > of["window"] + of["watermark"] + 10 * MINUTE
    assert of["offline_daily"] * DAY == near(0.2 * TB)
    assert of["whole_rows"] * DAY == near(2 * TB)
    assert of["history_daily"] * DAY == near(12.3e9 * 300 + 0.2 * TB)
    assert of["history_size"] == near(90 * (12.3e9 * 300 + 0.2 * TB))
    assert 2 * GB < of["job_state"] / of["stream_workers"] < 3 * GB  # "a few gigabytes each"


def test_ages(of):
    assert of["feature_age"] == near(3 + 0.8 + 1)
    assert of["feature_age"] < of["fresh_target"] == 10
    assert of["measure_age"] == near(3 + 0.8 + 60 + 45 + 5)
    assert of["measure_age"] < of["measure_target"] == 3 * MINUTE
    assert of["night_age"] == near(16 * HOUR)
    assert of["client_flush"] > 0.5 * of["feature_age"]  # "most of the first path"


def test_measures(of):
    assert of["rollup_daily"] * DAY == near(20e3 * 100 * 1440)
    assert of["sketches_daily"] * DAY == near(20e3 * 2000 * 1440)
    assert of["hourly_sketches"] * DAY == near(20e3 * 2000 * 24)
    assert of["rollup_ratio"] == near(12.3e9 * 300 / (20e3 * 100 * 1440))
    assert of["raw_scan"] == near(12.3e9 * 300 / (2 * GB * 9))
    assert of["rollup_scan"] == near(20e3 * 100 * 1440 / (2 * GB * 9))
    assert of["rollup_scan"] < of["query_target"] < of["raw_scan"]


def test_training(of):
    examples = 1e9 * (0.3 + 11.7 * 0.10)
    assert of["examples_daily"] * DAY == near(examples)
    assert of["train_time"] == near(examples * 3 * 0.7e6 / 2e12)
    assert of["full_train"] == near(30 * examples * 3 * 0.7e6 / 2e12)
    assert of["night_train"] == near(of["full_train"] / 4)
    assert of["night_train"] < of["night_job"]  # "a night"
    row = 2 * KB + (0.3 + 11.7 * 0.10) * 300
    assert of["training_row"] == near(row)
    assert of["train_input"] == near(30e9 * row / of["night_train"] / 4)
    assert of["raw_input"] == near(30 * 8 * TB / of["night_train"] / 4)
    assert of["raw_input"] > 3 * of["train_input"] > 3 * GB  # reading, not multiplying, is the limit
    assert of["exposure_size"] == near(2 * KB + 20 * 300)
    assert of["full_exposure"] == near(2 * KB + 600 * 300)
    assert of["exposure_daily"] * DAY == near(8 * TB)
    assert of["exposure_log"] == near(720 * TB)


def test_exploration(of):
    showings = 0.975 / (0.025 * 0.25**2)
    assert of["learn_showings"] == near(showings) == near(624)
    # By the binomial: the error of a rate after n showings is sqrt(p·q/n), a quarter of the rate
    assert math.sqrt(0.025 * 0.975 / of["learn_showings"]) == near(0.25 * 0.025)
    assert of["explore_need"] * DAY == near(100e3 * showings)
    rate = of["fewest_clicks"]
    assert 100e3 * (1 - rate) / (rate * 0.25**2) == near(120e6)  # what the share allows, used up
    assert of["explore_budget"] * DAY == near(1e9 * 12 * 0.01)
    assert of["click_rate"] == near(of["clicked"] / of["seen"])  # "what the pages above come to"


def test_experiments(of):
    assert of["least_difference"] == near(0.002)
    assert of["arm_needed"] == near(16 * 0.4 * 0.6 / 0.002**2) == near(960_000)
    assert of["arm_members"] * DAY == near(2.5e6 * DAY)
    assert of["day_lift"] == near(math.sqrt(16 * 0.4 * 0.6 / 2.5e6) / 0.4)
    assert of["double_arm"] == near(16 * 0.4 * 0.6 / 0.004**2)
    members = 1e9 / 24 * 0.01 / 3
    assert of["canary_members"] == near(members)
    assert of["canary_harm"] == near(math.sqrt(8 * 0.2 * 0.8 / members) / 0.2)
    assert of["canary_harm"] > 3 * of["least_lift"]  # "smaller harm passes"


def test_cost(of):
    hours = MONTH / HOUR
    twice = {
        "fronts_cost": FRONTS * 0.33 * hours,
        "gpus_cost": GPUS * 1.2 * hours,
        "retrievers_cost": RETRIEVERS * 0.33 * hours,
        "store_cost": NODES * 0.66 * hours,
        "brokers_cost": BROKERS / 2 * 0.33 * hours,
        "workers_cost": WORKERS / 4 * 0.33 * hours,
        "counting_cost": WORKERS / 4 * 0.33 * hours,
        "traffic_cost": LOGGED / 3 * 3 * MONTH / GB * 0.02,
        "measures_cost": 9 * 0.66 * hours,
        "log_cost": (12.3e9 * 300 * 3 * 7 + 8 * TB * 3) / GB * 0.08,
    }
    once = {
        "exposure_cost": 720e3 * 0.023,
        "history_cost": 90 * (12.3e9 * 300 + 0.2 * TB) / GB * 0.023,
        "training_cost": of["full_train"] / HOUR * 365 / 12 * 1.2,
        "second_region": sum(twice.values()),
    }
    machines = twice | once
    assert {name: of[name] * MONTH for name in machines} == {name: near(part) for name, part in machines.items()}
    assert of["machines_cost"] * MONTH == near(sum(machines.values()))
    assert of["all_cost"] * MONTH == near(sum(machines.values()) + 600e3)
    assert of["page_cost"] == near((sum(machines.values()) + 600e3) / MONTH / PAGES)
    assert of["cpus_cost"] * MONTH == near(CPUS * 0.33 * hours)


def test_a_lost_region_and_ten_times_the_load(of):
    assert of["lost_events"] == near(EVENTS * 30 * 0.5)
    assert of["tenfold_requests"] == near(10 * PEAK)
    assert of["spare_candidates"] == near(GPUS * 2e12 / (10 * PEAK * 0.7e6))
    assert of["front_room"] == near(FRONTS * 2000) and of["retrieval_room"] == near(RETRIEVERS * 4000)
    assert of["log_room"] == near(BROKERS * 33 * MB)
    assert of["tenfold_log"] == near(10 * LOGGED)
    assert of["tenfold_acts"] == near(10 * EVENTS * 300 + PEAK * 8000)
    assert of["log_room"] < of["tenfold_acts"] < of["tenfold_log"]
    assert (
        max(of["front_room"], of["retrieval_room"]) < 2.5 * of["peak_requests"]
    )  # before the accelerators' 132 matters
    assert 10 * of["shown"] > of["spare_candidates"] > of["shown"]  # still more than a page holds
    assert of["fallback_size"] == near(80 * MB)


def test_light_lists_fit_the_cores_of_the_servers_that_lost_their_accelerators(of):
    assert of["light_cores"] == near(PEAK * 100 * 10e-6)
    assert of["spare_cores"] == near(GPUS * 2 / 3 * 0.70 * 8)
    assert of["light_cores"] < of["spare_cores"]


# Each row's numbers as the page shows them, what they make, and that as the page shows it
BY_HEART = [
    ("100 million|10/day|3", 100e6 * 10 / DAY * 3, "34.7 thousand/s"),
    ("34.7 thousand/s|600", 34.7e3 * 600, "20.8 million/s"),
    ("20.8 million/s|700 thousand|2 trillion/s|70%|66.7%", math.ceil(20.8e6 * 0.7e6 / 2e12 / 0.7 / 0.667), "16"),
    ("10 million|256 B|288 B", 10e6 * 544, "5.44 GB"),
    ("20.8 million/s|300 B", 20.8e6 * 300, "6.25 GB/s"),
    ("3 s|800 ms|1 s", 4.8, "4.8 s"),
    ("40%|40%|0.2%", 16 * 0.4 * 0.6 / 0.002**2, "960 thousand"),
    ("2.5%|2.5%|25%", 0.975 / (0.025 * 0.25**2), "624"),
]


def test_the_sums_to_know_by_heart_come_out_as_shown():
    names, shown = notebooks.run("realtime-recommendations", "estimate"), []
    page = notebooks.path("realtime-recommendations").with_name("index.md").read_text("utf-8")
    part = page.split("### Eight sums to know by heart")[1].split("###")[0]
    for row in re.findall(r"^\| (.*\{\{.*) \|.*\|$", part, re.MULTILINE):
        values = [names[name] for name in re.findall(r"\{\{ (\w+)", row)]
        exact = [(found := declaration(value)) is not None and found.exact for value in values]
        shown.append("|".join(rounding.text(value, exact=e) for value, e in zip(values, exact, strict=True)))
    assert shown == [f"{numbers}|{result}" for numbers, _, result in BY_HEART]


@pytest.mark.parametrize(("numbers", "value", "result"), BY_HEART)
def test_by_heart_the_displayed_numbers_make_the_displayed_result(numbers, value, result):
    digits, *word = result.removesuffix("/s").removesuffix(" s").split()
    scale = {"thousand": 1e3, "million": 1e6, "GB": 1e9}
    assert value == pytest.approx(float(digits) * scale.get(*word or [""], 1), rel=0.005)


# Decisions

TREES = 56  # eight cores each, ten microseconds a candidate: counted up below
MODEL_PRICE = 2 * (GPUS * 1.2 - TREES * 0.33) * MONTH / HOUR + 12e3
CLICKS = 0.3e9  # a day
SCAN_EVENTS = 2 * 2 * GB * 9 / (10 * 12.3 * 300)  # members whose day is scanned in two seconds

# decision: assumption, where it turns over by hand (base units), whether the first alternative holds below it
BY_HAND = [
    ("copy_or_shard", "catalogue", 12 * GB / 544, True),
    ("copy_or_shard", "server_memory", 2 * 5.44 * GB, False),
    ("deep_or_trees", "model_lift", MODEL_PRICE / (CLICKS * MONTH / DAY * 0.0008), False),
    ("deep_or_trees", "click_value", MODEL_PRICE / (CLICKS * MONTH / DAY * 0.01), False),
    ("push_or_fetch", "candidates", None, False),
    ("count_or_scan", "daily_active", SCAN_EVENTS, False),
    ("count_or_scan", "query_target", 12.3e9 * 300 / (18 * GB), True),
    ("explore_or_rules", "new_items", 1e9 * 12 * 0.01 / 624 / DAY, True),
    ("explore_or_rules", "explore_share", 100e3 * 624 / 12e9, False),
    ("one_or_two_regions", "region_availability", 0.9995, True),
    ("one_or_two_regions", "page_availability", 0.999, False),
]


@pytest.mark.parametrize(("name", "over", "value", "first_below"), [row for row in BY_HAND if row[2]])
def test_decisions_turn_over_where_the_hand_says(name, over, value, first_below):
    model = notebooks.decisions("realtime-recommendations")
    step = 1e-6 if name == "one_or_two_regions" else value / 1000
    sides = [bool(model(**{over: value + side})[name]) for side in (-step, step)]
    assert sides == [first_below, not first_below]
    within = (value / 3, min(value * 3, 1)) if name == "one_or_two_regions" else (value / 3, value * 3)
    assert [units.base(v) for v in model.threshold(name, over, within=within).values] == pytest.approx([value])


def test_an_index_pays_from_the_catalogue_on_that_accelerators_no_longer_compare_for_its_price():
    """Searching costs as much as five accelerators: the sixth is bought at 2.24 million items."""
    model = notebooks.decisions("realtime-recommendations")
    for catalogue in (160e3, 1e6, 2e6, 2.2e6, 2.3e6, 3e6, 10e6):
        scan = servers(PEAK, 2e12 / (catalogue * 64)) * 1.2
        assert bool(model(catalogue=catalogue)["index_or_scan"]) == (scan > RETRIEVERS * 0.33), catalogue
    assert not model(catalogue=2e6)["index_or_scan"] and model(catalogue=3e6)["index_or_scan"]
    news = notebooks.model("realtime-recommendations")(catalogue=160e3)
    assert news["exact_servers"] == servers(PEAK, 40e9 / (160e3 * 64)) == 20


def test_accelerators_pay_from_the_model_on_whose_servers_cost_as_much():
    model = notebooks.decisions("realtime-recommendations")
    sides = {cost: bool(model(model_cost=cost)["gpu_or_cpu"]) for cost in (2e3, 4e3, 2e4, 7e4)}
    for cost, chosen in sides.items():
        fleets = servers(SCORES * cost, 2e12) * 1.2, servers(SCORES * cost, 40e9) * 0.33
        assert chosen == (fleets[0] < fleets[1]), cost
    assert sides[2e3] is False and sides[7e4] is True


def test_fetching_items_features_turns_over_with_the_candidates():
    """Fewer candidates also mean fewer rankers, so both sides are counted up."""
    model = notebooks.decisions("realtime-recommendations")
    for candidates in (20, 60, 100, 200, 600, 2000):
        granted = servers(PEAK * candidates * 0.7e6, 2e12) * 2 / 3 * 100 * MB
        assert bool(model(candidates=candidates)["push_or_fetch"]) == (PEAK * candidates * 300 > granted), candidates
    assert not model(candidates=5)["push_or_fetch"] and model(candidates=600)["push_or_fetch"]


def test_ranking_at_request_time_is_paid_by_what_the_session_wins(of):
    model = notebooks.decisions("realtime-recommendations")
    hours = MONTH / HOUR
    price = 2 * (GPUS * 1.2 + WORKERS / 4 * 0.33 + RETRIEVERS * 0.33 + NODES * 0.66 + BROKERS / 2 * 0.33) * hours
    price += 40e3
    decision = model.published["request_or_night"]
    assert units.base(decision.right) * MONTH == near(price)
    assert units.base(decision.left) * MONTH == near(CLICKS * MONTH / DAY * 0.04 * 0.0008)
    even = price / (CLICKS * MONTH / DAY * 0.0008)
    assert [bool(model(fresh_lift=even * (1 + side))["request_or_night"]) for side in (-0.01, 0.01)] == [False, True]


def test_accelerators_that_cost_less_than_trees_are_no_income(model: Model):
    slow_trees = model(tree_time=50e-6)
    assert slow_trees["trees_cost"] > slow_trees["gpus_cost"]
    assert slow_trees["model_price"] * MONTH == near(12e3)


def test_both_sides_of_the_decisions_in_money_bytes_and_minutes(of):
    hours = MONTH / HOUR
    gpus, workers, retrievers = GPUS * 1.2 * hours, WORKERS / 4 * 0.33 * hours, RETRIEVERS * 0.33 * hours
    store, brokers = NODES * 0.66 * hours, BROKERS / 2 * 0.33 * hours
    assert of["clicks_daily"] * DAY == near(CLICKS)
    assert of["model_gain"] * MONTH == near(CLICKS * 365 / 12 * 0.01 * 0.0008)
    assert of["model_price"] * MONTH == near(2 * (gpus - TREES * 0.33 * hours) + 12e3) == near(MODEL_PRICE)
    assert of["tree_servers"] == TREES == servers(SCORES * 10e-6, 8)
    assert of["trees_cost"] * MONTH == near(TREES * 0.33 * hours)
    assert of["model_line"] == near(MODEL_PRICE / (CLICKS * 365 / 12 * 0.0008))
    assert of["fresh_gain"] * MONTH == near(CLICKS * 365 / 12 * 0.04 * 0.0008)
    assert of["fresh_price"] * MONTH == near(2 * (gpus + workers + retrievers + store + brokers) + 40e3)
    assert of["fresh_line"] == near(of["fresh_price"] * MONTH / (CLICKS * 365 / 12 * 0.0008))
    assert of["index_room"] == near(12 * GB)
    assert of["granted"] == near(GPUS * 2 / 3 * 100 * MB)
    assert of["region_downtime"] == near(0.001 * MONTH)


def test_commands_with_headroom_and_a_zone_lost(model: Model):
    for factor in (5, 8, 20, 30, 60):
        assert model(peak_factor=factor)["nodes_for_rate"] == servers(2 * factor * PAGES, 100e3)


def test_what_is_counted_is_what_the_text_calls_it(model: Model):
    units_of = {
        "fronts": "server", "night_train": "second",
        "naive_scores": "candidate / second", "arm_needed": "member", "small_exact": "server", "gpus": "server",
        "even_gpus": "server", "learn_showings": "event / item", "under_way": "request",
        "spare_candidates": "candidate / request",
    }  # fmt: skip
    for name, unit in units_of.items():
        assert model.dimensions[name] == dict(units.Q(1, unit).dimensionality), name


def test_a_small_catalogue_is_scanned_by_as_many_as_carry_it(model: Model):
    for speed in (10e9, 10.3e9, 17e9, 25e9, 60e9, 120e9):
        assert model(cpu_speed=speed)["small_exact"] == servers(PEAK, speed / (30e3 * 64))


def test_as_published_the_chapter_chooses_what_it_says():
    published = notebooks.decisions("realtime-recommendations").published
    assert {name: bool(decision) for name, decision in published.items()} == dict.fromkeys(published, True)
    assert len(published) == 9


def test_a_dear_model_must_win_more(of):
    """At five million multiplications accelerators cost 85 thousand dollars more than trees, in each region."""
    model = notebooks.model("realtime-recommendations")(model_cost=5e6)
    assert model["gpus"] == of["dear_gpus"] == servers(SCORES * 5e6, 2e12) == 112
    assert not notebooks.decisions("realtime-recommendations")(model_cost=5e6)["deep_or_trees"]


def test_the_exercises_are_what_a_reader_s_change_shows(of):
    small = notebooks.model("realtime-recommendations")(catalogue=30e3)
    assert small["exact_servers"] == of["small_exact"] == servers(PEAK, 40e9 / (30e3 * 64)) == 4
    assert of["small_exact"] < of["retrievers"]
    twice = notebooks.model("realtime-recommendations")(least_lift=0.01)
    assert twice["arm_needed"] == near(of["double_arm"])


# For other assumptions


def test_more_load_never_needs_less():
    model = notebooks.model("realtime-recommendations")
    results = ("fronts", "gpus", "cpus", "retrievers", "nodes", "brokers", "stream_workers", "exposure_log",
               "history_size", "all_cost")  # fmt: skip
    for name in ("daily_active", "pages_each", "peak_factor", "candidates", "model_cost", "seen", "member_row"):
        low, high = (model(**{name: edge}) for edge in notebooks.ranges("realtime-recommendations")[name])
        for result in results:
            assert low[result] <= high[result], (name, result)


def test_two_zones_need_more_than_three(of):
    two = notebooks.model("realtime-recommendations")(zones=2)
    assert two["surviving"] == near(1 / 2)
    assert two["gpus"] == math.ceil(LOAD / 2e12 / 0.70 / 0.5) > of["gpus"]
