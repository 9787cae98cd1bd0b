"""An estimate notebook, read as a function of its assumptions.

The cells of a notebook are straight-line arithmetic on assumptions. After they ran once with units, `facts` names
every quantity: what it is, what it is computed from, and on which line. `Model` compiles the same cells, sliced to
what the facts need, into one Python function of plain floats: there is no second implementation, only a faster run
of the first one, and `Model.disagreements` holds the two equal.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Mapping, Sequence
from typing import Any

from handbook import rounding, units
from handbook.assumptions import Assumption, declaration, label
from handbook.cells import Cell, Statement, formula, statements
from handbook.errors import InputError


class EstimateError(InputError):
    """A cell does something that an estimate cannot: `line` is the line of the notebook's file."""

    def __init__(self, line: int, argument: str, value: object, allowed: str) -> None:
        super().__init__(argument, value, allowed)
        self.line = line


def _quantities(parsed: list[Statement], namespace: Mapping[str, Any]) -> dict[str, Statement]:
    """The statement that names each quantity, in the order of the notebook. A name beginning with _ is private."""
    found: dict[str, Statement] = {}
    owners: dict[int, str] = {}
    for statement in parsed:
        name = statement.target
        if name is None or name.startswith("_") or not isinstance(namespace.get(name), units.Quantity):
            continue
        line = statement.node.lineno
        if name in found:
            first = found[name].node.lineno
            raise EstimateError(line, "name", name, f"each quantity is named once; it was named on line {first}")
        if not math.isfinite(units.base(namespace[name])):
            raise EstimateError(line, name, units.base(namespace[name]), "a finite number")
        owner = owners.setdefault(id(namespace[name]), name)
        if owner != name:
            raise EstimateError(line, "name", name, f"each quantity has one name; this one is {owner} already")
        found[name] = statement
    return found


def _inputs(name: str, facts: Mapping[str, Statement], parsed: list[Statement]) -> list[str]:
    """The facts that a fact is computed from, also through helper functions and private names."""
    binding = {bound: s for s in parsed for bound in s.binds}
    seen, queue, found = {name}, list(facts[name].reads), set()
    while queue:
        other = queue.pop()
        if other in seen:
            continue
        seen.add(other)
        if other in facts:
            found.add(other)
        elif other in binding:
            queue.extend(binding[other].reads)
    return [fact for fact in facts if fact in found]


def _describe(name: str, statement: Statement, quantity: Any, inputs: list[str]) -> dict[str, Any]:
    declared = declaration(quantity)
    exact = declared is not None
    return {
        "name": name,
        "label": label(name, quantity, statement.comment),
        "value": float(quantity.magnitude),
        "unit": str(quantity.units),
        "base": units.base(quantity),
        "text": rounding.text(quantity, exact=exact),
        "full": rounding.full(quantity, exact=exact),
        "kind": declared.kind if declared else "derived",
        "source": declared.source if declared else None,
        "because": declared.because if declared else None,
        "low": float(declared.low.magnitude) if declared and declared.low is not None else None,
        "high": float(declared.high.magnitude) if declared and declared.high is not None else None,
        "range": _range(declared),
        "formula": "" if declared else formula(statement),
        "inputs": [] if declared else inputs,
        "line": statement.node.lineno,
        "section": statement.cell.section,
    }


def _range(declared: Assumption | None) -> str:
    if declared is None or declared.low is None:
        return ""
    return f"{rounding.text(declared.low, exact=True)} to {rounding.text(declared.high, exact=True)}"


def facts(cells: Sequence[Cell], namespace: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every named quantity of a notebook that ran: `cells` are its code cells, `namespace` what they left behind.

    Raises EstimateError, with the line, for a quantity that is named twice, is not finite, or that the compiled
    cells compute differently.
    """
    parsed = statements(cells)
    found = _quantities(parsed, namespace)
    described = [_describe(n, s, namespace[n], _inputs(n, found, parsed)) for n, s in found.items()]
    model = Model(cells, namespace)
    for name, (with_units, compiled) in model.disagreements().items():
        remedy = f"as plain numbers it is {compiled!r}; keep to arithmetic and to the functions of `handbook`"
        raise EstimateError(found[name].node.lineno, name, with_units, remedy)
    return described


class Model:
    """The facts of a notebook as a function of its assumptions, on plain floats in base units.

    `assumptions` maps each name to its declaration, `outputs` lists the derived facts. Calling the model with some of
    the assumptions (floats in base units, by name) gives all facts, the others keep their published values.
    """

    def __init__(self, cells: Sequence[Cell], namespace: Mapping[str, Any]) -> None:
        parsed = statements(cells)
        found = _quantities(parsed, namespace)
        declared = {name: declaration(namespace[name]) for name in found}
        self.assumptions: dict[str, Assumption] = {n: d for n, d in declared.items() if d is not None}
        self.outputs = [name for name in found if declared[name] is None]
        self.published = {name: units.base(namespace[name]) for name in found}
        self._defaults = {name: self.published[name] for name in self.assumptions}
        self._run = self._compile(parsed)

    def _slice(self, parsed: list[Statement]) -> list[ast.stmt]:
        """The statements that the outputs need, found backwards; an assumption's own statement is left out."""
        needed, kept = set(self.outputs), []
        for statement in reversed(parsed):
            if statement.target in self.assumptions or not statement.binds & needed:
                continue
            kept.append(statement.node)
            needed |= statement.reads
        return kept[::-1]

    def _compile(self, parsed: list[Statement]) -> Any:
        body = self._slice(parsed)
        imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
        steps = [node for node in body if node not in imports]
        results = ast.Return(ast.Tuple([ast.Name(n, ast.Load()) for n in self.outputs], ast.Load()))
        names = [ast.arg(name) for name in self.assumptions]
        parameters = ast.arguments([], [], None, names, [None] * len(names), None, [])
        function = ast.FunctionDef("model", parameters, [*steps, results], [], type_params=[])
        module = ast.fix_missing_locations(ast.Module([*imports, function], []))
        scope: dict[str, Any] = {}
        exec(compile(module, "<estimate>", "exec"), scope)
        return scope["model"]

    def __call__(self, **values: float) -> dict[str, float]:
        """All facts for these assumptions. Raises InputError for a name that is no assumption, or is not finite."""
        for name, value in values.items():
            if name not in self._defaults:
                raise InputError(name, value, f"one of the assumptions {', '.join(self._defaults)}")
            if not math.isfinite(value):
                raise InputError(name, value, "a finite number")
        given = {**self._defaults, **values}
        with units.plain():
            return {**given, **dict(zip(self.outputs, self._run(**given), strict=True))}

    def disagreements(self, tolerance: float = 1e-9) -> dict[str, tuple[float, float]]:
        """Facts that the run with units and the compiled run compute differently: name → (with units, compiled)."""
        compiled = self()
        pairs = {name: (self.published[name], compiled[name]) for name in self.outputs}
        return {n: p for n, p in pairs.items() if not math.isclose(*p, rel_tol=tolerance, abs_tol=1e-12)}
