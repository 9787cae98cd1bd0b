"""What the library raises when it is given something it cannot work with."""

from __future__ import annotations


class InputError(ValueError):
    """An argument is outside the domain of the function.

    The message names the argument, the value that was given and what is allowed, so that it can be shown
    beside an input field as it is.
    """

    def __init__(self, argument: str, value: object, allowed: str) -> None:
        self.argument, self.value, self.allowed = argument, value, allowed
        super().__init__(f"{argument} = {value!r} is not allowed: {allowed}")


class EstimateError(InputError):
    """A cell does something that an estimate cannot: `line` is the line of the notebook's file."""

    def __init__(self, line: int, argument: str, value: object, allowed: str) -> None:
        super().__init__(argument, value, allowed)
        self.line = line
