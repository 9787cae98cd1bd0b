"""An estimate notebook, read as a function of its assumptions.

The cells of a notebook are straight-line arithmetic on assumptions. After they ran once with units, `facts` names
every quantity: what it is, what it is computed from, and on which line. `Model` compiles the same cells, sliced to
what the facts need, into one Python function of plain floats: there is no second implementation, only a faster run
of the first one, and `Model.disagreements` holds the two equal.
"""

from __future__ import annotations

import ast
import math
import traceback
from collections.abc import Mapping, Sequence
from typing import Any

from handbook import rounding, units
from handbook.assumptions import Assumption, declaration, label
from handbook.cells import Cell, Statement, formula, statements
from handbook.errors import EstimateError, InputError

_FILE = "<estimate>"  # the name of the compiled code, by which its lines are known in a traceback
_KEEP = "keep to arithmetic and to the functions of `handbook`"


def _quantities(parsed: list[Statement], namespace: Mapping[str, Any]) -> dict[str, Statement]:
    """The statement that names each quantity, in the order of the notebook. A name beginning with _ is private."""
    found: dict[str, Statement] = {}
    owners: dict[int, str] = {}
    for statement in parsed:
        public = (name for name in sorted(statement.binds) if not name.startswith("_"))
        for name in public:
            quantity = namespace.get(name)
            if not isinstance(quantity, units.Quantity):
                continue
            owner = owners.setdefault(id(quantity), name)
            _require_one_name(name, statement, found.get(name), name if _is_chosen(statement, quantity) else owner)
            if not math.isfinite(units.base(quantity)):
                raise EstimateError(statement.node.lineno, name, units.base(quantity), "a finite number")
            found[name] = statement
    return found


def _is_chosen(statement: Statement, quantity: Any) -> bool:
    """Whether the statement chooses between derived facts: `cost = push_cost if push else pull_cost` is one itself."""
    return isinstance(getattr(statement.node, "value", None), ast.IfExp | ast.Call) and declaration(quantity) is None


def _require_one_name(name: str, statement: Statement, first: Statement | None, owner: str) -> None:
    """A fact is found by its name: one name for each quantity, by one plain assignment."""
    if first is not None:
        allowed = f"each quantity is named once; it was named on line {first.node.lineno}"
    elif owner != name:
        allowed = f"each quantity has one name; this one is {owner} already"
    elif isinstance(statement.node, ast.ImportFrom):
        allowed = f"a quantity of another module is named in a line of its own: {name} = module.{name}"
    elif statement.target != name:
        allowed = f"a quantity is named by an assignment of its own, {name} = …; begin a private name with _"
    else:
        return
    raise EstimateError(statement.node.lineno, "name", name, allowed)


def _require_declared(parsed: list[Statement], namespace: Mapping[str, Any]) -> None:
    """An assumption that is changed before it is named, or has no name of its own, could not be found or moved."""
    for statement in parsed:
        calls = statement.reads & {"assume", "simulated"}
        if not calls or isinstance(statement.node, ast.FunctionDef | ast.ClassDef):
            continue
        if (statement.target or "_").startswith("_") or declaration(namespace.get(statement.target)) is None:
            call = min(calls)
            allowed = f"a line of its own for each: name = {call}(…), and what is made of it in the next"
            raise EstimateError(statement.node.lineno, call, statement.target or "", allowed)


def _inputs(name: str, facts: Mapping[str, Statement], parsed: list[Statement]) -> list[str]:
    """The facts that a fact is computed from, also through helper functions and private names."""
    own = parsed.index(facts[name])
    seen, found = set(), set()
    queue = [(other, own) for other in facts[name].reads]
    while queue:
        other, position = queue.pop()
        if other in facts:
            found.add(other)
            continue
        for earlier in range(position - 1, -1, -1):  # a private name may be bound again later: look above alone
            statement = parsed[earlier]
            if other not in statement.binds:
                continue
            if (other, earlier) not in seen:
                seen.add((other, earlier))
                called = isinstance(statement.node, ast.FunctionDef)  # it reads names when it is called
                queue.extend((read, position if called else earlier) for read in statement.reads)
            if statement.target == other:
                break
    return [fact for fact in facts if fact in found]


def _describe(name: str, statement: Statement, quantity: Any, inputs: list[str]) -> dict[str, Any]:
    declared = declaration(quantity)
    exact = declared is not None and declared.exact
    shown = units.tidy(quantity)
    return {
        "name": name,
        "label": label(name, quantity, statement.comment),
        "value": float(shown.magnitude),
        "unit": str(shown.units),
        "base": units.base(quantity),
        "text": rounding.text(quantity, exact=exact),
        "full": rounding.full(quantity, exact=exact),
        "kind": declared.kind if declared else "derived",
        "source": declared.source if declared else None,
        "because": declared.because if declared else None,
        "low": float(declared.low.to(shown.units).magnitude) if declared and declared.low is not None else None,
        "high": float(declared.high.to(shown.units).magnitude) if declared and declared.high is not None else None,
        "range": _range(declared),
        "formula": "" if declared else formula(statement),
        "inputs": [] if declared else inputs,
        "line": statement.node.lineno,
        "section": statement.cell.section,
    }


def _range(declared: Assumption | None) -> str:
    if declared is None or declared.low is None:
        return ""
    return " to ".join(rounding.text(end, exact=declared.exact) for end in (declared.low, declared.high))


def facts(cells: Sequence[Cell], namespace: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every named quantity of a notebook that ran: `cells` are its code cells, `namespace` what they left behind.

    Raises EstimateError, with the line, for a cell that is not Python alone, for a quantity that is named twice or
    not by an assignment of its own, that is not finite, or that the compiled cells compute differently or not at all.

    >>> cells = [Cell("from handbook import Q, assume"), Cell('rate = assume("Rate", 50, "request/s", because="R")')]
    >>> cells += [Cell('daily = rate * Q(1, "day")  # In a day')]
    >>> namespace = {}
    >>> for cell in cells:
    ...     exec(cell.source, namespace)
    >>> [(fact["label"], fact["text"], fact["inputs"]) for fact in facts(cells, namespace)]
    [('Rate', '50/s', []), ('In a day', '4.32 million', ['rate'])]
    """
    parsed = statements(cells)
    found = _quantities(parsed, namespace)
    _require_declared(parsed, namespace)
    described = [_describe(n, s, namespace[n], _inputs(n, found, parsed)) for n, s in found.items()]
    model = Model(cells, namespace)
    for name, (with_units, compiled) in model.disagreements().items():
        remedy = f"as plain numbers it is {compiled!r}; {_KEEP}"
        raise EstimateError(found[name].node.lineno, name, with_units, remedy)
    return described


class Model:
    """The facts of a notebook as a function of its assumptions, on plain floats in base units.

    `assumptions` maps each name to its declaration, `outputs` lists the derived facts; `lines` and `dimensions` say
    where each is named and of what it is. Results of simulations stay as they were found. Calling the model with some
    of the assumptions (floats in base units, by name) gives all facts, the others keep their published values.

    >>> cells = [Cell("from handbook import Q, assume"), Cell('rate = assume("Rate", 50, "request/s", because="R")')]
    >>> cells += [Cell('daily = rate * Q(1, "day")  # In a day')]
    >>> namespace = {}
    >>> for cell in cells:
    ...     exec(cell.source, namespace)
    >>> Model(cells, namespace)(rate=100.0)
    {'rate': 100.0, 'daily': 8640000.0}
    """

    def __init__(self, cells: Sequence[Cell], namespace: Mapping[str, Any]) -> None:
        parsed = statements(cells)
        found = _quantities(parsed, namespace)
        declared = {n: d for n in found if (d := declaration(namespace[n])) is not None}
        self.assumptions: dict[str, Assumption] = {n: d for n, d in declared.items() if not d.simulated}
        self.outputs = [name for name in found if name not in declared]
        self.published = {name: units.base(namespace[name]) for name in found}
        self._defaults = {name: self.published[name] for name in declared}
        self._parsed, self._named = parsed, found
        self.lines = {name: statement.node.lineno for name, statement in found.items()}
        self.dimensions = {name: dict(namespace[name].dimensionality) for name in found}
        self._quantities = {name: namespace[name] for name in self.outputs}
        self._run = self._compile(parsed)

    def _slice(self, parsed: list[Statement]) -> list[ast.stmt]:
        """The statements that the outputs need, found backwards; an assumption's own statement is left out."""
        called: set[str] = set()  # what functions read when they are called, maybe bound below their definition
        while True:
            needed, kept = called | set(self.outputs), []
            for statement in reversed(parsed):
                if statement.target not in self._defaults and statement.binds & needed:
                    kept.append(statement)
                    needed |= statement.reads
            more = {name for s in kept if isinstance(s.node, ast.FunctionDef) for name in s.reads}
            if more <= called:
                return [statement.node for statement in reversed(kept)]
            called |= more

    def _compile(self, parsed: list[Statement]) -> Any:
        body = self._slice(parsed)
        imports = [node for node in body if isinstance(node, ast.Import | ast.ImportFrom)]
        steps = [node for node in body if node not in imports]
        results = ast.Return(ast.Tuple([ast.Name(n, ast.Load()) for n in self.outputs], ast.Load()))
        names = [ast.arg(name) for name in self._defaults]
        parameters = ast.arguments([], [], None, names, [None] * len(names), None, [])
        function = ast.FunctionDef("model", parameters, [*steps, results], [], type_params=[])
        module = ast.fix_missing_locations(ast.Module([*imports, function], []))
        scope: dict[str, Any] = {}
        exec(compile(module, _FILE, "exec"), scope)
        return scope["model"]

    def __call__(self, **values: float) -> dict[str, float]:
        """All facts for these assumptions.

        Raises InputError for a name that is no assumption or a value that is no finite number; EstimateError, with
        the line, where a fact cannot be computed from these values or becomes infinite.
        """
        for name, value in values.items():
            if name not in self.assumptions:
                raise InputError(name, value, f"one of the assumptions {', '.join(self.assumptions)}")
            if not units.is_finite(value):
                raise InputError(name, value, "a finite number")
        given = {**self._defaults, **values}
        with units.plain():
            try:
                results = dict(zip(self.outputs, self._run(**given), strict=True))
            except Exception as error:
                raise self._failure(error) from error
        if not all(type(result) is float and math.isfinite(result) for result in results.values()):
            self._require_numbers(results)
        return {**given, **results}

    def _failure(self, error: Exception) -> EstimateError:
        """What went wrong in a compiled run, with the line of the notebook on which it did."""
        frames = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == _FILE]
        line = frames[-1] if frames else 1
        if isinstance(error, InputError):
            return EstimateError(line, error.argument, error.value, error.allowed)
        statement = next((s for s in reversed(self._parsed) if s.node.lineno <= line), None)
        name, source = ("cell", "") if statement is None else (statement.target or "cell", ast.unparse(statement.node))
        why = f"it fails for these assumptions as plain numbers: {type(error).__name__}: {error}; {_KEEP}"
        return EstimateError(line, name, source, why)

    def _require_numbers(self, results: dict[str, Any]) -> None:
        for name, result in results.items():
            line = self._named[name].node.lineno
            if isinstance(result, units.Quantity):
                allowed = "a quantity of another module is named first, in a line of its own: name = module.name"
                raise EstimateError(line, name, str(result), allowed)
            if not units.is_finite(result):
                raise EstimateError(line, name, result, "a finite number for these assumptions")

    def disagreements(self, tolerance: float = 1e-9) -> dict[str, tuple[float, float]]:
        """Facts that the run with units and the compiled run compute differently: name → (with units, compiled)."""
        compiled = self()
        pairs = {name: (self.published[name], compiled[name]) for name in self.outputs}
        return {n: p for n, p in pairs.items() if not math.isclose(*p, rel_tol=tolerance) and not self._noise(n, *p)}

    def _noise(self, name: str, one: float, other: float) -> bool:
        """Whether both are zero but for float noise, in the unit that is shown: a price of a byte is tiny in itself."""
        unit = units.base(units.Quantity(1.0, units.tidy(self._quantities[name]).units))
        return abs(one) < 1e-12 * unit and abs(other) < 1e-12 * unit
