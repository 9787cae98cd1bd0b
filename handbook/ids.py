"""Snowflake identifiers: 64-bit numbers that sort by time and are made without coordination.

Times are whole milliseconds since 1970-01-01T00:00Z.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from handbook import domain
from handbook.errors import InputError


@dataclass(frozen=True)
class Layout:
    """How the bits of an identifier are divided: milliseconds since `epoch_ms` first, then the `fields` (name, bits).

    >>> X.lifetime_ms == 2**41
    True
    """

    epoch_ms: int
    time_bits: int
    fields: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        widths = [domain.whole("fields", bits, 1, 62) for _, bits in domain.sequence("fields", self.fields)]
        domain.whole("epoch_ms", self.epoch_ms, 0, 10**15)
        domain.whole("time_bits", self.time_bits, 1, 64 - sum(widths))

    @property
    def lifetime_ms(self) -> int:
        """Milliseconds after the epoch at which the time field is full."""
        return 1 << self.time_bits

    @property
    def ids_per_ms(self) -> int:
        """Identifiers that one worker can make in a millisecond: the sequence is the last field."""
        return 1 << self.fields[-1][1]


#: X (Twitter, 2010): 41 bits of time, 10 of worker, 12 of sequence; and Discord: 42 / 5 / 5 / 12.
X = Layout(1_288_834_974_657, 41, (("worker", 10), ("sequence", 12)))
DISCORD = Layout(1_420_070_400_000, 42, (("worker", 5), ("process", 5), ("sequence", 12)))


def _layout(layout: Layout) -> Layout:
    if not isinstance(layout, Layout):
        raise InputError("layout", layout, "a Layout, such as X or DISCORD")
    return layout


def encode(layout: Layout, time_ms: int, fields: Mapping[str, int]) -> int:
    """The identifier made at `time_ms` with the given `fields`, such as {"worker": 3, "sequence": 0}.

    `time_ms` is a whole number of milliseconds since 1970, from the layout's epoch until its time field is full;
    each field is a whole number that fits its bits. Raises InputError. Source: Snowflake, Twitter, 2010.

    >>> encode(X, 1_288_834_974_657 + 1, {"worker": 1, "sequence": 2})
    4198402
    """
    names = [name for name, _ in _layout(layout).fields]
    if not isinstance(fields, Mapping) or set(fields) != set(names):
        raise InputError("fields", fields, "exactly the fields " + ", ".join(names))
    latest = layout.epoch_ms + layout.lifetime_ms - 1
    identifier = domain.whole("time_ms", time_ms, layout.epoch_ms, latest) - layout.epoch_ms
    for name, bits in layout.fields:
        identifier = identifier << bits | domain.whole(name, fields[name], 0, (1 << bits) - 1)
    return identifier


def decode(layout: Layout, identifier: int) -> dict[str, int]:
    """What an `identifier` was made of: "time_ms" since 1970 and the layout's fields.

    `identifier` is a whole number from 0 that fits the layout's bits (an int: a float has too few digits). Raises
    InputError. Source: Discord developer reference, Discord, 2026; Snowflake, Twitter, 2010.

    >>> decode(DISCORD, 175928847299117063)
    {'time_ms': 1462015105796, 'worker': 1, 'process': 0, 'sequence': 7}
    """
    bits = _layout(layout).time_bits + sum(width for _, width in layout.fields)
    if isinstance(identifier, bool) or not isinstance(identifier, int) or not 0 <= identifier < 1 << bits:
        raise InputError("identifier", identifier, f"a whole number from 0 to 2^{bits} − 1")
    values = {}
    for name, width in reversed(layout.fields):
        identifier, values[name] = divmod(identifier, 1 << width)
    return {"time_ms": identifier + layout.epoch_ms} | {name: values[name] for name, _ in layout.fields}


def iso_time(time_ms: int) -> str:
    """`time_ms`, whole milliseconds from 1970 to the year 9999, as an ISO 8601 text in UTC. Raises InputError.

    >>> iso_time(1462015105796)
    '2016-04-30T11:18:25.796Z'
    """
    since = timedelta(milliseconds=domain.whole("time_ms", time_ms, 0, 253_402_300_799_999))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + since
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
