"""Checks that a function refuses what it cannot work with, and takes what lies just inside its domain."""

import math
from collections.abc import Callable, Iterable

import pytest

from handbook.errors import InputError

NOT_NUMBERS = (math.nan, math.inf, -math.inf, True, "1", None, [1.0], 1e80, -1e80)


def _given(values: Iterable) -> list:
    """All values and what they hold, and sequences as tuples too: what an error may name as the value."""
    found = list(values)
    for value in found:
        if isinstance(value, list | tuple):
            found += [tuple(value)] if isinstance(value, list) else value
        elif isinstance(value, dict):
            found += value.values()
    return found


def rejects(argument: str, function: Callable, *args: object, **kwargs: object) -> InputError:
    """The InputError that the call raises, which must name the argument, its value and what is allowed."""
    with pytest.raises(InputError) as caught:
        function(*args, **kwargs)
    error = caught.value
    assert error.argument == argument
    assert error.allowed
    assert any(error.value is value or error.value == value for value in _given([*args, *kwargs.values()]))
    assert str(error) == f"{argument} = {error.value!r} is not allowed: {error.allowed}"
    return error


def check_domain(
    function: Callable, good: dict, bad: dict[str, Iterable], fine: dict[str, Iterable] | None = None
) -> None:
    """Each argument of `good` refuses what is no number and its `bad` values, and takes its `fine` ones."""
    assert set(bad) == set(good), "every argument needs a line"
    function(**good)
    for argument, values in bad.items():
        for value in (*NOT_NUMBERS, *values):
            rejects(argument, function, **{**good, argument: value})
    for argument, values in (fine or {}).items():
        for value in values:
            function(**{**good, argument: value})
