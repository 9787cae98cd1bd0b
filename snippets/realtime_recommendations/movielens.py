"""Evaluate item-to-item similarity on a MovieLens file that you have, beside what was published.

    python -m snippets.realtime_recommendations.movielens ml-100k/u.data

The data may not be redistributed, so none comes with the handbook; get it from GroupLens
(https://grouplens.org/datasets/movielens/). Read are `u.data` (tabs), `ratings.dat`
(two colons) and `ratings.csv`. A file of 100 thousand ratings takes a minute or so.
"""  # noqa: E501

from __future__ import annotations

import argparse
import math
import random
import sys
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from pathlib import Path

from snippets.realtime_recommendations.metrics import evaluate
from snippets.realtime_recommendations.sar import Act, ItemToItem

K, TRAINED = 10, 0.75  # as in the published comparison

#: MovieLens 100k, 75/25, k = 10: MAP, nDCG, precision, recall. Recommenders' README.
PUBLISHED = {
    "SAR": (0.110591, 0.382461, 0.330753, 0.176385),
    "NCF": (0.107720, 0.396118, 0.347296, 0.180775),
    "BPR": (0.132478, 0.441997, 0.388229, 0.212522),
    "LightGCN": (0.088526, 0.419846, 0.379626, 0.144336),
    "BiVAE": (0.146126, 0.475077, 0.411771, 0.219145),
    "SVD": (0.012873, 0.095930, 0.091198, 0.032783),
}
#: Two random splits differ by less; the authors' own tests allow five hundredths.
TOLERANCE = 0.05


class DataError(Exception):
    """The file cannot be used: where, what is wrong, how to mend it."""


def read(path: Path) -> list[Act]:
    """The ratings of a file. Raises DataError, which names the line."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        mend = "give the path of u.data, ratings.dat or ratings.csv"
        raise DataError(f"{path}:1: cannot be read ({error}); {mend}") from None
    acts = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip() and not (number == 1 and line.lower().startswith("userid,")):
            acts.append(_act(path, number, line))
    if not acts:
        raise DataError(f"{path}:1: no ratings; is it the file of ratings?")
    return acts


def _act(path: Path, number: int, line: str) -> Act:
    mark = next((mark for mark in ("\t", "::", ",") if mark in line), " ")
    try:
        member, item, rating, time = line.strip().split(mark)
        act = Act(member, item, float(rating), float(time))
    except ValueError:
        mend = (
            "each line holds member, item, rating and time, as GroupLens publishes it"
        )
        raise DataError(
            f"{path}:{number}: {line[:40]!r} is no rating; {mend}"
        ) from None
    if not (math.isfinite(act.time) and 0 < act.weight <= 5):
        mend = "a rating is above 0 and at most 5, a time is in seconds"
        raise DataError(f"{path}:{number}: {line[:40]!r} is no rating; {mend}")
    return act


def split(acts: Iterable[Act], seed: int) -> tuple[list[Act], list[Act]]:
    """Three quarters of each member's ratings, at random, and the other quarter."""
    by_member: dict[Hashable, list[Act]] = defaultdict(list)
    for act in acts:
        by_member[act.member].append(act)
    draw, train, test = random.Random(seed), [], []
    for own in by_member.values():
        draw.shuffle(own)
        cut = round(TRAINED * len(own))
        train += own[:cut]
        test += own[cut:]
    return train, test


def measure(acts: Sequence[Act], seed: int = 42) -> dict[str, float]:
    """MAP, nDCG, precision and recall at 10 on a random quarter of the ratings."""
    train, test = split(acts, seed)
    liked: dict[Hashable, set[Hashable]] = defaultdict(set)
    for act in test:
        liked[act.member].add(act.item)
    model = ItemToItem(train)
    ranked = {m: model.recommend(m, K) for m in liked if m in model.affinity}
    return evaluate(ranked, liked, K)


def table(found: dict[str, float], seed: int, ratings: int) -> Iterator[str]:
    """Our row above the published ones, and what to make of the difference."""
    yield f"{'':<22}{'MAP':>10}{'nDCG@10':>10}{'P@10':>10}{'R@10':>10}"
    row = "".join(f"{value:>10.6f}" for value in found.values())
    yield f"{f'ours, seed {seed}':<22}{row}"
    for name, values in PUBLISHED.items():
        row = "".join(f"{value:>10.6f}" for value in values)
        yield f"{f'{name}, published':<22}{row}"
    yield ""
    if not 99_000 <= ratings <= 101_000:
        yield f"{ratings:,} ratings: not MovieLens 100k, so the rows do not compare."
        return
    pairs = zip(found.values(), PUBLISHED["SAR"], strict=True)
    apart = max(abs(ours - theirs) for ours, theirs in pairs)
    verdict = "within" if apart <= TOLERANCE else "OUTSIDE"
    yield f"At most {apart:.3f} from the published SAR: {verdict} {TOLERANCE}."
    yield "The split is random, and theirs is another one; so digits differ."


def main(arguments: Sequence[str] | None = None) -> int:
    """The command. Returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="movielens", description="Evaluate item-to-item similarity on MovieLens."
    )
    parser.add_argument("path", type=Path, help="u.data, ratings.dat or ratings.csv")
    parser.add_argument("--seed", type=int, default=42, help="of the random split")
    chosen = parser.parse_args(arguments)
    try:
        acts = read(chosen.path)
        found = measure(acts, chosen.seed)
    except (DataError, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(*table(found, chosen.seed, len(acts)), sep="\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
