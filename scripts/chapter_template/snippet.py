"""Runnable code that the chapter shows: 15 to 40 lines a section, tested for behaviour, failure and attack."""

from __future__ import annotations

from collections.abc import Callable


# --8<-- [start:once]
class Once:
    """Runs an action once for each key; a repeated key gets the first answer."""

    def __init__(self) -> None:
        self.answers: dict[str, object] = {}

    def run(self, key: str, action: Callable[[], object]) -> object:
        """The answer for this key. An action that fails is not remembered."""
        if key not in self.answers:
            self.answers[key] = action()
        return self.answers[key]


# --8<-- [end:once]
