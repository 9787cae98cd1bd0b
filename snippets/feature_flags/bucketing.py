"""Who gets which variant: stable for a person, independent between flags."""

from __future__ import annotations

from collections.abc import Mapping

from handbook.hashing import growthbook_bucket, murmur3_32, unleash_bucket

PARTS = 100_000  # the smallest share is a thousandth of a percent


# --8<-- [start:bucket]
def bucket(salt: str, key: str, parts: int = PARTS) -> int:
    """A number from 0 to parts - 1 that looks random and is always the same.

    The salt belongs to the flag. With one salt for all, the same people would be the
    first to get every new thing, and two experiments would share their arms.
    """
    return (murmur3_32(f"{salt}:{key}") * parts) >> 32  # flagd's rule


def variant(salt: str, key: str, weights: Mapping[str, float]) -> str | None:
    """The variant of a person, by weights in percent; None beyond their sum.

    Raising the last weight adds people, and moves nobody from one variant to another.
    """
    place, upto = bucket(salt, key), 0.0
    for name, percent in weights.items():
        upto += percent
        if place < round(upto * PARTS / 100):
            return name
    return None


# --8<-- [end:bucket]


# --8<-- [start:published]
def unleash_on(group: str, key: str, percent: int) -> bool:
    """Unleash's gradual rollout: a bucket from 1 to 100, by MurmurHash3."""
    return unleash_bucket(group, key) <= percent


def growthbook_on(seed: str, key: str, percent: float) -> bool:
    """GrowthBook's second rule: FNV-1a of FNV-1a, a number from 0 to 1."""
    return growthbook_bucket(seed, key, version=2) < percent / 100


# --8<-- [end:published]
