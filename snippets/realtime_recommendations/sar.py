"""Item-to-item similarity: what the same people chose, recent choices first."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations, islice

DAY = 86_400.0


@dataclass(frozen=True)
class Act:
    """A member chose an item, with a weight (a rating, or 1), at a time in seconds."""

    member: Hashable
    item: Hashable
    weight: float
    time: float


# --8<-- [start:similarity]
class ItemToItem:
    """What goes with what a member chose. No training: it counts.

    Similarity is Jaccard: members who chose both, over members who chose either.
    """

    def __init__(self, acts: Iterable[Act], half_life_days: float = 30) -> None:
        acts = list(acts)
        now = max((act.time for act in acts), default=0.0)
        self.affinity: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
        for act in acts:
            faded = 0.5 ** ((now - act.time) / (half_life_days * DAY))
            self.affinity[act.member][act.item] += act.weight * faded
        chosen: Counter[Hashable] = Counter()
        together: dict[Hashable, Counter[Hashable]] = defaultdict(Counter)
        for items in self.affinity.values():
            chosen.update(items.keys())
            for one, other in combinations(items, 2):
                together[one][other] += 1
                together[other][one] += 1
        self.popular = [item for item, _ in chosen.most_common()]
        self.order = {item: place for place, item in enumerate(self.popular)}
        self.similar: dict[Hashable, dict[Hashable, float]] = {
            one: {
                other: both / (chosen[one] + chosen[other] - both)
                for other, both in others.items()
            }
            for one, others in together.items()
        }

    def recommend(self, member: Hashable, k: int = 10) -> list[Hashable]:
        """The k best items that the member does not know; popular ones if none are."""
        known: Mapping[Hashable, float] = self.affinity.get(member, {})
        scores: dict[Hashable, float] = defaultdict(float)
        for item, weight in known.items():
            for other, likeness in self.similar.get(item, {}).items():
                if other not in known:
                    scores[other] += weight * likeness
        best = sorted(scores, key=lambda item: (-scores[item], self.order[item]))[:k]
        rest = (i for i in self.popular if i not in known and i not in scores)
        return best + list(islice(rest, k - len(best)))

    # --8<-- [end:similarity]
