"""The tables of "Numbers to know": a notebook without a design, whose facts are read as those of a chapter."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

from scripts.layout import Project
from scripts.listings import table
from scripts.manifest import digest, files_below, write
from scripts.store import Store

NOTEBOOK = "snippets/reference/numbers.py"

_CELL = re.compile(r'(?m)^# %%(?: section="(?P<section>\w+)")?\n(?P<source>(?:(?!# %%).*\n)*)')


def numbers(project: Project) -> list[dict[str, Any]]:
    """Every fact of the notebook; computed when it or the library changed, else as kept by an earlier build."""
    book = project.root / NOTEBOOK
    made_from = digest(files_below(project.root / "handbook", book), root=project.root)
    kept = project.build / "cache" / "numbers" / f"{made_from}.json"
    if not kept.exists():
        write(kept, json.dumps(compute(book), ensure_ascii=False))
    return json.loads(kept.read_text(encoding="utf-8"))


def compute(book: Path) -> list[dict[str, Any]]:
    """Run the cells and describe what they name. Raises InputError for a number that contradicts its own range."""
    from handbook.cells import Cell
    from handbook.estimate import facts

    text = book.read_text(encoding="utf-8")
    found = _CELL.finditer(text)
    cells = [Cell(c["source"], text.count("\n", 0, c.start("source")) + 1, c["section"]) for c in found]
    namespace: dict[str, Any] = {}
    for cell in cells:
        exec(compile(cell.source, str(book), "exec"), namespace)  # a file of this project, as every notebook
    return facts(cells, namespace)


def numbers_table(facts: list[dict[str, Any]], section: str, store: Store) -> str:
    """One section: what it is, what to remember, how far it goes, whose figure it is and when to look again."""
    known = {fact["name"]: fact for fact in facts}
    rows = [_row(fact, known, store) for fact in facts if fact["section"] == section]
    if not rows:
        raise KeyError(f"no cell of {NOTEBOOK} has the section {section!r}")
    columns = ["Number", "Remember", "Range", "Whose figure, or how computed", "Review by"]
    return table("assumptions numbers", columns, "".join(rows), about=f"numbers, {section}")


def _row(fact: dict[str, Any], known: dict[str, dict[str, Any]], store: Store) -> str:
    behind = [fact, *(known[name] for name in fact["inputs"])]
    ids = list(dict.fromkeys(each["source"] for each in behind if each["source"]))
    sources = [store.sources[key] for key in ids]
    why = [f"<code>{html.escape(fact['formula'])}</code>"] if fact["formula"] else []
    why += [_cited(source) for source in sources]
    why += [html.escape(each["because"]) for each in behind[:1] if each["because"]]
    review = min((str(source["review"]) for source in sources), default="")
    return (
        f'<tr id="{fact["name"].replace("_", "-")}"><th scope="row">{html.escape(fact["label"])}</th>'
        f'<td class="number">{html.escape(fact["full"])}</td><td class="number">{html.escape(fact["range"])}</td>'
        f"<td>{'; '.join(why)}</td><td>{review}</td></tr>"
    )


def _cited(source: dict[str, Any]) -> str:
    year = f"undated, read {source['read']:%Y}" if source.get("undated") else source["year"]
    second = ", secondary" if source["kind"] == "secondary" else ""
    address, title = html.escape(source["address"]), html.escape(source["title"])
    return f'<a href="{address}" title="{title}">{html.escape(source["publisher"])}</a>, {year}{second}'
