"""Running a model on several seeds, and comparing two models on the same seeds.

A model is a function of the seed that returns named numbers: `def model(seed): ... return {"p99": 0.3}`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from handbook.errors import InputError
from handbook.simulation import inputs, processes
from handbook.simulation.intervals import Interval, confidence_interval

Model = Callable[[int], Mapping[str, float]]


#: What is told how far a run is, and the first of the seeds that a number stands for.
_told: Callable[[int, int], None] | None = None
_first = 1


@contextmanager
def watched(told: Callable[[int, int], None], first: int = 1) -> Iterator[None]:
    """Within this block `told(done, of)` hears of each seed, and a number n of seeds stands for n from `first` on.

    A reader who runs a simulation again sees it move, and chooses other draws, without a change of the notebook.
    """
    global _told, _first
    before, _told, _first = (_told, _first), told, first
    try:
        yield
    finally:
        _told, _first = before


def _seeds(seeds: int | Iterable[int]) -> tuple[int, ...]:
    chosen = range(_first, inputs.count("seeds", seeds) + _first) if isinstance(seeds, int) else seeds
    chosen = tuple(inputs.count("seeds", seed, least=0) for seed in chosen)
    if len(chosen) < 2 or len(set(chosen)) < len(chosen):
        raise InputError("seeds", seeds, "at least two seeds, all different (a number n stands for 1 to n)")
    return chosen


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Plain text, first column to the left, the others to the right."""
    lines = [heading, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    return "\n".join(
        "  ".join(cell.rjust(width) if column else cell.ljust(width) for column, (cell, width) in enumerate(pairs))
        for pairs in (list(zip(line, widths, strict=True)) for line in lines)
    )


@dataclass(frozen=True, repr=False)
class Replications:
    """What the runs returned: `samples[metric]` has a number for each seed, `result[metric]` is their Interval."""

    seeds: tuple[int, ...]
    samples: dict[str, tuple[float, ...]]
    level: float

    def __getitem__(self, metric: str) -> Interval:
        inputs.choice("metric", metric, self.samples)
        return confidence_interval(self.samples[metric], self.level)

    def rows(self) -> list[dict[str, object]]:
        """A row for each metric: metric, mean, half_width, low, high, seeds."""
        intervals = {metric: self[metric] for metric in self.samples}
        return [
            {"metric": metric, "mean": i.mean, "half_width": i.half_width, "low": i.low, "high": i.high, "seeds": i.n}
            for metric, i in intervals.items()
        ]

    def __repr__(self) -> str:
        heading = ["metric", f"mean ± {100 * self.level:g} % ({len(self.seeds)} seeds)"]
        return _table(heading, ([metric, str(self[metric])] for metric in self.samples))


def replicate(model: Model, seeds: int | Iterable[int] = 20, level: float = 0.95) -> Replications:
    """Run the model once a seed (a number n stands for the seeds 1 to n).

    Raises InputError for fewer than two seeds, or when a run returns other metrics than the first or a number that is
    not finite: an average over runs of which some have no value would mislead.
    """
    chosen = _seeds(seeds)
    runs = None if _told else processes.runs(model, chosen)
    if runs is None:
        runs = []
        for number, seed in enumerate(chosen, 1):
            runs.append(dict(model(seed)))
            if _told:
                _told(number, len(chosen))
    for seed, run in zip(chosen, runs, strict=True):
        if not run or run.keys() != runs[0].keys():
            raise InputError("model", sorted(run), f"the same metrics for every seed; seed {seed} differs")
        for metric, value in run.items():
            if not isinstance(value, int | float) or not math.isfinite(value):
                raise InputError("model", value, f"a finite number for {metric!r} (seed {seed})")
    return Replications(chosen, {metric: tuple(run[metric] for run in runs) for metric in runs[0]}, level)


@dataclass(frozen=True, repr=False)
class Comparison:
    """Two models on the same seeds. `difference(metric)` is after - before, paired seed by seed."""

    before: Replications
    after: Replications

    def difference(self, metric: str) -> Interval:
        """The mean of the paired differences after - before, with its interval.

        Pairing takes out what both runs of a seed share (the same arrivals), so it is narrower than the two
        intervals suggest. Raises InputError for an unknown metric.
        """
        inputs.choice("metric", metric, self.before.samples)
        pairs = zip(self.before.samples[metric], self.after.samples[metric], strict=True)
        return confidence_interval([after - before for before, after in pairs], self.before.level)

    def is_clear(self, metric: str) -> bool:
        """Whether the interval of the difference leaves out zero."""
        return not self.difference(metric).covers(0.0)

    def rows(self) -> list[dict[str, object]]:
        """A row for each metric: metric, before, after, difference (Intervals), clear."""
        return [
            {
                "metric": metric,
                "before": self.before[metric],
                "after": self.after[metric],
                "difference": self.difference(metric),
                "clear": self.is_clear(metric),
            }
            for metric in self.before.samples
        ]

    def __repr__(self) -> str:
        heading = ["metric", "before", "after", f"difference ({len(self.before.seeds)} pairs)"]
        return _table(
            heading, ([str(row[name]) for name in ("metric", "before", "after", "difference")] for row in self.rows())
        )


def compare(before: Model, after: Model, seeds: int | Iterable[int] = 20, level: float = 0.95) -> Comparison:
    """Run two models on the same seeds: without and with a mitigation. Raises InputError as `replicate` does.

    Parts of the same name draw the same numbers in both, so the arrivals are the same and the difference is the
    mitigation's.
    """
    chosen = _seeds(seeds)
    comparison = Comparison(replicate(before, chosen, level), replicate(after, chosen, level))
    if comparison.before.samples.keys() != comparison.after.samples.keys():
        raise InputError("after", sorted(comparison.after.samples), f"the metrics {sorted(comparison.before.samples)}")
    return comparison
