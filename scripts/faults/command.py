"""`python -m scripts faults`: seed every fault, mutate every estimate, print who noticed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence

from scripts.faults import arithmetic, record, runner
from scripts.faults.catalogue import FAULTS
from scripts.faults.fault import Fault
from scripts.findings import ContentError, Finding
from scripts.layout import Project
from scripts.manifest import write

#: The share of mutants that must be killed, in every estimate.
WANTED = 0.95


def main(project: Project, progress: Callable[[str], None], only: Sequence[str] = ()) -> int:
    """Run all faults, or those whose part or name holds a word of `only`; "arithmetic" stands for the mutants.

    Returns 1 if a fault or too many mutants escape. Raises ContentError for words that name nothing.
    """
    faults = [f for f in FAULTS if not only or any(word in f"{f.part} {f.name}" for word in only)]
    if not faults and "arithmetic" not in only:
        parts = ", ".join(sorted({fault.part for fault in FAULTS} | {"arithmetic"}))
        what = f"no fault has {' or '.join(map(repr, only))} in its name"
        raise ContentError([Finding("Makefile", 1, what, f"name a part: {parts}")])
    outcomes = []
    for outcome in _seeded(faults, project, progress):
        outcomes.append(outcome)
        who = outcome.catcher or "ESCAPED"
        progress(f"{who:21} {outcome.fault.part}: {outcome.fault.name}\n{'':22}{outcome.finding}")
    killed = []
    for book in [] if only and "arithmetic" not in only else project.estimates:
        progress(f"mutating {project.relative(book)}")
        killed.append(arithmetic.kill(book, project.root))
        _tell(killed[-1], progress)
    found = record.results(outcomes, killed)
    write(project.build / "faults.json", json.dumps(found, indent=1, ensure_ascii=False))
    if record.keep(project, found, [(fault.part, fault.name) for fault in FAULTS]):
        progress(f"recorded in {project.relative(record.path_of(project))}: commit it")
    escaped = [outcome for outcome in outcomes if not outcome.caught]
    progress(f"{len(outcomes) - len(escaped)} of {len(outcomes)} faults were named")
    return 1 if escaped or any(one.rate < WANTED for one in killed) else 0


def _seeded(faults: Sequence[Fault], project: Project, progress: Callable[[str], None]) -> Iterator[runner.Outcome]:
    if faults:
        progress(f"building two copies to break; then {len(faults)} faults, one at a time")
        yield from runner.run(faults, project.build / "faults")


def _tell(killed: arithmetic.Killed, progress: Callable[[str], None]) -> None:
    by = ", ".join(f"{killed.by[catcher]} by {catcher}" for catcher in record.CATCHERS if killed.by[catcher])
    progress(f"{killed.by.total()} of {killed.mutants} mutants killed ({killed.rate:.1%}): {by}")
    for word, mutants in (("survives", killed.survivors), ("no fault, computes the same", killed.equivalent)):
        for mutant in mutants:
            progress(f"  {word}: {mutant}")
