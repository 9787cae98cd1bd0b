"""Hashing: MurmurHash3, FNV-1a, consistent hashing (ring and jump) and the buckets of three flag systems.

Everything here is deterministic across machines, versions and processes, which Python's own `hash` of texts is not.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from hashlib import blake2b
from itertools import accumulate

from handbook import domain
from handbook.errors import InputError

_MASK32, _MASK64 = 0xFFFFFFFF, 0xFFFFFFFFFFFFFFFF

#: Largest sum of weights that flagd accepts, and the seed that Unleash hashes variants with.
FLAGD_MOST_WEIGHT, UNLEASH_VARIANT_SEED = 2_147_483_647, 86_028_157


def _bytes(argument: str, data: str | bytes) -> bytes:
    return data if isinstance(data, bytes) else domain.text(argument, data).encode()


def _rotate(value: int, bits: int) -> int:
    return (value << bits | value >> 32 - bits) & _MASK32


def _scramble(block: int) -> int:
    return _rotate(block * 0xCC9E2D51 & _MASK32, 15) * 0x1B873593 & _MASK32


def murmur3_32(data: str | bytes, seed: int = 0) -> int:
    """MurmurHash3 (x86, 32 bit) of `data`, a text (as UTF-8) or bytes: a whole number from 0 to 2³² − 1.

    `seed` is a whole number from 0 to 2³² − 1. Raises InputError. Source: Appleby, SMHasher, 2011.

    >>> hex(murmur3_32("hello"))
    '0x248bfa47'
    """
    octets = _bytes("data", data)
    state = domain.whole("seed", seed, 0, _MASK32)
    whole = len(octets) & ~3
    for start in range(0, whole, 4):
        state ^= _scramble(int.from_bytes(octets[start : start + 4], "little"))
        state = (_rotate(state, 13) * 5 + 0xE6546B64) & _MASK32
    state ^= _scramble(int.from_bytes(octets[whole:], "little")) ^ len(octets)
    state = (state ^ state >> 16) * 0x85EBCA6B & _MASK32
    state = (state ^ state >> 13) * 0xC2B2AE35 & _MASK32
    return state ^ state >> 16


def fnv1a_32(data: str | bytes) -> int:
    """FNV-1a (32 bit) of `data`, a text (as UTF-8) or bytes: a whole number from 0 to 2³² − 1.

    Raises InputError. Source: Fowler, Noll & Vo, 1991.

    >>> hex(fnv1a_32("a"))
    '0xe40c292c'
    """
    state = 0x811C9DC5
    for octet in _bytes("data", data):
        state = (state ^ octet) * 0x01000193 & _MASK32
    return state


def jump_hash(key: int, buckets: int) -> int:
    """The bucket (0 to `buckets` − 1) of a 64-bit `key`: adding a bucket moves only 1/(n + 1) of the keys, to it.

    `key` is a whole number from 0 to 2⁶⁴ − 1 (hash texts first), `buckets` one from 1 to 2³¹ − 1. Takes O(ln buckets)
    steps and no memory, but buckets can only be added and removed at the end. Raises InputError. Source: Lamping &
    Veach, A Fast, Minimal Memory, Consistent Hash Algorithm, 2014.

    >>> jump_hash(42, 57)
    43
    """
    if isinstance(key, bool) or not isinstance(key, int) or not 0 <= key <= _MASK64:
        raise InputError("key", key, f"a whole number from 0 to {_MASK64}")
    buckets = domain.whole("buckets", buckets, 1, 2**31 - 1)
    bucket, candidate = 0, 0
    while candidate < buckets:
        bucket = candidate
        key = (key * 2862933555777941757 + 1) & _MASK64
        candidate = int((bucket + 1) * (2**31 / ((key >> 33) + 1)))
    return bucket


class Ring:
    """Consistent hashing: each node owns the arcs that end at its points; a key belongs to the next point clockwise.

    Removing a node moves only its own keys; adding one takes keys only for itself. `nodes` are distinct texts (at
    least one), `points` of each is a whole number from 1 (its virtual nodes). Raises InputError. Source: Karger et
    al., Consistent Hashing and Random Trees, 1997.

    >>> Ring(["a", "b", "c"]).node("user-7") in {"a", "b", "c"}
    True
    """

    def __init__(self, nodes: Iterable[str], points: int = 100) -> None:
        self.nodes = tuple(domain.text("nodes", node) for node in domain.sequence("nodes", nodes))
        if len(set(self.nodes)) < len(self.nodes):
            raise InputError("nodes", self.nodes, "distinct nodes")
        self.points = domain.whole("points", points, 1, 100_000)
        # Equal positions are rare and belong to the node that sorts first, in whatever order nodes were given.
        owned = sorted((self._position(f"{node}#{i}"), node) for node in self.nodes for i in range(self.points))
        self._positions, self._owners = [position for position, _ in owned], [node for _, node in owned]

    @staticmethod
    def _position(key: str) -> int:
        """64 bits, so that a million points still hardly ever meet."""
        return int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")

    def node(self, key: str) -> str:
        """The node that owns `key`, a text."""
        return self._owners[bisect_left(self._positions, self._position(domain.text("key", key))) % len(self._owners)]

    def preference(self, key: str, count: int) -> list[str]:
        """The first `count` distinct nodes from `key` on, clockwise: where its replicas go. At most all nodes."""
        count = domain.whole("count", count, 1, len(self.nodes))
        start = bisect_left(self._positions, self._position(domain.text("key", key)))
        clockwise = self._owners[start:] + self._owners[:start]
        return list(dict.fromkeys(clockwise))[:count]

    def shares(self) -> dict[str, float]:
        """The share of the whole ring that each node owns; the shares sum to 1."""
        owned = dict.fromkeys(self.nodes, 0)
        before = self._positions[-1] - 2**64
        for position, owner in zip(self._positions, self._owners, strict=True):
            owned[owner] += position - before
            before = position
        return {node: length / 2**64 for node, length in owned.items()}


def ring_load_error(nodes: int, points: int) -> float:
    """Standard error of a node's load relative to the mean load on a hash ring: √((n − 1)/(n·v + 1)), about 1/√v.

    A node's share is Beta(v, (n − 1)v)-distributed. `nodes` n and `points` v of each are whole numbers from 1. Raises
    InputError. Source: the law of uniform spacings; Lamping & Veach, 2014, measured the same.

    >>> round(ring_load_error(1000, 100), 4)
    0.0999
    """
    nodes, points = domain.whole("nodes", nodes, 1), domain.whole("points", points, 1)
    return math.sqrt((nodes - 1) / (nodes * points + 1))


def ring_load_interval(points: int, confidence: float = 0.99) -> tuple[float, float]:
    """Between which loads, relative to the mean, the share `confidence` of the nodes of a large hash ring lies.

    The two equal-tailed quantiles of Gamma(v, 1/v), the limit for many nodes. `points` v of each node is a whole
    number from 1 to 100,000, `confidence` is strictly between 0 and 1. Raises InputError. Source: as for
    `ring_load_error`.

    >>> [round(load, 2) for load in ring_load_interval(100)]
    [0.76, 1.28]
    """
    points = domain.whole("points", points, 1, 100_000)
    outside = (1 - domain.between("confidence", confidence)) / 2
    return _gamma_quantile(points, outside), _gamma_quantile(points, 1 - outside)


def _gamma_quantile(shape: int, quantile: float) -> float:
    """The quantile of Gamma(shape, 1/shape) by bisection: P(X ≤ x) = P(a Poisson count of mean x·shape ≥ shape)."""
    low, high = 0.0, 50.0  # P(X > 50) < 1e-20 already for the widest, shape 1
    for _ in range(60):
        middle = (low + high) / 2
        mean = middle * shape
        log_mean = math.log(mean)
        fewer = math.fsum(math.exp(k * log_mean - mean - math.lgamma(k + 1)) for k in range(shape))
        low, high = (middle, high) if 1 - fewer < quantile else (low, middle)
    return (low + high) / 2


def _choose(bucket: int, weights: Mapping[str, int]) -> str:
    """The variant whose range of the running sum of weights holds `bucket`, counted from 0."""
    ends = list(accumulate(weights.values()))
    return list(weights)[bisect_right(ends, bucket)]


def _weights(weights: Mapping[str, int], most: int) -> dict[str, int]:
    if not isinstance(weights, Mapping) or not weights:
        raise InputError("weights", weights, "a mapping from variant to weight with at least one variant")
    checked = {variant: domain.whole("weights", weight, 0, most) for variant, weight in weights.items()}
    if not 0 < sum(checked.values()) <= most:
        raise InputError("weights", weights, f"weights that sum to a number from 1 to {most}")
    return checked


def flagd_variant(key: str, weights: Mapping[str, int]) -> str:
    """The variant that flagd's fractional operation (version 2) gives `key`: bucket = (murmur3 × total weight) >> 32.

    `key` is the text that flagd hashes, by default the flag's key followed by the targeting key. `weights` maps each
    variant to a whole number from 0; they sum to 1 … 2³¹ − 1. Raises InputError. Source: flagd documentation,
    OpenFeature, 2026.

    >>> flagd_variant("new-homeuser-7", {"on": 50, "off": 50})
    'off'
    """
    weights = _weights(weights, FLAGD_MOST_WEIGHT)
    return _choose(murmur3_32(domain.text("key", key)) * sum(weights.values()) >> 32, weights)


def unleash_bucket(group: str, identifier: str, buckets: int = 100, seed: int = 0) -> int:
    """The bucket, 1 to `buckets`, that Unleash gives an `identifier` in a `group`: murmur3("group:id") mod n + 1.

    A gradual rollout of p % is on when the bucket of 100 is at most p. `buckets` is a whole number from 1 to 2³²,
    `seed` one from 0 to 2³² − 1. Raises InputError. Source: Unleash client specification, 2026.

    >>> unleash_bucket("AB12A", "122") <= 50
    True
    """
    key = f"{domain.text('group', group)}:{domain.text('identifier', identifier)}"
    return murmur3_32(key, seed) % domain.whole("buckets", buckets, 1, 2**32) + 1


def unleash_variant(group: str, identifier: str, weights: Mapping[str, int]) -> str:
    """The variant that Unleash gives an `identifier` in a `group`: the bucket of the total weight, with its own seed.

    `weights` maps each variant to a whole number from 0; they sum to 1 … 2³² − 1. Raises InputError. Source as for
    `unleash_bucket`.

    >>> unleash_variant("checkout", "user-7", {"blue": 500, "green": 500})
    'blue'
    """
    weights = _weights(weights, _MASK32)
    return _choose(unleash_bucket(group, identifier, sum(weights.values()), UNLEASH_VARIANT_SEED) - 1, weights)


def growthbook_bucket(seed: str, value: str, version: int = 2) -> float:
    """Where GrowthBook puts `value` (a user's attribute) on [0, 1) for an experiment's `seed`, in steps of 1e-4.

    Version 2: fnv1a(text of fnv1a(seed + value)) mod 10,000 / 10,000. Version 1: fnv1a(value + seed) mod 1,000 / 1,000,
    which correlates between experiments. Raises InputError. Source: Build your own SDK, GrowthBook, 2026.

    >>> growthbook_bucket("seed", "a")
    0.0505
    """
    seed, value = domain.text("seed", seed), domain.text("value", value)
    if domain.whole("version", version, 1, 2) == 1:
        return fnv1a_32(value + seed) % 1000 / 1000
    return fnv1a_32(str(fnv1a_32(seed + value))) % 10_000 / 10_000
