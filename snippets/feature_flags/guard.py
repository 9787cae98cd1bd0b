"""Whether failures lie with those who have a change: may be asked every second."""

from __future__ import annotations

from math import inf, lgamma, log


# --8<-- [start:evidence]
def evidence(having: int, without: int, share: float) -> float:
    """How much likelier the failures are if the change is to blame, as a logarithm.

    Of all failures a harmless change has its share of the people. The failures, one by
    one, are weighed against every other share at once, those near it the most. Then a
    harmless change ever reaches log(1 / level) with at most that chance, however often
    one looks, and however few the failures are (Ville's inequality).
    """
    failures = having + without
    if having <= failures * share:
        return -inf  # it does no harm
    a, b = 1.0, 1 / share - 1  # the weights: a beta distribution, its mean the share
    weighed = _log_beta(a + having, b + without) - _log_beta(a, b)
    return weighed - having * log(share) - without * log(1 - share)


def _log_beta(a: float, b: float) -> float:
    return lgamma(a) + lgamma(b) - lgamma(a + b)


# --8<-- [end:evidence]
