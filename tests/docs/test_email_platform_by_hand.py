"""Every number of the email platform that no other test computes a second time: by hand, in plain seconds and bytes.

Each test runs where we publish and where other branches of the estimate are taken: a hurried and a long throttled
campaign, many small copies. `make faults` shows the same tests every wrong version of the estimate.
"""

from __future__ import annotations

import math
from statistics import NormalDist

import pytest

from handbook.estimate import Model
from scripts.faults.estimates import model_of
from tests.docs.by_hand import near, whole
from tests.projects import NOTEBOOK, ROOT

HOUR, DAY = 3600, 86400
MONTH = 365 * DAY / 12

#: Assumptions in base units. The first is what we publish.
SETTINGS: list[dict[str, float]] = [
    {},
    {"campaign_window": 0.5 * HOUR, "throttle_time": 2 * HOUR, "largest_audience": 0.9, "throttled_share": 0.5},
    {"record_days": 400 * DAY, "record_size": 1000.0, "node_disk": 1e12, "node_writes": 15000.0, "lift": 0.03},
    {"campaign_window": 1900.0, "throttle_time": 300.0, "throttled_share": 0.6, "give_up": 4500.0 + 90 * 4000},
    {"first_wait": 60.0, "longest_wait": 900.0, "give_up": 4 * DAY},
    {"transactional_peak": 8.0, "conditional_writes": 6.0, "plain_writes": 2.0, "bits_per_address": 2.5},
]


@pytest.fixture(scope="module")
def model() -> Model:
    return model_of(ROOT / NOTEBOOK)


@pytest.fixture(params=range(len(SETTINGS)))
def of(request: pytest.FixtureRequest, model: Model) -> dict[str, float]:
    return model(**SETTINGS[request.param])


def test_the_assumed_sizes_are_bytes(model: Model):
    of = model()
    assert of["message_size"] == near(75_000)
    assert of["queued_message_size"] == near(2_000)
    assert (of["event_size"], of["record_size"]) == (near(600), near(500))
    assert (of["node_disk"], of["broker_rate"]) == (near(2e12), near(60e6))
    assert of["bits_per_address"] == near(10 / 8)


def test_the_usual_opening_per_member(of):
    assert of["usual_daily"] == near(of["usual_users"] * of["usual_actions"])
    assert of["usual_peak"] == near(of["usual_daily"] * of["usual_peak_factor"])
    assert of["usual_per_member"] == near(of["usual_daily"] / of["members"])
    assert of["per_member_daily"] == near(of["messages_daily"] / of["members"])


def test_codes_and_receipts_at_their_peak(of):
    peak = of["members"] * of["transactional_per_member"] * of["transactional_peak"]
    assert of["transactional_peak_rate"] == near(peak)
    assert of["unsettled_codes"] == near(peak * of["recovery_point"])
    connections = peak * of["provider_share"] * of["smtp_time"]
    assert of["code_addresses"] == whole(connections / of["connections_per_address"] / of["target_utilisation"])


def test_connections_and_addresses(of):
    open_at_peak = of["provider_rate"] * of["smtp_time"] / of["target_utilisation"]
    assert of["sending_addresses"] == whole(open_at_peak / of["connections_per_address"])
    assert of["address_daily"] == near(of["connections_per_address"] / of["smtp_time"])
    assert of["provider_rate"] == near(of["campaign_rate"] * of["provider_share"])
    assert of["hurried_addresses"] == whole(of["sending_addresses"] * of["campaign_window"] / 600)


def test_what_a_dying_server_sends_twice(of):
    assert of["in_hand"] == near(of["peak_rate"] * of["smtp_time"] / of["servers"])
    duplicates = of["members"] * (of["mean_rate"] / of["members"]) * of["duplicate_share"]
    assert of["deaths_allowed"] == near(duplicates / of["in_hand"])
    assert of["servers_busy"] == near(of["peak_rate"] / of["server_rate"])
    assert of["sending_capacity"] == near(of["servers"] * of["server_rate"])


def test_who_opts_out_and_who_complains(of):
    campaigns = of["members"] * of["reachable_share"] * of["campaign_per_member"]
    assert of["optouts_daily"] == near(campaigns * of["unsubscribe_share"])
    assert of["complaints_daily"] == near(of["messages_daily"] * of["provider_share"] * of["spam_target"])
    assert of["patience"] == near(1 / (of["campaign_per_member"] * of["unsubscribe_share"]))


def test_attempts_are_the_waits_counted_one_by_one(of):
    for name, outage in {"outage_attempts": HOUR, "day_attempts": DAY, "retry_attempts": of["give_up"]}.items():
        time, wait, tried = 0.0, of["first_wait"], 0
        while time < outage:  # tried at 0, 300, 900 and 2100 s, then at 4500 s and every 4000 s after that
            tried, time, wait = tried + 1, time + wait, min(2 * wait, of["longest_wait"])
        assert of[name] == tried, name


def test_a_lane_behind_a_throttle(of):
    met = min(of["throttle_time"], of["campaign_window"])
    backlog = of["provider_rate"] * (1 - of["throttled_share"]) * met
    assert of["exposed"] == near(met)
    assert of["backlog"] == near(backlog)
    rest = of["campaign_window"] - met
    assert of["left"] == near(of["provider_rate"] * rest + backlog)
    assert of["lane_capacity"] == near(of["sending_addresses"] * of["connections_per_address"] / of["smtp_time"])
    assert of["late_by"] == near(max(0, of["left"] / of["lane_capacity"] - rest))
    zones_left = (of["zones"] - 1) / of["zones"]
    assert of["wait_in_line"] == near(backlog / (of["servers"] * of["server_rate"] * zones_left))


def test_database_nodes_and_brokers(of):
    load = of["plain_writes"] + of["conditional_writes"] * of["conditional_cost"]
    writes, zones_left = of["peak_rate"] * load, (of["zones"] - 1) / of["zones"]
    assert of["write_load"] == near(load)
    assert of["state_writes"] == near(writes)
    nodes = writes / (of["node_writes"] * of["target_utilisation"] * zones_left)
    assert of["nodes_for_writes"] == whole(nodes)
    kept = of["messages_daily"] * of["record_days"] * of["record_size"] * of["copies"]
    assert of["nodes_for_disk"] == whole(kept / (of["node_disk"] * of["target_utilisation"]))
    events = of["peak_rate"] * of["events_per_message"]
    assert of["event_rate"] == near(events)
    assert of["brokers"] == whole(events * of["event_size"] * of["copies"] / of["broker_rate"] / zones_left)


def test_bodies_against_variables(of):
    kept = of["messages_daily"] * of["record_days"] * of["copies"]
    assert of["rendered_storage"] == near(kept * of["message_size"])
    assert of["variables_storage"] == near(kept * of["queued_message_size"])
    assert of["egress_daily"] == near(of["messages_daily"] * of["message_size"])
    assert of["bodies_cost"] == near(kept * of["message_size"] * of["storage_price"])


def test_look_ups_that_the_filter_passes_on(of):
    bits = 8 * of["bits_per_address"]  # the base unit is the byte
    alarms = (1 - math.exp(-of["filter_hashes"] / bits)) ** of["filter_hashes"]
    assert of["false_alarms"] == pytest.approx(alarms, rel=1e-6)
    campaigns = of["campaign_rate"] + of["campaign_daily"]
    assert of["lookups"] == pytest.approx((2 * campaigns + of["transactional_peak_rate"]) * alarms, rel=1e-6)
    assert of["filter_size"] == near(of["suppressed"] * of["bits_per_address"])


def two_shares(first: float, second: float) -> float:
    """Fleiss: members in each arm to tell two shares apart, at 5% and with a power of 80%."""
    middle = (first + second) / 2
    z, power = NormalDist().inv_cdf(0.975), NormalDist().inv_cdf(0.8)
    spread = first * (1 - first) + second * (1 - second)
    return (z * math.sqrt(2 * middle * (1 - middle)) + power * math.sqrt(spread)) ** 2 / (second - first) ** 2


def test_experiments_and_features(of):
    reachable = of["members"] * of["reachable_share"]
    share = of["daily_active"] / of["members"]
    assert of["visiting"] == near(share)
    assert of["arm"] == pytest.approx(two_shares(share, share * (1 + of["lift"])), rel=1e-6)
    assert of["fine_arm"] == pytest.approx(two_shares(share, share * (1 + of["lift"] / 10)), rel=1e-6)
    assert of["arm_share"] == near(2 * of["arm"] / reachable)
    assert of["decision_rate"] == near(reachable * of["largest_audience"] / of["planning_time"])
    assert of["feature_storage"] == near(reachable * of["feature_size"] * of["copies"])
    assert of["explored_daily"] * DAY == near(reachable * of["exploring"])


def test_the_whole_platform_costs_the_sum_of_its_parts(of):
    kept = of["event_storage"] + of["record_storage"] + of["variables_storage"]
    machines = max(of["nodes_for_writes"], of["nodes_for_disk"]) + of["brokers"]
    nodes, disks = machines * of["server_price"], kept * of["storage_price"]
    assert of["egress_cost"] == near(of["messages_daily"] * of["message_size"] * of["egress_price"])
    assert of["servers_cost"] == near(of["servers"] * of["server_price"])
    assert of["service_fee"] == near(of["messages_daily"] * of["service_price"])
    own = (of["messages_daily"] * of["message_size"] * of["egress_price"] + of["servers"] * of["server_price"]
           + (of["sending_addresses"] + of["code_addresses"]) * of["address_price"] + of["team_price"])  # fmt: skip
    assert of["nodes_cost"] == near(nodes)
    assert of["storage_cost"] == near(disks)
    assert of["platform_cost"] == near(own + disks + nodes)
    assert of["people_share"] == near(of["team_price"] / of["platform_cost"])


def test_where_a_service_at_half_its_price_costs_as_much(of):
    fixed = of["team_price"] - of["service_team"]
    a_message = (of["own_cost"] - of["team_price"]) / of["messages_daily"]
    assert of["own_variable"] == near(a_message)
    assert of["half_price_volume"] == near(fixed / (of["service_price"] / 2 - a_message))


def test_a_region_s_downtime_and_the_exercises(of):
    assert of["region_downtime"] == near((1 - of["region_availability"]) * MONTH)
    assert of["accept_downtime"] == near((1 - of["accept_availability"]) * MONTH)
    trusted = of["warm_daily"] * DAY
    assert of["day_addresses"] == whole(of["largest_campaign"] * of["provider_share"] / trusted)
    assert of["even_addresses"] == whole(of["messages_daily"] * DAY * of["provider_share"] / trusted)
    assert of["slow_connections"] == near(3 * of["peak_rate"] * of["smtp_time"])
