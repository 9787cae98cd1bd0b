"""Sketches: Bloom filters (is it in the set?) and HyperLogLog (how many are there?), sized and working.

Both hash with BLAKE2b, so that the same items give the same sketch everywhere.
"""

from __future__ import annotations

import math
from hashlib import blake2b

from handbook import domain
from handbook.errors import InputError


def bloom_false_positive(bits_per_item: float, hashes: int) -> float:
    """P(a Bloom filter claims an item that was never added) = (1 − e^(−k·n/m))ᵏ.

    `bits_per_item` m/n > 0 when the filter is full, `hashes` k a whole number from 1 to 1,000. Raises InputError.
    Source: Bloom, CACM, 1970.

    >>> round(bloom_false_positive(10, 7), 5)
    0.00819
    """
    hashes = domain.whole("hashes", hashes, 1, 1000)
    return (-math.expm1(-hashes / domain.positive("bits_per_item", bits_per_item))) ** hashes


def bloom_bits(items: float, false_positive: float) -> int:
    """Bits that a Bloom filter of `items` needs for a share `false_positive`: −n·ln p/(ln 2)², rounded up.

    With the best number of hashes (`bloom_hashes`). `items` n from 1 to 10¹⁵, `false_positive` p strictly between 0
    and 1. Raises InputError. Source: Bloom, 1970; Broder & Mitzenmacher, Network Applications of Bloom Filters, 2004.

    >>> bloom_bits(1_000_000, 0.01)
    9585059
    """
    domain.at_most("items", domain.at_least("items", items, 1), 1e15)
    return math.ceil(-items * math.log(domain.between("false_positive", false_positive)) / math.log(2) ** 2)


def bloom_hashes(bits_per_item: float) -> int:
    """The number of hashes with the fewest false positives: (m/n)·ln 2 to the nearest whole number, at least 1.

    `bits_per_item` m/n is from above 0 to 1,000. Raises InputError. Source as for `bloom_bits`.

    >>> bloom_hashes(10)
    7
    """
    domain.at_most("bits_per_item", domain.positive("bits_per_item", bits_per_item), 1000)
    return max(1, round(bits_per_item * math.log(2)))


class BloomFilter:
    """A set that never forgets an item that was added, and claims others with a small probability.

    `bits` is a whole number from 1 to a billion, `hashes` one from 1 to 1,000; items are texts. The positions are
    h₁ + i·h₂ (Kirsch & Mitzenmacher, 2006). Raises InputError.

    >>> seen = BloomFilter(bits=1000, hashes=7)
    >>> seen.add("user-7")
    >>> "user-7" in seen, "user-8" in seen
    (True, False)
    """

    def __init__(self, bits: int, hashes: int) -> None:
        self.bits, self.hashes = domain.whole("bits", bits, 1), domain.whole("hashes", hashes, 1, 1000)
        self._array = bytearray((self.bits + 7) // 8)

    def _positions(self, item: str) -> list[int]:
        digest = blake2b(domain.text("item", item).encode(), digest_size=16).digest()
        first, second = int.from_bytes(digest[:8], "big"), int.from_bytes(digest[8:], "big") | 1
        return [(first + index * second) % self.bits for index in range(self.hashes)]

    def add(self, item: str) -> None:
        """Remember `item`, a text."""
        for position in self._positions(item):
            self._array[position >> 3] |= 1 << (position & 7)

    def __contains__(self, item: str) -> bool:
        return all(self._array[position >> 3] >> (position & 7) & 1 for position in self._positions(item))


def hyperloglog_error(registers: int) -> float:
    """Standard error of a HyperLogLog count as a share of the count: 1.04/√m.

    `registers` m is a whole number from 16. Raises InputError. Source: Flajolet, Fusy, Gandouet & Meunier, 2007.

    >>> round(hyperloglog_error(2048), 4)
    0.023
    """
    return 1.04 / math.sqrt(domain.whole("registers", registers, 16))


def hyperloglog_registers(error: float) -> int:
    """Registers that a HyperLogLog needs for a standard error: (1.04/error)² up to the next power of two, at least 16.

    `error` is a share, from 0.001 to below 1. Raises InputError. Source as for `hyperloglog_error`.

    >>> hyperloglog_registers(0.02)
    4096
    """
    domain.at_least("error", domain.between("error", error), 0.001)
    return max(16, 2 ** math.ceil(2 * math.log2(1.04 / error)))


class HyperLogLog:
    """Counts distinct texts in a fixed number of registers, 2^`precision` (a whole number from 4 to 21).

    Small counts are read off the registers that are still empty (linear counting); 64-bit hashes need no correction for
    large ones. Raises InputError. Source: Flajolet et al., 2007; Heule, Nunkesser & Hall, 2013.

    >>> visitors = HyperLogLog(precision=10)
    >>> for number in [1, 2, 2, 3]:
    ...     visitors.add(f"user-{number}")
    >>> round(visitors.count())
    3
    """

    def __init__(self, precision: int = 11) -> None:
        self.precision = domain.whole("precision", precision, 4, 21)
        self._registers = bytearray(1 << self.precision)

    def add(self, item: str) -> None:
        """Count `item`, a text; again has no effect."""
        value = int.from_bytes(blake2b(domain.text("item", item).encode(), digest_size=8).digest(), "big")
        rest = 64 - self.precision
        register, zeros = value >> rest, rest - (value & (1 << rest) - 1).bit_length()
        self._registers[register] = max(self._registers[register], zeros + 1)

    def merge(self, other: HyperLogLog) -> HyperLogLog:
        """The sketch of both sets together; `other` must have the same precision."""
        if not isinstance(other, HyperLogLog) or other.precision != self.precision:
            raise InputError("other", other, f"a HyperLogLog of precision {self.precision}")
        both = HyperLogLog(self.precision)
        both._registers[:] = map(max, self._registers, other._registers)
        return both

    def count(self) -> float:
        """The estimated number of distinct items."""
        size, empty = len(self._registers), self._registers.count(0)
        constant = {16: 0.673, 32: 0.697, 64: 0.709}.get(size, 0.7213 / (1 + 1.079 / size))
        estimate = constant * size**2 / math.fsum(2.0**-register for register in self._registers)
        return size * math.log(size / empty) if empty and estimate <= 2.5 * size else estimate
