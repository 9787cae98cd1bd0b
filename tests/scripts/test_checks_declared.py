"""Laws that an estimate could state: named at the quantity, and silent where the quantities are not those of a law."""

from __future__ import annotations

import pytest

from scripts.checks import declared
from scripts.findings import Finding
from scripts.store import Store
from tests.scripts.content import Content, fact, told

NOTEBOOK = "docs/designs/demo/estimate.py"

RATE = {"unit": "message / second"}
# Facts by name: unit, label, and, for a derived one, its inputs and formula.
KNOWN: dict[str, dict[str, object]] = {
    "peak_rate": {"unit": "message / second", "inputs": ["users", "factor"], "formula": "users * factor"},
    "mean_rate": {"unit": "message / second", "inputs": ["users"], "formula": "users * 1"},
    "size": {"unit": "kilobyte / message", "kind": "assumed"},
    "copies": {"unit": "dimensionless", "kind": "assumed"},
    "days": {"unit": "day", "kind": "assumed"},
    "hold": {"unit": "connection * second / message", "kind": "assumed"},
    "node_rate": {"unit": "message / node / second", "kind": "assumed"},
    "zones": {"unit": "zone", "kind": "assumed"},
    "rent": {"unit": "USD / month", "kind": "assumed"},
    "people": {"unit": "thousand * USD / month", "kind": "assumed"},
}
LAWS: dict[str, tuple[str, dict[str, object], str, str]] = {
    "capacity": ("peak_rate", {}, "users * factor", "capacity(peak_rate, peak_rate, mean_rate)"),
    "storage": (
        "stored", {"unit": "terabyte", "inputs": ["mean_rate", "size", "days", "copies"]},
        "mean_rate * size * days * copies", "storage(stored, mean_rate * size, copies, days)",
    ),
    "little": (
        "connections", {"unit": "connection", "label": "Connections open at peak", "inputs": ["peak_rate", "hold"]},
        "peak_rate * hold", "little(connections, peak_rate, hold)",
    ),
    "egress": (
        "egress_peak", {"unit": "bit / second", "label": "Bandwidth", "inputs": ["peak_rate", "size"]},
        "to(peak_rate * size, 'bit/second')", "egress(egress_peak, peak_rate, size)",
    ),
    "nodes": (
        "nodes", {"unit": "node", "inputs": ["peak_rate", "node_rate"]},
        "ceil(peak_rate / node_rate)", "nodes(nodes, node_rate, peak_rate)",
    ),
    "utilisation": (
        "nodes_busy", {"unit": "node", "label": "Nodes busy", "inputs": ["peak_rate", "node_rate"]},
        "peak_rate / node_rate", "utilisation(nodes_busy, nodes, zones)",
    ),
    "cost": (
        "cost", {"unit": "USD / month", "inputs": ["rent", "people"]}, "rent + people", "cost(cost, rent, people)",
    ),
    "parts": (
        "all_rates", {"unit": "message / second", "inputs": ["peak_rate", "mean_rate"]},
        "total(peak_rate, mean_rate)", "parts(all_rates, peak_rate, mean_rate)",
    ),
}  # fmt: skip


def check(content: Content, law: str, *lines: str, **change: object) -> list[Finding]:
    name, more, code, _ = LAWS[law]
    known = {k: v for k, v in KNOWN.items() if law == "capacity" or k not in ("peak_rate", "mean_rate")}
    if law != "capacity":  # the rates without the words that make a pair of them
        known |= {"peak_rate": RATE | {"kind": "assumed"}, "mean_rate": RATE | {"kind": "assumed", "label": "usual"}}
        known["peak_rate"]["label"] = "the highest"
    facts = [fact(key, 90, **value) for key, value in known.items() if key != name]
    facts.append(fact(name, 2, **({"formula": code, "inputs": []} | known.get(name, {}) | more)) | change)
    content.facts(*facts)
    content.write(NOTEBOOK, "\n".join(['# %% section="peak"', f"{name} = {code}", *lines]) + "\n")
    return list(declared.findings(content.project, Store(content.project)))


@pytest.mark.parametrize("law", LAWS)
def test_a_law_that_is_not_stated(content: Content, law: str) -> None:
    name = LAWS[law][0]
    finding = told(check(content, law), NOTEBOOK, 2, f'"{name}"', f"invariants.{law}(", f"# no invariant: {name}: why")
    assert finding.what.endswith("and no invariant says so")


@pytest.mark.parametrize("law", LAWS)
def test_a_law_that_is_stated_or_exempted(content: Content, law: str) -> None:
    name, _, _, call = LAWS[law]
    assert check(content, law, f"invariants.{call}") == []
    assert check(content, law, f"# no invariant: {name}: only retold") == []


def test_exemptions_need_a_reason_and_a_law(content: Content) -> None:
    told(check(content, "cost", "# no invariant: cost:"), NOTEBOOK, 3, "gives no reason")
    findings = check(content, "cost", "# no invariant: cost: retold", "# no invariant: rent: what for?")
    told(findings, NOTEBOOK, 4, "exempts nothing")
    assert len(findings) == 1


@pytest.mark.parametrize(("law", "change"), [
    ("capacity", {"name": "busy_rate", "label": "another"}),  # a peak of something else than the mean
    ("capacity", {"unit": "request / second"}),
    ("storage", {"inputs": ["mean_rate", "size", "days"]}),  # one copy
    ("storage", {"inputs": ["size", "days", "copies"]}),  # nothing is written all the time
    ("little", {"label": "Messages waiting"}),  # a backlog, which grows
    ("egress", {"label": "Bytes written", "name": "written_peak"}),
    ("nodes", {"formula": "peak_rate / node_rate"}),  # not rounded up: a load, not a number of nodes
    ("nodes", {"inputs": ["mean_rate", "size"]}),
    ("utilisation", {"label": "Nodes", "name": "nodes_free"}),
])  # fmt: skip
def test_quantities_that_are_those_of_no_law(content: Content, law: str, change: dict[str, object]) -> None:
    assert check(content, law, **change) == []


def test_a_notebook_that_is_no_python_is_left_to_others(content: Content) -> None:
    check(content, "cost")
    content.write(NOTEBOOK, "cost = (\n")
    assert list(declared.findings(content.project, Store(content.project))) == []
