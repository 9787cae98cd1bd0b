"""The page's requests, answered: dict in, dict out, all of it JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from handbook import ranges, rounding, uncertainty
from handbook.comparisons import shown
from handbook.live import typed
from handbook.live.book import Book, CellError
from handbook.live.outputs import Output
from handbook.live.typed import TypedError

Reply = dict[str, Any]


class Session:
    """A design's notebooks, for one reader.

    `design` holds `slug`, `notebooks` with their cells, and `facts` and `decisions` as the build published them.
    `progress(share, note)` is called while a simulation runs.
    """

    def __init__(self, design: Mapping[str, Any], progress: Callable[[float, str], None] = lambda *_: None) -> None:
        self.slug, self.progress = design["slug"], progress
        self.records = {record["name"]: record for record in design["facts"]}
        self.notebooks = {book["name"]: book["cells"] for book in design["notebooks"]}
        self.books = {name: Book(name, self.slug, cells) for name, cells in self.notebooks.items()}
        self.values: dict[str, float] = {}
        self.following: Iterator[tuple[str, list[Output]]] = iter(())
        self.sent: dict[str, str] = {}
        self.edits: dict[tuple[str, str], str] = {}
        for book in self._estimates():
            book.start()
        self.models = {book.name: book.compiled() for book in self._estimates()}
        self.published = {name: models[0]() for name, models in self.models.items()}

    def _estimates(self) -> list[Book]:
        return [book for book in self.books.values() if not book.simulates]

    def answer(self, request: Mapping[str, Any]) -> Reply:
        """The reply to one request: `{"ok": …}` or `{"error": {"message": …}}`."""
        try:
            return {"ok": getattr(self, f"do_{request['do']}")(request)}
        except CellError as error:
            return {"error": {"message": str(error), "cell": error.cell, "line": error.line}}
        except TypedError as error:
            return {"error": {"message": str(error), "field": request.get("name")}}

    def do_parse(self, request: Mapping[str, Any]) -> Reply:
        """What a reader typed for an assumption."""
        record = self._assumption(request["name"])
        base = typed.read(record, request["text"])
        return {"value": base * record["value"] / record["base"], "text": typed.text(record, base)}

    def _assumption(self, name: str) -> Mapping[str, Any]:
        record = self.records.get(name)
        if record is None or record["kind"] not in ("assumed", "sourced"):
            raise TypedError("This page has no such assumption.")
        return record

    def _read(self, request: Mapping[str, Any]) -> dict[str, str]:
        """Take the request's values; fields that cannot be read keep their last good value. Returns what is wrong."""
        wanted, errors = {}, {}
        for name, text in (request.get("values") or {}).items():
            try:
                wanted[name] = typed.read(self._assumption(name), text)
            except TypedError as error:
                errors[name] = str(error)
                if name in self.values:
                    wanted[name] = self.values[name]
        published = {name: self.records[name]["base"] for name in wanted}
        wanted = {name: value for name, value in wanted.items() if value != published[name]}
        try:
            for name in self.models:
                self._facts(name, wanted)
            self.values = wanted
        except (ArithmeticError, ValueError) as error:
            changed = [name for name in wanted if wanted[name] != self.values.get(name)]
            errors |= dict.fromkeys(changed, f"The estimate cannot be computed with this: {error}")
        return errors

    def _facts(self, name: str, values: Mapping[str, float]) -> dict[str, float]:
        model = self.models[name][0]
        return model(**{n: v for n, v in values.items() if n in model.assumptions})

    def do_update(self, request: Mapping[str, Any]) -> Reply:
        """The facts that differ from the published ones, the decisions, the broken invariants. Cells follow."""
        began = time.perf_counter()
        errors = self._read(request)
        reply: Reply = {"facts": {}, "decisions": {}, "invariants": [], "cells": [], "errors": errors}
        for name, (model, decided, checked) in self.models.items():
            own = {n: v for n, v in self.values.items() if n in model.assumptions}
            for fact, value in model(**own).items():
                if value != self.published[name][fact]:
                    reply["facts"][fact] = self._shown(fact, value, assumed=fact in own)
            if decided.published:
                reply["decisions"] |= {n: _choice(d, decided.published[n]) for n, d in decided(**own).items()}
            if checked.published:
                reply["invariants"] += [{"what": c.statement, "words": repr(c)} for c in checked.broken(**own)]
        self.following = self._follow(dict(self.values))
        reply["ms"] = 1000 * (time.perf_counter() - began)
        return reply

    def _shown(self, name: str, base: float, assumed: bool) -> Reply:
        record = self.records.get(name)
        quantity = typed.quantity(record, base)
        text = rounding.text(quantity, exact=assumed)
        return {
            "text": text,
            "full": rounding.full(quantity, exact=assumed),
            "plain": text,
            "value": float(quantity.magnitude),
            "unit": record["unit"],
            "base": base,
        }

    def follow(self) -> list[Reply] | None:
        """The next cells whose output is another one than the page has; None when all are up to date."""
        for anchor, shown_now in self.following:
            kept = json.dumps(shown_now)
            if self.sent.get(anchor) != kept:
                self.sent[anchor] = kept
                return [{"anchor": anchor, "outputs": shown_now}]
        return None

    def _follow(self, values: dict[str, float]) -> Iterator[tuple[str, list[Output]]]:
        reached: set[str] = set()
        for book in self._estimates():
            for anchor, outputs in book.outputs(values):
                reached.add(anchor)
                yield anchor, outputs
        for anchor in [a for a in self.sent if a not in reached]:
            yield anchor, None  # as published again

    def do_intervals(self, request: Mapping[str, Any]) -> Reply:
        """The p10, p50 and p90 of every derived fact, over the ranges laid around the reader's values."""
        self._read(request)
        runs, seed = int(request.get("samples") or 1000), int(request.get("seed") or uncertainty.SEED)
        found = {}
        for model, *_ in self.models.values():
            own = {n: v for n, v in self.values.items() if n in model.assumptions}
            for fact, drawn in uncertainty.sample(model, model.outputs, values=own, runs=runs, seed=seed).items():
                marks = {f"p{p}": uncertainty.percentile(drawn, p) for p in ranges.PERCENTILES}
                if marks["p10"] != marks["p90"]:
                    found[fact] = {
                        mark: rounding.text(typed.quantity(self.records[fact], v)) for mark, v in marks.items()
                    }
        return {"facts": found}


def _choice(decision: Any, published: Any) -> Reply:
    return {
        "chosen": decision.chosen,
        "alternative": decision.alternative,
        "holds": decision.holds,
        "flipped": decision.holds != published.holds,
        "left": shown(decision.left),
        "sign": decision.sign,
        "right": shown(decision.right),
        "words": decision.words,
        "because": decision.because,
        "margin": decision.margin,
    }
