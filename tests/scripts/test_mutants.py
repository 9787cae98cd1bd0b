"""Mutants of an estimate: what is changed, what kills, what survives, and what is no fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts.faults import arithmetic, estimates
from scripts.faults.mutants import mutants

BOOK = """\
# %%
from handbook import Q, assume, ceil, invariants, show, to, total

members = assume("Members", 1000, "member", between=(500, 2000), because="a test")
rate = assume("Requests of a member", 3.3, "request/member/second", between=(1, 5), because="a test")
writes = assume("Writes", 7, "request/second", between=(1, 9), because="a test")
one = assume("A server takes", 400, "request/server/second", between=(200, 800), because="a test")
peak = total(members * rate, writes)  # Peak
servers = ceil(peak / one * 1)  # Servers
invariants.nodes(servers, one, peak)
show()
"""
TESTS = """\
import math

SETTINGS = [{}, {"members": 700.0}]

def test_the_peak(of):
    assert of["peak"] == of["members"] * of["rate"] + of["writes"]

def test_needs_the_site(built):
    raise AssertionError("this one is left out")
"""
SERVERS = """
def test_the_servers(of):
    assert of["servers"] == math.ceil(of["peak"] / of["one"])
"""


def project(root: Path, tests: str, book: str = BOOK) -> Path:
    """A design `demo` with its tests; returns its estimate."""
    path = root / "docs/designs/demo/estimate.py"
    path.parent.mkdir(parents=True)
    path.write_text(book, encoding="utf-8")
    (root / "tests/docs").mkdir(parents=True)
    (root / "tests/docs/test_demo.py").write_text(tests, encoding="utf-8")
    (root / "tests/docs/test_demon.py").write_text("raise SystemExit('of another design')", encoding="utf-8")
    return path


def test_each_mutant_changes_one_line_of_arithmetic_and_keeps_all_others(tmp_path: Path) -> None:
    book = estimates.read(project(tmp_path, TESTS), tmp_path)
    found = mutants(book.cells, book.namespace)
    assert {mutant.line for mutant in found} == {8, 9}
    assert {mutant.kind for mutant in found} >= {
        "another operator", "operands swapped", "a factor dropped", "a term dropped", "rounding up dropped",
        "a constant × 1,000", "another quantity of its unit",
    }  # fmt: skip
    lines = book.cells[0].source.split("\n")
    for mutant in found:
        changed = mutant.cells[0].source.split("\n")
        assert [n for n, (a, b) in enumerate(zip(lines, changed, strict=True), 1) if a != b] == [mutant.line - 1]


def test_units_invariants_and_tests_kill_and_what_computes_the_same_is_no_fault(tmp_path: Path) -> None:
    killed = arithmetic.kill(project(tmp_path, TESTS + SERVERS), tmp_path)
    assert killed.survivors == []
    assert killed.rate == 1
    assert {"units", "invariants", "tests by hand"} <= set(killed.by)
    assert {mutant.becomes for mutant in killed.equivalent} >= {
        "servers = ceil(peak / one / 1)",
        "servers = ceil(peak / one)",
    }


def test_what_nothing_tests_survives(tmp_path: Path) -> None:
    killed = arithmetic.kill(project(tmp_path, TESTS), tmp_path)
    assert "servers = ceil(peak / one * 10)" in {mutant.becomes for mutant in killed.survivors}
    assert killed.rate < 1


def test_an_estimate_that_is_wrong_already_is_not_mutated(tmp_path: Path) -> None:
    path = project(tmp_path, TESTS.replace('+ of["writes"]', ""))
    with pytest.raises(AssertionError, match="not all right before it is mutated"):
        arithmetic.kill(path, tmp_path)


def test_a_failed_test_names_the_line_of_the_number(tmp_path: Path) -> None:
    path = project(tmp_path, TESTS, BOOK.replace("total(members * rate, writes)", "total(2 * members * rate, writes)"))
    verdict = estimates.judge(estimates.cells_of(path), estimates.tests_of(path, tmp_path))
    assert (verdict.catcher, verdict.lines) == ("tests by hand", (8,))
    assert "test_demo.py:6 disagrees on peak" in verdict.says


def test_a_loop_without_end_is_stopped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(estimates, "LIMIT", 0.2)
    path = project(tmp_path, TESTS, BOOK.replace("show()", "while True:\n    pass"))
    assert estimates.judge(estimates.cells_of(path), []).catcher == "time limit"
