"""YAML against a JSON Schema of `docs/schema/`, which is published, so that editors complete and check it as well.

The `title` of a property says of which kind it is, in the words of a finding.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from scripts.checks import kept
from scripts.checks.source import marked, suggestion
from scripts.findings import Finding
from scripts.layout import Project

_FOLDER = Path(__file__).parents[2] / "docs/schema"


class _Day(str):
    """A date that YAML read as one. A text in quotes that looks like one is none."""


@cache
def read(name: str) -> dict[str, Any]:
    """A schema by its name: "chapter" and "page" for front matter, "sources" for the bibliography."""
    return json.loads((_FOLDER / f"{name}.json").read_text(encoding="utf-8"))


def findings(
    project: Project, name: str, texts: Mapping[str, str], subject: Callable[[Any], str], offset: int = 0
) -> list[Finding]:
    """What is wrong with texts of YAML, by the files that they stand in. Each must be readable.

    `subject` names a mapping in a finding; `offset` lines stand before the YAML in its file.
    """
    depends_on = [_FOLDER / f"{name}.json", Path(__file__)]

    def look(stale: list[str]) -> Iterator[Finding]:
        for path in stale:
            node, data = marked(texts[path])
            for where, line, what, mend in _problems(name, node, data, subject):
                yield Finding(path, line + offset if where else 1, what, mend)

    return kept.findings(project, f"schema-{name}", texts, depends_on, look)


def _problems(
    name: str, node: Any, data: Any, subject: Callable[[Any], str]
) -> Iterator[tuple[tuple[Any, ...], int, str, str]]:
    """Place, line, what and mend of each violation."""
    schema = read(name)
    for error in _validator(name).iter_errors(_as_json(data, schema)):
        where = tuple(error.absolute_path)
        inside = any(isinstance(part, str) for part in where)  # of a property: its title says of which kind it must be
        if error.validator in ("required", "additionalProperties") and not inside:
            owner, rules = _at(data, where), error.schema
            missing = [key for key in rules["required"] if key not in owner]
            unknown = [key for key in owner if key not in rules["properties"]]
            if error.validator == "required":
                key = next(key for key in missing if error.message.startswith(repr(key)))
                mend = f"add {key}: {rules['properties'][key]['title']}"
                yield where, _line(node, where), f'{subject(owner)} has no "{key}"', mend
                continue
            for key in unknown:
                mend = suggestion(key, rules["properties"], otherwise="take it out: no part of the site reads it")
                what = f'{subject(owner)} has an unknown key "{key}"'
                yield (*where, key), _line(node, (*where, key)), what, mend
        else:
            depth = next((n for n, part in enumerate(where) if isinstance(part, str)), len(where) - 1) + 1
            owner, place = _at(data, where[: depth - 1]), where[:depth]
            kind = _rules(schema, place).get("title", schema["title"])
            what = f'"{place[-1]}" of {subject(owner)}' if place and isinstance(place[-1], str) else "an entry"
            yield place, _line(node, place), f"{what} is not {kind}", f"write {kind}, not {_at(data, place)!r}"


def _at(data: Any, where: tuple[Any, ...]) -> Any:
    for part in where:
        data = data[part]
    return data


def _rules(schema: dict[str, Any], where: tuple[Any, ...]) -> dict[str, Any]:
    for part in where:
        schema = schema["properties"][part] if isinstance(part, str) else schema["items"]
    return schema


def _line(node: Any, where: tuple[Any, ...]) -> int:
    """The line of a key, or where an entry begins."""
    line = node.start_mark.line
    for part in where:
        if isinstance(node, yaml.MappingNode):
            key, node = next((key, value) for key, value in node.value if key.value == str(part))
            line = key.start_mark.line
        else:
            node = node.value[part]
            line = node.start_mark.line
    return line + 1


def _as_json(data: Any, schema: dict[str, Any]) -> Any:
    """The data as JSON has it: a date, where one is asked for, is a text."""
    if isinstance(data, datetime.date) and schema.get("format") == "date" and type(data) is datetime.date:
        return _Day(data.isoformat())
    if isinstance(data, dict):
        rules = schema.get("properties", {})
        return {str(key): _as_json(value, rules.get(key, {})) for key, value in data.items()}
    return [_as_json(value, schema.get("items", {})) for value in data] if isinstance(data, list) else data


@cache
def _validator(name: str) -> Any:
    from scripts import spared_imports  # noqa: F401, I001 - before jsonschema, which is heavy: only for a text that changed
    from jsonschema import Draft7Validator, FormatChecker

    formats = FormatChecker(formats=())
    formats.checks("date")(lambda value: not isinstance(value, str) or isinstance(value, _Day))
    return Draft7Validator(read(name), format_checker=formats)
