"""Clients with long-lived connections that all come back at once, or spread out, after they were cut off."""

from __future__ import annotations

from typing import Any

from handbook.simulation import inputs
from handbook.simulation.core import Outcome, Service, Simulation
from handbook.simulation.meters import Series
from handbook.simulation.retry import Backoff


class Population:
    """`clients` connected clients; those that `disconnect` come back through `service`, which stands for connecting.

    Each waits a uniform draw from 0 to `spread` seconds (0: all at the same instant), then tries; after a failure it
    backs off and tries again, without end. Put a `Timeout` around a service that may not answer. Without failures the
    mean number of attempts in a window w ≤ spread is clients · w / spread, and all of them at once for spread 0.

    `connected` is the number now; `attempts` and `reconnected` are Series in bins of `bin` seconds;
    `recovered_at` is when all were last connected again (None: not yet). Raises InputError.
    """

    def __init__(
        self,
        sim: Simulation,
        name: str,
        service: Service,
        clients: int,
        spread: Any = 0.0,
        backoff: Backoff | None = None,
        bin: Any = 1.0,
    ) -> None:
        self.sim, self.name, self.service = sim, sim.join(name, self), service
        self.clients = self.connected = inputs.count("clients", clients)
        self.spread = inputs.duration("spread", spread, zero=True)
        self.backoff = backoff or Backoff()
        self.attempts, self.reconnected = Series(sim, bin), Series(sim, bin)
        self.recovered_at: float | None = None
        self._rng = sim.stream(name)

    def disconnect(self, share: float = 1.0) -> None:
        """That share of the connected clients loses its connection now and begins to come back."""
        leaving = round(self.connected * inputs.share("share", share))
        self.connected -= leaving
        if leaving:
            self.recovered_at = None
        self.sim.mark(f"{self.name}: {leaving} clients disconnected")
        for _ in range(leaving):
            self.sim.after(self.spread * self._rng.random(), self._connect, 0)

    def _connect(self, failures: int) -> None:
        self.attempts.add()

        def answered(outcome: Outcome) -> None:
            if outcome is Outcome.OK:
                self.reconnected.add()
                self.connected += 1
                if self.connected == self.clients:
                    self.recovered_at = self.sim.now
            else:
                self.sim.after(self.backoff.delay(failures, self._rng), self._connect, failures + 1)

        self.service(self.sim.request(), answered)
