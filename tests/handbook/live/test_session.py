"""A reader's session over a small notebook: every request that a page makes, without a browser."""

from __future__ import annotations

import json

import pytest

from handbook import decisions, estimate
from handbook.cells import Cell
from handbook.live import page
from handbook.live.book import Book
from handbook.live.session import Session

CELLS = {
    "assumptions": """\
from handbook import Q, assume, ceil, charts, decide, intervals, invariants, show, threshold, to, tornado
members = assume("Members", 40, "million member", between=(10, 100), because="Ours")
each = assume("Messages to each", 5, "message/member/day", between=(1, 20), because="A guess")
one = assume("One server", 200, "message/second/server", between=(50, 400), because="A benchmark")
size = assume("Size", 2, "kB/message", because="Fixed by the format")
show()""",
    "rate": "rate = to(members * each, 'message/second')  # Mean rate\nshow()",
    "note": "print('nothing that moves')",
    "servers": "servers = ceil(rate / one)  # Servers\ninvariants.nodes(servers, one, rate)",
    "bars": "charts.bars({'rate': rate.magnitude}, axis='per second')",
    "sure": "intervals(rate, servers)",
    "own": "limit = Q(20, 'server')\nown = decide('Own', servers, '<=', limit, otherwise='Rented', because='Staff')",
    "turns": "threshold(own, over=each)",
}
SIMULATION = """\
from handbook import show, simulated
from handbook.simulation import replicate
def model(seed):
    return {"late": 10 + seed % 7}
late = simulated("Late", replicate(model, seeds=4)["late"], "minute", "four seeds")
show()"""


def design() -> dict:
    """The design as the build would write it."""
    cells = [{"anchor": f"cell-{n}", "source": s, "line": 1 + 100 * i} for i, (n, s) in enumerate(CELLS.items())]
    book = Book("estimate", "post", cells)
    book.start()
    code = [Cell(c["source"], c["line"]) for c in cells]
    simulated = {"anchor": "cell-simulated", "source": SIMULATION, "line": 1}
    return {
        "slug": "post",
        "notebooks": [{"name": "estimate", "cells": cells}, {"name": "simulate", "cells": [simulated]}],
        "facts": estimate.facts(code, book.namespace),
        "decisions": decisions.decisions(code, book.namespace),
    }


@pytest.fixture(scope="module")
def told() -> dict:
    return json.loads(json.dumps(design()))


@pytest.fixture
def session(told) -> Session:
    return Session(told)


def ask(session: Session, verb: str, **request) -> dict:
    return json.loads(json.dumps(session.answer({"do": verb, **request}), allow_nan=False))


def cells(session: Session) -> dict[str, list]:
    """All that follows, by anchor."""
    found = {}
    while (more := session.follow()) is not None:
        found |= {cell["anchor"]: cell["outputs"] for cell in more}
    return found


def test_nothing_moved_changes_nothing(session):
    reply = ask(session, "update", values={})["ok"]
    assert (reply["facts"], reply["errors"], reply["invariants"]) == ({}, {}, [])
    assert cells(session) == {}


def test_a_moved_assumption_moves_what_depends_on_it_and_nothing_else(session):
    reply = ask(session, "update", values={"each": "10"})["ok"]
    assert set(reply["facts"]) == {"each", "rate", "servers"}
    assert reply["facts"]["rate"]["full"] == "4,630 messages/s"
    assert reply["facts"]["rate"]["base"] == pytest.approx(40e6 * 10 / 86400)
    assert reply["facts"]["servers"] == {
        "text": "24", "full": "24 servers", "plain": "24", "value": 24.0, "unit": "server", "base": 24.0,
    }  # fmt: skip
    own = reply["decisions"]["own"]
    assert (own["chosen"], own["flipped"], own["left"], own["right"]) == ("Rented", True, "24 servers", "20 servers")
    followed = cells(session)
    assert list(followed)[-2:] == ["cell-sure", "cell-turns"], "what takes long comes last"
    assert "cell-note" not in followed
    assert 'data-fact="post.rate"' in followed["cell-rate"][0]["data"]
    assert followed["cell-bars"][0]["kind"] == "vega"
    assert "is 10 messages" in str(followed["cell-turns"]) or "10 messages/day" in str(followed["cell-turns"])


def test_cells_come_back_as_published(session):
    ask(session, "update", values={"each": "10"})
    changed = cells(session)
    ask(session, "update", values={})
    assert cells(session) == dict.fromkeys(changed)


def test_an_output_is_sent_once(session):
    ask(session, "update", values={"each": "10"})
    assert cells(session)
    ask(session, "update", values={"each": "10"})
    assert cells(session) == {}


def test_a_new_session_takes_over_what_the_page_shows(session, told):
    ask(session, "update", values={"each": "10"})
    shown = list(cells(session))
    new = Session(told)
    ask(new, "shown", anchors=shown)
    ask(new, "update", values={})
    assert cells(new) == dict.fromkeys(shown)


def test_a_newer_update_overtakes_the_cells_of_the_one_before(session):
    ask(session, "update", values={"each": "10"})
    session.follow()
    ask(session, "update", values={"each": "12"})
    assert "5,560" in str(cells(session)["cell-rate"])


def test_what_cannot_be_read_keeps_its_last_good_value(session):
    ask(session, "update", values={"each": "10"})
    reply = ask(session, "update", values={"each": "ten", "one": "100"})["ok"]
    assert list(reply["errors"]) == ["each"]
    assert reply["facts"]["rate"]["full"] == "4,630 messages/s"
    assert reply["facts"]["servers"]["full"] == "47 servers"


def test_a_name_that_is_no_assumption_is_an_error_and_no_more(session):
    for name in ("servers", "nobody", "__class__"):
        assert list(ask(session, "update", values={name: "5"})["ok"]["errors"]) == [name]


def test_an_edited_cell_runs_with_what_depends_on_it_and_comes_back(session):
    source = CELLS["rate"].replace("members * each", "members * each / 2")
    reply = ask(session, "edit", notebook="estimate", anchor="cell-rate", source=source, values={})["ok"]
    assert reply["facts"]["rate"]["full"] == "1,160 messages/s"
    assert {"cell-rate", "cell-servers", "cell-sure"} <= set(cells(session))
    reply = ask(session, "edit", notebook="estimate", anchor="cell-rate", source=None, values={})["ok"]
    assert reply["facts"] == {}
    assert set(cells(session).values()) == {None}


@pytest.mark.parametrize(
    ("source", "words", "cell", "line"),
    [
        ("rate = (", "not Python", "cell-rate", 1),
        ("a = 1\nrate = a / 0", "divides by zero", "cell-rate", 2),
        ("rate = members + each", "units do not match", "cell-rate", 1),
        ("import numpy", "The page carries only", "cell-rate", 1),
        ("rates = members * each", "'rate' is not defined", "cell-servers", 1),
        ("rate = members * each\nrate = 2 * rate", "named once", "cell-rate", 2),
        ("def f(): return f()\nrate = f()", "calls itself without end", "cell-rate", 1),
    ],
)
def test_an_edit_that_fails_says_where_and_changes_nothing(session, source, words, cell, line):
    error = ask(session, "edit", notebook="estimate", anchor="cell-rate", source=source, values={})["error"]
    assert words in error["message"]
    assert (error["cell"], error["line"]) == (cell, line)
    assert ask(session, "update", values={"each": "10"})["ok"]["facts"]["rate"]["full"] == "4,630 messages/s"


def test_a_simulation_runs_from_another_seed_and_tells_how_far_it_is(told):
    heard = []
    session = Session(told, lambda share, note: heard.append((share, note)))
    first = ask(session, "simulate", notebook="simulate", cell="cell-simulated", seed=1, values={})["ok"]
    other = ask(session, "simulate", notebook="simulate", cell="cell-simulated", seed=3, values={})["ok"]
    assert (first["facts"]["late"]["full"], other["facts"]["late"]["full"]) == ("12.5 min", "14.5 min")
    assert heard[3][1] == "comparison 1: seed 4 of 4"
    assert all(0 < share < 1 for share, _ in heard)
    assert first["cells"][0]["anchor"] == "cell-simulated"


def test_intervals_and_tornado_around_the_readers_values(session):
    marks = ask(session, "intervals", values={"each": "10"}, samples=200)["ok"]["facts"]
    assert set(marks) == {"rate", "servers"}
    before = ask(session, "intervals", values={}, samples=200, of=["rate"])["ok"]["facts"]
    assert (marks["rate"]["p50"], before["rate"]["p50"]) == ("2,360 messages/s", "1,820 messages/s")
    tornado = ask(session, "tornado", values={"each": "10"}, of="servers")["ok"]
    assert {row["name"] for row in tornado["rows"]} == {"members", "each", "one"}
    assert tornado["chart"]["$schema"].startswith("https://vega.github.io")
    assert ask(session, "tornado", values={}, of="size")["error"]["message"]


def test_the_page_speaks_json(told):
    opened = page.open(json.dumps(told))
    assert json.loads(opened.answer('{"do": "update", "values": {"each": "10"}}'))["ok"]["errors"] == {}
    assert json.loads(opened.follow())[0]["anchor"] == "cell-assumptions"
    assert "nothing answers" in json.loads(opened.answer('{"do": "dance"}'))["error"]["message"]
