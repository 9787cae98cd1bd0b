"""The source of a notebook's cells, taken apart into the statements that bind names."""

from __future__ import annotations

import ast
import io
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Cell:
    """A code cell: its source, the line of the file on which it begins, and the section that it belongs to."""

    source: str
    line: int = 1
    section: str | None = None


@dataclass(frozen=True)
class Statement:
    """A top-level statement of a cell with the names that it binds and reads; lines are those of the file."""

    node: ast.stmt
    cell: Cell
    binds: frozenset[str]
    reads: frozenset[str]
    comment: str

    @property
    def target(self) -> str | None:
        """The name of a plain assignment `name = …`."""
        node = self.node
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if isinstance(node, ast.AugAssign | ast.For):
            return None
        return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else None


def _names(node: ast.AST, context: type) -> frozenset[str]:
    return frozenset(n.id for n in ast.walk(node) if isinstance(n, ast.Name) and isinstance(n.ctx, context))


def _bound(node: ast.stmt) -> frozenset[str]:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return frozenset((alias.asname or alias.name).split(".")[0] for alias in node.names)
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return frozenset({node.name})
    return _names(node, ast.Store)


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {t.start[0]: t.string.lstrip("#: ").strip() for t in tokens if t.type == tokenize.COMMENT}


def _comment_of(node: ast.stmt, comments: dict[int, str], lines: list[str]) -> str:
    """What the author says of a statement: beside it, or on the line above that holds nothing else."""
    beside = comments.get(node.end_lineno or node.lineno) or comments.get(node.lineno)
    above = node.lineno - 1
    alone = above >= 1 and lines[above - 1].lstrip().startswith("#")
    return beside or (comments.get(above, "") if alone else "")


def statements(cells: Sequence[Cell]) -> list[Statement]:
    """The top-level statements of all cells, in order. Raises SyntaxError for a cell that is no Python."""
    found = []
    for cell in cells:
        comments, lines = _comments(cell.source), cell.source.splitlines()
        for node in ast.parse(cell.source).body:
            comment = _comment_of(node, comments, lines)
            ast.increment_lineno(node, cell.line - 1)
            found.append(Statement(node, cell, _bound(node), _names(node, ast.Load), comment))
    return found


def formula(statement: Statement) -> str:
    """The right-hand side of an assignment, on one line."""
    value = getattr(statement.node, "value", None)
    return ast.unparse(value) if value is not None else ""
