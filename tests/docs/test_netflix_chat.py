"""The numbers of the chat, computed a second time by hand, and its decisions on both sides of where they turn over."""

from __future__ import annotations

import math
from typing import Any

import pytest

from handbook import netflix, units
from tests.docs import notebooks

MINUTE, HOUR, DAY = 60, 3600, 86400
MONTH = 365 * DAY / 12
MB, GB, TB = 1e6, 1e9, 1e12

# The assumptions, as the chapter states them
SENDS = 100e6 * 0.20 * 25  # a day
MEAN_SENDS = SENDS / DAY
PEAK_SENDS = 2 * MEAN_SENDS
FAN_OUT = 4 * 0.40 * 1.4
MEAN_STREAMS = 96e9 / (184 * 24)
CONNECTIONS = 2 * MEAN_STREAMS * 1.4
EVENT_CONNECTIONS = 65e6 * 1.4
CHATTERS = 65e6 * 0.10
EVENT_SENDS = CHATTERS * 0.5 / MINUTE
GATEWAYS, ORDINARY_GATEWAYS = 975, 653  # worked out below


@pytest.fixture(scope="module")
def of() -> dict[str, float]:
    """The facts in seconds, bytes, dollars and pieces."""
    return notebooks.model("netflix-chat")()


def near(value: float) -> Any:
    return pytest.approx(value, rel=1e-9)


def servers(load: float, each: float) -> int:
    """How many carry a load at 70% when a zone of three is lost: counted up, not divided."""
    count = int(load / each)
    while load > count * 2 / 3 * each * 0.70 * (1 + 1e-12):
        count += 1
    return count


def test_what_all_chapters_about_netflix_take_for_granted(of):
    for name in ("daily_active", "viewing_half_year", "half_year", "diurnal_peak"):
        assert of[name] == units.base(getattr(netflix, name))


def test_objectives(of):
    assert of["send_downtime"] == near(0.0005 * MONTH)
    assert of["send_downtime"] / MINUTE == pytest.approx(21.9)
    assert of["uncopied"] == near(2 * PEAK_SENDS)
    assert of["tenfold_sends"] == near(10 * PEAK_SENDS)


def test_the_usual_opening(of):
    assert round(of["usual_mean"]) == 11_574
    assert round(of["usual_peak"]) == 34_722


def test_connections_follow_streams(of):
    assert of["mean_streams"] == near(MEAN_STREAMS)
    assert of["peak_streams"] == near(2 * MEAN_STREAMS)
    assert of["connections"] == near(CONNECTIONS)
    assert of["event_connections"] == near(91e6)
    assert of["open_rate"] * 45 * MINUTE == near(CONNECTIONS)


def test_gateways_survive_the_loss_of_a_zone_and_one_less_does_not(of):
    assert of["gateways"] == GATEWAYS == servers(EVENT_CONNECTIONS, 200e3)
    assert of["ordinary_gateways"] == ORDINARY_GATEWAYS == servers(CONNECTIONS, 200e3)
    assert of["utilisation_after_loss"] == near(EVENT_CONNECTIONS / (GATEWAYS * 2 / 3 * 200e3))
    assert of["utilisation_after_loss"] <= 0.70 < EVENT_CONNECTIONS / ((GATEWAYS - 1) * 2 / 3 * 200e3)
    assert of["gateway_memory"] == near(8 * GB)


def test_messages_and_deliveries(of):
    assert of["sends_daily"] * DAY == near(500e6)
    assert of["peak_sends"] == near(PEAK_SENDS)
    assert of["deliveries"] == near(PEAK_SENDS * FAN_OUT)
    assert of["deliveries"] < 2 * of["frame_rate"]  # the two gateways of the text


def test_an_event_in_one_room_and_in_many(of):
    assert of["event_chatters"] == near(6.5e6)
    assert of["event_sends"] == near(EVENT_SENDS)
    assert of["naive_deliveries"] == near(EVENT_SENDS * CHATTERS)
    assert of["readable_deliveries"] == near(2 * CHATTERS)
    assert of["naive_ratio"] == near(EVENT_SENDS / 2)
    assert of["event_ratio"] == near(2 * CHATTERS / (PEAK_SENDS * FAN_OUT))
    assert of["followed_room"] == near(240)
    assert of["live_rooms"] == math.ceil(6.5e6 / 240) == 27_084
    assert of["live_rooms"] * 240 * 0.5 / MINUTE >= EVENT_SENDS  # the rooms hold all that is said


def test_frames_need_fewer_gateways_than_connections(of):
    assert of["frames"] == near(13e6)
    assert of["gateways_for_frames"] == servers(13e6, 100e3) < GATEWAYS
    assert of["owners"] == servers(PEAK_SENDS + EVENT_SENDS, 5000)


def test_presence(of):
    changes = 2 * CONNECTIONS / (45 * MINUTE)
    assert of["presence_changes"] == near(changes)
    assert of["presence_updates"] == near(changes * 20 * 0.40)
    assert of["presence_seen"] == near(changes * 20 * 0.40 * 0.05)
    assert of["presence_ratio"] == near(changes * 8 / (PEAK_SENDS * FAN_OUT))
    assert of["presence_seen"] < of["deliveries"] < of["presence_updates"]


def test_parties(of):
    assert of["party_messages"] == near(2 * MEAN_STREAMS * 0.01 / 10)
    assert of["party_messages"] > of["peak_sends"]  # "more than they talk": more than all members talk
    assert of["drift_repair"] == near(10)


def test_history_and_the_nodes_that_hold_it(of):
    history = SENDS * 500 * 3 * 365
    assert of["history"] == near(history)
    assert of["nodes_for_disk"] == math.ceil(history / (2 * TB) / 0.70) == 196
    assert of["nodes_for_writes"] == servers(PEAK_SENDS * 7, 3700) == 47
    assert of["nodes"] == 196
    assert of["month_nodes"] == max(47, math.ceil(history * 30 / 365 / (2 * TB) / 0.70)) == 47


def test_partitions(of):
    assert of["bucket_size"] == near(25 * MB)
    assert of["bucket_most"] == near(40 * DAY)
    assert of["event_partition"] == near(EVENT_SENDS * HOUR * 500)
    assert of["room_partition"] == near(2 * HOUR * 500)
    assert of["room_partition"] < of["bucket_size"] < of["partition_limit"] < of["event_partition"]


def test_read_marks_and_pushes(of):
    assert of["receipts"] == near(4 * PEAK_SENDS)
    assert of["marks"] == near(100e6 * 0.20 * 5 / DAY * 2)
    assert of["offline_sends"] == near(MEAN_SENDS * 4 * 0.60)
    assert of["pushes"] == near(MEAN_SENDS * 4 * 0.60 / 6)


def test_a_lost_zone(of):
    lost, accepted = EVENT_CONNECTIONS / 3, GATEWAYS * 2 / 3 * 1000
    assert of["lost"] == near(lost)
    assert of["accept_rate"] == near(accepted) == near(650e3)
    assert of["fastest_return"] == near(lost / accepted)
    assert of["jitter_window"] == near(lost / accepted / 0.70)
    assert of["naive_storm"] == near(lost / 2)
    assert of["storm_ratio"] == near(lost / 2 / accepted)
    assert of["fastest_return"] < of["jitter_window"] < of["slow_return"] < of["reconnect_target"] == 2 * MINUTE
    assert of["loud_room"] == near(60) == near(of["followed_room"] / 4)


def test_traffic(of):
    assert of["egress_peak"] == near(PEAK_SENDS * FAN_OUT * 400)
    assert of["egress_event"] == near(2 * CHATTERS * 400)
    assert of["egress_daily"] * DAY == near(SENDS * FAN_OUT * 400)


def test_cost(of):
    days = MONTH / DAY
    hours = MONTH / HOUR
    parts = {
        "gateways_cost": ORDINARY_GATEWAYS * 0.33 * hours,
        "owners_cost": servers(PEAK_SENDS + EVENT_SENDS, 5000) * 0.33 * hours,
        "egress_cost": SENDS * FAN_OUT * 400 / GB * 0.05 * days,
        "nodes_cost": 196 * 0.33 * hours,
        "disks_cost": SENDS * 500 * 3 * 365 / GB * 0.08,
        "moderation_cost": SENDS / 1000 * 0.02 * days,
        "team_price": 400e3,
    }
    assert {name: of[name] * MONTH for name in parts} == {name: near(part) for name, part in parts.items()}
    assert of["chat_cost"] * MONTH == near(sum(parts.values()))
    assert of["cost_each"] * MONTH == near(sum(parts.values()) / 20e6)
    assert of["idle_cost"] * MONTH == near((GATEWAYS - ORDINARY_GATEWAYS) * 0.33 * hours)
    assert sorted(parts, key=parts.get)[-2:] == ["moderation_cost", "team_price"]  # the two largest, as the text says
    assert parts["moderation_cost"] > parts["gateways_cost"] + parts["nodes_cost"]
    assert parts["moderation_cost"] / sum(parts.values()) == pytest.approx(1 / 3, abs=0.02)


# Decisions

# decision: assumption, where it turns over by hand (base units), whether the first alternative holds below it
BY_HAND = [
    ("inbox_or_log", "recipients", 99, True),  # a room of 100: 5 looks × 4 rows against 0.2 posts × 100 members
    ("inbox_or_log", "posts", 5 * 4 / 5 / DAY, True),
    ("sample_or_all", "event_streams", 2 / (0.5 / MINUTE) / 0.10, False),
    ("presence_or_ask", "contacts", PEAK_SENDS * FAN_OUT / (2 * CONNECTIONS / (45 * MINUTE) * 0.40), False),
    ("admit_or_open", "naive_window", EVENT_CONNECTIONS / 3 / 650e3, True),
    ("one_or_two_regions", "region_availability", 0.9995, True),
]


@pytest.mark.parametrize(("name", "over", "value", "first_below"), BY_HAND)
def test_decisions_turn_over_where_the_hand_says(name, over, value, first_below):
    model = notebooks.decisions("netflix-chat")
    sides = [bool(model(**{over: value * side})[name]) for side in (0.999, 1.001)]
    if over == "region_availability":  # a thousandth of it is more than the whole month's budget
        sides = [bool(model(**{over: value + step})[name]) for step in (-1e-6, 1e-6)]
    assert sides == [first_below, not first_below]
    within = (value / 3, min(value * 3, 1)) if over == "region_availability" else (value / 3, value * 3)
    assert [units.base(v) for v in model.threshold(name, over, within=within).values] == pytest.approx([value])


def test_as_published_the_chapter_chooses_what_it_says():
    published = notebooks.decisions("netflix-chat").published
    assert {name: bool(decision) for name, decision in published.items()} == dict.fromkeys(published, True)
    assert len(published) == 7


def test_polling_is_cheaper_above_forty_seconds_and_so_for_a_minute():
    """91 million questions every 40 s, 5000 a second and server, are the 975 gateways that hold them."""
    decisions = notebooks.decisions("netflix-chat")
    chosen = {seconds: bool(decisions(poll_interval=seconds)["socket_or_poll"]) for seconds in (39.9, 40.1, 60)}
    assert chosen == {39.9: True, 40.1: False, 60: False}
    assert servers(EVENT_CONNECTIONS / 5, 5000) == 7800 == notebooks.model("netflix-chat")()["poll_servers"]


@pytest.mark.parametrize("over", ["managed_price", "gateway_team", "server_price"])
def test_where_renting_and_owning_meet_both_cost_the_same(over):
    decisions = notebooks.decisions("netflix-chat")
    [value] = decisions.threshold("own_or_managed", over, within=(0, 1)).values
    decision = decisions(**{over: units.base(value)})["own_or_managed"]
    assert units.base(decision.left) == pytest.approx(units.base(decision.right), rel=1e-6)


def test_the_two_costs_of_connections_lie_close_together():
    hours = MONTH / HOUR
    own = GATEWAYS * 0.33 * hours + 120e3
    rented = MEAN_STREAMS * 1.4 * MONTH / MINUTE * 0.25e-6 + SENDS * FAN_OUT * MONTH / DAY * 1e-6
    decision = notebooks.decisions("netflix-chat").published["own_or_managed"]
    assert units.base(decision.left) * MONTH == near(own)
    assert units.base(decision.right) * MONTH == near(rented)
    assert 0.8 < own / rented < 1.25


# For other assumptions


def test_more_load_never_needs_less():
    model = notebooks.model("netflix-chat")
    for name in ("event_streams", "daily_active", "sends_each", "recipients", "connections_each", "history_days"):
        low, high = (model(**{name: edge}) for edge in notebooks.ranges("netflix-chat")[name])
        for result in ("gateways", "peak_sends", "deliveries", "lost", "nodes", "history", "chat_cost", "owners"):
            assert low[result] <= high[result], (name, result)


def test_who_talks_louder_has_a_smaller_room_and_no_more_deliveries(of):
    loud = notebooks.model("netflix-chat")(event_talk=2 / MINUTE)
    assert loud["followed_room"] == near(of["loud_room"])
    assert loud["readable_deliveries"] == near(of["readable_deliveries"])


def test_the_exercises_are_what_a_reader_s_change_shows(of):
    model = notebooks.model("netflix-chat")
    assert model(handshake_rate=500)["fastest_return"] == near(of["slow_return"])
    assert model(history_days=30 * DAY)["nodes"] == of["month_nodes"]
