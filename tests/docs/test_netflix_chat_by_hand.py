"""What the first file of hand arithmetic leaves open: renting, downtime, and which of two limits sets a number."""

from __future__ import annotations

import pytest

from handbook.estimate import Model
from tests.docs import notebooks
from tests.docs.by_hand import near

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
MONTH = 365 / 12 * DAY
ZONE_LEFT, HEADROOM = 2 / 3, 0.7


@pytest.fixture(scope="module")
def model() -> Model:
    """The estimate as a function of its assumptions."""
    return notebooks.model("netflix-chat")


def test_a_service_bills_sends_deliveries_clocks_and_events(model: Model) -> None:
    of = model()
    sends, deliveries = 100e6 * 0.2 * 25 / DAY, 100e6 * 0.2 * 25 * 4 * 0.4 * 1.4 / DAY
    streams = 96e9 * HOUR / (184 * DAY)
    clocks = streams * 2 * 0.01 / 10 / 2  # at the peak every ten seconds; on average half of it
    events = 65e6 * 0.1 * 2 * 3 * HOUR * 4 / MONTH
    assert of["managed_deliveries"] == near(sends + deliveries + clocks + events)
    minutes = streams * 0.2 * 1.4 * 0.25e-6 / MINUTE
    assert of["managed_cost"] == near(minutes + (sends + deliveries + clocks + events) * 1e-6)


def test_the_downtime_of_a_region(model: Model) -> None:
    assert model()["region_downtime"] == near(MONTH / 1000)
    assert model(region_availability=0.998)["region_downtime"] == near(2 * MONTH / 1000)


def test_owners_are_set_by_sends_or_by_those_who_come_back(model: Model) -> None:
    accepted = 131 * ZONE_LEFT * 1000
    for questions, wanted in ((0.5, 5), (2.0, 19)):
        of = model(resumed=questions)
        exact = accepted * questions / 20_000 / HEADROOM / ZONE_LEFT
        assert of["owners_for_resumes"] == wanted == -(-exact // 1)
        assert of["owners"] == max(5, wanted)
    few = model(resumed=0.1)
    assert (few["owners_for_resumes"], few["owners_for_sends"], few["owners"]) == (1, 5, 5)


def test_owners_for_the_sends_leave_a_zone_and_headroom(model: Model) -> None:
    for share in (0.2, 0.35, 0.5):
        exact = 100e6 * share * 25 / DAY * 2 / 5000 / HEADROOM / ZONE_LEFT
        assert model(chat_share=share)["owners_for_sends"] == -(-exact // 1)


def test_the_gateways_of_an_event_are_set_by_frames_by_connections_or_by_the_evening(model: Model) -> None:
    assert model()["gateways"] == model()["gateways_for_frames"] == 390
    slow = model(batch_interval=2.0)
    assert slow["gateways"] == slow["gateways_for_connections"] == 163 > slow["gateways_for_frames"] == 98
    small = model(batch_interval=2.0, event_streams=20e6)
    assert small["gateways"] == small["ordinary_gateways"] == 131 > small["gateways_for_connections"]


def test_a_month_of_history_is_set_by_writes_or_by_disks(model: Model) -> None:
    assert model()["month_nodes"] == model()["nodes_for_writes"] == 54
    for size in (2000.0, 1900.0, 1850.0):
        kept = 100e6 * 0.2 * 25 * size * 3 * 30
        assert model(message_size=size)["month_nodes"] == -(-(kept / 2e12 / HEADROOM) // 1) > 54


def test_the_gateways_of_an_evening_hold_more_than_they_are_filled_with(model: Model) -> None:
    assert model()["gateway_capacity"] == 131 * 200_000


def test_what_is_counted_each_second_and_what_is_counted_at_all(model: Model) -> None:
    for name in ("naive_deliveries", "bundles", "offline_sends"):
        assert model.dimensions[name] == {"[delivery]": 1, "[time]": -1}
    assert model.dimensions["receipts"] == {"[row]": 1, "[time]": -1}
    assert model.dimensions["live_rooms"] == {"[room]": 1}
    for name in ("inbox_limit", "loud_room"):
        assert model.dimensions[name] == {"[member]": 1}
