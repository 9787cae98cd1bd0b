"""The gate before the page: every notebook, run by the trimmed Pyodide under Node, must say what the build says.

`python -m scripts.live.gate` runs it whole, with every simulation; the tests run it with the last one of each design.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from handbook.live.outputs import bind
from scripts import node
from scripts.findings import Finding
from scripts.layout import Design, Project, here
from scripts.live import sources
from scripts.store import Store

_MEND = "let the library avoid what differs between Pythons, or add what is missing to scripts/live/image.py"


def run(project: Project, *, all_simulations: bool = True) -> list[Finding]:
    """What a reader of each chapter would find wrong after the first touch. `build/` must be up to date."""
    store = Store(project)
    return [finding for design in project.works for finding in _design(design, store, all_simulations)]


def _design(design: Design, store: Store, all_simulations: bool) -> Iterator[Finding]:
    told = sources.sources(design, store)
    facts = {fact["name"]: fact for fact in told["facts"]}
    simulations = list(dict.fromkeys((f["notebook"], f["cell"]) for f in told["facts"] if f["kind"] == "simulated"))
    told = {"design": told, "simulate": simulations if all_simulations else simulations[-1:]}
    project = store.project
    script, inside = [project.root / "scripts/live" / name for name in ("trimmed.mjs", "inside.py")]
    found = json.loads(node.run(script, project.build / "live", inside, told=told, cwd=project.root))
    for what in (*_numbers(found, facts, store, design), *_cells(found, design, project), *_ends(found)):
        yield Finding(project.relative(design.chapter), 1, f"in the page, {what}", _MEND)
    for what in _simulated(found, facts):
        yield Finding(project.relative(design.chapter), 1, f"in the page, {what}", _MEND)


def _numbers(found: dict[str, Any], facts: dict[str, Any], store: Store, design: Design) -> Iterator[str]:
    for name, text in found["facts"].items():
        if text != facts[name]["full"]:
            yield f"{name} is {text}, and {facts[name]['full']} as published"
    missing = [n for n, fact in facts.items() if fact["kind"] != "simulated" and n not in found["facts"]]
    yield from (f"{name} is missing" for name in missing)
    for name, decision in store.decisions.get(design.slug, {}).items():
        if found["decisions"].get(name) != decision["words"]:
            yield f"the decision {name} is {found['decisions'].get(name)}, and {decision['words']} as published"


def _cells(found: dict[str, Any], design: Design, project: Project) -> Iterator[str]:
    """Each cell's outputs against those of the executed notebook."""
    for book in design.notebooks:
        path = project.build / "notebooks" / design.slug / f"{book.stem}.ipynb"
        for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
            if cell["id"] not in found["cells"] or cell["cell_type"] != "code":
                continue
            published = [_published(output, design.slug) for output in cell["outputs"]]
            shown = [output["data"] for output in found["cells"][cell["id"]]]
            if json.dumps(published, sort_keys=True) != json.dumps(shown, sort_keys=True):
                yield f"{cell['id']} of {book.stem}.py shows another output than as published"


def _published(output: dict[str, Any], slug: str) -> Any:
    data = output.get("data", {})
    chart = next((spec for mime, spec in data.items() if "vegalite" in mime), None)
    if chart is not None:
        return chart
    return bind(data["text/html"], slug) if "text/html" in data else data.get("text/plain", output.get("text"))


def _ends(found: dict[str, Any]) -> Iterator[str]:
    for case, said in found["ends"].items():
        for name, message in said["errors"].items():
            yield f"{case} is refused at {name}: {message}"
        yield from (f"{case} breaks an invariant without words" for words in said["broken"] if not words.strip())


def _simulated(found: dict[str, Any], facts: dict[str, Any]) -> Iterator[str]:
    for cell, results in found["simulated"].items():
        if "message" in results:
            yield f"the simulation {cell} fails: {results['message']}"
            continue
        for name, shown in results.items():
            fact = facts[name]
            if shown["full"] != fact["full"] and not fact["low"] <= shown["value"] <= fact["high"]:
                yield f"{name} is {shown['full']}, outside {fact['range']} as published"


def main() -> int:
    """Print what is wrong; 1 if anything is."""
    findings = run(here())
    print("\n".join(map(str, findings)) or "the page computes what the build publishes")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
