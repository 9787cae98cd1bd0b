"""From a configuration and a context to a value, with the reason. It never raises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

from snippets.feature_flags.bucketing import variant

Context = Mapping[str, Any]

DEEPEST = 8  # flags that need one another in a row

TESTS = {
    "is": lambda have, want: have == want,
    "in": lambda have, want: have in want,
    "from": lambda have, want: have >= want,
    "starts": lambda have, want: have.startswith(want),
}


@dataclass(frozen=True)
class Rule:
    """If all conditions hold, serve a variant, or split by weights in percent."""

    when: tuple[tuple[str, str, Any], ...]
    serve: str | None = None
    split: Mapping[str, float] = field(default_factory=dict)

    def holds(self, context: Context) -> bool:
        """Whether every condition holds; an attribute that is missing fails its own."""
        return all(
            name in context and TESTS[test](context[name], want)
            for name, test, want in self.when
        )


@dataclass(frozen=True)
class Flag:
    """One flag. `needs` names other flags and the variants that they must have."""

    name: str
    variants: Mapping[str, Any]
    otherwise: str
    off: str
    on: bool = True
    salt: str = ""
    rules: tuple[Rule, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()


Flags = Mapping[str, Flag]


class KeyMissingError(Exception):
    """A split needs to know whose bucket to take."""


# --8<-- [start:evaluate]
@dataclass(frozen=True)
class Details:
    """What an evaluation says, in the words of the OpenFeature specification."""

    value: Any
    variant: str | None
    reason: str
    error: str | None = None


def evaluate(
    flags: Flags | None, name: str, default: Any, context: Context, key: str
) -> Details:
    """The value of a flag; the caller's default when anything is wrong."""

    def wrong(code: str) -> Details:
        return Details(default, None, "ERROR", code)

    if flags is None:
        return wrong("PROVIDER_NOT_READY")
    try:
        if name not in flags:
            return wrong("FLAG_NOT_FOUND")
        chosen, reason = _choose(flags, flags[name], context, key)
        value = flags[name].variants[chosen]
    except KeyMissingError:
        return wrong("TARGETING_KEY_MISSING")
    except Exception:  # a rule that nobody foresaw must not stop a payment
        return wrong("GENERAL")
    if type(value) is not type(default):
        return wrong("TYPE_MISMATCH")
    return Details(value, chosen, reason)


def _choose(flags: Flags, flag: Flag, context: Context, key: str) -> tuple[str, str]:
    if not flag.on:
        return flag.off, "DISABLED"
    for other, wanted in flag.needs:  # publishing has made sure that there is no circle
        if _choose(flags, flags[other], context, key)[0] != wanted:
            return flag.off, "PREREQUISITE_FAILED"
    if any(test not in TESTS for rule in flag.rules for _, test, _ in rule.when):
        return flag.off, "UNKNOWN"  # to skip the rule might let in whom it keeps out
    for rule in flag.rules:
        if rule.holds(context):
            if rule.serve is not None:
                return rule.serve, "TARGETING_MATCH"
            if not key:
                raise KeyMissingError  # else all of them would share one bucket
            arm = variant(flag.salt or flag.name, key, rule.split)
            return (arm, "SPLIT") if arm else (flag.otherwise, "DEFAULT")
    return flag.otherwise, "DEFAULT" if flag.rules else "STATIC"


# --8<-- [end:evaluate]


# --8<-- [start:publish]
def problems(flags: Flags) -> list[str]:
    """What keeps a configuration from being published, in words."""
    found = []
    for name, flag in flags.items():
        served = {rule.serve for rule in flag.rules if rule.serve is not None}
        served |= {arm for rule in flag.rules for arm in rule.split}
        served |= {flag.otherwise, flag.off}
        for missing in sorted(served - flag.variants.keys()):
            found.append(f"{name}: no variant {missing!r}")
        if len({type(value) for value in flag.variants.values()}) > 1:
            found.append(f"{name}: variants of several types")
        for weights in (rule.split.values() for rule in flag.rules):
            if not all(weight >= 0 for weight in weights):
                found.append(f"{name}: a split with less than 0%")
            if round(sum(weights), 6) > 100:  # tenths do not add up exactly
                found.append(f"{name}: a split of more than 100%")
        for other, wanted in flag.needs:
            if other not in flags:
                found.append(f"{name}: needs {other!r}, which does not exist")
            elif wanted not in flags[other].variants:
                found.append(f"{name}: needs {other!r} to be {wanted!r}, never so")
    return found + tangles(flags)


def tangles(flags: Flags) -> list[str]:
    """Prerequisites in a circle, or in so long a row that walking takes for ever."""
    needs = {name: [other for other, _ in flag.needs] for name, flag in flags.items()}
    depth: dict[str, int] = {}
    try:
        for name in TopologicalSorter(needs).static_order():
            above = (depth[other] for other in needs.get(name, ()))
            depth[name] = 1 + max(above, default=0)
    except CycleError as error:
        return ["a circle: " + " needs ".join(reversed(error.args[1]))]
    deep = (name for name, levels in depth.items() if levels > DEEPEST)
    return [f"{name}: needs more than {DEEPEST} flags in a row" for name in deep]


# --8<-- [end:publish]
