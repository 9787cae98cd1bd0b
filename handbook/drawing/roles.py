"""Nodes by the role that they play, whoever sells them. Each has an icon of our own, drawn with lines."""

from __future__ import annotations

from typing import Any

import diagrams


class Role(diagrams.Node):
    """A node named by what it does: `Service("Send API\\n{{ peak_rate }}", href="#api")`.

    The first line of `label` is its name, the lines after it are details. `icon` takes another icon of
    the set (`icons/*.svg`), `color="accent"` marks the node. Other arguments as for a node of `diagrams`.
    """

    role = ""

    def __init__(self, label: str = "", *, nodeid: str | None = None, **attributes: Any) -> None:
        super().__init__(label or type(self).__name__, nodeid=nodeid, **{"icon": self.role, **attributes})


class Client(Role):
    """A program of the member's: browser, app."""

    role = "client"


class Device(Role):
    """A television or another device that plays."""

    role = "device"


class Person(Role):
    """Somebody who acts: a member, an operator."""

    role = "person"


class External(Role):
    """A system that somebody else runs."""

    role = "external"


class Gateway(Role):
    """Where requests enter: an API gateway, an edge proxy, a load balancer."""

    role = "gateway"


class Cdn(Role):
    """Servers close to the members that hold copies."""

    role = "cdn"


class Service(Role):
    """A service that answers requests."""

    role = "service"


class Worker(Role):
    """A process that takes work from a queue or stream."""

    role = "worker"


class Scheduler(Role):
    """What starts work at a time."""

    role = "scheduler"


class Queue(Role):
    """A queue: each item goes to one consumer, once done it is gone."""

    role = "queue"


class Stream(Role):
    """A log: items stay in order, each consumer reads at its own place."""

    role = "stream"


class Cache(Role):
    """A copy in memory that may be lost."""

    role = "cache"


class Store(Role):
    """A database: the truth about something."""

    role = "store"


class Files(Role):
    """Object storage: large things by name."""

    role = "files"


class Search(Role):
    """An index that finds things by their content."""

    role = "search"


class Warehouse(Role):
    """Tables for analysis, filled in batches."""

    role = "warehouse"


class Model(Role):
    """A trained model that scores."""

    role = "model"


class Monitor(Role):
    """What watches: metrics, alarms."""

    role = "monitor"
