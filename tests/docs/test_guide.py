"""The numbers of the Netflix guide, computed a second time by hand, and its decisions on both sides."""

from __future__ import annotations

import math

import pytest

from handbook.decisions import DecisionModel
from handbook.estimate import Model
from handbook.experiments import detectable_difference
from tests.docs import notebooks
from tests.docs.by_hand import near

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0
KB, MB, GB, TB, PB = 1e3, 1e6, 1e9, 1e12, 1e15
MBIT, TBIT = 1e6 / 8, 1e12 / 8  # the base unit is the byte

STREAMS = 96e9 / (184 * 24)  # on average
PEAK = 2 * STREAMS
STARTS = PEAK / (45 * MINUTE)  # a second, in the busiest hour
LOADS = 100e6 * 3 / DAY * 2
EVENTS = PEAK * 6 / MINUTE + LOADS * 60
PIPELINE = 60e6 * 2800  # bytes a second


@pytest.fixture(scope="module")
def of() -> dict[str, float]:
    """The facts in seconds, bytes, dollars and pieces."""
    return notebooks.model("guide")()


@pytest.fixture(scope="module")
def model() -> Model:
    """The estimate as a function of its assumptions."""
    return notebooks.model("guide")


@pytest.fixture(scope="module")
def decided() -> DecisionModel:
    return notebooks.decisions("guide")


def test_hours_make_streams_and_streams_make_starts(of):
    assert of["mean_streams"] == near(STREAMS)
    assert round(of["mean_streams"] / 1e6, 2) == 21.74
    assert of["peak_streams"] == near(PEAK)
    assert of["mean_starts"] == near(STREAMS / 2700)
    assert of["peak_starts"] == near(STARTS)
    assert of["peak_streams"] == near(of["peak_starts"] * of["start_length"])  # Little


def test_pages_and_events(of):
    assert of["mean_home"] == near(LOADS / 2)
    assert of["peak_home"] == near(LOADS)
    assert of["playback_events"] == near(PEAK * 0.1)
    assert of["page_events"] == near(LOADS * 60)
    assert of["peak_events"] == near(EVENTS)
    assert of["pipeline_ratio"] == near(60e6 / EVENTS)
    assert of["call_rate"] == near(LOADS * 7)
    assert of["hours_each"] == near(96e9 / 184 / 100e6 * HOUR)
    assert of["hours_double"] == near(96e9 / 184 / 200e6 * HOUR)


def test_traffic_and_caches(of):
    assert of["segment_rate"] == near(PEAK * 2 / 4)
    assert of["segments_per_start"] == near(2 * 2700 / 4) == near(1350)
    assert of["peak_traffic"] == near(PEAK * 4 * MBIT)
    assert of["caches_for_traffic"] == math.ceil(PEAK * 4 / 100e3 / 0.7)
    assert of["fleet_ratio"] == near(18_000 / of["caches_for_traffic"])
    assert of["streams_per_cache"] == near(70e9 / 4e6)


def test_a_live_audience(of):
    assert of["live_starts"] == near(65e6 / 300)
    assert of["live_ratio"] == near(65e6 / 300 / STARTS)


def test_claims_of_members_streams_and_starts(of):
    assert of["members_factor"] == near(1.3)
    assert of["streams_factor"] == near(PEAK / 20e6)
    assert of["half_hour_starts"] == near(20e6 / 1800)
    assert of["short_starts"] == near(20e6 / 1200)
    assert (of["implied_long"], of["implied_short"]) == (near(2000), near(1000))
    assert 10e3 < of["peak_starts"] < 20e3  # the verdict: plausible
    assert of["mean_streams"] > 20e6  # the verdict: too low, even for the average


def test_claims_of_pages_and_events(of):
    assert of["loads_sustained"] * DAY == near(43.2)
    assert of["loads_at_peak"] * DAY == near(14.4)
    assert of["events_factor_2016"] == near(12.5)
    assert of["events_factor_2025"] == near(60)


def test_the_claim_whose_unit_is_wrong(of):
    assert of["wrong_streams"] == near(5e6)
    assert of["right_starts"] == near(5e6 / 2700)
    assert round(of["right_starts"]) == 1852
    assert of["right_segments"] == near(2.5e6)
    assert of["own_share"] == near(0.2)


def test_four_nines(of):
    assert of["failing"] == near(1e-4)
    assert of["budget_year"] == near(52.56 * MINUTE)
    assert of["budget_month"] == near(4.32 * MINUTE)
    assert of["region_share"] == near(0.25)
    assert of["months_spent"] == near(10 / 4.32)
    assert of["month_share"] == near(2.5 / 4.32)


def test_a_slow_network_and_the_usual_opening(of):
    assert (of["cold_low"], of["cold_high"]) == (near(0.3), near(1.5))
    assert round(of["usual_mean"]) == 11_574
    assert round(of["usual_peak"]) == 34_722


def test_one_region_is_no_key(of):
    assert of["event_size"] == near(2800)
    assert of["pipeline_bytes"] == near(PIPELINE)
    assert of["region_bytes"] == near(PIPELINE / 4)
    assert of["hot_factor"] == near(PIPELINE / 4 / 10e6) == near(4200)


def test_a_stored_page(of):
    assert of["page_size"] == near(40 * 40 * 60)
    assert of["first_size"] == near(6 * 40 * 60)
    assert of["active_profiles"] == near(150e6)
    assert of["page_store"] == near(150e6 * 96e3 * 4)
    assert of["page_store"] < of["affordable_store"] < of["twice_store"]  # the text: two zones turn it
    assert of["twice_store"] == near(2 * 150e6 * 96e3 * 4)
    assert of["thrice_store"] == near(3 * 150e6 * 96e3 * 4)


def test_slow_pages_and_rankers(of):
    assert of["slow_pages"] == near(1 - 0.99**12)
    assert of["score_rate"] == near(LOADS * 1000)
    assert of["rankers"] == math.ceil(LOADS * 1000 / 1e6 / 0.7) == 10
    assert of["batch_scores"] * DAY == near(150e9)
    assert of["region_rankers"] == math.ceil(LOADS * 1000 / 3 / 1e6 / 0.7) == 4
    assert of["all_rankers"] == 16
    assert of["rank_time"] == near(1000 / (1e6 / 32))
    assert of["batch_rankers"] == math.ceil(150e9 / DAY / 1e6 / 0.7) == 3


def test_from_play_to_the_first_frame(of):
    assert of["control_wait"] == near(0.260)
    assert of["fetch_wait"] == near(0.045 + 2 / 15)
    assert of["start_wait"] == near(of["control_wait"] + of["fetch_wait"])
    assert of["start_wait"] < 0.5  # the objective of the text
    assert of["prefetch_rate"] == near(LOADS * 5)
    assert of["prefetch_rate"] > 2 * STARTS  # "more than twice the starts"


def test_an_outage_of_the_start_path(of):
    assert of["outage_starts"] == near(STARTS * 300)
    assert of["outage_share"] == near(300 / 2700)
    assert of["buffer_size"] == near(30 * MB)
    assert of["return_starts"] == near(STARTS / 3)
    assert of["return_factor"] == near(4 / 3)
    assert of["return_factor"] * of["region_busy"] <= of["busy"] * (1 + 1e-9)  # "what a region can carry"


def test_the_log(of):
    assert of["device_requests"] == near(EVENTS / 20)
    assert of["partitions"] == math.ceil(PIPELINE / 10e6 / 0.7 - 1e-9) == 24_000
    assert of["mean_bytes"] == near(PIPELINE / 2)
    assert of["log_store"] == near(PIPELINE / 2 * 8 * HOUR * 3)
    assert of["log_store"] / PB == pytest.approx(7.2576)
    assert of["log_store_peak"] == near(PIPELINE * 8 * HOUR * 3)
    assert of["device_partitions"] == math.ceil(EVENTS * 2800 / 10e6 / 0.7) == 1906
    assert of["brokers"] == math.ceil(PIPELINE * 3 / 300e6 / 0.7 - 1e-9) == 2400


def test_viewing_history(of):
    assert of["progress_rate"] == near(PEAK / 60)
    assert of["history_rows"] == near(STARTS / 2 * DAY)
    assert of["history_year"] == near(STARTS / 2 * 365 * DAY * 100)


def test_vectors_and_the_test_of_a_model(of):
    assert of["title_vectors"] == near(10_000 * 512)
    assert of["profile_vectors"] == near(150e6 * 512)
    assert of["scan_time"] == near(10_000 * 30e-9)
    assert of["test_arm"] == near(16 * 0.4 * 0.6 / 0.008**2) == near(60_000)
    assert of["arm_share"] == near(60_000 / 150e6)


def test_the_catalogue_in_memory(of):
    assert of["catalogue_size"] == near(20_000 * 35 * 20 * KB)


def test_what_leaving_a_region_costs(of):
    assert of["month_starts"] == near(STARTS / 2 * 30 * DAY)
    assert of["budget_starts"] == near(STARTS / 2 * 30 * DAY * 1e-4)
    assert of["region_starts"] == near(STARTS / 4)
    assert of["lost_starts"] == near(STARTS / 4 * 600)
    assert of["lost_share"] == near(600 / 4 / (0.5 * 30 * DAY * 1e-4))
    assert of["lost_share"] > 1  # "more than a month's budget"
    assert of["slow_lost_share"] == near(5 * of["lost_share"])


def test_room_for_a_region_and_cold_caches(of):
    assert of["evacuated_factor"] == near(4 / 3)
    assert of["region_busy"] == near(0.525)
    assert of["evening_starts"] == near(STARTS * 0.4)
    assert of["go_share"] == near(1 / 3)
    assert of["cold_factor"] == near(1 / 0.03)
    assert of["attempts_deep"] == near(27)


def test_what_a_canary_sees(of):
    seen = STARTS / 4 * 0.01 * 600
    assert of["canary_starts"] == near(seen)
    assert of["canary_sees"] == near(detectable_difference(math.sqrt(0.0099), seen))
    assert of["canary_sees"] == pytest.approx(2.8 * math.sqrt(2 * 0.0099 / seen), rel=0.01)
    assert of["fast_failing"] == near(14.4e-4)
    assert of["burnt_in"] == near(50 * HOUR)
    assert of["trip_time"] == near(3600 * 14.4e-4 / 0.25)


def test_what_reaches_the_gateway(of):
    assert of["gateway_sum"] == near(LOADS * 7 + 2 * STARTS + EVENTS / 20 + PEAK / 60)
    assert of["gateway_ratio"] == near(1e6 / of["gateway_sum"])
    assert of["gateway_ratio"] == pytest.approx(1, abs=0.1)  # "about the same"
    reports = of["device_requests"] + of["progress_rate"]
    assert 0.9 < reports / of["gateway_sum"] < 0.95  # "nine in ten"


def test_curveballs(of):
    assert of["download_size"] == near(8 * HOUR * MBIT)
    assert of["headset_traffic"] == near(PEAK * 0.001 * 30 * MBIT)
    assert of["headset_factor"] == near(7.5)
    assert of["headset_part"] == near(0.0065)


def test_other_assumptions_move_what_depends_on_them(model: Model) -> None:
    published = model()
    assert model(regions=5)["page_store"] == near(published["page_store"] * 1.25)
    assert model(layers=1)["attempts_deep"] == near(3)
    assert model(layers=2, attempts=2)["attempts_deep"] == near(4)
    assert model(layers=2)["attempts_two"] == near(4)
    assert model(regions=3)["region_rankers"] == math.ceil(LOADS * 1000 / 2 / 1e6 / 0.7)
    assert model(regions=3)["all_rankers"] == 15
    assert model(return_time=5 * MINUTE)["return_factor"] == near(2)  # all at once, in the length of the outage
    assert model(headset_bitrate=60 * MBIT)["headset_part"] == near(0.014)
    assert model(headset_bitrate=60 * MBIT)["many_headsets"] == near(0.28)
    assert model(tracks=1)["segment_rate"] == near(PEAK / 4)
    assert model(batch=40)["device_requests"] == near(published["device_requests"] / 2)
    assert model(busy=0.5)["region_busy"] == near(0.375)
    assert model(busy=0.5)["partitions"] == math.ceil(PIPELINE / 10e6 / 0.5 - 1e-9)
    assert model(home_speed=30 * MBIT)["fetch_wait"] == near(0.045 + 1 / 15)
    assert model(base_share=0.1)["test_arm"] == near(16 * 0.1 * 0.9 / 0.002**2)
    assert model(base_failing=0.02)["canary_sees"] == near(
        published["canary_sees"] * math.sqrt(0.02 * 0.98 / (0.01 * 0.99))
    )
    assert model(base_failing=0.02)["wide_canary"] == near(model(base_failing=0.02)["canary_sees"] / math.sqrt(5))
    assert model(fast_burn=20)["burnt_in"] == near(36 * HOUR)
    assert model(fast_burn=20)["loose_failing"] == near(0.02)
    assert model(slow_share=0.02, services=5)["slow_pages"] == near(1 - 0.98**5)
    assert model(services=5)["slow_half"] == near(1 - 0.995**5)


def test_decisions_on_both_sides(decided) -> None:
    both = {
        "score_when": ("server_scores", 1.1e5, 0.9e5),
        "scan_or_index": ("titles", 99e3, 101e3),
        "replicate_or_shard": ("catalogue_titles", 22e3, 23e3),
        "stay_or_go": ("repair", 16 * MINUTE, 14 * MINUTE),
        "whole_or_first": ("entry_size", 104, 105),
    }
    assert both.keys() == decided.published.keys()
    for name, (over, holds, fails) in both.items():
        assert decided(**{over: holds})[name].holds, name
        assert not decided(**{over: fails})[name].holds, name


def test_the_library_refuses_queries_a_second(capsys: pytest.CaptureFixture[str]) -> None:
    notebooks.run("guide", "estimate")
    said = capsys.readouterr().out
    assert said.startswith("Refused: Cannot convert from 'stream' ([stream])\nto 'request / second'")
