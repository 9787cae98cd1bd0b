"""Small wrong programs made of a right one: an estimate whose arithmetic is changed in one place.

Only arithmetic is changed: assignments and functions of a notebook, not what is assumed, decided, drawn or stated.
"""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from handbook import units
from handbook.cells import Cell, Statement, statements

#: Calls whose arguments are words and declarations, not arithmetic.
_DECLARING = {"assume", "simulated", "decide"}
_OPERATORS: dict[type, type] = {ast.Mult: ast.Div, ast.Div: ast.Mult, ast.Add: ast.Sub, ast.Sub: ast.Add}
_COMPARED: dict[type, type] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
_CONSTANTS = {"a constant × 10": lambda n: n * 10, "a constant × 1,000": lambda n: n * 1000,
              "a constant + 1": lambda n: n + 1, "a constant − 1": lambda n: n - 1}  # fmt: skip


@dataclass(frozen=True)
class Mutant:
    """One change: on which line, of which kind, the statement before and after, and all cells with it."""

    line: int
    kind: str
    was: str
    becomes: str
    cells: tuple[Cell, ...]

    def __str__(self) -> str:
        return f"line {self.line}, {self.kind}: {self.becomes}"


def mutants(cells: Sequence[Cell], namespace: Mapping[str, Any]) -> list[Mutant]:
    """Every mutant of a notebook that ran; `namespace` is what it left behind. In the order of its lines."""
    parsed = statements(cells)
    alike = _alike(parsed, namespace)
    found = []
    for statement in (one for one in parsed if _is_arithmetic(one, namespace)):
        was, seen = ast.unparse(statement.node), set()
        for kind, node in _changed(statement.node, alike, statement):
            becomes = ast.unparse(node)
            if becomes != was and becomes not in seen:
                seen.add(becomes)
                changed = _replaced(cells, statement, becomes)
                found.append(Mutant(statement.node.lineno, kind, was, becomes, changed))
    return found


def _is_arithmetic(statement: Statement, namespace: Mapping[str, Any]) -> bool:
    """Whether it computes a number: a table that a chart shows is none."""
    if isinstance(statement.node, ast.FunctionDef):
        return True
    called = getattr(getattr(getattr(statement.node, "value", None), "func", None), "id", None)
    return isinstance(namespace.get(statement.target), units.Quantity | int | float) and called not in _DECLARING


def _changed(statement: ast.stmt, alike: Mapping[str, list[str]], at: Statement) -> Iterator[tuple[str, ast.stmt]]:
    """The statement with one expression of it changed, for each expression and each change."""
    for number, node in enumerate(ast.walk(statement)):
        for kind, change in _changes(node, alike, at):
            mutated = copy.deepcopy(statement)
            place = next(n for i, n in enumerate(ast.walk(mutated)) if i == number)
            yield kind, ast.fix_missing_locations(_Replace(place, change).visit(mutated))


class _Replace(ast.NodeTransformer):
    """Puts an expression in the place of another, or changes it in place."""

    def __init__(self, place: ast.AST, new: ast.AST) -> None:
        self.place, self.new = place, new

    def visit(self, node: ast.AST) -> Any:
        return self.new if node is self.place else self.generic_visit(node)


def _changes(node: ast.AST, alike: Mapping[str, list[str]], at: Statement) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(node, ast.BinOp):
        yield from _operations(node)
    elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
        yield from ((kind, ast.Constant(change(node.value))) for kind, change in _CONSTANTS.items())
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        yield from _calls(node, node.func.id)
    elif isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARED:
        yield "a boundary moved", ast.Compare(node.left, [_COMPARED[type(node.ops[0])]()], node.comparators)
    elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and not isinstance(at.node, ast.FunctionDef):
        yield from (("another quantity of its unit", ast.Name(other)) for other in alike.get(node.id, ()))


def _operations(node: ast.BinOp) -> Iterator[tuple[str, ast.AST]]:
    if other := _OPERATORS.get(type(node.op)):
        yield "another operator", ast.BinOp(node.left, other(), node.right)
    if isinstance(node.op, ast.Div | ast.Sub):
        yield "operands swapped", ast.BinOp(node.right, node.op, node.left)
    word = "a factor dropped" if isinstance(node.op, ast.Mult | ast.Div) else "a term dropped"
    yield word, node.left
    if isinstance(node.op, ast.Mult | ast.Add):
        yield word, node.right


def _calls(node: ast.Call, name: str) -> Iterator[tuple[str, ast.AST]]:
    if name in ("min", "max"):
        yield "min for max", replace_name(node, "max" if name == "min" else "min")
    elif name == "ceil":
        yield "rounding up dropped", node.args[0]
    elif name == "total":
        for index in range(len(node.args) if len(node.args) > 1 else 0):
            rest = [argument for i, argument in enumerate(node.args) if i != index]
            yield "a term dropped", ast.Call(node.func, rest, node.keywords)


def replace_name(call: ast.Call, name: str) -> ast.Call:
    """The same call of another function."""
    return ast.Call(ast.Name(name, ast.Load()), call.args, call.keywords)


def _alike(parsed: Sequence[Statement], namespace: Mapping[str, Any]) -> dict[str, list[str]]:
    """For each quantity the two named last before it that have its dimensions and another value."""
    found: dict[str, list[str]] = {}
    before: list[str] = []
    for statement in parsed:
        name = statement.target or ""
        quantity = namespace.get(name)
        if isinstance(quantity, units.Quantity):
            same = [
                other for other in reversed(before)
                if namespace[other].dimensionality == quantity.dimensionality
                and units.base(namespace[other]) != units.base(quantity)
            ]  # fmt: skip
            found[name] = same[:2]
            before.append(name)
    return found


def _replaced(cells: Sequence[Cell], statement: Statement, becomes: str) -> tuple[Cell, ...]:
    """The cells with another text of a statement; every line keeps its number."""
    begin = statement.node.lineno - statement.cell.line
    end = (statement.node.end_lineno or statement.node.lineno) - statement.cell.line
    lines, new = statement.cell.source.split("\n"), becomes.split("\n")
    new += [""] * (end - begin + 1 - len(new))
    changed = replace(statement.cell, source="\n".join([*lines[:begin], *new, *lines[end + 1 :]]))
    return tuple(changed if cell == statement.cell else cell for cell in cells)  # its line makes a cell unique
