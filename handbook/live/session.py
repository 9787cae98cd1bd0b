"""The page's requests, answered: dict in, dict out, all of it JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from handbook import charts, ranges, rounding, uncertainty, units
from handbook.assumptions import declaration
from handbook.comparisons import in_unit_of, shown
from handbook.decisions import Decision, DecisionModel, outcome
from handbook.estimate import Model
from handbook.invariants import InvariantModel
from handbook.live import typed
from handbook.live.book import Book, CellError
from handbook.live.outputs import Output, output
from handbook.live.typed import TypedError
from handbook.simulation.experiment import watched

Reply = dict[str, Any]
Models = tuple[Model, DecisionModel, InvariantModel]


class Session:
    """A design's notebooks, for one reader.

    `design` holds `slug`, `notebooks` with their cells, and `facts` and `decisions` as the build published them.
    `progress(share, note)` is called while a simulation runs.
    """

    def __init__(self, design: Mapping[str, Any], progress: Callable[[float, str], None] = lambda *_: None) -> None:
        self.slug, self.progress = design["slug"], progress
        self.records = {record["name"]: record for record in design["facts"]}
        self.notebooks = {book["name"]: book["cells"] for book in design["notebooks"]}
        self.values: dict[str, float] = {}
        self.edits: dict[str, dict[str, str]] = {name: {} for name in self.notebooks}
        self.sent: dict[str, str] = {}
        self.rendered: dict[str, tuple[Any, Reply]] = {}
        self.following: Iterator[tuple[str, list[Output] | None] | None] = iter(())
        self.books = {name: Book(name, self.slug, cells) for name, cells in self.notebooks.items()}
        self.models: dict[str, Models] = {}
        for book in self._estimates():
            book.start()
            self.models[book.name] = book.compiled()
        self.published = {name: models[0]() for name, models in self.models.items()}
        self.decided = {n: d for _, decided, _ in self.models.values() for n, d in decided.published.items()}

    def _estimates(self) -> list[Book]:
        return [book for book in self.books.values() if not book.simulates]

    def answer(self, request: Mapping[str, Any]) -> Reply:
        """The reply to one request: `{"ok": …}` or `{"error": {"message": …}}`."""
        verb = getattr(self, f"do_{request['do']}", None)
        if verb is None:
            return {"error": {"message": f"The page asks for {request['do']!r}, which nothing answers."}}
        try:
            return {"ok": verb(request)}
        except CellError as error:
            return {"error": {"message": str(error), "cell": error.cell, "line": error.line}}
        except TypedError as error:
            return {"error": {"message": str(error), "field": request.get("name")}}
        except (ArithmeticError, ValueError) as error:
            return {"error": {"message": f"It cannot be computed with these values: {error}"}}

    def do_parse(self, request: Mapping[str, Any]) -> Reply:
        """What a reader typed for an assumption."""
        record = self._assumption(request["name"])
        base = typed.read(record, request["text"])
        return {"value": float(typed.quantity(record, base).magnitude), "text": typed.text(record, base)}

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
            errors |= dict.fromkeys(changed, f"The estimate cannot be computed with this: {_why(error)}")
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
                if value != self.published[name].get(fact):
                    reply["facts"][fact] = self._fact(fact, value, name, assumed=fact in own)
            if decided.published:
                reply["decisions"] |= {n: self._choice(n, d) for n, d in decided(**own).items()}
            if checked.published:
                reply["invariants"] += [{"what": c.statement, "words": repr(c)} for c in checked.broken(**own)]
        self.following = self._follow(dict(self.values))
        reply["ms"] = 1000 * (time.perf_counter() - began)
        return reply

    def _quantity(self, name: str, base: float, book: str) -> Any:
        """A fact's value with its unit; one that a reader named in an edited cell has no record."""
        if name in self.records and not self.edits[book]:
            return typed.quantity(self.records[name], base)
        return in_unit_of(units.tidy(self.books[book].namespace[name]), base)

    def _fact(self, name: str, base: float, book: str, assumed: bool) -> Reply:
        """A fact as the page shows it; what has not moved since it was last asked for is not rendered again."""
        before, reply = self.rendered.get(name, (None, {}))
        if before != base:
            reply = _shown(self._quantity(name, base, book), exact=assumed)
            self.rendered[name] = (base, reply)
        return reply

    def _choice(self, name: str, decision: Decision) -> Reply:
        sides = (units.base(decision.left), units.base(decision.right))
        before, reply = self.rendered.get(name, (None, {}))
        if before != sides:
            published = self.decided.get(name)
            flipped = published is not None and decision.holds != published.holds
            left, right = shown(decision.left), shown(decision.right)
            reply = {"flipped": flipped, "left": left, "sign": decision.sign, "right": right}
            reply |= {**outcome(decision), "because": decision.because}
            self.rendered[name] = (sides, reply)
        return reply

    def follow(self) -> list[Reply] | None:
        """The next cells whose output is another one than the page has; None when all are up to date.

        None yet, an empty list, when only those are left that take long.
        """
        try:
            return self._next()
        except CellError as error:  # what comes after it could not be computed either
            self.following = iter(())
            failed = {"kind": "text", "data": f"This cell cannot be computed with these values. {error}"}
            self.sent.pop(error.cell, None)
            return [{"anchor": error.cell, "outputs": [failed]}]

    def _next(self) -> list[Reply] | None:
        for following in self.following:
            if following is None:
                return []
            anchor, shown_now = following
            kept = json.dumps(shown_now)
            if self.sent.get(anchor) != kept:
                self.sent[anchor] = kept
                return [{"anchor": anchor, "outputs": shown_now}]
        return None

    def _follow(self, values: dict[str, float]) -> Iterator[tuple[str, list[Output] | None] | None]:
        reached: set[str] = set()
        for book in self._estimates():
            for found in book.outputs(values, self.edits[book.name]):
                reached.update(found[:1] if found else ())
                yield found
        own = {record["anchor"] for book in self._estimates() for record in book.records}
        for anchor in [a for a in self.sent if a in own - reached]:
            yield anchor, None  # as published again

    def do_edit(self, request: Mapping[str, Any]) -> Reply:
        """Take another source for a cell, None for the published one, and run what depends on it."""
        name, anchor, source = request["notebook"], request["anchor"], request["source"]
        edits = {k: v for k, v in self.edits[name].items() if k != anchor}
        if source is not None:
            edits[anchor] = source
        book = Book(
            name, self.slug, [{**c, "source": edits.get(c["anchor"], c["source"])} for c in self.notebooks[name]]
        )
        if book.simulates:
            reply = self._simulated(book, anchor, request)
        else:
            book.start()
            self.models[name] = book.compiled()
            reply = None
        self.books[name], self.edits[name] = book, edits
        self.rendered.clear()
        return reply or self.do_update(request)

    def do_shown(self, request: Mapping[str, Any]) -> Reply:
        """Take over from a session that was ended: these cells of the page show something else than published."""
        self.sent |= dict.fromkeys(request["anchors"], "")
        return {}

    def do_simulate(self, request: Mapping[str, Any]) -> Reply:
        """Run one cell of a simulation and those that it needs, from another seed."""
        return self._simulated(self.books[request["notebook"]], request["cell"], request)

    def _simulated(self, book: Book, anchor: str, request: Mapping[str, Any]) -> Reply:
        errors, calls = self._read(request), [0]

        def told(done: int, of: int) -> None:
            calls[0] += done == 1
            behind = calls[0] - 1 + done / of
            self.progress(1 - 0.9**behind, f"comparison {calls[0]}: seed {done} of {of}")  # how many come is not known

        with watched(told, int(request.get("seed", 1))):
            cells, namespace = book.alone(anchor, self.values)
        facts = {
            name: _shown(quantity)
            for name, quantity in namespace.items()
            if (declared := declaration(quantity)) is not None and declared.simulated
        }
        shown_now = [{"anchor": a, "outputs": outputs} for a, outputs in cells.items()]
        return {"facts": facts, "decisions": {}, "invariants": [], "cells": shown_now, "errors": errors}

    def do_intervals(self, request: Mapping[str, Any]) -> Reply:
        """The p10, p50 and p90 of derived facts (`of`, or all), over ranges laid around the reader's values."""
        self._read(request)
        runs, seed = int(request.get("samples") or 1000), int(request.get("seed") or uncertainty.SEED)
        found = {}
        for name, (model, *_) in self.models.items():
            own = {n: v for n, v in self.values.items() if n in model.assumptions}
            facts = [fact for fact in model.outputs if fact in request.get("of", model.outputs)]
            for fact, drawn in uncertainty.sample(model, facts, values=own, runs=runs, seed=seed).items():
                marks = {f"p{p}": uncertainty.percentile(drawn, p) for p in ranges.PERCENTILES}
                if marks["p10"] != marks["p90"]:
                    found[fact] = {m: rounding.full(self._quantity(fact, v, name)) for m, v in marks.items()}
        return {"facts": found}

    def do_tornado(self, request: Mapping[str, Any]) -> Reply:
        """What each assumption does to a fact at both ends of its range, as rows and as a chart."""
        self._read(request)
        fact = request["of"]
        for name, (model, *_) in self.models.items():
            if fact in model.outputs:
                return self._tornado(fact, name, model)
        raise TypedError("This is no number that the assumptions move.")

    def _tornado(self, fact: str, name: str, model: Model) -> Reply:
        own = {n: v for n, v in self.values.items() if n in model.assumptions}
        moved = uncertainty.swings(model, fact, own)
        if not moved:
            raise TypedError("No assumption with a range moves this number.")
        like = partial(self._quantity, fact, book=name)
        bars = [
            charts.Bar(
                swing.label,
                *(rounding.text(self._quantity(swing.name, end, name)) for end in (swing.low, swing.high)),
                like(swing.at_low),
                like(swing.at_high),
            )
            for swing in moved
        ]
        label = self.records[fact]["label"] if fact in self.records else fact
        chart = output(charts.tornado(bars, like(moved[0].published), label=label), self.slug)
        rows = [
            {"name": swing.name, "label": bar.label, "low": bar.low, "high": bar.high,
             "at_low": rounding.full(bar.at_low), "at_high": rounding.full(bar.at_high)}
            for swing, bar in zip(moved, bars, strict=True)
        ]  # fmt: skip
        return {"rows": rows, "chart": chart["data"], "label": chart["label"], "caption": chart["caption"]}


def _why(error: Exception) -> str:
    """What a reader can do something about; the code that failed is not theirs."""
    return "it would divide by zero." if "ZeroDivisionError" in f"{error!r}" else str(error)


def _shown(quantity: Any, exact: bool = False) -> Reply:
    """A quantity as the build renders it, with what stands in the page beside its text."""
    text = rounding.text(quantity, exact=exact)
    return {
        "text": text,
        "full": rounding.full(quantity, exact=exact),
        "plain": text,
        "value": float(quantity.magnitude),
        "unit": str(quantity.units),
        "base": units.base(quantity),
    }
