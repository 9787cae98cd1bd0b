"""An experiment's read-out that may be looked at as often as one likes."""

from __future__ import annotations

from dataclasses import dataclass
from math import erfc, inf, log, sqrt


# --8<-- [start:readout]
@dataclass(frozen=True)
class Arm:
    """People in an arm, and those of them who did what is counted."""

    people: int
    successes: int


@dataclass(frozen=True)
class Readout:
    """The difference of two shares, and an interval that holds at every look."""

    difference: float
    low: float
    high: float

    @property
    def verdict(self) -> str:
        """What may be said now, and acted on."""
        if self.low > 0:
            return "better"
        return "worse" if self.high < 0 else "go on"


def read(control: Arm, treatment: Arm, hoped: float, alpha: float = 0.05) -> Readout:
    """A confidence sequence by the mixture sequential probability ratio test.

    `hoped` is the size of difference that matters: it says where the test is sharpest,
    not whether it is right. The chance that the interval ever misses is about alpha.
    """
    if not control.people or not treatment.people:
        return Readout(0.0, -inf, inf)
    difference = treatment.successes / treatment.people
    difference -= control.successes / control.people
    people = control.people + treatment.people
    share = (control.successes + treatment.successes + 1) / (people + 2)
    variance = share * (1 - share) * (1 / control.people + 1 / treatment.people)
    mixed = variance + hoped**2
    half = sqrt(variance * mixed * (log(mixed / variance) - 2 * log(alpha))) / hoped
    return Readout(difference, difference - half, difference + half)


# --8<-- [end:readout]


# --8<-- [start:mismatch]
def mismatch(control: int, treatment: int, share: float = 0.5) -> float:
    """How likely a split is so far from its plan by chance; below 0.001, trust nothing.

    A sample ratio mismatch is a bug in assigning or logging, and it is mostly one that
    also bends what is measured. `share` is what the treatment should have.
    """
    people = control + treatment
    if not people:
        return 1.0
    deviation = sqrt(people * share * (1 - share))
    return erfc(abs(treatment - people * share) / deviation / sqrt(2))


# --8<-- [end:mismatch]
