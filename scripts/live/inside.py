"""Runs in the trimmed Pyodide, under Node (see trimmed.mjs) and in the gate's own Python: what a page would compute.

It finds `told`, JSON: the design as the page loads it, and which simulations to run. Its last line is what came out.
"""

import json

from handbook import rounding
from handbook.live.session import Session


def ends(session, assumptions):
    """Every assumption moved to both ends of its range: what a reader would be told."""
    found = {}
    for record in assumptions:
        for end in ("low", "high"):
            if record[end] is None:
                continue
            reply = session.answer({"do": "update", "values": {record["name"]: repr(record[end])}})
            said = reply["ok"]["errors"] if "ok" in reply else {"": reply["error"]["message"]}
            broken = [check["words"] for check in reply.get("ok", {}).get("invariants", ())]
            found[f"{record['name']} = {record[end]!r} {record['unit']}"] = {"errors": said, "broken": broken}
    return found


def shown(session):
    """Every fact, decision and cell as the page would show them, with nothing changed."""
    facts, decisions, cells = {}, {}, {}
    for name, (model, decided, _) in session.models.items():
        book = session.books[name]
        for fact, value in model().items():
            record = session.records[fact]
            quantity = session._quantity(fact, value, name)
            facts[fact] = rounding.full(quantity, exact=record["kind"] in ("assumed", "sourced"))
        decisions |= {decision: found.words for decision, found in decided().items()}
        cells |= dict(filter(None, book.outputs({}, [record["anchor"] for record in book.records])))
    return {"facts": facts, "decisions": decisions, "cells": cells}


def main(told):
    """What came out, as JSON."""
    session = Session(told["design"])
    found = shown(session)
    found["ends"] = ends(session, told["design"]["assumptions"])
    found["simulated"] = {}
    for notebook, cell in told["simulate"]:
        reply = session.answer({"do": "simulate", "notebook": notebook, "cell": cell, "values": {}})
        found["simulated"][cell] = reply.get("ok", {}).get("facts", reply.get("error"))
    return json.dumps(found, sort_keys=True)


main(json.loads(told))  # noqa: F821 - set by trimmed.mjs
