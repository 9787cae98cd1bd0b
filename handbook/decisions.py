"""Decisions of a design: alternatives, the comparison that decides, and the values at which the other one is right.

A cell declares one with `decide`. It is evaluated with units in the notebook and on plain floats in a compiled run, so
that a page can turn it over for a reader's own values; where it turns over is solved for, not derived by hand.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from handbook import crossings, units
from handbook.assumptions import Assumption
from handbook.cells import Cell, Statement, formula, statements
from handbook.comparisons import SIGNS, Comparison, ComparisonModel, require_comparable, with_units
from handbook.errors import InputError
from handbook.running import notebook
from handbook.switching import Threshold, Thresholds, solve, told
from handbook.uncertainty import spread

#: How many cases a model keeps: enough for a scan of every assumption.
_KEPT = 20_000


@dataclass(frozen=True, eq=False)
class Decision(Comparison):
    """One of two alternatives, chosen by a comparison. As a truth value: whether the first one is chosen."""

    label: str
    otherwise: str
    because: str

    def __bool__(self) -> bool:
        return self.holds

    @property
    def chosen(self) -> str:
        """The alternative that the comparison chooses."""
        return self.label if self.holds else self.otherwise

    @property
    def alternative(self) -> str:
        """The other one."""
        return self.otherwise if self.holds else self.label

    def __repr__(self) -> str:
        return f"{self.chosen}, not: {self.alternative}. {self.words}. {self.because}"

    def _repr_html_(self) -> str:
        return (
            f'<p class="decision"><strong>{escape(self.chosen)}</strong>, not: {escape(self.alternative)}. '
            f"{escape(self.words)}. {escape(self.because)}</p>"
        )


def decide(label: str, left: Any, sign: str, right: Any, *, otherwise: str, because: str) -> Decision:
    """Choose `label` where `left sign right` holds, else `otherwise`; `because` says why that is what decides.

    `decide("Run our own mail servers", own_cost, "<", service_cost, otherwise="Use a sending service", because=…)`.
    `sign` is one of > >= < <=; both sides are of one dimension. Raises InputError.
    """
    if sign not in SIGNS or sign == "==":
        raise InputError("sign", sign, "one of >, >=, <, <=")
    for argument, words in (("label", label), ("otherwise", otherwise), ("because", because)):
        if not isinstance(words, str) or not words.strip():
            raise InputError(argument, words, "words that a reader understands")
    require_comparable("left", left, "right", right)
    return Decision(left, sign, right, label, otherwise, because)


class DecisionModel:
    """The decisions of a notebook as a function of its assumptions. `published` maps their names to what it shows.

    `only` names the decisions that are wanted, where not all are. Raises InputError for a decision that is named twice,
    and where the compiled cells decide on other numbers than the notebook shows.
    """

    def __init__(
        self, cells: Sequence[Cell], namespace: Mapping[str, Any], only: Collection[str] | None = None
    ) -> None:
        self.statements = _declared(cells, namespace)
        self.published: dict[str, Decision] = {
            name: namespace[name] for name in self.statements if only is None or name in only
        }
        self._cells, self._namespace = cells, namespace
        self._compared = self._compile(self.published)
        self._alone: dict[str, ComparisonModel] = {}
        self._known: dict[tuple[Any, ...], dict[str, Comparison] | None] = {}
        self.assumptions: dict[str, Assumption] = self._compared.model.assumptions

    def _compile(self, names: Collection[str]) -> ComparisonModel:
        wanted = {name: (name, self.published[name]) for name in names}
        return ComparisonModel(self._cells, self._namespace, wanted)

    def __call__(self, **values: float) -> dict[str, Decision]:
        """All decisions for these assumptions (floats in base units, by name; the others as published), with units.

        Raises InputError for a name that is no assumption, or a value that is not finite.
        """
        found = self._compared(**values)
        return {name: with_units(found[name], like) for name, like in self.published.items()}

    def threshold(
        self,
        name: str,
        over: str,
        *,
        within: tuple[float, float] | None = None,
        values: Mapping[str, float] | None = None,
    ) -> Threshold:
        """Where the assumption `over` turns the decision `name` over, all others as in `values` or as published.

        `within` (base units) says how far it is followed; see `switching.solve`. Raises InputError.
        """
        if name not in self.published:
            raise InputError("decision", name, f"one of {', '.join(self.published) or 'no decision'}")
        if over not in self.assumptions:
            raise InputError("over", over, f"one of the assumptions {', '.join(self.assumptions)}")
        own = dict(values or {})
        now = own.get(over, units.base(self.assumptions[over].quantity))
        margin = self._margin(name, over, own)
        return solve(over, self.assumptions[over], self(**own)[name], margin, now=now, within=within)

    def thresholds(self, name: str, values: Mapping[str, float] | None = None) -> list[Threshold]:
        """Where each assumption with a range turns the decision over; those that never do are left out."""
        ranged = [over for over, assumption in self.assumptions.items() if assumption.low is not None]
        moving = [over for over in ranged if self._matters(name, over, values or {})]
        found = [self.threshold(name, over, values=values) for over in moving]
        return [threshold for threshold in found if threshold.values]

    def _matters(self, name: str, over: str, values: Mapping[str, float]) -> bool:
        """Whether the assumption changes either side at all, at the ends of its range."""
        margin, varied = self._margin(name, over, values), spread(self.assumptions[over], values.get(over))
        return varied is not None and len({margin(x) for x in (varied.low, varied.mode, varied.high)}) > 1

    def _margin(self, name: str, over: str, values: Mapping[str, float]) -> crossings.Margin:
        """The margin of a decision as a function of one assumption."""
        others = tuple(sorted(item for item in values.items() if item[0] != over))

        def margin(value: float) -> float | None:
            compared = self._at(name, (*others, (over, value)))
            size = math.nan if compared is None else compared.margin
            if math.isnan(size):
                return None
            # Zero itself counts to one of the two sides, as the sign says.
            return size or (math.ulp(0.0) if compared.holds else 0.0)

        return margin

    def _at(self, name: str, case: tuple[tuple[str, float], ...]) -> Comparison | None:
        """The comparison for these assumptions; None where it cannot be computed, far outside what is plausible.

        All decisions are computed at once, and kept: a scan for one of them then serves the others. Where that fails
        because of another decision, this one is computed alone.
        """
        if case not in self._known:
            if len(self._known) >= _KEPT:
                self._known.clear()
            self._known[case] = _attempt(self._compared, case)
        together = self._known[case]
        if together is None and len(self.published) > 1:
            if name not in self._alone:
                self._alone[name] = self._compile([name])
            together = _attempt(self._alone[name], case)
        return None if together is None else together[name]


def _attempt(model: ComparisonModel, case: tuple[tuple[str, float], ...]) -> dict[str, Comparison] | None:
    try:
        return model(**dict(case))
    except (ArithmeticError, ValueError, TypeError):
        return None


def _declared(cells: Sequence[Cell], namespace: Mapping[str, Any]) -> dict[str, Statement]:
    found: dict[str, Statement] = {}
    for statement in statements(cells):
        name = statement.target
        if name is None or name.startswith("_") or not isinstance(namespace.get(name), Decision):
            continue
        if name in found:
            raise InputError("name", name, f"each decision is named once; line {found[name].node.lineno} did")
        found[name] = statement
    return found


def decisions(cells: Sequence[Cell], namespace: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Every decision of a notebook that ran, with its thresholds, ready for JSON; in the style of `estimate.facts`.

    Raises InputError for a decision that is named twice, and EstimateError as `Model` does.
    """
    model = DecisionModel(cells, namespace)
    return [_described(name, model, namespace) for name in model.published]


def _described(name: str, model: DecisionModel, namespace: Mapping[str, Any]) -> dict[str, Any]:
    decision, statement = model.published[name], model.statements[name]
    named = {n for n in statement.reads if isinstance(namespace.get(n), units.Quantity) and not n.startswith("_")}
    return {
        "name": name,
        **outcome(decision),
        "label": decision.label,
        "otherwise": decision.otherwise,
        "reason": decision.because,
        "formula": formula(statement),
        "inputs": [n for n in namespace if n in named],
        "line": statement.node.lineno,
        "section": statement.cell.section,
        "thresholds": [described(threshold) for threshold in model.thresholds(name)],
    }


def outcome(decision: Decision) -> dict[str, Any]:
    """What a decision comes to, ready for JSON: the part that a reader's own values change."""
    return {
        "holds": decision.holds,
        "chosen": decision.chosen,
        "alternative": decision.alternative,
        "words": decision.words,
        "margin": decision.margin,
    }


def described(threshold: Threshold) -> dict[str, Any]:
    """A threshold, ready for JSON. `values` are in base units."""
    return {
        "over": threshold.name,
        "label": threshold.label,
        "values": [units.base(value) for value in threshold.values],
        "texts": [told(value, threshold.now) for value in threshold.values],
        "plausible": threshold.plausible,
        "jump": threshold.jump,
        "words": threshold.words,
    }


def threshold(
    decision: Decision, *, over: Any, within: tuple[Any, Any] | None = None, cells: Sequence[Cell | str] | None = None
) -> Threshold | None:
    """The last line of a cell: at which value of the assumption `over` (or its name) the decision turns over.

    `threshold(run_own_servers, over=service_price)`. `within` are the ends of another range, as quantities. `cells` are
    the sources where they cannot be found (see `handbook.running`; None then). Raises InputError.
    """
    found = notebook(cells)
    if found is None:
        return None
    ends = None if within is None else (units.base(within[0]), units.base(within[1]))
    name = found.name_of("decision", decision)
    model = DecisionModel(found.cells, found.namespace, only=[name])
    return model.threshold(name, found.name_of("over", over), within=ends)


def thresholds(decision: Decision, *, cells: Sequence[Cell | str] | None = None) -> Thresholds | None:
    """The last line of a cell: every assumption that alone turns the decision over, and at which value.

    `cells` as for `threshold`. Raises InputError for a decision that no cell named.
    """
    found = notebook(cells)
    if found is None:
        return None
    name = found.name_of("decision", decision)
    model = DecisionModel(found.cells, found.namespace, only=[name])
    return Thresholds(model.published[name], model.thresholds(name))
