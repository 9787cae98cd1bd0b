"""The numbers of the chat, computed a second time by hand, and its decisions on both sides of where they turn over."""

from __future__ import annotations

import math
import re

import pytest

from handbook import netflix, rounding, units
from handbook.assumptions import declaration
from tests.docs import notebooks
from tests.docs.by_hand import near, servers

MINUTE, HOUR, DAY = 60, 3600, 86400
MONTH = 365 * DAY / 12
MB, GB, TB = 1e6, 1e9, 1e12

# The assumptions, as the chapter states them
SENDS = 100e6 * 0.20 * 25  # a day
MEAN_SENDS = SENDS / DAY
PEAK_SENDS = 2 * MEAN_SENDS
FAN_OUT = 4 * 0.40 * 1.4
MEAN_STREAMS = 96e9 / (184 * 24)
CONNECTIONS = 2 * MEAN_STREAMS * 0.20 * 1.4
CHATTERS = 65e6 * 0.10
EVENT_CONNECTIONS = CHATTERS * 1.4 + CONNECTIONS * 0.50
ALL_CONNECTIONS = (65e6 + 2 * MEAN_STREAMS * 0.50) * 1.4
EVENT_SENDS = CHATTERS * 0.5 / MINUTE
ORDINARY_GATEWAYS, GATEWAYS, LIVE_OWNERS = 131, 390, 59  # worked out below
ACCEPTED = ORDINARY_GATEWAYS * 2 / 3 * 1000
CLOCKS = 2 * MEAN_STREAMS * 0.01 / 10
OWN = (GATEWAYS + LIVE_OWNERS) * 0.33 * MONTH / HOUR + 120e3
EVENT_DELIVERED = 2 * CHATTERS * 3 * HOUR * 4  # a month
RENTED = MEAN_STREAMS * 0.20 * 1.4 * MONTH / MINUTE * 0.25e-6 + 1e-6 * (
    (SENDS + SENDS * FAN_OUT) * MONTH / DAY + CLOCKS / 2 * MONTH + EVENT_DELIVERED
)


@pytest.fixture(scope="module")
def of() -> dict[str, float]:
    """The facts in seconds, bytes, dollars and pieces."""
    return notebooks.model("netflix-chat")()


def test_what_all_chapters_about_netflix_take_for_granted(of):
    for name in ("daily_active", "viewing_half_year", "half_year", "diurnal_peak"):
        assert of[name] == units.base(getattr(netflix, name))


def test_objectives(of):
    assert of["send_downtime"] == near(0.0005 * MONTH)
    assert of["send_downtime"] / MINUTE == pytest.approx(21.9)
    assert of["uncopied"] == near(2 * PEAK_SENDS * 0.5)  # of the half that is at home in the lost region
    assert of["tenfold_sends"] == near(10 * PEAK_SENDS)


def test_the_usual_opening(of):
    assert round(of["usual_mean"]) == 11_574
    assert round(of["usual_peak"]) == 34_722
    assert of["usual_mean"] == near(PEAK_SENDS)  # "by chance"


def test_connections_follow_streams(of):
    assert of["mean_streams"] == near(MEAN_STREAMS)
    assert of["peak_streams"] == near(2 * MEAN_STREAMS)
    assert of["connections"] == near(CONNECTIONS)
    assert of["event_connections"] == near(EVENT_CONNECTIONS)
    assert of["all_connections"] == near(ALL_CONNECTIONS)
    assert of["pings"] == near(CONNECTIONS / 30)
    assert of["pings"] > max(of[name] for name in ("deliveries", "presence_updates", "party_messages", "open_rate"))
    assert of["open_rate"] * 45 * MINUTE == near(CONNECTIONS)


def test_gateways_survive_the_loss_of_a_zone_and_one_less_does_not(of):
    assert of["ordinary_gateways"] == ORDINARY_GATEWAYS == servers(CONNECTIONS, 200e3)
    assert of["gateways_for_connections"] == servers(EVENT_CONNECTIONS, 200e3) == 163
    assert of["utilisation_after_loss"] == near(CONNECTIONS / (ORDINARY_GATEWAYS * 2 / 3 * 200e3))
    assert of["utilisation_after_loss"] <= 0.70 < CONNECTIONS / ((ORDINARY_GATEWAYS - 1) * 2 / 3 * 200e3)
    assert of["gateway_memory"] == near(8 * GB)


def test_messages_and_deliveries(of):
    assert of["sends_daily"] * DAY == near(500e6)
    assert of["peak_sends"] == near(PEAK_SENDS)
    assert of["deliveries"] == near(PEAK_SENDS * FAN_OUT)
    assert of["deliveries"] < of["frame_rate"]  # the one gateway of the text


def test_an_event_in_one_room_and_in_many(of):
    assert of["event_chatters"] == near(6.5e6)
    assert of["event_sends"] == near(EVENT_SENDS)
    assert of["naive_deliveries"] == near(EVENT_SENDS * CHATTERS)
    assert of["readable_deliveries"] == near(2 * CHATTERS)
    assert of["naive_ratio"] == near(EVENT_SENDS / 2)
    assert of["event_ratio"] == near(2 * CHATTERS / (PEAK_SENDS * FAN_OUT))
    assert of["goal_sends"] == near(10 * EVENT_SENDS)
    assert of["followed_room"] == near(180)
    assert of["followed_room"] * 0.5 / MINUTE == near(
        2 * 0.75
    )  # what they say, and what one can follow beside hosts and sample
    assert of["live_rooms"] == math.ceil(6.5e6 / 180) == 36_112


def test_writing_and_not_holding_sizes_the_event_s_fleet(of):
    assert of["frames"] == near(CHATTERS * 1.4 / 0.5) == near(18.2e6)
    assert of["gateways"] == of["gateways_for_frames"] == GATEWAYS == servers(18.2e6, 100e3)
    assert of["gateways"] > of["gateways_for_connections"] > of["ordinary_gateways"]
    assert of["live_owners"] == LIVE_OWNERS == servers(10 * EVENT_SENDS, 20e3)
    assert of["bundles"] == near(59 * 390 / 0.5)
    assert of["bundles"] < 0.01 * of["frames"]  # "the way from owners to gateways is short"


def test_owners_bear_the_sends_and_the_questions_of_those_who_come_back(of):
    assert of["owners_for_sends"] == servers(PEAK_SENDS, 5000) == 5
    assert of["resumes"] == near(ACCEPTED * 0.5)
    assert of["owners"] == max(5, servers(ACCEPTED * 0.5, 20e3)) == 5
    many = notebooks.model("netflix-chat")(resumed=2)
    assert many["owners"] == servers(ACCEPTED * 2, 20e3) == 19 > many["owners_for_sends"]


def test_presence(of):
    changes = 2 * CONNECTIONS / (45 * MINUTE) / 1.4  # of members, not of their devices
    assert of["presence_changes"] == near(changes)
    assert of["presence_updates"] == near(changes * 20 * 0.40 * 1.4)
    assert of["presence_seen"] == near(changes * 20 * 0.40 * 1.4 * 0.05)
    assert of["presence_ratio"] == near(changes * 8 * 1.4 / (PEAK_SENDS * FAN_OUT))
    assert of["presence_seen"] < of["deliveries"] < of["presence_updates"]


def test_parties(of):
    assert of["party_streams"] == near(2 * MEAN_STREAMS * 0.01)
    assert of["party_messages"] == near(CLOCKS)
    assert of["drift_repair"] == near(10)


def test_history_and_the_nodes_that_hold_it(of):
    history = SENDS * 500 * 3 * 365
    assert of["history"] == near(history)
    assert of["nodes_for_disk"] == math.ceil(history / (2 * TB) / 0.70) == 196
    assert of["nodes_for_writes"] == servers(PEAK_SENDS * (4 + 4), 3700) == 54
    assert of["nodes"] == 196
    assert of["month_nodes"] == max(54, math.ceil(history * 30 / 365 / (2 * TB) / 0.70)) == 54
    assert of["spare_writes"] == near(196 * 3700 * 0.70 * 2 / 3 / (PEAK_SENDS * 8))
    assert of["event_log"] == near(EVENT_SENDS * 3 * HOUR * 500 * 3)


def test_partitions(of):
    assert of["bucket_size"] == near(25 * MB)
    assert of["fill_time"] == near(40 * DAY)
    assert of["event_partition"] == near(EVENT_SENDS * HOUR * 500)
    assert of["room_partition"] == near(180 * 0.5 / MINUTE * HOUR * 500) == near(2.7 * MB)
    assert of["room_partition"] < of["bucket_size"] < of["partition_limit"] < of["event_partition"]


def test_read_marks_and_pushes(of):
    assert of["receipts"] == near(4 * PEAK_SENDS)
    assert of["marks"] == near(100e6 * 0.20 * 5 / DAY * 2)
    assert of["offline_sends"] == near(PEAK_SENDS * 4 * 0.60)
    assert of["pushes"] == near(PEAK_SENDS * 4 * 0.60 / 6)


def test_a_lost_zone(of):
    lost = CONNECTIONS / 3
    assert of["lost"] == near(lost)
    assert of["accept_rate"] == near(ACCEPTED)
    assert of["fastest_return"] == near(lost / ACCEPTED)
    assert of["jitter_window"] == near(lost / ACCEPTED / 0.70)
    assert of["naive_storm"] == near(lost / 2)
    assert of["storm_ratio"] == near(lost / 2 / ACCEPTED)
    assert of["event_return"] == near(EVENT_CONNECTIONS / 3 / (GATEWAYS * 2 / 3 * 1000))
    assert (
        of["event_return"]
        < of["fastest_return"]
        < of["jitter_window"]
        < of["slow_return"]
        < of["reconnect_target"]
        == 2 * MINUTE
    )
    assert 1.5 * of["jitter_window"] < 2 * MINUTE < 2 * of["jitter_window"]  # "room for about one mistake"


def test_the_number_of_members_cancels_out_of_the_return(of):
    """What is put on a gateway over what it accepts; half of that in a third zone, and never filled beyond 70%."""
    assert of["fastest_return"] == pytest.approx(200e3 * 0.70 / 1000 / 3, rel=0.01)
    double = notebooks.model("netflix-chat")(chat_share=0.40)
    assert double["lost"] == near(2 * of["lost"])
    assert double["fastest_return"] == pytest.approx(of["fastest_return"], rel=0.01)


def test_a_smaller_room_for_who_talks_louder(of):
    assert of["loud_room"] == near(45) == near(of["followed_room"] / 4)


def test_traffic(of):
    assert of["egress_peak"] == near(PEAK_SENDS * FAN_OUT * 400)
    assert of["egress_event"] == near(2 * CHATTERS * 400)
    assert of["egress_daily"] * DAY == near(SENDS * FAN_OUT * 400)


def test_cost(of):
    days = MONTH / DAY
    hours = MONTH / HOUR
    machines = {
        "gateways_cost": ORDINARY_GATEWAYS * 0.33 * hours,
        "owners_cost": 5 * 0.33 * hours,
        "nodes_cost": 196 * 0.33 * hours,
        "disks_cost": SENDS * 500 * 3 * 365 / GB * 0.08,
    }
    parts = machines | {
        "egress_cost": SENDS * FAN_OUT * 400 / GB * 0.05 * days,
        "second_region": sum(machines.values()),  # each region carries all
        "machine_review": EVENT_SENDS * 3 * HOUR * 4 / 1000 * 0.02,
        "people_review": SENDS * days * 0.0001 * 25 / 60,
        "team_price": 400e3,
    }
    assert {name: of[name] * MONTH for name in parts} == {name: near(part) for name, part in parts.items()}
    assert of["chat_cost"] * MONTH == near(sum(parts.values()))
    assert of["cost_each"] * MONTH == near(sum(parts.values()) / 20e6)
    assert of["idle_cost"] * MONTH == near((GATEWAYS - ORDINARY_GATEWAYS + LIVE_OWNERS) * 0.33 * hours)
    assert sorted(parts, key=parts.get)[-2:] == ["team_price", "people_review"]  # the two largest, as the text says
    assert parts["people_review"] > parts["second_region"] + sum(machines.values())
    assert parts["people_review"] / sum(parts.values()) == pytest.approx(1 / 2, abs=0.02)  # "half of it"


# Each row's numbers as the page shows them, what they make, and that as the page shows it
BY_HEART = [
    ("96 billion hours|184 days", 96e9 / (184 * 24), "21.7 million"),
    ("2|20%|1.4", 21.7e6 * 2 * 0.20 * 1.4, "12.2 million"),
    ("200 thousand|70%|66.7%", math.ceil(12.2e6 / 200e3 / 0.70 / 0.667), "131"),
    ("12.2 million|87.3 thousand/s", 12.2e6 / 3 / 87.3e3, "46.5 s"),
    ("100 million|20%|25/day|2", 100e6 * 0.20 * 25 / DAY * 2, "11.6 thousand/s"),
    ("4|40%|1.4", 11.6e3 * 4 * 0.40 * 1.4, "25.9 thousand/s"),
    ("6.5 million|2/s", 6.5e6 * 2, "13 million/s"),
    ("2/s|0.5/min", 2 * 3 / 4 / (0.5 / MINUTE), "180"),
]


def test_the_sums_to_know_by_heart_come_out_as_shown():
    names, shown = notebooks.run("netflix-chat", "estimate"), []
    page = notebooks.path("netflix-chat").with_name("index.md").read_text("utf-8")
    table = page.split("### Eight sums to know by heart")[1].split("###")[0]
    for row in re.findall(r"^\| (.*\{\{.*) \|.*\|$", table, re.MULTILINE):
        values = [names[name] for name in re.findall(r"\{\{ (\w+)", row)]
        exact = [(found := declaration(value)) is not None and found.exact for value in values]
        shown.append([rounding.text(value, exact=e) for value, e in zip(values, exact, strict=True)])
    assert ["|".join(row) for row in shown] == [f"{numbers}|{result}" for numbers, _, result in BY_HEART]


@pytest.mark.parametrize(("numbers", "value", "result"), BY_HEART)
def test_by_heart_the_displayed_numbers_make_the_displayed_result(numbers, value, result):
    digits, *word = result.removesuffix("/s").removesuffix(" s").split()
    shown = float(digits) * {"thousand": 1e3, "million": 1e6}.get(*word or [""], 1)
    assert value == pytest.approx(shown, rel=0.005)  # rounded to three digits along the way


# Decisions

# decision: assumption, where it turns over by hand (base units), whether the first alternative holds below it
BY_HAND = [
    ("inbox_or_log", "recipients", 20 * 4 / (25 * 0.30) - 1, True),  # that many others and oneself write, one looks
    ("inbox_or_log", "looks", 5 * 25 * 0.30 / 4 / DAY, False),
    ("inbox_or_log", "busy_share", 20 * 4 / (5 * 25), True),
    ("sample_or_all", "event_streams", 2 / (0.5 / MINUTE) / 0.10, False),
    ("presence_or_ask", "contacts", PEAK_SENDS * FAN_OUT / (2 * CONNECTIONS / (45 * MINUTE) * 0.40), False),
    ("admit_or_open", "naive_window", CONNECTIONS / 3 / ACCEPTED, True),
    ("own_or_managed", "gateway_team", (120e3 + RENTED - OWN) / MONTH, True),
    ("own_or_managed", "event_hours", 3 * HOUR * (1 - (RENTED - OWN) / (EVENT_DELIVERED * 1e-6)), False),
    ("own_or_managed", "events_monthly", 4 / MONTH * (1 - (RENTED - OWN) / (EVENT_DELIVERED * 1e-6)), False),
    ("wake_or_hold", "event_streams", 400 * 2 / 3 * 0.70 * 200e3 / 1.4 - MEAN_STREAMS, False),
    ("wake_or_hold", "gateway_connections", ALL_CONNECTIONS / (400 * 2 / 3 * 0.70), True),
    ("wake_or_hold", "affordable", servers(ALL_CONNECTIONS, 200e3), True),
    ("socket_or_poll", "poll_interval", EVENT_CONNECTIONS / (GATEWAYS * 2 / 3 * 0.70 * 5000), True),
    ("one_or_two_regions", "region_availability", 0.9995, True),
    ("one_or_two_regions", "send_availability", 0.999, False),
]


@pytest.mark.parametrize(("name", "over", "value", "first_below"), BY_HAND)
def test_decisions_turn_over_where_the_hand_says(name, over, value, first_below):
    model = notebooks.decisions("netflix-chat")
    step = 1e-6 if name == "one_or_two_regions" else value / 1000  # a thousandth of that is more than a month's budget
    sides = [bool(model(**{over: value + side})[name]) for side in (-step, step)]
    assert sides == [first_below, not first_below]
    within = (value / 3, min(value * 3, 1)) if name == "one_or_two_regions" else (value / 3, value * 3)
    assert [units.base(v) for v in model.threshold(name, over, within=within).values] == pytest.approx([value])


def test_as_published_the_chapter_chooses_what_it_says():
    published = notebooks.decisions("netflix-chat").published
    assert {name: bool(decision) for name, decision in published.items()} == dict.fromkeys(published, True)
    assert {name for name, *_ in BY_HAND} == set(published)


def test_for_a_minute_s_delay_polling_is_better(of):
    assert not notebooks.decisions("netflix-chat")(poll_interval=MINUTE)["socket_or_poll"]
    assert servers(EVENT_CONNECTIONS / 2, 5000) == 3255 == of["poll_servers"]


def test_connecting_everybody_takes_ten_times_the_gateways(of):
    assert of["all_gateways"] == servers(ALL_CONNECTIONS, 200e3) == 1302
    assert of["all_gateways"] / of["ordinary_gateways"] == pytest.approx(10, abs=0.1)


def test_a_large_group_is_looked_up_above_four_hundred(of):
    """By counting rows of a day: 20 looks of 4 against 0.2 messages of each member."""
    assert of["inbox_limit"] == near(400) == near(20 * 4 / 0.2)
    assert of["inbox_daily"] * DAY == near(5 * 25 * 0.30)
    assert of["heads_daily"] * DAY == near(20 * 4)


@pytest.mark.parametrize("over", ["managed_message", "gateway_team", "server_price"])
def test_where_renting_and_owning_meet_both_cost_the_same(over):
    decisions = notebooks.decisions("netflix-chat")
    [value] = decisions.threshold("own_or_managed", over).values
    decision = decisions(**{over: units.base(value)})["own_or_managed"]
    assert units.base(decision.left) == pytest.approx(units.base(decision.right), rel=1e-6)


def test_an_event_s_messages_and_not_the_connections_make_renting_dear():
    decision = notebooks.decisions("netflix-chat").published["own_or_managed"]
    assert units.base(decision.left) * MONTH == near(OWN)
    assert units.base(decision.right) * MONTH == near(RENTED)
    assert EVENT_DELIVERED * 1e-6 > 0.7 * RENTED
    assert 100e9 < EVENT_DELIVERED / 4 < 200e9  # "by the hundred billion"


# For other assumptions


def test_more_load_never_needs_less():
    model = notebooks.model("netflix-chat")
    for name in ("event_streams", "chat_share", "sends_each", "recipients", "connections_each", "history_days"):
        low, high = (model(**{name: edge}) for edge in notebooks.ranges("netflix-chat")[name])
        for result in (
            "gateways",
            "peak_sends",
            "deliveries",
            "lost",
            "nodes",
            "history",
            "chat_cost",
            "owners",
            "live_owners",
        ):
            assert low[result] <= high[result], (name, result)


def test_who_talks_louder_has_a_smaller_room_and_no_more_deliveries(of):
    loud = notebooks.model("netflix-chat")(event_talk=2 / MINUTE)
    assert loud["followed_room"] == near(of["loud_room"])
    assert loud["readable_deliveries"] == near(of["readable_deliveries"])


def test_the_exercises_are_what_a_reader_s_change_shows(of):
    model = notebooks.model("netflix-chat")
    assert model(handshake_rate=500)["fastest_return"] == near(of["slow_return"])
    assert model(history_days=30 * DAY)["nodes"] == of["month_nodes"]
