"""Every number of the feature flags computed a second time, from the assumptions, in plain seconds, bytes and dollars.

Each test runs where we publish and where other branches of the estimate are taken: a fleet that fills its relays, few
regions, many looks. `make faults` shows the same tests every wrong version of the estimate.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from handbook.estimate import Model
from tests.docs import notebooks
from tests.docs.by_hand import near, whole

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
YEAR = 365 * DAY
MONTH = YEAR / 12
KB, GB = 1e3, 1e9

#: Assumptions in base units. The first is what we publish.
SETTINGS: list[dict[str, float]] = [
    {},
    {"instances": 190_000.0, "relay_streams": 4_000.0, "zones": 4.0, "target_utilisation": 0.55, "regions": 3.0},
    {"kill_target": 12.0, "commit_time": 1.1, "hop_time": 0.21, "last_hop": 0.37, "apply_time": 0.13,
     "poll_interval": 17.0, "poll_answer_rate": 1_300.0, "dead_streams": 0.013},
    {"peak_factor": 2.5, "visits": 7.0, "calls": 23.0, "checks": 5.0, "slow_share": 0.0004, "remote_time": 0.0017,
     "flag_server_rate": 31_000.0, "local_cost": 3.1e-6, "experiments_share": 0.11, "concurrent": 5.0},
    {"flags": 7_000.0, "flag_size": 2_300.0, "flags_each": 0.05, "compression": 4.5, "changes_daily": 700 / DAY,
     "touched": 0.3, "restart_time": 200.0, "copies": 2.0, "exposure_days": 33 * DAY, "exposure_size": 170.0},
    {"failure_share": 0.11, "ordinary_failures": 0.03, "first_stage": 0.04, "detect_all": 150.0, "manual_kill": 700.0,
     "guard_level": 0.0004, "guardrails": 7.0, "send_time": 3.3,
     "lift": 0.023, "conversion": 0.61, "looks": 4.0, "starts": 2.3, "daily_share": 0.21 / DAY, "visit_length": 77.0},
    {"scores": 9.0, "score_time": 0.013, "quick_time": 0.0011, "unsure_share": 0.31, "shadow_share": 0.27,
     "label_delay": 71 * DAY, "client_values": 7_700.0, "control_servers": 47.0},
]  # fmt: skip


@pytest.fixture(scope="module")
def model() -> Model:
    """The estimate as a function of its assumptions."""
    return notebooks.model("feature-flags")


@pytest.fixture(scope="module", params=range(len(SETTINGS)))
def of(request: pytest.FixtureRequest, model: Model) -> dict[str, float]:
    """The facts in seconds, bytes, dollars and pieces."""
    return model(**SETTINGS[request.param])


def each_arm(control: float, treatment: float, alpha: float, power: float) -> float:
    """Fleiss' sample size for two shares, by hand."""
    level, found = (NormalDist().inv_cdf(p) for p in (1 - alpha / 2, power))
    mean = (control + treatment) / 2
    noise = control * (1 - control) + treatment * (1 - treatment)
    root = level * math.sqrt(2 * mean * (1 - mean)) + found * math.sqrt(noise)
    return root**2 / (control - treatment) ** 2


def test_the_assumed_sizes_and_times_are_those_that_the_page_shows(model: Model) -> None:
    of = model()
    assert (of["flag_size"], of["client_values"], of["exposure_size"]) == (near(1500), near(3 * KB), near(0.3 * KB))
    assert (of["local_cost"], of["remote_time"], of["evaluation_time"]) == (near(2e-6), near(1e-3), near(20e-6))
    assert (of["score_time"], of["quick_time"]) == (near(5e-3), near(0.5e-3))
    assert (of["relay_bandwidth"], of["client_budget"]) == (near(1e9 / 8), near(1e12 / DAY))
    assert (of["transactions_yearly"] * YEAR, of["accounts"]) == (near(25.4e9), near(439e6))
    assert (of["team_price"] * MONTH, of["server_price"] * HOUR) == (near(200e3), near(0.33))
    assert (of["storage_price"] * GB * MONTH, of["egress_price"] * GB) == (near(0.08), near(0.05))
    assert of["inter_region_price"] * GB == near(0.02)


def test_downtime_of_changes(of: dict[str, float], model: Model) -> None:
    assert of["change_downtime"] == near((1 - of["change_availability"]) * MONTH)
    assert model()["change_downtime"] / MINUTE == near(21.9)
    assert model(change_availability=0.999)["change_downtime"] / MINUTE == near(43.8)


def test_the_usual_opening(of: dict[str, float]) -> None:
    assert round(of["usual_mean"]) == 11_574
    assert round(of["usual_peak"]) == 34_722


def test_evaluations(of: dict[str, float]) -> None:
    mean = of["transactions_yearly"] * of["visits"] * of["calls"]
    assert of["payments"] == near(of["transactions_yearly"])
    assert of["requests"] == near(mean)
    assert of["peak_requests"] == near(mean * of["peak_factor"])
    assert of["evaluations"] == near(mean * of["checks"])
    assert of["peak_evaluations"] == near(mean * of["checks"] * of["peak_factor"])
    assert of["chain"] == near(of["calls"] * of["checks"])
    assert of["evaluation_ratio"] == near(mean * of["checks"] * of["peak_factor"] / (100e6 * 10 / DAY * 3))


def test_here_or_there(of: dict[str, float]) -> None:
    peak, chain = of["peak_evaluations"], of["chain"]
    assert of["surviving"] == near((of["zones"] - 1) / of["zones"])
    assert of["local_processors"] == near(peak * of["local_cost"])
    asked = peak / of["checks"] / of["flag_server_rate"]  # each call asks once for all its flags
    assert of["flag_servers_busy"] == near(asked)
    left = of["zones"] / (of["zones"] - 1)
    assert of["flag_servers"] == whole(asked / of["target_utilisation"] * left)
    assert of["chain_time"] == near(chain * of["remote_time"])
    assert of["batched_time"] == near(of["calls"] * of["remote_time"])
    assert of["slow_visits"] == near(1 - (1 - of["slow_share"]) ** of["calls"])


def test_configuration(of: dict[str, float]) -> None:
    everything = of["flags"] * of["flag_size"]
    one = everything * of["flags_each"] / of["compression"]
    told = of["changes_daily"] * of["instances"] * of["touched"]
    assert of["snapshot"] == near(everything)
    assert of["instance_snapshot"] == near(one)
    assert of["delta"] == near(of["flag_size"] / of["compression"])
    assert of["change_rate"] == near(of["changes_daily"])
    assert of["deliveries_daily"] == near(told)
    assert of["delta_traffic"] == near(told * of["flag_size"] / of["compression"])
    assert of["snapshot_traffic"] == near(told * one)
    assert of["change_for_all"] == near(of["instances"] * of["flag_size"] / of["compression"])
    assert of["restart_bytes"] == near(of["instances"] * one)


def test_streams_and_relays(of: dict[str, float]) -> None:
    fleet = of["instances"]
    assert of["streams"] == near(fleet)
    assert of["relays_busy"] == near(fleet / of["relay_streams"])
    left = of["zones"] / (of["zones"] - 1)
    carried = whole(fleet / of["relay_streams"] / of["target_utilisation"] * left)
    assert of["relays"] == max(carried, of["regions"] * of["zones"])
    assert of["restart_bandwidth"] == near(of["restart_bytes"] / of["restart_time"] / of["relays"])
    assert of["poll_rate"] == near(fleet / of["poll_interval"])
    assert of["relay_capacity"] == near(of["relays"] * of["relay_streams"])


def test_relays_are_set_by_streams_or_by_where_zones_are(model: Model) -> None:
    assert model()["relays"] == 5 * 3 > whole(60e3 / 10e3 / 0.70 / (2 / 3)) == 13
    assert model(instances=200e3)["relays"] == whole(200e3 / 10e3 / 0.70 / (2 / 3)) == 43
    assert model(regions=8)["relays"] == 24
    assert model(regions=4.5)["relays"] == 14  # a relay is whole, whatever a panel is set to


def test_a_change_on_its_way(of: dict[str, float]) -> None:
    assert of["spread_time"] == near(of["commit_time"] + of["hop_time"] + of["last_hop"] + of["apply_time"])
    assert of["late_instances"] == near(of["instances"] * of["dead_streams"])
    assert of["in_time"] == near(1 - of["dead_streams"])


def test_phones_and_browsers(of: dict[str, float]) -> None:
    mean = of["accounts"] * of["daily_share"] * of["starts"]
    assert of["client_fetches"] == near(mean * of["peak_factor"])
    assert of["open_clients"] == near(mean * of["peak_factor"] * of["visit_length"])
    assert of["client_traffic"] == near(mean * of["client_values"])
    assert of["client_burst"] == near(of["open_clients"] * of["client_values"])
    assert of["client_rules"] == near(mean * of["instance_snapshot"])  # what one service loads, for each start


def test_exposures(of: dict[str, float]) -> None:
    once = of["accounts"] * of["daily_share"] * of["concurrent"]
    assert of["raw_exposures"] == near(of["evaluations"] * of["experiments_share"])
    assert of["exposures_daily"] == near(once)
    assert of["exposures"] == near(once)
    assert of["exposure_written"] == near(once * of["exposure_size"])
    assert of["exposure_storage"] == near(once * of["exposure_size"] * of["copies"] * of["exposure_days"])
    assert of["sent_exposures"] == near(once * of["starts"])
    assert of["exposure_ratio"] == near(of["evaluations"] * of["experiments_share"] / once / of["starts"])


def test_what_a_bad_flag_costs(of: dict[str, float]) -> None:
    broken = of["peak_payments"] * (of["failure_share"] - of["ordinary_failures"])  # a second, on for all
    assert of["peak_payments"] == near(of["transactions_yearly"] * of["peak_factor"])
    assert of["hurt_at_once"] == near(broken * (of["detect_all"] + of["manual_kill"]))
    assert of["seen_payments"] == near(wanted(of))
    staged = broken * of["first_stage"] * (of["detect_stage"] + of["kill_target"])
    assert of["hurt_staged"] == near(staged)
    assert of["hurt_ratio"] == near(of["hurt_at_once"] / staged)


def test_a_stage_has_seen_enough(of: dict[str, float]) -> None:
    """In the busiest hour, as what it breaks is counted there, too."""
    assert of["detect_stage"] * of["transactions_yearly"] * of["peak_factor"] * of["first_stage"] == near(wanted(of))


def wanted(of: dict[str, float]) -> float:
    return each_arm(of["ordinary_failures"], of["failure_share"], of["guard_level"], 0.99)


def test_a_machine_that_compares_every_change_is_rarely_wrong(of: dict[str, float]) -> None:
    assert of["false_kills"] == near(of["changes_daily"] * of["guardrails"] * of["guard_level"])


def test_experiments(of: dict[str, float]) -> None:
    people = each_arm(of["conversion"], of["conversion"] * (1 + of["lift"]), 0.05, 0.80)
    assert of["arm"] == near(people)
    assert of["arm_time"] == near(2 * people / (of["accounts"] * of["daily_share"]))


def test_looks_that_are_not_planned(model: Model) -> None:
    """The table of Armitage, McPherson and Rowe."""
    for looks, published in ((1, 0.050), (2, 0.083), (5, 0.142), (10, 0.193)):
        assert model(looks=looks)["peeking"] == pytest.approx(published, abs=0.0005)


def test_models_behind_flags(of: dict[str, float]) -> None:
    rate = of["peak_payments"] * of["scores"]
    full = rate * of["score_time"]
    assert of["predictions"] == near(rate)
    assert of["prediction_processors"] == near(full)
    assert of["shadow_processors"] == near(full * of["shadow_share"])
    assert of["tenfold_processors"] == near(10 * full)
    cascade = 10 * rate * (of["quick_time"] + of["unsure_share"] * of["score_time"])
    assert of["cascade_processors"] == near(cascade)
    assert of["cascade_share"] == near(of["quick_time"] / of["score_time"] + of["unsure_share"])
    assert of["unlabelled"] == near(of["payments"] * of["label_delay"])


def test_cost(of: dict[str, float]) -> None:
    """In dollars a second, as everything here is by the second."""
    parts = {
        "relays_cost": of["relays"] * of["server_price"],
        "control_cost": of["control_servers"] * of["server_price"],
        "delta_cost": of["delta_traffic"] * of["inter_region_price"],
        "client_cost": of["client_traffic"] * of["egress_price"],
        "exposure_cost": of["exposure_storage"] * of["storage_price"],
        "team_price": of["team_price"],
    }
    assert {name: of[name] for name in parts} == {name: near(part) for name, part in parts.items()}
    assert of["flags_cost"] == near(sum(parts.values()))
    assert of["people_share"] == near(of["team_price"] / sum(parts.values()))
    assert of["remote_cost"] == near(of["flag_servers"] * of["server_price"])
    assert of["local_cost_month"] == near(of["peak_evaluations"] * of["local_cost"] / 8 * of["server_price"])


def test_what_polling_and_sending_everything_would_take(of: dict[str, float]) -> None:
    left = of["zones"] / (of["zones"] - 1)

    def servers(interval: float) -> int:
        return whole(of["instances"] / interval / of["poll_answer_rate"] / of["target_utilisation"] * left)

    assert of["needed_interval"] == near(of["kill_target"] - of["spread_time"])
    assert of["poll_servers"] == servers(of["kill_target"] - of["spread_time"])
    assert of["calm_interval"] == near(15 - of["spread_time"])
    assert of["whole_bandwidth"] == near(of["instances"] * of["instance_snapshot"] / of["relays"] / of["send_time"])


def test_a_change_that_spreads_too_slowly_leaves_polling_a_tenth_of_a_second(model: Model) -> None:
    late = model(kill_target=1.0, commit_time=2.0)
    assert late["spread_time"] > late["kill_target"]
    assert late["needed_interval"] == near(0.1)


def test_the_exercises(of: dict[str, float], model: Model) -> None:
    assert of["short_chain_time"] == near(15 * of["remote_time"])
    assert of["bigger_detect"] == near(of["seen_payments"] / of["peak_payments"] / 0.10)
    broken = of["peak_payments"] * 0.10 * (of["failure_share"] - of["ordinary_failures"])
    assert of["bigger_hurt"] == near(broken * (of["bigger_detect"] + of["kill_target"]))


def test_ratios_are_plain_numbers_and_servers_are_counted(model: Model) -> None:
    for name in ("evaluation_ratio", "exposure_ratio", "hurt_ratio", "local_processors", "cascade_share"):
        assert model.dimensions[name] == {}
    for name in ("flag_servers", "relays", "poll_servers"):
        assert model.dimensions[name] == {"[server]": 1}
