"""May this be sent to this address? A Bloom filter in front of a store.

An entry is an address within a scope: one list that its owner left, or `ALL` for an
address that is dead or may not be used. Nothing here holds an address, only keyed
hashes. Without the key, nobody can match a stolen list with known addresses, or choose
addresses that fill the filter.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterable
from enum import Enum
from hashlib import blake2b
from threading import Lock
from typing import Protocol


# --8<-- [start:digest]
def normalise(address: str) -> str:
    """One spelling of an address; ValueError if it is none.

    Dots and `+tags` stay: at some providers they mean another mailbox.
    """
    plain = unicodedata.normalize("NFC", address.strip().lower()).rstrip(".")
    local, _, domain = plain.rpartition("@")
    if not local or not domain or len(plain) > 254:
        raise ValueError("an address is local@domain, at most 254 characters")
    return f"{local}@{domain.encode('idna').decode()}"


def digest(scope: str, address: str, key: bytes) -> bytes:
    """What stands for an entry: 16 bytes that nobody can make without the key."""
    entry = f"{scope}\0{normalise(address)}"
    return blake2b(entry.encode(), key=key, digest_size=16).digest()


# --8<-- [end:digest]


# --8<-- [start:filter]
class BloomFilter:
    """Says "certainly not in the set" or, for a share p of the others, "maybe"."""

    def __init__(self, n: int, p: float) -> None:
        self.m = math.ceil(-n * math.log(p) / math.log(2) ** 2)  # bits
        self.k = max(1, round(self.m / n * math.log(2)))  # bits set by an entry
        self.bits = bytearray((self.m + 7) // 8)
        self.writing = Lock()  # two writers of one byte could lose a bit

    def positions(self, digest: bytes) -> list[int]:
        """The bits of an entry: k numbers made of two (Kirsch, Mitzenmacher, 2006)."""
        start = int.from_bytes(digest[:8])
        step = int.from_bytes(digest[8:]) | 1
        return [(start + i * step) % self.m for i in range(self.k)]

    def add(self, digest: bytes) -> None:
        """Add an entry; readers need no lock, because bits are only ever set."""
        with self.writing:
            for position in self.positions(digest):
                self.bits[position // 8] |= 1 << position % 8

    def __contains__(self, digest: bytes) -> bool:
        return all(
            self.bits[position // 8] >> position % 8 & 1
            for position in self.positions(digest)
        )


# --8<-- [end:filter]


def error_rate(m: int, k: int, entries: int) -> float:
    """The share of other addresses to which a filter of m bits says "maybe"."""
    return (1 - math.exp(-k * entries / m)) ** k


class Store(Protocol):
    """The entries; the filter can be made again from it at any time.

    All methods raise OSError if the store cannot be reached or does not answer.
    """

    def add(self, digest: bytes) -> None:
        """Write an entry durably, or raise."""

    def discard(self, digest: bytes) -> None:
        """Take an entry out durably, or raise; without an entry this does nothing."""

    def __contains__(self, digest: bytes) -> bool: ...


# --8<-- [start:change]
ALL = "*"  # the scope of a dead address or of a legal demand; no list has this name
NEVER = float("-inf")


class Changes:
    """The filter and the store, and how they change together."""

    def __init__(self, filter: BloomFilter, store: Store, key: bytes) -> None:
        self.filter, self.store, self.key = filter, store, key
        self.heard_until = NEVER  # all changes before this are in the filter

    def add(self, scope: str, address: str) -> None:
        """Suppress an address. If this raises, it is not done: try again."""
        entry = digest(scope, address, self.key)
        # Filter first: at every moment it knows at least what the store knows.
        self.filter.add(entry)
        self.store.add(entry)

    def remove(self, scope: str, address: str) -> None:
        """Somebody consents again. The filter goes on saying "maybe": no harm done."""
        self.store.discard(digest(scope, address, self.key))

    def hear(self, entries: Iterable[bytes], until: float) -> None:
        """Everything that other servers added before `until`, even if it is nothing."""
        for entry in entries:
            self.filter.add(entry)
        self.heard_until = max(self.heard_until, until)


# --8<-- [end:change]


# --8<-- [start:lookup]
class Answer(Enum):
    """May a message not be sent?"""

    NO = "send it"
    YES = "drop it"
    UNKNOWN = "hold it and ask again"


class Suppression(Changes):
    """What a sender asks just before it delivers."""

    MAX_LAG = 60.0  # seconds

    def suppressed(self, address: str, mailing: str | None, now: float) -> Answer:
        """Ask for a message of this list; None for mail like receipts and codes.

        Who leaves a list still gets the code to sign in: such mail heeds `ALL` alone.
        """
        scopes = [ALL] if mailing is None else [ALL, mailing]
        entries = [digest(scope, address, self.key) for scope in scopes]
        maybe = [entry for entry in entries if entry in self.filter]
        fresh = now - self.heard_until <= self.MAX_LAG
        if fresh and not maybe:
            return Answer.NO
        try:
            listed = any(entry in self.store for entry in (maybe if fresh else entries))
        except OSError:
            # A campaign waits. A code cannot: at worst its address died within the lag.
            loaded = self.heard_until > NEVER  # an empty filter knows nothing
            trusted = mailing is None and loaded and not maybe
            return Answer.NO if trusted else Answer.UNKNOWN
        return Answer.YES if listed else Answer.NO


# --8<-- [end:lookup]
