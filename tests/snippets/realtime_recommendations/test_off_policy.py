import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.realtime_recommendations.off_policy import Line, ips, replay

PROPENSITIES = (0.1, 0.3, 0.6)


def always(action):
    return lambda context: action


class Fixed:
    def __init__(self, action):
        self.action, self.learnt = action, []

    def choose(self, context):
        return self.action

    def learn(self, action, context, reward):
        self.learnt.append((action, context, reward))


def drawn(seed, lines, chances, values):
    random, log = Random(seed), []
    for _ in range(lines):
        action = random.choices(range(len(chances)), chances)[0]
        log.append(Line(None, action, chances[action], float(random.random() < values[action])))
    return log


def test_by_hand():
    """Two of four lines agree: 1 / ½ and 0; the mean of 2, 0, 0, 0 is a half."""
    log = [Line(None, "a", 0.5, 1), Line(None, "a", 0.25, 0), Line(None, "b", 0.5, 1), Line(None, "b", 0.25, 1)]
    found = ips(log, always("a"))
    assert (found.value, found.lines) == (0.5, 2)
    assert found.error == pytest.approx(math.sqrt((1.5**2 + 3 * 0.5**2) / 3 / 4))


@pytest.mark.parametrize("action", [0, 1, 2])
def test_the_mean_over_many_logs_is_the_truth(action):
    values = (0.2, 0.5, 0.1)
    found = [ips(drawn(seed, 400, PROPENSITIES, values), always(action)) for seed in range(60)]
    mean = sum(f.value for f in found) / len(found)
    error = math.sqrt(sum(f.error**2 for f in found)) / len(found)
    assert abs(mean - values[action]) < 4 * error


def test_the_error_is_the_spread_over_logs():
    values = [ips(drawn(seed, 300, PROPENSITIES, (0.3, 0.3, 0.3)), always(0)) for seed in range(200)]
    mean = sum(v.value for v in values) / 200
    spread = math.sqrt(sum((v.value - mean) ** 2 for v in values) / 199)
    assert sum(v.error for v in values) / 200 == pytest.approx(spread, rel=0.15)


def test_a_rare_choice_makes_a_noisy_estimate():
    log = drawn(1, 2000, PROPENSITIES, (0.3, 0.3, 0.3))
    assert ips(log, always(0)).error > ips(log, always(1)).error > ips(log, always(2)).error


def test_a_cap_lowers_the_noise_and_the_value():
    log = drawn(1, 2000, PROPENSITIES, (0.3, 0.3, 0.3))
    whole, capped = ips(log, always(0)), ips(log, always(0), most=4)
    assert capped.value == pytest.approx(0.4 * whole.value)
    assert capped.error < whole.error


def test_a_policy_that_the_log_never_tried_is_worth_nothing_with_certainty():
    """The trap that the text names: no exploration looks like certainty."""
    found = ips([Line(None, "a", 1.0, 1)] * 10, always("z"))
    assert (found.value, found.error, found.lines) == (0, 0, 0)


@pytest.mark.parametrize("propensity", [0, -0.1, 1.1, math.nan])
def test_a_propensity_that_is_no_probability_is_an_error(propensity):
    with pytest.raises(ValueError, match="log what was drawn with"):
        ips([Line(None, "a", propensity, 1)] * 3, always("a"))


@pytest.mark.parametrize("lines", [0, 1])
def test_too_few_lines_for_an_error(lines):
    log = [Line(None, "a", 0.5, 1)] * lines
    with pytest.raises(ValueError, match="at least two lines"):
        ips(log, always("a"))
    with pytest.raises(ValueError, match="fewer than two lines"):
        replay(log, Fixed("a"))


@given(st.lists(st.tuples(st.sampled_from("ab"), st.floats(0, 1)), min_size=2, max_size=40))
def test_replay_averages_the_lines_on_which_it_agrees(found):
    log = [Line(place, action, 0.5, reward) for place, (action, reward) in enumerate(found)]
    rewards = [reward for action, reward in found if action == "a"]
    if len(rewards) < 2:
        return
    learner = Fixed("a")
    result = replay(log, learner)
    assert result.value == pytest.approx(sum(rewards) / len(rewards))
    assert result.lines == len(rewards) == len(learner.learnt)
    assert [context for _, context, _ in learner.learnt] == [p for p, (a, _) in enumerate(found) if a == "a"]


def test_replay_uses_one_line_in_k_of_a_uniform_log():
    log = drawn(3, 6000, (1 / 6,) * 6, (0.1,) * 6)
    assert replay(log, Fixed(2)).lines == pytest.approx(1000, rel=0.1)


def test_the_learner_decides_before_it_hears_of_the_line():
    class Cheat(Fixed):
        def choose(self, context):
            assert len(self.learnt) == context  # has heard of all lines before, and not of this one
            return self.action

    replay([Line(place, "a", 1.0, 0.5) for place in range(5)], Cheat("a"))
