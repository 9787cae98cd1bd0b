import doctest
import importlib
import inspect

import pytest

MODULES = [
    "availability", "balancing", "caching", "consistency", "domain", "erlang", "experiments", "hashing", "ids",
    "limits", "membership", "queueing", "sketches", "tails",
]  # fmt: skip

#: Modules that notebooks are written with: their examples are executed, and not every function needs one.
FOR_NOTEBOOKS = ["assumptions", "cells", "estimate", "rounding", "units"]


@pytest.mark.parametrize("name", [*MODULES, *FOR_NOTEBOOKS])
def test_the_examples_in_the_docstrings_are_true(name):
    result = doctest.testmod(importlib.import_module(f"handbook.{name}"))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_every_public_function_documents_itself(name):
    module = importlib.import_module(f"handbook.{name}")
    for public, value in vars(module).items():
        if inspect.isfunction(value) and value.__module__ == module.__name__ and not public.startswith("_"):
            assert ">>> " in value.__doc__, f"{name}.{public} has no example"
            if name != "domain" and public not in ("blocking_by_servers", "waiting"):
                assert "rrors" in value.__doc__ or "InputError" in value.__doc__, f"{name}.{public} names no errors"
