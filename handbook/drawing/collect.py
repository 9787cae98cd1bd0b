"""Running authors' files to learn what they draw, without drawing it yet."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import diagrams
from handbook.drawing.architecture import collecting
from handbook.drawing.errors import DrawingError
from handbook.drawing.model import Drawing


def collect(script: Path) -> list[Drawing]:
    """Run a diagram script in this process and return its drawings, in order.

    Raises `DrawingError` with the line of the script: it cannot be read or compiled, it raises, an icon, title or
    description is missing, two diagrams have one name, or it draws nothing.
    """
    code = _compile(script)
    found: list[Drawing] = []
    token = collecting.set(found)
    try:
        with _no_plain_diagrams(script):
            exec(code, {"__name__": "__main__", "__file__": str(script)})
    except DrawingError:
        raise
    except (Exception, SystemExit) as error:
        what = f"the script raises {type(error).__name__}: {_first_line(error)}"
        raise DrawingError(script, _line_in(script, error), what, "mend the script; it must run alone, too") from error
    finally:
        collecting.reset(token)
        diagrams.setdiagram(None)
        diagrams.setcluster(None)
    if not found:
        raise DrawingError(
            script, 1, "the script draws nothing", 'add: with Architecture("name", title=…, description=…):'
        )
    _check_names(found)
    return found


def _compile(script: Path):  # noqa: ANN202 - a code object
    try:
        data = script.read_bytes()
        return compile(data.decode("utf-8-sig"), str(script), "exec", dont_inherit=True)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DrawingError(script, line, "the script is not UTF-8 text", "save it as UTF-8") from None
    except SyntaxError as error:
        raise DrawingError(
            script, error.lineno or 1, f"the script cannot be read: {error.msg}", "mend the syntax"
        ) from error
    except ValueError as error:  # a null byte
        raise DrawingError(script, 1, f"the script cannot be read: {error}", "save it as UTF-8 text") from error
    except OSError as error:
        raise DrawingError(script, 1, f"the script cannot be read: {error.strerror}", "check its path") from error


def _check_names(found: list[Drawing]) -> None:
    seen: dict[str, Drawing] = {}
    for drawing in found:
        first = seen.setdefault(drawing.name, drawing)
        if first is not drawing:
            what = f"a diagram named {drawing.name!r} is already drawn on line {first.line}"
            raise DrawingError(drawing.path, drawing.line, what, "give each diagram a name of its own")


@contextmanager
def _no_plain_diagrams(script: Path) -> Iterator[None]:
    """`diagrams.Diagram` would call a `dot` program and open a window: refuse it."""
    enter = diagrams.Diagram.__enter__

    def refuse(_: diagrams.Diagram) -> None:
        line = sys._getframe(1).f_lineno
        what = "diagrams.Diagram has no description and would need a dot program"
        raise DrawingError(script, line, what, "use Architecture of handbook.drawing")

    diagrams.Diagram.__enter__ = refuse
    try:
        yield
    finally:
        diagrams.Diagram.__enter__ = enter


def _line_in(script: Path, error: BaseException) -> int:
    lines = [line for frame, line in traceback.walk_tb(error.__traceback__) if frame.f_code.co_filename == str(script)]
    return lines[-1] if lines else 1


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [""])[0].rstrip(".")
