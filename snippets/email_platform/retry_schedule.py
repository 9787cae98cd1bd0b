"""When to try a message again, when to give up, and what a provider's reply means.

Times are in seconds. RFC 5321 (4.5.4.1) asks for four to five days of patience.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from random import Random

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0


# --8<-- [start:schedule]
@dataclass(frozen=True)
class Schedule:
    """Waits that grow by a factor up to the longest, until it is time to give up."""

    first: float
    longest: float
    give_up: float  # after the first try
    growth: float = 2.0
    jitter: float = 1.0  # the share of each wait that is random: 0 none, 1 full jitter

    def wait(self, tries: int, random: Random) -> float:
        """The wait after so many failed tries (1, 2, 3 …)."""
        doublings = min(tries - 1, 100)  # the longest wait came long before this
        wait = min(self.longest, self.first * self.growth**doublings)
        return wait * (1 - self.jitter * random.random())

    def next_try(
        self, tries: int, first_try: float, expires: float, now: float, random: Random
    ) -> float | None:
        """The time of the next try, or None if it would come too late to be of use."""
        again = now + self.wait(tries, random)
        return again if again <= min(first_try + self.give_up, expires) else None


POSTFIX = Schedule(first=300, longest=4_000, give_up=5 * DAY, jitter=0)
RECEIPT = Schedule(first=5 * MINUTE, longest=2 * HOUR, give_up=5 * DAY)
CAMPAIGN = Schedule(first=5 * MINUTE, longest=2 * HOUR, give_up=1 * DAY)
SIGN_IN_CODE = Schedule(first=5, longest=60, give_up=10 * MINUTE)
# --8<-- [end:schedule]


# --8<-- [start:classify]
class Action(Enum):
    """What to do after a try."""

    DONE = "accepted: the provider is responsible now"
    RETRY = "try this message again on its schedule"
    THROTTLE = "slow the whole lane down, then try again"
    DROP = "give this message up, keep the address"
    SUPPRESS = "give the message up and never write to this address again"
    POLICY = "give this message up and count it: page a person if the share rises"
    PAGE = "hold the message and page a person: we fail to prove who we are"


REPLY = re.compile(r"([2-5]\d\d)(?:[ -]+([245]\.\d{1,3}\.\d{1,3})\b)?")
NO_SUCH_MAILBOX = {"5.1.1", "5.1.10"}  # bad address; a domain that takes no mail
UNPROVEN = re.compile(r"[45]\.7\.(2[0-6]|515)")  # RFC 7372, and Microsoft's own code
SLOWER = ("rate limit", "frequency limited", "too many messages", "unusual rate", "[ts")


def classify(reply: str) -> Action:
    """What a provider's final reply to one message asks of us."""
    match = REPLY.match(reply)
    if match is None or match[1].startswith("3"):
        return Action.RETRY  # not an answer to this question
    code, enhanced = match[1], match[2] or ""
    if code.startswith("2"):
        return Action.DONE
    if UNPROVEN.fullmatch(enhanced):  # whatever the text says of rates
        return Action.PAGE
    # Some providers refuse for good when they only mean "slower".
    if enhanced.endswith(".7.28") or any(hint in reply.lower() for hint in SLOWER):
        return Action.THROTTLE
    if code.startswith("4"):
        return Action.RETRY  # a greylist, too, says 4.7.1
    if enhanced.startswith("5.7."):
        return Action.POLICY  # the content, or a recipient who has blocked us
    return Action.SUPPRESS if enhanced in NO_SUCH_MAILBOX else Action.DROP


# --8<-- [end:classify]


# --8<-- [start:closed]
class Closed(Enum):
    """What the end of a connection means when no reply came with it."""

    RECONNECT = "open another at once; nothing failed"
    FAILED = "the provider does not take us now: count it against the lane"
    IN_DOUBT = "accepted or not, nobody knows: no retry before the claim has run out"


def after_close(delivered: int, dot_sent: bool) -> Closed:
    """After `delivered` messages; was the final dot of the next one already sent?"""
    if dot_sent:
        return Closed.IN_DOUBT
    # Yahoo ends every connection after 20 messages, without an error code.
    return Closed.RECONNECT if delivered > 0 else Closed.FAILED


# --8<-- [end:closed]
