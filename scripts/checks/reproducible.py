"""Notebooks that give the same result at every run, run in the page as well, and fail where something fails.

Read off the code, before anything runs: what asks for chance, the clock, or the process; what imports a package that
the page has not; what passes over an error.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator

from scripts.checks.recall import of_text
from scripts.findings import Finding
from scripts.layout import Project, source_files

_CHANCE = "draw from random.Random(seed), or from a simulation's own stream, sim.stream(name)"
_CLOCK = "give the time as a number, or take the line out"
_PROCESS = "sort by a name or a number that stays the same"

#: Calls that answer differently at each run, and what to do instead. A name that ends in a dot stands for a module.
_CHANGING = {
    "random.": _CHANCE, "secrets.": _CHANCE, "uuid.uuid1": _CHANCE, "uuid.uuid4": _CHANCE,
    "os.urandom": _CHANCE, "time.time": _CLOCK, "time.time_ns": _CLOCK, "time.monotonic": _CLOCK,
    "time.perf_counter": _CLOCK, "time.process_time": _CLOCK, "time.localtime": _CLOCK, "time.strftime": _CLOCK,
    "datetime.datetime.now": _CLOCK, "datetime.datetime.utcnow": _CLOCK, "datetime.datetime.today": _CLOCK,
    "datetime.date.today": _CLOCK, "os.getpid": _PROCESS, "id": _PROCESS, "hash": _PROCESS,
}  # fmt: skip
_SEEDED = {"random.Random"}
#: What a notebook may import: Python in the page has no more (scripts/live/image.py).
_THERE = sys.stdlib_module_names | {"handbook", "snippets", "pint", "simpy"}
_BROAD = {"Exception", "BaseException"}


def findings(project: Project) -> Iterator[Finding]:
    """What makes a notebook differ from run to run, and errors that it passes over."""
    for path in source_files(project.docs, "**/*.py"):
        try:
            found = _found(path.read_text(encoding="utf-8"))
        except (SyntaxError, ValueError):
            continue  # running it tells
        for line, what, mend in found:
            yield Finding(project.relative(path), line, what, mend)


@of_text
def _found(source: str) -> list[tuple[int, str, str]]:
    """Line, what and mend. Raises SyntaxError or ValueError for what is no Python."""
    tree = ast.parse(source)
    return [*_foreign(tree), *_changing(tree), *_unordered(tree), *_swallowed(tree)]


def _foreign(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names = [str(node.module)]
        for name in names:
            if name.split(".")[0] not in _THERE:
                mend = "do it with the standard library, handbook, pint or simpy"
                yield node.lineno, f'"{name}" is not there when a reader changes an assumption in the page', mend


def _changing(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    known = _imported(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = _dotted(node.func, known)
            if name in _SEEDED and (node.args or node.keywords):
                continue
            whole = next((n for n in _CHANGING if n[-1] == "." and name.startswith(n)), name)
            mend = _CHANGING.get(whole)
            if mend:
                yield node.lineno, f'"{ast.unparse(node)}" answers differently at each run', mend


def _imported(tree: ast.AST) -> dict[str, str]:
    """What the imported names of a notebook stand for."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:  # `import a.b` binds a
                top = alias.name.split(".")[0]
                found[alias.asname or top] = alias.name if alias.asname else top
        elif isinstance(node, ast.ImportFrom) and not node.level:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
    return found


def _dotted(node: ast.expr, known: dict[str, str]) -> str:
    """`dt.date.today` as `datetime.date.today`; empty for what is no imported or built-in name."""
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, known)
        return f"{before}.{node.attr}" if before else ""
    if isinstance(node, ast.Name):
        return known.get(node.id, node.id if node.id in _CHANGING else "")
    return ""


def _unordered(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    """Sets that are gone through: their order depends on the process."""
    for node in ast.walk(tree):
        asked: list[ast.expr] = [node.iter] if isinstance(node, ast.For | ast.comprehension) else []
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("list", "tuple", "enumerate"):
            asked = node.args[:1]
        for given in asked:
            called = getattr(getattr(given, "func", None), "id", "")
            if isinstance(given, ast.Set | ast.SetComp) or called in ("set", "frozenset"):
                what = f'the order of "{ast.unparse(given)}" differs between processes'
                yield given.lineno, what, "go through sorted(…) of it"


def _swallowed(tree: ast.AST) -> Iterator[tuple[int, str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ExceptHandler):
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            broad = any(kind is None or getattr(kind, "id", "") in _BROAD for kind in kinds)
            raised = any(isinstance(inside, ast.Raise) for inside in ast.walk(node))
            silent = all(isinstance(s, ast.Pass | ast.Continue) or _is_ellipsis(s) for s in node.body)
            if (broad and not raised) or silent:
                yield node.lineno, "an error is passed over", "let it stop the build, or catch the one kind and say so"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] == "suppress":
            yield node.lineno, "an error is passed over", "let it stop the build, or catch the one kind and say so"


def _is_ellipsis(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and getattr(statement.value, "value", None) is Ellipsis
