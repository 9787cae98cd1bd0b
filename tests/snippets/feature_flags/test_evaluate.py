"""Evaluation, which must answer whatever it is given, and the check before a configuration is published."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.feature_flags.bucketing import variant
from snippets.feature_flags.evaluate import DEEPEST, TESTS, Details, Flag, Rule, evaluate, problems, tangles

SWITCH = {"on": True, "off": False}
#: OpenFeature's words, and the one of our own
REASONS = {
    "STATIC", "DEFAULT", "TARGETING_MATCH", "SPLIT", "CACHED", "DISABLED", "UNKNOWN", "STALE", "ERROR",
    "PREREQUISITE_FAILED",
}  # fmt: skip
ERRORS = {
    "PROVIDER_NOT_READY", "FLAG_NOT_FOUND", "PARSE_ERROR", "TYPE_MISMATCH", "TARGETING_KEY_MISSING",
    "INVALID_CONTEXT", "GENERAL",
}  # fmt: skip


def flag(name="f", *rules, **options):
    return Flag(name, options.pop("variants", SWITCH), "off", "off", rules=rules, **options)


def rule(*conditions, serve="on", **split):
    return Rule(conditions, None if split else serve, split)


def ask(*flags, context=None, key="me", default=False, name=None):
    return evaluate({f.name: f for f in flags}, name or flags[0].name, default, context or {}, key)


# Values and reasons


def test_reasons():
    assert ask(flag()) == Details(False, "off", "STATIC")
    assert ask(replace(flag(), otherwise="on")) == Details(True, "on", "STATIC")
    assert ask(replace(flag(), on=False, otherwise="on", off="off")) == Details(False, "off", "DISABLED")
    german = flag("f", rule(("country", "is", "DE")))
    assert ask(german, context={"country": "DE"}) == Details(True, "on", "TARGETING_MATCH")
    assert ask(german, context={"country": "FR"}) == Details(False, "off", "DEFAULT")
    assert ask(german) == Details(False, "off", "DEFAULT")  # whose country is not known
    assert ask(flag("f", rule(on=100))) == Details(True, "on", "SPLIT")
    assert ask(flag("f", rule(on=0))) == Details(False, "off", "DEFAULT")


def test_errors():
    assert evaluate(None, "f", 7, {}, "me") == Details(7, None, "ERROR", "PROVIDER_NOT_READY")
    assert evaluate({}, "f", 7, {}, "me") == Details(7, None, "ERROR", "FLAG_NOT_FOUND")
    for default in ("no", 0, 1, 0.0, None, [], {}):
        assert ask(flag(), default=default) == Details(default, None, "ERROR", "TYPE_MISMATCH")
    assert ask(flag(variants={"on": True})) == Details(False, None, "ERROR", "GENERAL")  # no such variant as off


@pytest.mark.parametrize(
    ("test", "want", "inside", "outside"),
    [
        ("is", "DE", ["DE"], ["de", "D", "", 7, None]),
        ("in", ["DE", "FR"], ["DE", "FR"], ["GB", "", None]),
        ("from", 18, [18, 18.5, 99], [17, 17.9, -1]),
        ("starts", "7.", ["7.", "7.1"], ["7", "17.", ""]),
    ],
)
def test_conditions(test, want, inside, outside):
    one = flag("f", rule(("attribute", test, want)))
    assert all(ask(one, context={"attribute": have}).value for have in inside)
    assert not any(ask(one, context={"attribute": have}).value for have in outside)


def test_all_conditions_of_a_rule_and_the_first_rule_that_holds():
    rules = (
        rule(("country", "is", "DE"), ("age", "from", 18)),
        Rule((("country", "is", "DE"),), serve="off"),
        rule(),
    )
    one = flag("f", *rules)
    assert ask(one, context={"country": "DE", "age": 18}).value
    assert ask(one, context={"country": "DE", "age": 17}) == Details(False, "off", "TARGETING_MATCH")
    assert ask(one, context={"age": 17}).value


def test_a_rule_that_is_split_ends_the_walk_also_for_whom_it_leaves_out():
    one = flag("f", rule(on=1), rule())
    assert {ask(one, key=str(n)).reason for n in range(300)} == {"SPLIT", "DEFAULT"}


def test_a_split_goes_by_the_flag_s_own_salt_or_its_name():
    plain, salted = flag("f", rule(on=50)), flag("f", rule(on=50), salt="s")
    for key in map(str, range(100)):
        assert (ask(plain, key=key).variant == "on") == (variant("f", key, {"on": 50}) == "on")
        assert (ask(salted, key=key).variant == "on") == (variant("s", key, {"on": 50}) == "on")


@pytest.mark.parametrize("place", [0, 1])
def test_a_condition_that_is_not_known_makes_the_whole_flag_off(place):
    """To skip the rule would let everybody through a rule that was to keep some out."""
    rules = [rule(("country", "is", "DE")), Rule((("version", "newer than", "7"),), serve="off")]
    one = replace(flag("f", rules[place], rules[1 - place]), otherwise="on")
    for context in ({}, {"country": "DE"}, {"version": "8"}):
        assert ask(one, context=context, default=True) == Details(False, "off", "UNKNOWN")
    needs = replace(flag("g", needs=(("f", "on"),)), otherwise="on")
    assert ask(needs, one) == Details(False, "off", "PREREQUISITE_FAILED")


# Prerequisites


def test_what_a_flag_needs():
    needed = flag("needed", rule(("country", "is", "DE")))
    one = replace(flag("one", needs=(("needed", "on"),)), otherwise="on")
    assert ask(one, needed, context={"country": "DE"}) == Details(True, "on", "STATIC")
    assert ask(one, needed) == Details(False, "off", "PREREQUISITE_FAILED")
    assert ask(one, replace(needed, on=False), context={"country": "DE"}).reason == "PREREQUISITE_FAILED"
    assert ask(one) == Details(False, None, "ERROR", "GENERAL")  # it is not there


def test_what_is_needed_by_what_is_needed():
    chain = [replace(flag(str(n), needs=((str(n + 1), "on"),)), otherwise="on") for n in range(20)]
    assert ask(*chain, replace(flag("20"), otherwise="on")).value
    assert ask(*chain, flag("20")).reason == "PREREQUISITE_FAILED"


def test_a_circle_that_was_published_nevertheless_gives_the_default():
    one, other = (flag(a, needs=((b, "on"),)) for a, b in (("a", "b"), ("b", "a")))
    assert ask(one, other, default=True) == Details(True, None, "ERROR", "GENERAL")


# Whatever it is given

garbage = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.binary(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
conditions = st.tuples(st.sampled_from(["a", "b"]), st.sampled_from([*TESTS, "newer than"]), garbage)
splits = st.dictionaries(st.sampled_from(["on", "off", "gone"]), st.floats() | st.integers(-200, 200), max_size=3)
rules = st.builds(
    Rule, st.lists(conditions, max_size=2).map(tuple), st.none() | st.sampled_from(["on", "gone"]), splits
)
names = st.sampled_from("fgh")
anything = st.builds(
    Flag, names, st.dictionaries(st.sampled_from(["on", "off"]), garbage, max_size=2), st.sampled_from(["on", "gone"]),
    st.just("off"), st.booleans(), st.text(max_size=3), st.lists(rules, max_size=3).map(tuple),
    st.lists(st.tuples(names, st.sampled_from(["on", "off"])), max_size=2).map(tuple),
)  # fmt: skip


@given(st.dictionaries(names, anything, max_size=3), names, garbage, st.dictionaries(names, garbage), garbage)
def test_an_evaluation_never_raises_and_its_words_are_known(flags, name, default, context, key):
    found = evaluate(flags, name, default, context, key)
    assert found.reason in REASONS
    assert (found.reason == "ERROR") == (found.error in ERRORS) == (found.variant is None)
    assert type(found.value) is type(default)
    if found.error:
        assert found.value is default


@given(garbage, garbage, garbage, garbage)
def test_nor_when_nothing_is_what_it_should_be(flags, name, context, key):
    for held in (flags, {"f": flags}, {"f": flag("f", rule(("a", "is", 1)), rule(on=50))}):
        for wanted in (name, "f"):
            assert type(evaluate(held, wanted, 7, context, key).value) is int


def test_an_attribute_that_cannot_be_compared_gives_the_default():
    class Odd:
        def __eq__(self, other):
            raise RuntimeError("no")

        __hash__ = None

    one = flag("f", rule(("a", "is", 1)))
    assert ask(one, context={"a": Odd()}, default=True) == Details(True, None, "ERROR", "GENERAL")
    older = flag("f", rule(("a", "from", 18)))
    assert ask(older, context={"a": "eighteen"}).error == "GENERAL"


@given(st.dictionaries(names, anything, max_size=3), st.dictionaries(names, garbage), st.text())
def test_the_same_question_has_the_same_answer(flags, context, key):
    first, second = (evaluate(dict(flags), "f", True, dict(context), key) for _ in range(2))
    assert first == second


# Before publishing


def test_nothing_is_wrong():
    one = flag("f", rule(("country", "in", ["DE"]), on=30, off=70), rule(), needs=(("g", "on"),))
    assert problems({"f": one, "g": flag("g")}) == []
    assert problems({}) == []


@pytest.mark.parametrize(
    ("one", "says"),
    [
        (flag("f", rule(serve="new")), "f: no variant 'new'"),
        (flag("f", rule(new=5)), "f: no variant 'new'"),
        (replace(flag(), otherwise="none"), "f: no variant 'none'"),
        (replace(flag(), off="none"), "f: no variant 'none'"),
        (flag(variants={"on": 1, "off": False}), "f: variants of several types"),
        (flag(variants={"on": 1, "off": 0.5}), "f: variants of several types"),
        (flag("f", rule(on=60, off=41)), "f: a split of more than 100%"),
        (flag("f", rule(on=-50, off=150)), "f: a split with less than 0%"),
        (flag("f", rule(on=float("nan"))), "f: a split with less than 0%"),
        (flag(needs=(("gone", "on"),)), "f: needs 'gone', which does not exist"),
        (flag(needs=(("f", "on"),)), "a circle: f needs f"),
    ],
)
def test_what_cannot_work_is_refused_in_words(one, says):
    assert problems({"f": one, "g": flag("g")}) == [says]


def test_a_prerequisite_that_is_never_so():
    assert problems({"f": flag(needs=(("g", "new"),)), "g": flag("g")}) == ["f: needs 'g' to be 'new', never so"]


@given(st.lists(st.integers(1, 999), min_size=1, max_size=9, unique=True))
def test_tenths_that_make_a_whole_are_a_whole(cuts):
    """Also where their sum in floating point is a little more than a hundred."""
    edges = [0, *sorted(cuts), 1000]
    split = {str(n): (b - a) / 10 for n, (a, b) in enumerate(zip(edges, edges[1:], strict=False))}
    one = flag("f", Rule((), split=split), variants=dict.fromkeys([*split, "off"], True))
    assert problems({"f": one}) == []


def needing(needs):
    return {name: flag(name, needs=tuple((n, "on") for n in sorted(ns))) for name, ns in needs.items()}


@pytest.mark.parametrize(
    ("needs", "expected"),
    [
        ({"a": "b", "b": "a"}, {"a circle: a needs b needs a", "a circle: b needs a needs b"}),
        ({"a": "b", "b": "c", "c": "b"}, {"a circle: b needs c needs b", "a circle: c needs b needs c"}),
        ({"a": "a"}, {"a circle: a needs a"}),
    ],
)
def test_a_circle_is_told_in_the_order_of_its_needs(needs, expected):
    (told,) = tangles(needing(needs))
    assert told in expected


@pytest.mark.parametrize("needs", [{"a": "bc", "b": "d", "c": "d", "d": ""}, {"a": "gone"}, {}])
def test_two_ways_to_one_flag_are_no_circle(needs):
    assert tangles(needing(needs)) == []


@given(st.dictionaries(st.sampled_from("abcdef"), st.sets(st.sampled_from("abcdef")), max_size=6))
def test_a_circle_is_found_exactly_where_a_walk_would_not_end(needs):
    reach = {name: set(ns) for name, ns in needs.items()}
    for _ in needs:
        reach = {name: ns.union(*(reach.get(n, set()) for n in ns)) for name, ns in reach.items()}
    assert bool(tangles(needing(needs))) == any(name in ns for name, ns in reach.items())


def test_a_row_of_flags_is_at_most_so_long_and_a_very_long_one_is_told_too():
    row = {str(n): [str(n + 1)] if n < DEEPEST else [] for n in range(1, DEEPEST + 1)}
    assert tangles(needing(row)) == []
    row["0"] = ["1"]
    assert tangles(needing(row)) == [f"0: needs more than {DEEPEST} flags in a row"]
    assert len(tangles(needing({str(n): [str(n + 1)] for n in range(5000)}))) > 4000


def test_a_split_without_a_key_gives_the_default_and_says_so():
    one = flag("f", Rule((), split={"on": 50}))
    found = evaluate({"f": one}, "f", False, {}, "")
    assert (found.value, found.reason, found.error) == (False, "ERROR", "TARGETING_KEY_MISSING")


@given(st.dictionaries(names, anything, min_size=1, max_size=3), st.text(max_size=4))
def test_what_was_checked_answers_without_an_error_where_types_fit(flags, key):
    flags = {name: replace(one, name=name) for name, one in flags.items()}
    if problems(flags):
        return
    for name, one in flags.items():
        found = evaluate(flags, name, one.variants[one.off], {}, key)
        assert found.error is None, json.dumps(found.error)
