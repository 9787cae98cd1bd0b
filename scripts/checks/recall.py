"""What checks read off a page or another text is kept by what it says: what nobody edited is not read again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

from scripts.layout import Project
from scripts.manifest import digest, files_below
from scripts.memory import Memory, key

if TYPE_CHECKING:
    from scripts.checks.source import Page

T = TypeVar("T")

#: The programs that read pages, and what they read them with.
_READERS = ("scripts/checks", "scripts/findings.py", "scripts/macros.py", "scripts/memory.py", "requirements.txt")

_memory = Memory(None, "")


@contextmanager
def recalling(project: Project, *, anew: bool = False) -> Iterator[None]:
    """Within the block, functions `of_page` begin with what earlier builds found, and leave what they find.

    `anew`: these are the first checks of a build; what no check asks for from here on is forgotten.
    """
    global _memory
    path, root = project.build / "cache/checks.pickle", project.root
    made_by = digest(files_below(*(root / name for name in _READERS)), root=root)
    if (_memory.path, _memory.made_by) != (path, made_by) or not path.exists():
        _memory = Memory(path, made_by)
    if anew:
        _memory.begin()
    yield
    _memory.save()


def of_page(look: Callable[[Page], T]) -> Callable[[Page], T]:
    """A function that depends on nothing but a page's name and text. What it returns is not to be changed."""
    return wraps(look)(lambda page: _recalled(look, page, page.name, page.text))


def of_text(look: Callable[[str], T]) -> Callable[[str], T]:
    """A function that depends on nothing but a text. What it returns is not to be changed."""
    return wraps(look)(lambda text: _recalled(look, text, text))


def _recalled(look: Callable[[Any], T], given: Any, *texts: str) -> T:
    known: dict[str, Any] = _memory.of(key(*texts), dict)
    name = f"{look.__module__}.{look.__qualname__}"
    if name not in known:
        known[name], _memory.learnt = look(given), True
    return known[name]
