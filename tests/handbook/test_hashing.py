import math
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import hashing
from handbook.hashing import Ring
from tests.handbook.bad_input import check_domain, rejects

KEYS = [f"user-{number}" for number in range(2000)]


@pytest.mark.parametrize(
    ("data", "seed", "expected"),
    [
        # From the public MurmurHash3 test suites; the first three lengths leave 0 to 3 bytes over a block of four.
        ("", 0, 0), ("", 1, 0x514E28B7), ("", 0xFFFFFFFF, 0x81F16F39), (b"\xff\xff\xff\xff", 0, 0x76293B50),
        (b"\x21\x43\x65\x87", 0, 0xF55B516B), (b"\x21\x43\x65", 0, 0x7E4A8634), (b"\x21\x43", 0, 0xA0F7B07A),
        (b"\x21", 0, 0x72661CF4), (b"\x00\x00\x00\x00", 0, 0x2362F9DE), (b"\x00", 0, 0x514E28B7),
        ("hello", 0, 0x248BFA47), ("Hello, world!", 0x9747B28C, 0x24884CBA),
        ("The quick brown fox jumps over the lazy dog", 0x9747B28C, 0x2FA826CD),
    ],
)  # fmt: skip
def test_published_murmur3(data, seed, expected):
    assert hashing.murmur3_32(data, seed) == expected


@pytest.mark.parametrize(
    ("data", "expected"),
    [("", 0x811C9DC5), ("a", 0xE40C292C), ("foobar", 0xBF9CF968), (b"foobar", 0xBF9CF968)],
)
def test_published_fnv1a(data, expected):
    assert hashing.fnv1a_32(data) == expected


@given(st.text(), st.integers(0, 2**32 - 1))
def test_hashes_of_texts_are_those_of_their_utf8(text, seed):
    assert 0 <= hashing.murmur3_32(text, seed) < 2**32
    assert hashing.murmur3_32(text, seed) == hashing.murmur3_32(text.encode(), seed)
    assert hashing.fnv1a_32(text) == hashing.fnv1a_32(text.encode())


@pytest.mark.parametrize(
    ("key", "buckets", "expected"),
    [
        # Public test suites of implementations of the paper.
        (0, 1, 0), (42, 57, 43), (0xDEAD10CC, 1, 0), (0xDEAD10CC, 666, 361), (256, 1024, 520),
        (1, 1, 0), (0, 60, 0), (1, 60, 55), (2, 60, 46), (2**64 - 1, 1, 0),
    ],
)  # fmt: skip
def test_published_jump_hash(key, buckets, expected):
    assert hashing.jump_hash(key, buckets) == expected


@given(st.integers(0, 2**64 - 1), st.integers(1, 1000))
def test_a_new_bucket_only_takes(key, buckets):
    before, after = hashing.jump_hash(key, buckets), hashing.jump_hash(key, buckets + 1)
    assert after in (before, buckets)
    assert 0 <= before < buckets


def test_the_longest_jump():
    # The key whose next state is 0 (the multiplier's inverse, negated) jumps over every number of buckets at once.
    key = -pow(2862933555777941757, -1, 2**64) % 2**64
    assert hashing.jump_hash(key, 2**31 - 1) == 0


def test_jump_hash_is_even():
    counts = Counter(hashing.jump_hash(hashing.murmur3_32(key) << 32, 10) for key in KEYS)
    assert len(counts) == 10
    assert max(counts.values()) < 260  # 200 ± 4.5 standard deviations of 13.4


def test_ring_moves_only_what_it_must():
    full, less = Ring(list("abcde"), 50), Ring(list("abcd"), 50)
    owners = {key: full.node(key) for key in KEYS}
    assert set(owners.values()) == set("abcde")
    for key, owner in owners.items():
        if owner != "e":
            assert less.node(key) == owner


def test_ring_is_the_same_in_any_order_and_everywhere():
    assert [Ring(list("abc"), 10).node(key) for key in KEYS] == [Ring(list("cba"), 10).node(key) for key in KEYS]
    assert [Ring(list("abc")).node(key) for key in KEYS[:8]] == list("baaacbcb")


def test_ring_preference_is_distinct_and_begins_with_the_owner():
    ring = Ring(["a", "b", "c", "d"], 20)
    for key in KEYS[:200]:
        nodes = ring.preference(key, 3)
        assert nodes[0] == ring.node(key)
        assert len(set(nodes)) == 3
        assert set(ring.preference(key, 4)) == {"a", "b", "c", "d"}
        assert ring.preference(key, 1) == nodes[:1]
        # The next in line is who owns the key once its owner is gone.
        assert nodes[1] == Ring([node for node in "abcd" if node != nodes[0]], 20).node(key)


def test_ring_shares_are_where_keys_go():
    ring = Ring(["a", "b", "c"], 20)
    shares = ring.shares()
    assert math.fsum(shares.values()) == pytest.approx(1, rel=1e-15)
    counts = Counter(ring.node(f"key {number}") for number in range(6000))
    for node, share in shares.items():
        assert counts[node] / 6000 == pytest.approx(share, abs=0.03)
    assert Ring(["only"], 3).shares() == {"only": 1}


def test_ring_attributes():
    assert Ring(list("ab")).points == 100
    assert Ring(["x", "y"], 7).nodes == ("x", "y")
    assert Ring(["x"], 1).node("key") == "x"


@pytest.mark.parametrize(("points", "expected"), [(1, 0.9979060), (10, 0.3151810), (100, 0.0996996), (1000, 0.0315723)])
def test_published_ring_load_error(points, expected):
    assert hashing.ring_load_error(1000, points) == pytest.approx(expected, rel=0.005)


@pytest.mark.parametrize(
    ("points", "low", "high"), [(1, 0.005, 5.25), (10, 0.37, 1.98), (100, 0.76, 1.28), (1000, 0.92, 1.09)]
)
def test_published_ring_load_interval(points, low, high):
    assert hashing.ring_load_interval(points) == (pytest.approx(low, rel=0.012), pytest.approx(high, rel=0.012))


def test_ring_load_interval_by_hand():
    # One point a node: exponential, so that the quantiles are logarithms.
    low, high = hashing.ring_load_interval(1, 0.9)
    assert (low, high) == (pytest.approx(-math.log(0.95), rel=1e-9), pytest.approx(-math.log(0.05), rel=1e-9))
    # Two points: 1 − (1 + 2x)e^(−2x) = 0.05 at 2x = 0.35536, and 0.95 at 2x = 4.74386 (chi-square of 4, halved).
    low, high = hashing.ring_load_interval(2, 0.9)
    assert (low, high) == (pytest.approx(0.35536 / 2, rel=1e-4), pytest.approx(4.74386 / 2, rel=1e-4))


def test_ring_load_error_agrees_with_a_ring():
    assert hashing.ring_load_error(1, 10) == 0
    assert hashing.ring_load_error(2, 1) == pytest.approx(math.sqrt(1 / 3))
    shares = Ring([f"node-{number}" for number in range(200)], 50).shares().values()
    measured = math.sqrt(math.fsum((share * 200 - 1) ** 2 for share in shares) / 200)
    assert measured == pytest.approx(hashing.ring_load_error(200, 50), rel=0.2)


SUITS = {"clubs": 25, "diamonds": 25, "hearts": 25, "spades": 25}


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("fractional-flagjack", "hearts"), ("fractional-flagqueen", "spades"), ("fractional-flagten", "clubs"),
        ("fractional-flagnine", "diamonds"), ("fractional-flag3", "clubs"), ("shared-seedseven", "hearts"),
        ("shared-seedeight", "diamonds"), ("shared-seednine", "clubs"), ("shared-seedtwo", "spades"),
    ],
)  # fmt: skip
def test_flagd_test_suite(key, expected):
    assert hashing.flagd_variant(key, SUITS) == expected


@pytest.mark.parametrize(
    ("key", "expected"),
    [("ejOoVL", "lower"), ("bY9fO-", "lower"), ("SI7p-", "lower"), ("6LvT0", "upper"), ("ceQdGm", "upper")],
)
def test_flagd_test_suite_at_the_edges_of_the_hash(key, expected):
    assert hashing.flagd_variant(key, {"lower": 50, "upper": 50}) == expected


def test_weights():
    assert hashing.flagd_variant("ejOoVL", {"none": 0, "all": 1}) == "all"
    assert hashing.flagd_variant("ceQdGm", {"all": 1, "none": 0}) == "all"
    assert hashing.flagd_variant("ceQdGm", {"half": 2**30, "rest": 2**30 - 1}) == "rest"
    counts = Counter(hashing.flagd_variant(key, {"on": 1, "off": 3}) for key in KEYS)
    assert counts["on"] == pytest.approx(500, abs=80)


def test_unleash_test_suite():
    assert hashing.unleash_bucket("AB12A", "122") <= 50 < hashing.unleash_bucket("AB12A", "155")
    assert hashing.unleash_bucket("gr1", "123") == 73
    assert hashing.unleash_bucket("groupX", "999") == 25
    assert hashing.unleash_bucket("gr1", "123", 100, 86028157) == 96
    assert hashing.unleash_bucket("groupX", "999", 100, 86028157) == 60


def test_unleash_variants_use_their_own_seed():
    assert hashing.unleash_variant("gr1", "123", {"a": 95, "b": 1, "c": 4}) == "b"
    assert hashing.unleash_variant("gr1", "123", {"a": 95, "c": 5}) == "c"
    assert hashing.unleash_variant("gr1", "123", {"a": 96, "c": 4}) == "a"


@given(st.text(), st.text(), st.integers(1, 1000))
def test_unleash_buckets_count_from_1(group, identifier, buckets):
    assert 1 <= hashing.unleash_bucket(group, identifier, buckets) <= buckets


@pytest.mark.parametrize(
    ("seed", "value", "version", "expected"),
    [
        ("", "a", 1, 0.22), ("", "b", 1, 0.077), ("b", "a", 1, 0.946), ("ef", "d", 1, 0.652),
        ("asdf", "8952klfjas09ujk", 1, 0.549), ("", "123", 1, 0.011), ("", '___)((*":&', 1, 0.563),
        ("seed", "a", 2, 0.0505), ("seed", "b", 2, 0.2696), ("foo", "ab", 2, 0.2575), ("foo", "def", 2, 0.2019),
        ("89123klj", "8952klfjas09ujkasdf", 2, 0.124), ("90850943850283058242805", "123", 2, 0.7516),
        ("()**(%$##$%#$#", '___)((*":&', 2, 0.0128),
    ],
)  # fmt: skip
def test_growthbook_test_suite(seed, value, version, expected):
    assert hashing.growthbook_bucket(seed, value, version) == expected


def test_growthbook_uses_version_2():
    assert hashing.growthbook_bucket("seed", "a") == 0.0505


def test_bad_input():
    for value in (7, None, True, "\ud800", ["a"]):
        rejects("data", hashing.murmur3_32, value)
        rejects("data", hashing.fnv1a_32, value)
        rejects("key", hashing.flagd_variant, value, SUITS)
        rejects("group", hashing.unleash_bucket, value, "a")
        rejects("identifier", hashing.unleash_bucket, "a", value)
        rejects("seed", hashing.growthbook_bucket, value, "a")
        rejects("value", hashing.growthbook_bucket, "a", value)
        rejects("key", Ring(list("ab"), 3).node, value)
        rejects("key", Ring(list("ab"), 3).preference, value, 1)
    for value in (-1, 0.5, 2**32, None, math.nan):
        rejects("seed", hashing.murmur3_32, "x", value)
    for value in (0, -1, 1.5, 2**32 + 1):
        rejects("buckets", hashing.unleash_bucket, "a", "b", value)
    assert hashing.unleash_bucket("a", "b", 2**32) > 1
    assert hashing.unleash_bucket("a", "b", 1) == 1
    for value in (0, 3, 99, None):
        rejects("version", hashing.growthbook_bucket, "a", "b", value)
    for value in (-1, 2**64, 1.0, True, None, "a"):
        assert rejects("key", hashing.jump_hash, value, 5).allowed == "a whole number from 0 to 18446744073709551615"
    for value in (0, -1, 2**31, 1.5):
        rejects("buckets", hashing.jump_hash, 1, value)
    assert 0 <= hashing.jump_hash(1, 2**31 - 1) < 2**31 - 1


def test_bad_rings():
    for value in ([], "", None, 5, ["a", 1]):
        rejects("nodes", Ring, value)
    assert rejects("nodes", Ring, ["a", "b", "a"]).allowed == "distinct nodes"
    for value in (0, -1, 1.5, 100_001):
        rejects("points", Ring, ["a"], value)
    for value in (0, 3, 1.5):
        rejects("count", Ring(["a", "b"], 3).preference, "key", value)
    check_domain(
        hashing.ring_load_error, {"nodes": 3, "points": 3}, {"nodes": (0, 1.5), "points": (0, 1.5)},
        {"nodes": (1,), "points": (1,)},
    )  # fmt: skip
    check_domain(
        hashing.ring_load_interval, {"points": 3, "confidence": 0.5},
        {"points": (0, 1.5, 100_001), "confidence": (0, 1, -1)}, {"points": (1,)},
    )  # fmt: skip


def test_bad_weights():
    allowed = "a mapping from variant to weight with at least one variant"
    for value in ({}, [], None, [("a", 1)]):
        assert rejects("weights", hashing.flagd_variant, "k", value).allowed == allowed
    for value in ({"a": 0}, {"a": -1}, {"a": 1.5}, {"a": None}, {"a": 2**31}, {"a": 2**31 - 1, "b": 1}):
        rejects("weights", hashing.flagd_variant, "k", value)
    assert "sum to a number from 1 to 2147483647" in rejects("weights", hashing.flagd_variant, "k", {"a": 0}).allowed
    assert hashing.flagd_variant("k", {"a": 2**31 - 1}) == "a"
    assert hashing.unleash_variant("g", "k", {"a": 2**32 - 1}) == "a"
    rejects("weights", hashing.unleash_variant, "g", "k", {"a": 2**32})
    rejects("weights", hashing.unleash_variant, "g", "k", {"a": 2**32 - 1, "b": 1})
