"""The numbers of the email platform, computed a second time by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from handbook import units
from handbook.estimate import Model
from tests.docs import notebooks
from tests.docs.by_hand import near

HOUR, DAY, WEEK = 3600, 86400, 7 * 86400
MONTH = 365 * DAY / 12


@pytest.fixture(scope="module")
def built_facts(published) -> dict[str, dict[str, Any]]:
    """The facts of the estimate as the site publishes them."""
    return published("email-platform")


@pytest.fixture(scope="module")
def of(built_facts: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Their values in seconds, bytes, dollars and pieces."""
    return {name: fact["base"] for name, fact in built_facts.items()}


@pytest.fixture(scope="module")
def model() -> Model:
    """The estimate as a function of its assumptions."""
    return notebooks.model("email-platform")


# By hand


def test_the_usual_opening(of, built_facts):
    assert of["usual_daily"] * DAY == near(1e9)
    assert of["usual_mean"] == near(1e9 / 86400)
    assert round(of["usual_mean"]) == 11_574
    assert round(of["usual_peak"]) == 34_722
    assert built_facts["usual_mean"]["text"] == "11.6 thousand/s"
    assert built_facts["usual_peak"]["text"] == "34.7 thousand/s"
    assert of["usual_per_member"] * of["members"] == near(of["usual_daily"])


def test_messages_are_counted_from_people(of):
    reachable = of["members"] * of["reachable_share"]
    campaigns = reachable * of["campaign_per_member"]  # a second: the rates are kept in base units
    transactional = of["members"] * of["transactional_per_member"]
    assert of["reachable"] == near(reachable)
    assert of["mean_rate"] == near(campaigns + transactional)
    assert of["messages_daily"] == near(of["mean_rate"])
    assert of["largest_campaign"] == near(reachable * of["largest_audience"])
    assert of["largest_campaign"] <= of["members"]
    assert of["campaign_rate"] * of["campaign_window"] == near(of["largest_campaign"] * of["awake"])


def test_the_assumed_frequencies_are_those_that_the_text_names(of):
    assert of["campaign_per_member"] * WEEK == near(5)
    assert of["transactional_per_member"] * MONTH == near(4)
    assert of["campaign_window"] == near(2 * HOUR)


def test_the_peak_is_above_the_mean_and_the_sum_of_its_parts(of):
    others = of["campaign_daily"]  # a second: the rates are kept in base units
    assert of["peak_rate"] == near(of["campaign_rate"] + others + of["transactional_peak_rate"])
    assert of["peak_rate"] > of["mean_rate"]
    assert of["peak_to_mean"] == near(of["peak_rate"] / of["mean_rate"])
    assert of["tenfold_peak"] == near(10 * of["peak_rate"])
    assert of["unsettled"] == near(of["peak_rate"] * of["recovery_point"])


def test_objectives(of):
    assert of["accept_downtime"] == near((1 - 0.9999) * MONTH)
    assert of["duplicates_daily"] == near(of["messages_daily"] * of["duplicate_share"])
    assert of["spam_target"] < of["spam_ceiling"]


def test_little_s_law(of):
    assert of["connections"] == near(of["peak_rate"] * of["smtp_time"])
    assert of["address_rate"] == near(of["connections_per_address"] / of["smtp_time"])
    open_towards_provider = of["provider_rate"] * of["smtp_time"] / of["target_utilisation"]
    assert of["sending_addresses"] == math.ceil(round(open_towards_provider / of["connections_per_address"], 9))


def test_servers_survive_the_loss_of_a_zone(of):
    left = of["servers"] * (of["zones"] - 1) / of["zones"]
    assert of["servers"] == int(of["servers"])
    assert of["utilisation_after_loss"] == near(of["peak_rate"] / (left * of["server_rate"]))
    assert of["utilisation_after_loss"] <= of["target_utilisation"] < 1
    fewer = (of["servers"] - 1) * (of["zones"] - 1) / of["zones"]
    assert of["peak_rate"] / (fewer * of["server_rate"]) > of["target_utilisation"]  # one server less is too few


def test_addresses(of):
    assert of["even_addresses"] < of["sending_addresses"] < of["hurried_addresses"]
    assert of["even_addresses"] == math.ceil(of["messages_daily"] * DAY * of["provider_share"] / 175_000)
    assert of["hurried_addresses"] == near(of["sending_addresses"] * of["campaign_window"] / 600)
    assert of["hurried_rent"] * MONTH == near(of["hurried_addresses"] * 24.95)
    assert of["addresses_per_server"] == near(of["sending_addresses"] / of["servers"])
    assert of["patience"] == near(1 / (of["campaign_per_member"] * of["unsubscribe_share"]))


def test_retries_follow_the_published_waits(of):
    """Tried at 0, 300, 900 and 2100 s, then at 4500 s and every 4000 s after that."""
    assert (of["first_wait"], of["longest_wait"], of["give_up"]) == (300, 4000, 5 * DAY)
    assert of["retry_attempts"] == 4 + math.ceil((5 * DAY - 4500) / 4000)
    assert of["outage_attempts"] == 4


def test_the_backlog_grows_by_what_is_refused_and_drains_by_what_is_spare(of):
    refused = of["provider_rate"] * (1 - of["throttled_share"])
    assert of["backlog"] == near(refused * of["throttle_time"])
    rest = of["provider_rate"] * HOUR + of["backlog"]  # the second hour of the campaign, and what waited
    assert of["late_by"] == near(rest / of["lane_capacity"] - HOUR)
    assert 0 < of["late_by"] < HOUR
    assert of["backlog_bytes"] == near(of["backlog"] * of["queued_message_size"])


def test_storage_holds_every_copy_of_every_day(of):
    a_day = of["messages_daily"] * DAY
    event, record = of["event_size"], of["record_size"]
    copies, hot, kept = of["copies"], of["hot_days"] / DAY, of["record_days"] / DAY
    assert of["event_storage"] == near(a_day * of["events_per_message"] * event * hot * copies)
    assert of["record_storage"] == near(a_day * record * kept * copies)
    assert of["event_bytes"] == near(of["peak_rate"] * of["events_per_message"] * event)
    assert of["body_ratio"] == near(of["message_size"] / of["queued_message_size"])
    assert of["egress_peak"] == near(of["peak_rate"] * of["message_size"])
    assert of["filter_size"] == near(of["suppressed"] * 10 / 8)


def test_the_bloom_filter_gives_as_few_false_alarms_as_its_closed_form_says(of):
    bits = of["bits_per_address"] * 8
    hashes = round(bits * math.log(2))
    assert of["false_alarms"] == pytest.approx((1 - math.exp(-hashes / bits)) ** hashes, rel=1e-6)


def test_the_cost_is_the_sum_of_its_parts(of):
    a_month = of["messages_daily"] * MONTH
    parts = [
        a_month * of["message_size"] * of["egress_price"],
        of["servers"] * of["server_price"] * MONTH,
        (of["sending_addresses"] + of["code_addresses"]) * of["address_price"] * MONTH,
        of["team_price"] * MONTH,
    ]
    assert of["own_cost"] * MONTH == near(sum(parts))
    assert of["service_cost"] * MONTH == near(a_month * 0.10 / 1000 + 70_000)
    stored = of["event_storage"] + of["record_storage"] + of["variables_storage"]
    assert of["storage_cost"] * MONTH == near(stored / 1e9 * 0.08)


def test_at_the_switching_volume_both_ways_cost_the_same(of):
    by_service = of["switch_volume"] * of["service_price"] + of["service_team"]
    own = of["team_price"] + of["switch_volume"] * of["own_variable"]
    assert by_service == near(own)
    assert (of["messages_daily"] > of["switch_volume"]) == (of["service_cost"] > of["own_cost"])


# For other assumptions


def test_more_load_never_needs_less(model: Model) -> None:
    assumed = model.assumptions
    for name in ("members", "largest_audience", "campaign_per_member", "reachable_share"):
        low, high = (model(**{name: units.base(edge)}) for edge in (assumed[name].low, assumed[name].high))
        for result in ("messages_daily", "peak_rate", "servers", "sending_addresses", "event_storage", "service_cost"):
            assert low[result] <= high[result], (name, result)


def test_a_longer_window_lowers_the_peak_and_not_the_cost_of_a_service(model: Model) -> None:
    now, slower = model(), model(campaign_window=DAY)
    assert slower["sending_addresses"] < now["sending_addresses"] / 10
    assert slower["service_cost"] == near(now["service_cost"])


def test_the_price_at_which_a_service_wins_is_where_the_costs_meet():
    decisions = notebooks.decisions("email-platform")
    [price] = decisions.threshold("own_or_service", "service_price").values
    decision = decisions(service_price=units.base(price))["own_or_service"]
    assert units.base(decision.left) == pytest.approx(units.base(decision.right), rel=1e-6)
