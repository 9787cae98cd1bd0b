import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.realtime_recommendations.sar import DAY, Act, ItemToItem


def acts(*pairs, time=0.0, weight=1.0):
    return [Act(member, item, weight, time) for member, item in pairs]


#: Three members: a and b together twice, a chosen three times, b twice, c once.
SMALL = acts(("m", "a"), ("m", "b"), ("n", "a"), ("n", "b"), ("n", "c"), ("o", "a"))

pairs = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 8)), min_size=1, max_size=40, unique=True)


def test_jaccard_by_hand():
    """Both over either: 2 / (3 + 2 - 2), 1 / (3 + 1 - 1), 1 / (2 + 1 - 1)."""
    similar = ItemToItem(SMALL).similar
    assert similar["a"]["b"] == similar["b"]["a"] == pytest.approx(2 / 3)
    assert similar["a"]["c"] == pytest.approx(1 / 3)
    assert similar["b"]["c"] == pytest.approx(1 / 2)


def test_scores_add_up_over_what_a_member_knows():
    """m knows a and b: c scores 1/3 + 1/2; o knows a alone: b before c."""
    model = ItemToItem(SMALL)
    assert model.recommend("m", 1) == ["c"]
    assert model.recommend("o", 2) == ["b", "c"]


def test_a_choice_counts_half_after_its_half_life():
    old, new = acts(("m", "a")), acts(("m", "b"), time=30 * DAY)
    model = ItemToItem(old + new, half_life_days=30)
    assert model.affinity["m"] == {"a": 0.5, "b": 1.0}
    twice = ItemToItem(old + new + acts(("m", "a"), time=30 * DAY))
    assert twice.affinity["m"]["a"] == 1.5


def test_recent_choices_decide_between_equals():
    """x goes with a, y with b, equally; b was chosen a month later."""
    others = acts(("p", "a"), ("p", "x"), ("q", "b"), ("q", "y"), time=60 * DAY)
    mine = acts(("m", "a"), time=0) + acts(("m", "b"), time=60 * DAY)
    assert ItemToItem(others + mine).recommend("m", 2) == ["y", "x"]
    other = acts(("m", "b"), time=0) + acts(("m", "a"), time=60 * DAY)
    assert ItemToItem(others + other).recommend("m", 2) == ["x", "y"]


def test_a_weight_counts():
    others = acts(("p", "a"), ("p", "x"), ("q", "b"), ("q", "y"))
    mine = acts(("m", "a"), weight=5) + acts(("m", "b"), weight=1)
    assert ItemToItem(others + mine).recommend("m", 1) == ["x"]


def test_a_stranger_gets_what_is_popular():
    assert ItemToItem(SMALL).recommend("nobody", 2) == ["a", "b"]


def test_a_member_whose_items_go_with_nothing_gets_popular_ones_too():
    assert ItemToItem(SMALL + acts(("z", "alone"))).recommend("z", 2) == ["a", "b"]


def test_nothing_known_at_all():
    empty = ItemToItem([])
    assert empty.recommend("m", 5) == []


@given(pairs, st.integers(0, 12))
def test_a_list_has_no_known_item_none_twice_and_is_full_if_it_can_be(found, k):
    model = ItemToItem(acts(*found))
    items = {item for _, item in found}
    for member in {member for member, _ in found}:
        known = {item for m, item in found if m == member}
        ranked = model.recommend(member, k)
        assert len(ranked) == len(set(ranked)) == min(k, len(items - known))
        assert not set(ranked) & known


@given(pairs)
def test_similarity_is_symmetric_and_at_most_one(found):
    similar = ItemToItem(acts(*found)).similar
    for one, others in similar.items():
        assert one not in others
        assert all(0 < value <= 1 and similar[other][one] == value for other, value in others.items())


@given(pairs)
def test_against_the_matrix_product(found):
    """The definition, item by item: affinity row times similarity column."""
    model = ItemToItem(acts(*found))
    choosers = {}
    for member, item in found:
        choosers.setdefault(item, set()).add(member)

    def jaccard(one, other):
        return len(choosers[one] & choosers[other]) / len(choosers[one] | choosers[other])

    for member in {member for member, _ in found}:
        known = [item for m, item in found if m == member]
        scores = {i: sum(jaccard(i, k) for k in known) for i in choosers if i not in known}
        ranked = model.recommend(member, len(scores))
        values = [scores[item] for item in ranked]
        assert all(a >= b - 1e-9 for a, b in zip(values, values[1:], strict=False))
