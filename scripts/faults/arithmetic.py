"""Mutates the arithmetic of every estimate, and counts who kills the mutants."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from math import isclose
from multiprocessing import get_context
from pathlib import Path

from handbook import units
from handbook.estimate import Model
from scripts.faults import estimates
from scripts.faults.mutants import Mutant, mutants

SETTINGS = 24  # random assumptions, besides the published ones, at which two estimates are compared


@dataclass
class Killed:
    """What became of the mutants of one estimate."""

    design: str
    by: Counter[str] = field(default_factory=Counter)
    """How many each catcher killed. A mutant is shown to them in their order, and counts for the first."""
    survivors: list[Mutant] = field(default_factory=list)
    equivalent: list[Mutant] = field(default_factory=list)
    """Survivors that are no faults: they compute the same as the estimate, whatever is assumed."""

    @property
    def mutants(self) -> int:
        """All mutants, without those that are no faults."""
        return self.by.total() + len(self.survivors)

    @property
    def rate(self) -> float:
        """The share of faults that somebody sees."""
        return self.by.total() / self.mutants if self.mutants else 1.0


_notebook: estimates.Notebook
_mutants: list[Mutant]  # what the workers are forked with


def _judge(index: int) -> str:
    found = estimates.judge(_mutants[index].cells, _notebook.tests)
    return found.catcher if found else ""


def kill(path: Path, root: Path, jobs: int = 2) -> Killed:
    """Judge every mutant of an estimate. Raises AssertionError when the estimate itself does not pass."""
    global _notebook, _mutants
    _notebook = estimates.read(path, root)
    wrong = estimates.judge(_notebook.cells, _notebook.tests)
    assert wrong is None, f"{path} is not all right before it is mutated: {wrong}"
    _mutants = mutants(_notebook.cells, _notebook.namespace)
    result = Killed(path.parent.name)
    with ProcessPoolExecutor(jobs, get_context("fork")) as workers:
        for mutant, catcher in zip(_mutants, workers.map(_judge, range(len(_mutants)), chunksize=4), strict=True):
            if catcher:
                result.by[catcher] += 1
            else:
                _survives(mutant, _notebook, result)
    return result


def _survives(mutant: Mutant, notebook: estimates.Notebook, result: Killed) -> None:
    other = Model(mutant.cells, estimates.run(mutant.cells))
    original = Model(notebook.cells, notebook.namespace)
    same = all(_equal(original, other, setting) for setting in settings(original))
    (result.equivalent if same else result.survivors).append(mutant)


def settings(model: Model) -> Iterator[Mapping[str, float]]:
    """The published assumptions, both ends of each range, and random ones within all of them: always the same."""
    ranged = {n: (units.base(d.low), units.base(d.high)) for n, d in model.assumptions.items() if d.low is not None}
    yield {}
    yield from ({name: end} for name, ends in ranged.items() for end in ends)
    draw = random.Random(1).uniform
    yield from ({name: draw(*ends) for name, ends in ranged.items()} for _ in range(SETTINGS))


def _equal(one: Model, other: Model, setting: Mapping[str, float]) -> bool:
    """Whether both compute the same quantities, units included."""
    expected, found = one(**setting), other(**setting)
    return expected.keys() == found.keys() and all(
        isclose(expected[name], found[name], rel_tol=1e-12) and one.dimensions[name] == other.dimensions[name]
        for name in one.outputs
    )
