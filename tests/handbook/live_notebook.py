"""A notebook that runs in a test as in a kernel: its cells see the list `In` of the sources so far."""

from collections.abc import Sequence
from typing import Any

from handbook.cells import Cell

HEAD = """from handbook import Q, assume, ceil, invariants, number, to, total
from handbook import decide, distribution, intervals, threshold, thresholds, tornado
"""


class LiveNotebook:
    """Runs cells; `namespace` is what they left behind."""

    def __init__(self, *sources: str) -> None:
        self.namespace: dict[str, Any] = {"__name__": "notebook", "In": [""]}
        for source in (HEAD, *sources):
            self.run(source)

    def run(self, source: str) -> dict[str, Any]:
        self.namespace["In"].append(source)
        exec(compile(source, "<cell>", "exec"), self.namespace)
        return self.namespace

    @property
    def cells(self) -> Sequence[Cell]:
        return [Cell(source) for source in self.namespace["In"] if source]

    def __getitem__(self, name: str) -> Any:
        return self.namespace[name]
