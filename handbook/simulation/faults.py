"""Scheduled faults: outages, zones lost, partitions, slowness, changed settings. Each is marked for the charts.

`start` is in seconds from the start of the simulation, `duration` in seconds. Faults may overlap: something is up
again when the last of its faults has ended, and factors of slowness multiply.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from handbook.errors import InputError
from handbook.simulation import inputs
from handbook.simulation.core import Simulation
from handbook.simulation.distributions import exponential
from handbook.simulation.station import Station
from handbook.simulation.updown import UpDown


class Zone:
    """Stations, links and replicas that fail together."""

    def __init__(self, name: str, parts: Iterable[UpDown]) -> None:
        self.name, self.parts = name, list(parts)
        if not self.parts:
            raise InputError("parts", self.parts, "at least one station, link or replica")

    def fail(self) -> None:
        """All parts go down."""
        for part in self.parts:
            part.fail()

    def restore(self) -> None:
        """All parts come back."""
        for part in self.parts:
            part.restore()


def fault(
    sim: Simulation, label: str, start: Any, duration: Any, begin: Callable[[], None], end: Callable[[], None]
) -> None:
    """Any fault: call `begin()` at its start and `end()` after its duration. Raises InputError."""
    start, duration = inputs.duration("start", start, zero=True), inputs.duration("duration", duration)

    def run(action: Callable[[], None], what: str) -> None:
        sim.mark(f"{label} {what}")
        action()

    sim.at(start, run, begin, "begins")
    sim.at(start + duration, run, end, "ends")


def outage(sim: Simulation, part: UpDown | Zone, start: Any, duration: Any, label: str | None = None) -> None:
    """A station crashes, a link is cut (a partition), a replica is cut off, or a whole zone is lost."""
    fault(sim, label or f"{part.name} outage", start, duration, part.fail, part.restore)


def slowdown(sim: Simulation, station: Station, factor: float, start: Any, duration: Any) -> None:
    """Services that begin in that time take `factor` times as long. Raises InputError."""
    factor = inputs.amount("factor", factor)
    fault(sim, f"{station.name} slow", start, duration, lambda: station.slow(factor), lambda: station.unslow(factor))


def override(sim: Simulation, part: Any, start: Any, duration: Any, **settings: Any) -> None:
    """Public settings of a part have other values in that time: `override(sim, limit, 60, 30, rate=10)`.

    For instance a RateLimit's rate, an Errors' probability, a Link's loss. Raises InputError for an unknown one.
    """
    for setting in settings:
        if setting.startswith("_") or not hasattr(part, setting):
            raise InputError("settings", setting, f"a public setting of {part.name}")
    before = {}

    def begin() -> None:
        before.update({setting: getattr(part, setting) for setting in settings})
        assign(settings)

    def assign(values: dict[str, Any]) -> None:
        for setting, value in values.items():
            setattr(part, setting, value)

    fault(sim, f"{part.name} changed", start, duration, begin, lambda: assign(before))


def capacity_loss(sim: Simulation, station: Station, servers: int, start: Any, duration: Any) -> None:
    """A station has `servers` fewer servers in that time; services that run end as they would. Raises InputError."""
    lost = inputs.count("servers", servers)
    if lost > station.servers:
        raise InputError("servers", servers, f"at most the station's {station.servers}")

    def change(servers: int) -> None:
        station.resize(station.servers + servers)

    label = f"{station.name} loses {lost} servers"
    fault(sim, label, start, duration, lambda: change(-lost), lambda: change(lost))


def random_outages(sim: Simulation, part: UpDown | Zone, time_to_failure: Any, time_to_repair: Any) -> None:
    """The part goes up and down for ever, after exponential times with these means (s).

    It is then up for a share of time_to_failure / (time_to_failure + time_to_repair). Raises InputError.
    """
    rng = sim.stream(f"{part.name}/outages")
    until_failure = exponential(time_to_failure).sampler(rng)
    until_repair = exponential(time_to_repair).sampler(rng)

    def fail() -> None:
        part.fail()
        sim.after(until_repair(), restore)

    def restore() -> None:
        part.restore()
        sim.after(until_failure(), fail)

    sim.after(until_failure(), fail)
