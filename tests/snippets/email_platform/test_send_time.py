import math
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.email_platform.send_time import (
    ACTIONS,
    Decision,
    Forecast,
    best,
    decide,
    price_of_patience,
    spent,
    value,
)


def options(now, later=(0.0, 0.0)):
    return {"nothing": Forecast(0, 0), "now": Forecast(*now), "later": Forecast(*later)}


def crowd(count, seed=1):
    random = Random(seed)
    return [
        options((random.random() * 0.1, random.random() * 0.004), (random.random() * 0.1, random.random() * 0.004))
        for _ in range(count)
    ]


members = st.lists(
    st.tuples(*[st.tuples(st.floats(0, 1), st.floats(0.001, 1))] * 2).map(lambda pair: options(*pair)),
    min_size=1,
    max_size=12,
)


def test_choices_by_hand():
    member = options(now=(0.05, 0.002), later=(0.04, 0.001))
    assert best(member, price=0) == "now"  # 0.050 against 0.040
    assert best(member, price=11) == "later"  # 0.028 against 0.029
    assert best(member, price=41) == "nothing"  # -0.032 against -0.001
    assert best(options((0, 0)), price=0) == "nothing"


@given(members, st.floats(0, 5))
def test_the_budget_holds(people, budget):
    price = price_of_patience(people, budget)
    assert spent(people, price) <= budget
    assert price == 0 or spent(people, price * (1 - 1e-6)) > budget or price < 1e-9


@given(members, st.floats(0, 50), st.floats(0, 50))
def test_a_dearer_patience_is_spent_less(people, one, other):
    low, high = sorted((one, other))
    assert spent(people, high) <= spent(people, low) + 1e-12


def test_no_other_plan_of_the_same_patience_brings_more():
    """What a price chooses is the best plan that spends what it spends: checked against all plans."""
    people = crowd(6)
    price = price_of_patience(people, spent(people, 0) / 2)
    budget = spent(people, price)

    def gain(plan):
        return sum(person[action].gain for person, action in zip(people, plan, strict=True))

    plans = [[]]
    for _ in people:
        plans = [[*plan, action] for plan in plans for action in ACTIONS]
    affordable = [
        gain(plan)
        for plan in plans
        if sum(person[action].patience for person, action in zip(people, plan, strict=True)) <= budget + 1e-12
    ]
    assert max(affordable) == pytest.approx(gain([best(person, price) for person in people]))


def test_propensities_are_what_happens():
    member, random = options((0.05, 0.002)), Random(3)
    log = [decide(member, 1.0, 0.3, random) for _ in range(30_000)]
    for action, propensity in (("now", 0.8), ("later", 0.1), ("nothing", 0.1)):
        lines = [line for line in log if line.action == action]
        assert len(lines) / len(log) == pytest.approx(propensity, abs=0.01)
        assert {round(line.propensity, 12) for line in lines} == {propensity}


def world(count, explore, seed):
    """Members whose visits follow the forecast; the log of a policy that always prefers "now"."""
    random, log = Random(seed), []
    for _ in range(count):
        member = options(now=(0.05, 0.002), later=(0.08, 0.002))
        line = decide(options(now=(0.05, 0.002)), 1.0, explore, random)
        visited = float(random.random() < 0.02 + member[line.action].gain)
        log.append(Decision(member, line.action, line.propensity, visited))
    return log


def test_the_log_of_one_policy_values_another():
    later = [value(world(2000, explore=0.3, seed=seed), lambda _: "later")[0] for seed in range(20)]
    mean = math.fsum(later) / 20
    error = math.sqrt(sum((one - mean) ** 2 for one in later) / 19 / 20)
    assert abs(mean - 0.10) < 3 * error < 0.02
    plain = [line for line in world(20_000, explore=0.3, seed=1) if line.action == "now"]
    assert sum(line.visits for line in plain) / len(plain) == pytest.approx(0.07, abs=0.008)


def test_the_standard_error_is_honest():
    values = [value(world(1000, 0.3, seed), lambda _: "later") for seed in range(40)]
    mean = math.fsum(estimate for estimate, _ in values) / 40
    spread = math.sqrt(sum((estimate - mean) ** 2 for estimate, _ in values) / 39)
    assert math.fsum(error for _, error in values) / 40 == pytest.approx(spread, rel=0.25)


def test_without_exploration_the_log_says_nothing_about_another_policy():
    assert value(world(1000, explore=0.0, seed=1), lambda _: "later") == (0, 0)


def test_little_exploration_makes_a_wide_interval():
    errors = [value(world(20_000, explore, seed=2), lambda _: "later")[1] for explore in (0.03, 0.3)]
    assert errors[0] / errors[1] == pytest.approx(math.sqrt(10), rel=0.25)
