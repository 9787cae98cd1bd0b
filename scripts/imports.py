"""Which files of the project a notebook imports, read off the source: nothing is run, nothing heavy is imported.

Not seen: modules imported by a computed name, and files that code reads while it runs.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from scripts.manifest import digest
from scripts.memory import Memory, key

_ROOT = Path(__file__).parents[1]


def dependencies(path: Path, root: Path = _ROOT) -> set[Path]:
    """The file, and every module of the project that it imports, directly or through others.

    Modules are looked for beside the file, as a notebook finds them, and at `root` (`handbook`, `snippets`). A file
    that cannot be parsed counts as one that imports nothing: running it tells what is wrong.
    """
    path, root = path.resolve(), root.resolve()
    places = (path.parent, root)
    found, queue = {path}, [path]
    while queue:
        file = queue.pop()
        for name in _imported(file, root):
            for module in _files(name, places):
                if module not in found:
                    found.add(module)
                    queue.append(module)
    return found


def _imported(file: Path, root: Path) -> Iterator[str]:
    """The dotted names that a file may import: `from a import b` may mean the module a.b, or a name in a."""
    for level, module, names in statements(file.read_bytes()):
        if module is None and not level:
            yield from names
        else:
            base = ".".join(filter(None, [_package(file, root, level), module]))
            yield base
            yield from (f"{base}.{name}" for name in names)


def statements(source: bytes) -> list[Any]:
    """The imports anywhere in a source, of each: leading dots, the module after `from`, what is imported."""
    return _read.of(key(source), lambda: _statements(source))


def _statements(source: bytes) -> list[Any]:
    try:
        nodes = list(ast.walk(ast.parse(source)))
    except (SyntaxError, ValueError):
        nodes = []
    found = [node for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    return [[getattr(n, "level", 0), getattr(n, "module", None), [a.name for a in n.names]] for n in found]


#: The imports of each source that was read: most are read for every notebook and at every build.
_read = Memory(None, "")
#: Where modules were found in a build, whose files stay where they are; most are asked for by every notebook.
_located: dict[tuple[Path, str], list[Path]] | None = None


@contextmanager
def remembering(path: Path) -> Iterator[None]:
    """Begin with what earlier builds have read, and leave it to later ones."""
    global _read, _located
    _read, _located = Memory(path, digest([Path(__file__)], root=_ROOT)), {}
    try:
        yield
    finally:
        _located = None
    _read.save()


def _package(file: Path, root: Path, level: int) -> str:
    """What `level` leading dots mean in `file`."""
    if not level or not file.is_relative_to(root):
        return ""
    return ".".join(file.relative_to(root).parts[:-level])


def _files(name: str, places: tuple[Path, ...]) -> Iterator[Path]:
    """The files that importing a module runs: its own, and the `__init__.py` of each package around it."""
    for place in places:
        if _located is None:
            yield from _at(place, name)
        elif (place, name) in _located:
            yield from _located[place, name]
        else:
            yield from _located.setdefault((place, name), _at(place, name))


def _at(place: Path, name: str) -> list[Path]:
    stem, found = str(place), []
    for part in filter(None, name.split(".")):
        stem = f"{stem}{os.sep}{part}"
        found += [file for file in (f"{stem}.py", f"{stem}{os.sep}__init__.py") if os.path.isfile(file)]  # noqa: PTH113
    return [Path(file) for file in found]
