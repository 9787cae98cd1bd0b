import math
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from handbook import sketches
from handbook.sketches import BloomFilter, HyperLogLog
from tests.handbook.bad_input import check_domain, rejects


def test_published_false_positives():
    assert sketches.bloom_false_positive(10, 7) == pytest.approx(0.00819, abs=5e-6)
    assert sketches.bloom_false_positive(1, 1) == pytest.approx(1 - 1 / math.e)
    assert sketches.bloom_false_positive(1e60, 1) == pytest.approx(1e-60, rel=1e-9, abs=0)


@given(st.floats(1, 1e6), st.floats(1e-9, 0.5))
def test_the_sizes_meet_the_false_positives(items, share):
    bits = sketches.bloom_bits(items, share)
    hashes = sketches.bloom_hashes(bits / items)
    assert sketches.bloom_false_positive(bits / items, hashes) < share * 1.25  # the number of hashes is rounded
    for other in (hashes - 1, hashes + 1):
        if other > 0:
            best = sketches.bloom_false_positive(bits / items, hashes)
            assert best <= sketches.bloom_false_positive(bits / items, other) * 1.06


def test_sizes_by_hand():
    assert sketches.bloom_bits(1, 0.5) == 2  # 1/ln 2 = 1.44
    assert sketches.bloom_bits(1000, 0.01) == 9586
    assert sketches.bloom_hashes(10) == 7
    assert sketches.bloom_hashes(0.1) == 1
    assert sketches.bloom_hashes(2.9) == 2
    assert sketches.bloom_hashes(1000) == 693


def test_a_bloom_filter_keeps_its_promises():
    seen = BloomFilter(bits=5000, hashes=7)
    added, others = ([f"{kind} {number}" for number in range(count)] for kind, count in (("in", 500), ("out", 10_000)))
    for item in added:
        seen.add(item)
    assert all(item in seen for item in added)
    false = sum(item in seen for item in others) / len(others)
    assert false == pytest.approx(sketches.bloom_false_positive(10, 7), abs=0.003)


@given(st.lists(st.text(), max_size=20), st.integers(1, 70), st.integers(1, 5))
def test_no_item_is_ever_forgotten(items, bits, hashes):
    seen = BloomFilter(bits, hashes)
    assert (seen.bits, seen.hashes) == (bits, hashes)
    for item in items:
        seen.add(item)
    assert all(item in seen for item in items)


def test_a_bloom_filter_is_the_same_everywhere():
    seen = BloomFilter(bits=61, hashes=4)
    seen.add("user-7")
    # By hand: the two halves of the BLAKE2b hash, the second made odd, give the positions h₁ + i·h₂.
    digest = blake2b(b"user-7", digest_size=16).hexdigest()
    first, second = int(digest[:16], 16), int(digest[16:], 16)
    second += second % 2 == 0
    positions = {(first + index * second) % 61 for index in range(4)}
    assert {bit for bit in range(61) if seen._array[bit // 8] & 2 ** (bit % 8)} == positions


def test_an_empty_bloom_filter_holds_nothing():
    assert "" not in BloomFilter(1, 1)
    assert "a" not in BloomFilter(1000, 3)


def test_published_hyperloglog_error():
    assert sketches.hyperloglog_error(2048) == pytest.approx(0.0230, abs=5e-5)
    assert sketches.hyperloglog_error(16) == 0.26


@given(st.floats(0.001, 0.9))
def test_registers_are_the_fewest_that_do(error):
    registers = sketches.hyperloglog_registers(error)
    assert sketches.hyperloglog_error(registers) <= error * (1 + 1e-12) or error > 0.26
    assert registers == 16 or 1.04 / math.sqrt(registers / 2) > error


@pytest.mark.parametrize(("precision", "count"), [(4, 40_000), (5, 40_000), (6, 40_000), (11, 300), (11, 40_000)])
def test_counts_within_a_few_standard_errors(precision, count):
    visitors = HyperLogLog(precision)
    assert visitors.precision == precision
    for number in range(count):
        visitors.add(f"user-{number}")
    # Three standard errors; counts below 2.5 registers are counted more exactly than that.
    error = 3 * 1.04 / math.sqrt(2**precision)
    assert visitors.count() == pytest.approx(count, rel=error)
    if count < 2**precision:
        assert visitors.count() == pytest.approx(count, rel=0.02)


@pytest.mark.parametrize(
    ("precision", "constant"), [(4, 0.673), (5, 0.697), (6, 0.709), (7, 0.7213 / (1 + 1.079 / 128))]
)
def test_constants_of_the_paper(precision, constant):
    # All registers at r: the estimate is α·m·2^r, and above 2.5·m it is not replaced by linear counting.
    visitors = HyperLogLog(precision)
    visitors._registers[:] = bytes([5]) * 2**precision
    assert visitors.count() == pytest.approx(constant * 2**precision * 32)


def test_linear_counting_ends_at_two_and_a_half_times_the_registers():
    visitors = HyperLogLog(4)
    # One register empty, the others at r: the raw estimate is .673·256/(1 + 15/2^r); 2.5·m is 40.
    visitors._registers[:] = bytes([0] + [2] * 15)
    assert visitors.count() == pytest.approx(16 * math.log(16))  # raw 36.3
    visitors._registers[:] = bytes([0] + [2] * 5 + [3] * 10)
    assert visitors.count() == pytest.approx(0.673 * 256 / 3.5)  # raw 49.2
    visitors._registers[:] = bytes([0] + [3] * 15)
    assert visitors.count() == pytest.approx(0.673 * 256 / (1 + 15 / 8))  # raw 59.9
    visitors._registers[:] = bytes([1] * 16)
    assert visitors.count() == pytest.approx(0.673 * 16 * 2)  # small, but no register is empty


def test_repetition_and_merging():
    left, right, both = (HyperLogLog() for _ in range(3))
    assert left.count() == 0
    assert left.precision == 11
    for number in range(3000):
        (left if number < 2000 else right).add(str(number))
        both.add(str(number))
    for number in range(1000):
        both.add(str(number))
    merged = left.merge(right)
    assert merged.count() == both.count() == right.merge(left).count()
    assert left.count() < merged.count()
    assert left.merge(left).count() == left.count()


def test_the_same_everywhere():
    visitors = HyperLogLog(4)
    for number in range(10):
        visitors.add(str(number))
    # By hand: the first four bits of each BLAKE2b hash name the register, which keeps the place of the next one bit.
    assert list(visitors._registers) == [0, 1, 0, 0, 0, 0, 0, 4, 2, 1, 3, 0, 0, 0, 2, 2]


def test_bad_input():
    check_domain(
        sketches.bloom_false_positive, {"bits_per_item": 10, "hashes": 7},
        {"bits_per_item": (0, -1), "hashes": (0, 1.5, 1001)}, {"hashes": (1, 1000)},
    )  # fmt: skip
    check_domain(
        sketches.bloom_bits, {"items": 10, "false_positive": 0.1},
        {"items": (0.9, 1e15 + 1), "false_positive": (0, 1)}, {"items": (1, 1e15)},
    )  # fmt: skip
    check_domain(sketches.bloom_hashes, {"bits_per_item": 10}, {"bits_per_item": (0, 1001)}, {"bits_per_item": (1000,)})
    check_domain(
        BloomFilter, {"bits": 10, "hashes": 3}, {"bits": (0, 1.5, 10**9 + 1), "hashes": (0, 1.5, 1001)},
        {"bits": (1,), "hashes": (1, 1000)},
    )  # fmt: skip
    check_domain(sketches.hyperloglog_error, {"registers": 64}, {"registers": (15, 16.5)}, {"registers": (16, 10**9)})
    check_domain(sketches.hyperloglog_registers, {"error": 0.1}, {"error": (0, 1, 0.0009)}, {"error": (0.001,)})
    check_domain(HyperLogLog, {"precision": 5}, {"precision": (3, 22, 4.5)}, {"precision": (4, 21)})
    for value in (7, None, b"a", "\ud800"):
        rejects("item", BloomFilter(10, 3).add, value)
        rejects("item", BloomFilter(10, 3).__contains__, value)
        rejects("item", HyperLogLog(4).add, value)
    for value in (None, 5, HyperLogLog(5)):
        assert rejects("other", HyperLogLog(4).merge, value).allowed == "a HyperLogLog of precision 4"
