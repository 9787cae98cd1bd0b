"""How a message reaches the members of a room: by inbox, by a log, or as a sample."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Way(Enum):
    """How a message reaches those who may see it."""

    INBOX = "a row in each inbox, a frame to each connection"
    LOG = "one row in the room's log, copied by each gateway that subscribed"
    SAMPLE = "a sample, as much as a reader can follow"


# --8<-- [start:choose]
@dataclass(frozen=True)
class Room:
    """What fan-out knows of a room. Rates are a second, for one member."""

    members: int
    talking: int  # members who have it on the screen
    sends: float  # messages that each of those sends
    opens: float  # times that each member looks
    posts: float  # messages of a member who is not one of the talkative few


@dataclass(frozen=True)
class Rule:
    """Where one way ends and the next begins. Costs are in inbox rows."""

    read_cost: float
    readable: float  # messages a second
    slack: float = 0.1  # a room near a border stays as it is, and does not flip

    def inbox_limit(self, room: Room) -> float:
        """The size at which writing every inbox costs as much as reading the log."""
        return room.opens * self.read_cost / room.posts if room.posts else float("inf")

    def choose(self, room: Room, now: Way = Way.INBOX) -> Way:
        """The cheapest way that its readers can bear."""
        if room.talking * room.sends > self.readable * self._edge(now is Way.SAMPLE):
            return Way.SAMPLE  # nobody could follow it all
        if room.members > self.inbox_limit(room) * self._edge(now is not Way.INBOX):
            return Way.LOG
        return Way.INBOX

    def _edge(self, above: bool) -> float:
        return 1 - self.slack if above else 1 + self.slack


# --8<-- [end:choose]
