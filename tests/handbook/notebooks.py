"""Small notebooks, run with units as a kernel would run them."""

from textwrap import dedent

from handbook.cells import Cell

IMPORTS = "from handbook import Q, assume, ceil, number, show, to, total"


def run(*sources, first_line=1):
    """The cells, one under the other in a file below their imports, and the namespace that they leave behind."""
    cells, line, namespace = [], first_line, {}
    for source in map(dedent, (IMPORTS, *sources)):
        cells.append(Cell(source, line))
        exec(compile(source, f"<cell {len(cells)}>", "exec"), namespace)
        line += source.count("\n") + 2
    return cells, namespace
