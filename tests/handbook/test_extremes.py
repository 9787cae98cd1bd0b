"""Whatever numbers a function is given, it returns finite numbers or raises InputError: nothing else, no infinity."""

import inspect
import math
from collections.abc import Iterable
from itertools import product

import pytest

from handbook import (
    availability,
    balancing,
    caching,
    consistency,
    erlang,
    experiments,
    hashing,
    limits,
    membership,
    queueing,
    sketches,
    tails,
)
from handbook.errors import InputError

EXTREMES = (0, 1e-300, 1e-70, 1e-9, 0.5, math.nextafter(1, 0), 1, 1.5, 16, 30, 1000, 1e15, 1e70, 1e308, -1, math.nan)
FEWER = (0, 1e-70, 0.5, math.nextafter(1, 0), 1, 16, 1e70, -1)
MODULES = (
    availability, balancing, caching, consistency, erlang, experiments, hashing, limits, membership, queueing, sketches,
    tails,
)  # fmt: skip
# What takes other things than numbers is tested with its own kind; peeking at 30 looks takes long.
OTHERS = {
    "series", "parallel", "popularity", "lru_hit_ratio", "capacity_for_hit_ratio", "bounded_staleness", "mixture",
    "exponential", "pareto", "murmur3_32", "fnv1a_32", "flagd_variant", "unleash_bucket", "unleash_variant",
    "growthbook_bucket", "peeking_false_positive", "peeking_level", "blocking_by_servers", "waiting",
}  # fmt: skip
FUNCTIONS = [
    function
    for module in MODULES
    for name, function in vars(module).items()
    if inspect.isfunction(function) and function.__module__ == module.__name__ and name[0] != "_" and name not in OTHERS
]


def numbers(result):
    """The numbers of a result, however deep in pairs and lists."""
    if isinstance(result, Iterable):
        return [number for element in result for number in numbers(element)]
    return [result]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
def test_finite_or_an_input_error(function):
    names = [name for name in inspect.signature(function).parameters if name not in ("jitter", "seed")]
    answers = 0
    for arguments in product(EXTREMES if len(names) < 3 else FEWER, repeat=len(names)):
        try:
            result = function(**dict(zip(names, arguments, strict=True)))
        except InputError:
            continue
        answers += 1
        assert all(math.isfinite(number) for number in numbers(result)), (arguments, result)
    assert answers > 0


@pytest.mark.parametrize("mean", EXTREMES)
@pytest.mark.parametrize("function", [consistency.exponential, consistency.pareto])
def test_delays_are_finite_at_the_ends_of_the_random_numbers(function, mean):
    class Ends:
        def random(self):
            return self.value

    for shape in (0.1, 1, 1e70):
        try:
            delay = function(mean) if function is consistency.exponential else function(mean, shape)
        except InputError:
            continue
        for value in (0.0, math.nextafter(1, 0)):
            ends = Ends()
            ends.value = value
            assert 0 <= delay(ends) < math.inf
