"""How good a ranked list is: precision, recall, nDCG and average precision at k."""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable, Mapping, Sequence

Ranked = Mapping[Hashable, Sequence[Hashable]]  # by member: items, the best first
Liked = Mapping[Hashable, Collection[Hashable]]  # by member: what was right


# --8<-- [start:at-k]
def hits(ranked: Sequence[Hashable], liked: Collection[Hashable], k: int) -> list[int]:
    """The places, from 1 to k, that hold a liked item. An item counts once."""
    if k < 1:
        raise ValueError(f"k = {k}: a list has at least one place")
    wanted, found = set(liked), []
    for place, item in enumerate(ranked[:k], 1):
        if item in wanted:
            wanted.remove(item)
            found.append(place)
    return found


def precision(ranked: Sequence[Hashable], liked: Collection[Hashable], k: int) -> float:
    """Liked items among k places. A list that is shorter than k is not forgiven."""
    return len(hits(ranked, liked, k)) / k


def recall(ranked: Sequence[Hashable], liked: Collection[Hashable], k: int) -> float:
    """The share of the liked items that stands among the first k places."""
    return len(hits(ranked, liked, k)) / len(set(liked))


def ndcg(ranked: Sequence[Hashable], liked: Collection[Hashable], k: int) -> float:
    """1 / log2(place + 1) for each hit, against the best list that there could be."""
    best = range(1, min(k, len(set(liked))) + 1)
    return _gain(hits(ranked, liked, k)) / _gain(best)


def average_precision(
    ranked: Sequence[Hashable], liked: Collection[Hashable], k: int
) -> float:
    """Precision at the place of each hit, summed, over the number of liked items."""
    places = hits(ranked, liked, k)
    return math.fsum(n / place for n, place in enumerate(places, 1)) / len(set(liked))


def _gain(places: Collection[int]) -> float:
    return math.fsum(1 / math.log2(place + 1) for place in places)


# --8<-- [end:at-k]


def evaluate(ranked: Ranked, liked: Liked, k: int = 10) -> dict[str, float]:
    """The mean of each measure over the members who have a list and liked something.

    As in the published table: MAP is over all liked items, also where they are more
    than k, and members without a list are left out.
    """
    members = [member for member in ranked if liked.get(member)]
    if not members:
        raise ValueError("no member has both a list and something liked")
    measures = {
        "MAP": average_precision,
        "nDCG": ndcg,
        "precision": precision,
        "recall": recall,
    }
    return {
        name: math.fsum(of(ranked[m], liked[m], k) for m in members) / len(members)
        for name, of in measures.items()
    }
