"""Prepares the library's docstrings for the reference pages: signatures, examples as code, links between functions.

A Griffe extension, named in `mkdocs.yml`. mkdocstrings would start a formatter once for each signature, which costs the
build seconds; and it knows no docstrings of plain text with doctests in them.
"""

from __future__ import annotations

import re
from itertools import groupby
from typing import Any

from griffe import Class, Docstring, Extension, Function, Module, Object, ParameterKind

#: Columns of a signature that is written on one line.
WIDTH = 72

_NAMED = re.compile(r"(?<![`\[])`([A-Za-z_]\w*)`(?![`\]])")
_INDENTED = re.compile(r"\n\n((?: {4}.*(?:\n|$)|\n(?= {4}))+)")


class LibraryDocstrings(Extension):
    """Rewrites every docstring once all modules are read."""

    def on_object(self, *, obj: Object, loader: Any, **_: Any) -> None:
        """Called by Griffe for each module, class, function and attribute."""
        if not obj.docstring:
            if isinstance(obj, Class | Function) and obj.is_public and obj.name != "__init__":
                obj.docstring = Docstring("", parent=obj)
            else:
                return
        text = linked(fenced(obj.docstring.value), obj)
        if isinstance(obj, Class | Function) and (line := signature(obj)):
            text = f"```python\n{line}\n```\n\n{text}"
        obj.docstring.value = text


def fenced(text: str) -> str:
    """Doctests and indented code as fenced code blocks.

    >>> print(fenced("Adds.\\n\\n>>> 1 + 1\\n2").replace("`", "'"))
    Adds.
    <BLANKLINE>
    '''pycon
    >>> 1 + 1
    2
    '''
    """
    text = _INDENTED.sub(lambda found: f"\n\n```python\n{_dedented(found[1])}\n```\n", text)
    blocks = groupby(text.split("\n\n"), key=lambda block: block.lstrip().startswith(">>>"))
    parts = [("```pycon\n{}\n```" if code else "{}").format("\n\n".join(block)) for code, block in blocks]
    return "\n\n".join(parts)


def _dedented(block: str) -> str:
    return "\n".join(line.removeprefix("    ") for line in block.rstrip().split("\n"))


def linked(text: str, obj: Object) -> str:
    """Names in backticks become links where the object's module has something public of that name."""
    module = obj if isinstance(obj, Module) else obj.module

    def link(found: re.Match[str]) -> str:
        other = module.members.get(found[1])
        known = other is not None and not other.is_alias and other.is_public and other.has_docstring
        if not known or other is obj or other is obj.parent or other.is_module:
            return found[0]
        return f"[{found[0]}][{other.path}]"

    prose, *code = re.split(r"(?m)^(?=```)", text, maxsplit=1)
    return _NAMED.sub(link, prose) + "".join(code)


def signature(obj: Class | Function) -> str:
    """How a function or class is called, on one line or with one parameter on each; "" where nothing is to be said."""
    if isinstance(obj, Class):
        made = obj.members.get("__init__")
        if not isinstance(made, Function):
            return ""
        begin, end, function = obj.name, "", made
    else:
        returns = f" -> {obj.returns}" if obj.returns is not None else ""
        begin, end, function = obj.name, returns, obj
    parts = list(_parameters(function, method=function.parent is not None and function.parent.is_class))
    line = f"{begin}({', '.join(parts)}){end}"
    if len(line) <= WIDTH or not parts:
        return line
    return f"{begin}(\n" + "".join(f"    {part},\n" for part in parts) + f"){end}"


def _parameters(function: Function, *, method: bool) -> list[str]:
    stars = {ParameterKind.var_positional: "*", ParameterKind.var_keyword: "**"}
    parts: list[str] = []
    starred = False
    for position, parameter in enumerate(function.parameters):
        if method and position == 0 and parameter.name in ("self", "cls"):
            continue
        starred |= parameter.kind is ParameterKind.var_positional
        if parameter.kind is ParameterKind.keyword_only and not starred:
            parts.append("*")
            starred = True
        part = stars.get(parameter.kind, "") + parameter.name
        if parameter.annotation is not None:
            part += f": {parameter.annotation}"
        if parameter.default is not None and parameter.kind not in stars:
            part += (" = " if parameter.annotation is not None else "=") + str(parameter.default)
        parts.append(part)
    return parts
