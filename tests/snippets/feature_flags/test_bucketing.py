"""Who gets which variant: published cases of three systems, independence, and what a larger percentage moves."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook.hashing import flagd_variant, growthbook_bucket
from snippets.feature_flags import bucketing
from snippets.feature_flags.bucketing import PARTS, bucket, growthbook_on, unleash_on, variant

PEOPLE = [f"person-{n}" for n in range(10_000)]
texts = st.text(max_size=20)
#: Of chi-squared, what a table of so many degrees of freedom exceeds once in a hundred thousand cases
ONCE_IN_100_000 = {9: 40.0, 81: 145.0}


def chi_squared(one: list[int], two: list[int]) -> float:
    """How far a table of two classifications is from what independent ones would fill in."""
    table, rows, columns = Counter(zip(one, two, strict=True)), Counter(one), Counter(two)
    expected = {(r, c): rows[r] * columns[c] / len(one) for r in rows for c in columns}
    return sum((table[cell] - e) ** 2 / e for cell, e in expected.items())


# Published cases


def test_unleash_s_specification():
    """Client specification 03 (and the published hashes of two groups): on where the bucket is at most the share."""
    assert unleash_on("AB12A", "122", 50)
    assert not unleash_on("AB12A", "155", 50)
    for group, key, place in (("gr1", "123", 73), ("groupX", "999", 25)):
        assert [percent for percent in range(101) if unleash_on(group, key, percent)][0] == place


@given(texts, texts)
def test_of_unleash_nobody_is_in_nothing_and_everybody_in_all(group, key):
    assert not unleash_on(group, key, 0)
    assert unleash_on(group, key, 100)


@pytest.mark.parametrize(
    ("seed", "key", "place"),
    [
        ("seed", "a", 0.0505), ("seed", "b", 0.2696), ("foo", "ab", 0.2575), ("foo", "def", 0.2019),
        ("89123klj", "8952klfjas09ujkasdf", 0.124), ("90850943850283058242805", "123", 0.7516),
    ],
)  # fmt: skip
def test_growthbook_s_cases(seed, key, place):
    assert growthbook_on(seed, key, 100 * place + 0.005)
    assert not growthbook_on(seed, key, 100 * place - 0.005)


@given(st.dictionaries(texts, st.integers(0, 20_000), min_size=1, max_size=5), texts, texts)
def test_flagd_s_rule_gives_the_same_variants(weights, salt, key):
    """With its 100,000 parts: flagd's weights are whole numbers, ours are their percentages."""
    rest = PARTS - sum(weights.values())
    whole = {**weights, "the rest": rest + weights.get("the rest", 0)}
    ours = variant(salt, key, {name: weight * 100 / PARTS for name, weight in whole.items()})
    assert ours == flagd_variant(f"{salt}:{key}", whole)


# Places


@given(texts, texts, st.integers(1, 10**6))
def test_a_bucket_is_a_place_and_always_the_same(salt, key, parts):
    place = bucket(salt, key, parts)
    assert 0 <= place < parts
    assert place == bucket(salt, key, parts)


def test_buckets_are_even():
    counts = Counter(bucket("a flag", key, 10) for key in PEOPLE)
    assert sum((n - 1000) ** 2 / 1000 for n in counts.values()) < ONCE_IN_100_000[9]
    assert {bucket("a flag", key) % 2 for key in PEOPLE[:50]} == {0, 1}


@pytest.mark.parametrize(("one", "two"), [("checkout", "risk"), ("flag-1", "flag-2"), ("a", "a "), ("x", "xx")])
def test_splits_with_different_salts_are_independent(one, two):
    assert chi_squared(*([bucket(salt, key, 10) for key in PEOPLE] for salt in (one, two))) < ONCE_IN_100_000[81]


def test_with_one_salt_the_same_people_are_first_and_arms_are_the_same():
    one, two = ([variant("all", key, {"a": 50, "b": 50}) for key in PEOPLE] for _ in range(2))
    assert chi_squared(one, two) == pytest.approx(len(PEOPLE), rel=1e-3)
    early = [{key for key in PEOPLE if variant(salt, key, {"on": 1})} for salt in ("all", "all", "own")]
    assert early[0] == early[1]
    assert len(early[0] & early[2]) < len(early[0]) / 10


def test_the_first_version_of_growthbook_s_rule_makes_arms_depend_on_each_other():
    """And the second, which the snippet takes, does not: the reason for which it was made."""
    dependence = {}
    for version in (1, 2):
        arms = ([int(10 * growthbook_bucket(f"experiment-{n}", key, version)) for key in PEOPLE] for n in (1, 2))
        dependence[version] = chi_squared(*arms)
    assert dependence[2] < ONCE_IN_100_000[81] < dependence[1] / 2


# Percentages

weights = st.dictionaries(st.sampled_from("abcde"), st.floats(0, 20), min_size=1, max_size=5)


@given(weights, st.floats(0, 100), texts)
def test_raising_the_last_weight_adds_people_and_moves_nobody(split, more, salt):
    *_, last = split
    raised = {**split, last: split[last] + more}
    for key in PEOPLE[:200]:
        before, after = variant(salt, key, split), variant(salt, key, raised)
        assert after == before or (before is None and after == last)


def test_raising_another_weight_moves_people_as_the_words_warn():
    moved = [
        key for key in PEOPLE[:2000]
        if (variant("s", key, {"a": 10, "b": 10}), variant("s", key, {"a": 20, "b": 10})) == ("b", "a")
    ]  # fmt: skip
    assert 130 < len(moved) < 280


def test_a_stage_of_people_only_grows():
    stages = [{key for key in PEOPLE if variant("rollout", key, {"new": percent})} for percent in (0, 0.1, 1, 10, 100)]
    assert all(small < large for small, large in zip(stages, stages[1:], strict=False))
    assert (stages[0], stages[-1]) == (set(), set(PEOPLE))
    for stage, share in zip(stages[1:4], (0.001, 0.01, 0.1), strict=True):
        expected = share * len(PEOPLE)
        assert abs(len(stage) - expected) < 4.5 * expected**0.5


@pytest.mark.parametrize("parts", [2, 3, 6, 7, 11, 13])
def test_equal_weights_leave_nobody_out(parts):
    """Their sum is not always a hundred in floating point."""
    split = {str(n): 100 / parts for n in range(parts)}
    counts = Counter(variant("even", key, split) for key in PEOPLE)
    assert None not in counts
    assert max(abs(n - len(PEOPLE) / parts) for n in counts.values()) < 4.5 * (len(PEOPLE) / parts) ** 0.5


def test_the_smallest_share_is_a_thousandth_of_a_percent(monkeypatch):
    for hashed, first in ((0, True), (42_949, True), (42_950, False), (2**32 - 1, False)):  # 2³² / 100,000 = 42,949.7
        monkeypatch.setattr(bucketing, "murmur3_32", lambda text, hashed=hashed: hashed)
        assert variant("rare", "key", {"on": 0.001}) == ("on" if first else None)
        assert variant("rare", "key", {"on": 0.0004}) is None
        assert variant("rare", "key", {"on": 100}) == "on"


def test_no_weights_no_variant():
    assert variant("s", "k", {}) is None
    assert variant("s", "k", {"a": 0.0}) is None
    assert variant("s", "k", {"none": 0, "all": 100}) == "all"


@given(st.text(), st.text())
def test_any_text_has_a_place(salt, key):
    assert 0 <= bucket(salt, key) < PARTS
