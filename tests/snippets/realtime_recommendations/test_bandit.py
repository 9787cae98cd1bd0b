import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.realtime_recommendations.bandit import Arm, LinUCB

contexts = st.tuples(st.floats(-2, 2), st.floats(-2, 2))
histories = st.lists(st.tuples(contexts, st.floats(-1, 1)), max_size=25)


def ridge(history):
    """A = I + Σ x·xᵀ, b = Σ r·x, by hand for two features: the weights and the inverse of A."""
    a = [[1.0, 0.0], [0.0, 1.0]]
    b = [0.0, 0.0]
    for x, reward in history:
        for i in range(2):
            b[i] += reward * x[i]
            for j in range(2):
                a[i][j] += x[i] * x[j]
    det = a[0][0] * a[1][1] - a[0][1] * a[1][0]
    inverse = [[a[1][1] / det, -a[0][1] / det], [-a[1][0] / det, a[0][0] / det]]
    return [inverse[i][0] * b[0] + inverse[i][1] * b[1] for i in range(2)], inverse


def learnt(history):
    arm = Arm(2)
    for context, reward in history:
        arm.learn(context, reward)
    return arm


def test_one_observation_by_hand():
    """A = [[2, 0], [0, 1]], b = [1, 0]: weight ½, error √½."""
    arm = learnt([((1, 0), 1.0)])
    assert arm.predict((1, 0)) == pytest.approx((0.5, math.sqrt(0.5)))
    assert arm.predict((0, 1)) == pytest.approx((0.0, 1.0))


@given(histories, contexts)
def test_it_is_ridge_regression(history, context):
    weights, inverse = ridge(history)
    arm = learnt(history)
    mean, error = arm.predict(context)
    assert arm.weights == pytest.approx(weights, abs=1e-6)
    assert mean == pytest.approx(sum(w * x for w, x in zip(weights, context, strict=True)), abs=1e-6)
    away = sum(context[i] * inverse[i][j] * context[j] for i in range(2) for j in range(2))
    assert error == pytest.approx(math.sqrt(max(0, away)), abs=1e-5)


@given(histories, contexts, st.floats(-1, 1))
def test_whoever_has_seen_more_is_never_less_sure(history, context, reward):
    arm = learnt(history)
    before = arm.predict(context)[1]
    arm.learn(context, reward)
    assert arm.predict(context)[1] <= before + 1e-9


def test_greedy_takes_the_best_mean_and_curiosity_the_unknown():
    for alpha, choice in ((0.0, "known"), (2.0, "unknown")):
        policy = LinUCB(["known", "unknown"], 1, alpha)
        for _ in range(20):
            policy.learn("known", (1.0,), 0.5)
        assert policy.choose((1.0,)) == choice


def test_of_equals_the_first():
    assert LinUCB("abc", 2, 1.0).choose((1, 0)) == "a"


def test_it_finds_the_item_that_each_end_of_the_taste_likes():
    random, policy = Random(1), LinUCB(["left", "right", "middling"], 2, 0.5)
    for _ in range(1500):
        taste = random.uniform(-1, 1)
        item = policy.choose((1, taste))
        chance = {"left": 0.5 - 0.4 * taste, "right": 0.5 + 0.4 * taste, "middling": 0.45}[item]
        policy.learn(item, (1, taste), float(random.random() < chance))
    assert [policy.choose((1, taste)) for taste in (-0.8, 0.8)] == ["left", "right"]


@pytest.mark.parametrize("context", [(1.0,), (1.0, 2.0, 3.0)])
def test_a_context_of_another_size_is_an_error(context):
    with pytest.raises(ValueError, match="features, not 2"):
        LinUCB("a", 2, 1.0).learn("a", context, 1.0)


def test_an_unknown_item_is_an_error():
    with pytest.raises(KeyError):
        LinUCB("a", 2, 1.0).learn("z", (1, 0), 1.0)


def test_ten_thousand_observations_stay_sound():
    random, arm = Random(2), Arm(2)
    for _ in range(10_000):
        taste = random.uniform(-1, 1)
        arm.learn((1, taste), 0.3 + 0.2 * taste + random.uniform(-0.1, 0.1))
    assert arm.weights == pytest.approx([0.3, 0.2], abs=0.01)
    assert arm.inverse[0][1] == pytest.approx(arm.inverse[1][0], abs=1e-9)
    assert min(arm.inverse[0][0], arm.inverse[1][1]) > 0
