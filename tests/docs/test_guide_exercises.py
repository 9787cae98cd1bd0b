"""The exercises at the end of the guide's pages: each gives what its answer promises, and can be done on the page."""

from __future__ import annotations

import math

import pytest

from handbook.estimate import Model
from tests.docs import notebooks
from tests.docs.by_hand import near

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
MBIT = 1e6 / 8  # the base unit is the byte
STREAMS = 96e9 / (184 * 24)  # on average
PEAK, LOADS = 2 * STREAMS, 100e6 * 3 / DAY * 2


@pytest.fixture(scope="module")
def of() -> dict[str, float]:
    """The facts in seconds, bytes, dollars and pieces."""
    return notebooks.model("guide")()


@pytest.fixture(scope="module")
def model() -> Model:
    """The estimate as a function of its assumptions."""
    return notebooks.model("guide")


#: What is changed, what the page then shows instead of which number, and the answer that it promises.
EXERCISES = [
    ({"start_length": 20 * MINUTE}, "peak_starts", "quick_starts"),
    ({"start_length": 90 * MINUTE}, "peak_starts", "slow_starts"),
    ({"start_length": 20 * MINUTE}, "right_starts", "right_short"),
    ({"diurnal_peak": 3}, "peak_streams", "steep_streams"),
    ({"home_loads_each": 6 / DAY}, "peak_home", "busy_home"),
    ({"daily_active": 200e6}, "peak_home", "double_home"),
    ({"row_titles": 20}, "page_size", "small_page"),
    ({"row_titles": 20}, "first_size", "small_first"),
    ({"live_window": MINUTE}, "live_starts", "quick_live"),
    ({"play_objective": 0.999}, "lost_share", "three_nines_share"),
    ({"play_objective": 0.999}, "fast_failing", "loose_failing"),
    ({"stream_bitrate": 8 * MBIT}, "peak_traffic", "sharp_traffic"),
    ({"stream_bitrate": 2 * MBIT}, "peak_traffic", "thin_traffic"),
    ({"stream_events": 12 / MINUTE}, "peak_events", "chatty_events"),
    ({"regions": 3}, "evacuated_factor", "three_factor"),
    ({"regions": 3}, "lost_share", "three_share"),
    ({"hit_ratio": 0.90}, "cold_factor", "cool_factor"),
    ({"cloud_trip": 0.300}, "start_wait", "far_wait"),
    ({"row_calls": 15}, "call_rate", "many_calls"),
    ({"catalogue_titles": 100e3}, "catalogue_size", "large_catalogue"),
    ({"titles": 200e3}, "scan_time", "large_scan"),
    ({"server_scores": 50e3}, "rankers", "deep_rankers"),
    ({"services": 30}, "slow_pages", "slow_many"),
    ({"slow_share": 0.005}, "slow_pages", "slow_half"),
    ({"entry_size": 200}, "page_store", "wide_store"),
    ({"attempts": 2}, "attempts_deep", "attempts_two"),
    ({"canary_time": HOUR}, "canary_sees", "long_canary"),
    ({"canary_share": 0.05}, "canary_sees", "wide_canary"),
    ({"download_bitrate": 3 * MBIT}, "download_size", "tablet_size"),
    ({"headset_share": 0.02}, "headset_part", "many_headsets"),
    ({"retention": 24 * HOUR}, "log_store", "long_store"),
    ({"lift": 0.04}, "test_arm", "small_arm"),
    ({"pipeline_peak": 100e6}, "partitions", "more_partitions"),
    ({"partition_rate": 20e6}, "hot_factor", "hot_double"),
    ({"evacuation": 5 * MINUTE}, "month_share", "quick_share"),
]


def test_every_exercise_gives_what_its_answer_promises(model: Model) -> None:
    published = model()
    for change, shown, promised in EXERCISES:
        assert model(**change)[shown] == near(published[promised]), promised
        assert published[shown] != near(published[promised]), f"{promised} changes nothing"


def test_every_exercise_can_be_done_on_the_page(model: Model) -> None:
    ranges = notebooks.ranges("guide")
    for change, _, promised in EXERCISES:
        for name, value in change.items():
            low, high = ranges[name]
            assert low * (1 - 1e-9) <= value <= high * (1 + 1e-9), promised


def test_exercises_by_hand(of):
    assert of["quick_starts"] == near(PEAK / 1200)
    assert of["steep_streams"] == near(3 * STREAMS)
    assert of["busy_home"] == of["double_home"] == near(2 * LOADS)
    assert of["three_nines_share"] == near(of["lost_share"] / 10)
    assert of["far_wait"] == near(0.7 + of["fetch_wait"])
    assert of["large_titles"] == near(100e3)
    assert of["deep_rankers"] == math.ceil(LOADS * 1000 / 50e3 / 0.7) == 199
    assert of["slow_many"] == near(1 - 0.99**30)
    assert of["slow_half"] == near(1 - 0.995**12)
    assert of["long_canary"] == near(of["canary_sees"] / math.sqrt(6))
    assert of["wide_canary"] == near(of["canary_sees"] / math.sqrt(5))
    assert of["attempts_two"] == 8
    assert of["two_factor"] == 2
    assert of["long_store"] == near(3 * of["log_store"])
    assert of["more_partitions"] == 40_000
    assert of["quick_share"] == near(1.25 / 4.32)
