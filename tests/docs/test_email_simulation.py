"""The simulated campaign: what its model functions must do whatever the numbers on the page are."""

from __future__ import annotations

from typing import Any

import pytest

from tests.docs import notebooks

POLICIES = (
    "fixed waits", "full jitter", "retry budget", "breaker alone", "static cap", "adapting lane",
    "lane without breaker",
)  # fmt: skip
SEEDS = range(1, 6)
GRUDGE, FORGIVING = True, False


@pytest.fixture(scope="module")
def of() -> dict[str, Any]:
    """The names of the notebook's model: none of its results are computed."""
    return notebooks.run("email-platform", "simulate", "throttle-model")


def late(of, policy, grudge):
    """Minutes late, for each of a few seeds."""
    return [of["metrics"](policy, grudge)(seed)["late"] for seed in SEEDS]


@pytest.mark.parametrize("policy", POLICIES)
def test_a_seed_gives_the_same_run_and_another_seed_another(of, policy):
    first, again, other = (of["campaign"](seed, policy, GRUDGE) for seed in (3, 3, 4))
    assert first[3].values == again[3].values
    assert first[1].attempts.sums == again[1].attempts.sums
    assert first[3].values != other[3].values


@pytest.mark.parametrize("grudge", [GRUDGE, FORGIVING])
@pytest.mark.parametrize("policy", POLICIES)
def test_no_message_is_lost_or_made(of, policy, grudge):
    _, provider, messages, _ = of["campaign"](1, policy, grudge)
    delivered = messages.outcomes.total()
    assert delivered + messages.in_flight == messages.requests > 0
    assert sum(provider.attempts.sums) - sum(provider.deferred.sums) == delivered


@pytest.mark.parametrize("policy", POLICIES)
def test_without_a_cause_nobody_is_late(of, policy):
    _, provider, _, waiting = of["campaign"](1, policy, GRUDGE, cause=False)
    assert waiting.when("messages", lambda n: n == 0, after=of["CAMPAIGN"]) == of["CAMPAIGN"]
    assert sum(provider.deferred.sums) <= 0.02 * sum(provider.attempts.sums)


def test_a_forgiven_campaign_with_jitter_is_hours_earlier(of):
    forgiven, borne = late(of, "full jitter", FORGIVING), late(of, "full jitter", GRUDGE)
    assert max(forgiven) < 120 < min(borne) - 60


def test_the_lane_beats_jitter_and_a_cap_where_the_provider_bears_a_grudge(of):
    lane = late(of, "adapting lane", GRUDGE)
    assert max(lane) + 60 < min(late(of, "full jitter", GRUDGE))
    assert max(lane) + 60 < min(late(of, "static cap", GRUDGE))


def test_a_cap_at_the_true_limit_is_enough_where_the_provider_forgives(of):
    assert max(late(of, "static cap", FORGIVING)) < min(late(of, "adapting lane", FORGIVING))


def test_denied_retries_earn_no_tokens(of):
    """All retries are paid for by a tenth of the first attempts, by time, and by the tokens of the start."""
    sim, provider, messages, _ = of["campaign"](1, "retry budget", GRUDGE)
    retries = sum(provider.attempts.sums) - messages.requests
    assert 0 < retries <= 10 + 0.1 * messages.requests + 0.1 * of["OFFERED"] * sim.now
