"""What stations, links and replicas share: they can be taken down and brought back, by several faults at once."""

from __future__ import annotations

from collections.abc import Callable

from handbook.errors import InputError
from handbook.simulation.core import Simulation


class UpDown:
    """Something that is up until the first `fail()` and up again after as many `restore()`s.

    `watchers` are called with True or False when it comes up or goes down.
    """

    sim: Simulation
    name: str

    def __init__(self) -> None:
        self.up = True
        self.watchers: list[Callable[[bool], None]] = []
        self._faults = 0

    def fail(self) -> None:
        """One more fault takes it down."""
        self._faults += 1
        if self.up:
            self._turn(False)
            self._went_down()

    def restore(self) -> None:
        """One fault less; with the last it is up again. Raises InputError when none was there."""
        if not self._faults:
            raise InputError("restore", self.name, "only after fail()")
        self._faults -= 1
        if not self._faults:
            self._turn(True)
            self._came_up()

    def _turn(self, up: bool) -> None:
        self.up = up
        for watcher in self.watchers:
            watcher(up)

    def _went_down(self) -> None: ...

    def _came_up(self) -> None: ...
