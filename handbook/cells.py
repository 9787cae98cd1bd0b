"""The source of a notebook's cells, taken apart into the statements that bind names."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from handbook.errors import EstimateError

_PRAGMA = re.compile(r"(noqa|fmt|type|ruff|pylint|mypy|pragma|isort|no invariant)\s*:|noqa$|%%|pyright:")


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

    @property
    def comment(self) -> str:
        """What the author says of it: beside it, or on the lines above that hold nothing else."""
        comments, lines, before = _comments(self.cell.source), self.cell.source.splitlines(), self.cell.line - 1
        line, end = self.node.lineno - before, (self.node.end_lineno or self.node.lineno) - before
        beside = comments.get(end) or comments.get(line)
        above, line = [], line - 1
        while line and lines[line - 1].lstrip().startswith("#"):
            above[:0] = [comments[line]] if line in comments else []
            line -= 1
        return beside or " ".join(above)

    @property
    def target(self) -> str | None:
        """The name of a plain assignment `name = …`."""
        node = self.node
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if not isinstance(node, ast.Assign | ast.AnnAssign):
            return None
        return targets[0].id if len(targets) == 1 and isinstance(targets[0], ast.Name) else None


class _Names(ast.NodeVisitor):
    """The names that a statement binds in the notebook, and those that it reads there.

    What is local to a function, a lambda, a class or a comprehension is neither: a parameter named like a fact does
    not make the function depend on that fact.
    """

    def __init__(self) -> None:
        self.binds: set[str] = set()
        self.reads: set[str] = set()

    def visit_Name(self, node: ast.Name) -> None:  # noqa: N802
        (self.reads if isinstance(node.ctx, ast.Load) else self.binds).add(node.id)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:  # noqa: N802
        self.generic_visit(node)
        self.reads |= {node.target.id} if isinstance(node.target, ast.Name) else set()

    def visit_Subscript(self, node: ast.Subscript) -> None:  # noqa: N802
        self.generic_visit(node)  # `costs["disk"] = …` changes what `costs` names
        if isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name):
            self.binds.add(node.value.id)

    def visit_Import(self, node: ast.Import | ast.ImportFrom) -> None:  # noqa: N802
        self.binds |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}

    visit_ImportFrom = visit_Import  # noqa: N815

    def _inner(self, node: ast.AST) -> None:
        inner = _Names()
        inner.generic_visit(node)
        inner.binds |= {argument.arg for argument in ast.walk(node) if isinstance(argument, ast.arg)}
        self.reads |= inner.reads - inner.binds

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.ClassDef) -> None:  # noqa: N802
        self.binds.add(node.name)
        self._inner(node)

    visit_ClassDef = visit_FunctionDef  # noqa: N815
    visit_Lambda = visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _inner  # noqa: N815


def _names(node: ast.stmt) -> tuple[frozenset[str], frozenset[str]]:
    names = _Names()
    names.visit(node)
    return frozenset(names.binds), frozenset(names.reads)


@lru_cache(maxsize=1024)
def _comments(source: str) -> dict[int, str]:
    """The comments by line, without those that are meant for tools."""
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    words = {t.start[0]: t.string.lstrip("#: ").strip() for t in tokens if t.type == tokenize.COMMENT}
    return {line: comment for line, comment in words.items() if not _PRAGMA.match(comment)}


def statements(cells: Sequence[Cell]) -> list[Statement]:
    """The top-level statements of all cells, in order. Raises EstimateError for a cell that is not Python alone.

    >>> [statement] = statements([Cell("servers = ceil(rate / one)  # Servers at peak", line=40)])
    >>> statement.target, sorted(statement.reads), statement.comment, statement.node.lineno
    ('servers', ['ceil', 'one', 'rate'], 'Servers at peak', 40)
    """
    return [statement for cell in cells for statement in _statements(cell)]


@lru_cache(maxsize=1024)
def _statements(cell: Cell) -> tuple[Statement, ...]:
    """The statements of one cell, which facts, decisions and invariants all ask for."""
    body = _parsed(cell)
    if cell.line == 1:
        return tuple(Statement(node, cell, *_names(node)) for node in body)
    alike = _statements(Cell(cell.source))  # the names are the same on whatever line a cell begins
    return tuple(
        Statement(ast.increment_lineno(node, cell.line - 1), cell, other.binds, other.reads)
        for node, other in zip(body, alike, strict=True)
    )


def _parsed(cell: Cell) -> list[ast.stmt]:
    try:
        return ast.parse(cell.source).body
    except SyntaxError as error:
        line = cell.line + (error.lineno or 1) - 1
        allowed = f"plain Python, without IPython's magics ({error.msg})"
        raise EstimateError(line, "cell", (error.text or "").strip(), allowed) from None


def formula(statement: Statement) -> str:
    """The right-hand side of an assignment, on one line; "" for any other statement.

    >>> formula(statements([Cell("a = (b +\\n     c)")])[0])
    'b + c'
    """
    value = getattr(statement.node, "value", None)
    return ast.unparse(value) if value is not None else ""
