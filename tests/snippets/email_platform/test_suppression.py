from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.email_platform.suppression import ALL, Answer, BloomFilter, Suppression, digest, error_rate, normalise

KEY = b"a key of the suppression service"
digests = st.binary(min_size=16, max_size=16)


class Listed(set):
    """A store that counts how often it is asked, and can be away."""

    asked, away = 0, False

    def add(self, entry):
        self._answer()
        super().add(entry)

    def __contains__(self, entry):
        self._answer()
        self.asked += 1
        return super().__contains__(entry)

    def discard(self, entry):
        self._answer()
        super().discard(entry)

    def _answer(self):
        if self.away:
            raise ConnectionError


def fresh(entries=1000, errors=0.01):
    suppression = Suppression(BloomFilter(entries, errors), Listed(), KEY)
    suppression.hear([], until=1000)
    return suppression


def test_size_by_hand():
    small = BloomFilter(1000, 0.01)
    assert (small.m, small.k, len(small.bits)) == (9586, 7, 1199)  # 9.585 bits an entry
    strict = BloomFilter(1000, 0.001)
    assert (strict.m, strict.k) == (14378, 10)
    assert BloomFilter(1, 0.9).k == 1


def test_memory_of_the_real_list():
    size = BloomFilter(20_000_000, 0.001)
    assert len(size.bits) == pytest.approx(36e6, rel=0.002)


@given(st.sets(digests, max_size=200), st.integers(1, 50), st.floats(0.0001, 0.9))
def test_never_a_false_negative(entries, planned, errors):
    """Also when there are many more entries than planned, and while they are added."""
    filter = BloomFilter(planned, errors)
    for entry in entries:
        filter.add(entry)
        assert entry in filter
    assert all(entry in filter for entry in entries)


@pytest.mark.parametrize(("planned", "errors", "added"), [(5000, 0.01, 5000), (5000, 0.01, 10_000), (2000, 0.1, 2000)])
def test_the_false_positives_are_those_of_the_formula(planned, errors, added):
    random, filter = Random(1), BloomFilter(planned, errors)
    for _ in range(added):
        filter.add(random.randbytes(16))
    share = sum(random.randbytes(16) in filter for _ in range(100_000)) / 100_000
    expected = error_rate(filter.m, filter.k, added)
    assert share == pytest.approx(expected, rel=0.15)
    if added == planned:
        assert expected == pytest.approx(errors, rel=0.03)


def test_an_empty_filter_says_no():
    assert error_rate(1000, 7, 0) == 0
    assert not any(Random(seed).randbytes(16) in BloomFilter(100, 0.01) for seed in range(100))


def test_twice_the_entries_ask_the_store_more_often_and_are_still_right():
    size = BloomFilter(20_000, 0.001)
    assert error_rate(size.m, size.k, 40_000) == pytest.approx(0.0567, rel=0.01)


@pytest.mark.parametrize(("mailing", "scopes"), [(None, 1), ("news", 2)])
def test_most_messages_do_not_ask_the_store(mailing, scopes):
    suppression = fresh(500)
    for number in range(500):
        suppression.add(ALL, f"out{number}@example.com")
    assert all(
        suppression.suppressed(f"out{number}@example.com", mailing, now=1000) is Answer.YES for number in range(500)
    )
    suppression.store.asked = 0
    for number in range(20_000):
        assert suppression.suppressed(f"in{number}@example.com", mailing, now=1000) is Answer.NO
    assert suppression.store.asked / 20_000 == pytest.approx(0.01 * scopes, rel=0.3)


def test_who_leaves_a_list_still_gets_other_lists_and_codes():
    suppression = fresh()
    suppression.add("news", "ann@example.com")
    answers = [suppression.suppressed("ann@example.com", mailing, now=1000) for mailing in ("news", "offers", None)]
    assert answers == [Answer.YES, Answer.NO, Answer.NO]


def test_a_dead_address_gets_nothing():
    suppression = fresh()
    suppression.add(ALL, "dead@example.com")
    for mailing in ("news", "offers", None):
        assert suppression.suppressed("dead@example.com", mailing, now=1000) is Answer.YES


def test_who_consents_again_gets_the_list_again():
    suppression = fresh()
    for _ in range(2):
        for scope in ("news", "offers"):
            suppression.add(scope, "ann@example.com")
        suppression.remove("news", "Ann@example.com")
        suppression.remove("news", "ann@example.com")  # twice is the same as once
        assert digest("news", "ann@example.com", KEY) in suppression.filter
        assert suppression.suppressed("ann@example.com", "news", now=1000) is Answer.NO
        assert suppression.suppressed("ann@example.com", "offers", now=1000) is Answer.YES


def test_a_false_positive_is_confirmed_in_the_store():
    suppression = fresh(10, 0.5)
    suppression.filter.bits[:] = b"\xff" * len(suppression.filter.bits)
    assert suppression.suppressed("someone@example.com", None, now=1000) is Answer.NO
    assert suppression.store.asked == 1


def test_a_lagging_feed_asks_the_store():
    suppression = fresh()
    entry = digest("news", "late@example.com", KEY)
    suppression.store.add(entry)  # by another server, not heard of yet
    promised = suppression.suppressed("late@example.com", "news", now=1060)
    assert promised is Answer.NO  # the promise: known within the lag
    assert suppression.suppressed("late@example.com", "news", now=1061) is Answer.YES
    suppression.hear([entry], until=1061)
    assert suppression.suppressed("late@example.com", "news", now=1061) is Answer.YES
    suppression.hear([], until=5)  # an old part of the feed again
    assert suppression.heard_until == 1061


@pytest.mark.parametrize("mailing", [None, "news"])
def test_before_it_has_heard_anything_it_asks_the_store(mailing):
    suppression = Suppression(BloomFilter(10, 0.01), Listed(), KEY)
    suppression.store.add(digest(ALL, "old@example.com", KEY))
    assert suppression.suppressed("old@example.com", mailing, now=0) is Answer.YES
    suppression.store.away = True  # an empty filter says "no" to everything
    assert suppression.suppressed("old@example.com", mailing, now=0) is Answer.UNKNOWN


def test_a_store_that_fails_is_heard_of_and_the_filter_knows_more_rather_than_less():
    suppression = fresh()
    suppression.store.away = True
    for change in (suppression.add, suppression.remove):
        with pytest.raises(ConnectionError):
            change("news", "a@example.com")
    assert suppression.suppressed("a@example.com", "news", now=1000) is Answer.UNKNOWN
    assert suppression.suppressed("b@example.com", "news", now=1000) is Answer.NO  # certainly not: no store needed


@pytest.mark.parametrize(
    ("address", "mailing", "now", "answer"),
    [
        ("in@example.com", None, 1000, Answer.NO),
        ("in@example.com", None, 9999, Answer.NO),  # a code trusts a filter whose feed lags
        ("in@example.com", "news", 1000, Answer.NO),
        ("in@example.com", "news", 9999, Answer.UNKNOWN),  # a campaign waits
        ("dead@example.com", None, 1000, Answer.UNKNOWN),
        ("dead@example.com", "news", 9999, Answer.UNKNOWN),
        ("left@example.com", None, 9999, Answer.NO),
        ("left@example.com", "news", 1000, Answer.UNKNOWN),
    ],
)
def test_while_the_store_is_away(address, mailing, now, answer):
    suppression = fresh()
    suppression.add(ALL, "dead@example.com")
    suppression.add("news", "left@example.com")
    suppression.store.away = True
    assert suppression.suppressed(address, mailing, now) is answer


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann@Example.COM", "ann@example.com"),
        (" ann@example.com\r\n", "ann@example.com"),
        ("ann@example.com.", "ann@example.com"),
        ("ann@bücher.example", "ann@xn--bcher-kva.example"),
        ("zoe\u0308@example.com", "zo\u00eb@example.com"),
    ],
)
def test_spellings_of_one_address(one, other):
    assert digest(ALL, one, KEY) == digest(ALL, other, KEY)


def test_other_mailboxes_stay_apart():
    assert len({digest(ALL, address, KEY) for address in ("ann@a.example", "ann+x@a.example", "a.nn@a.example")}) == 3


@pytest.mark.parametrize("address", ["", "@", "ann", "ann@", "@example.com", "a@b..c", "a" * 250 + "@b.example", "a@."])
def test_what_is_no_address_is_refused(address):
    with pytest.raises(ValueError):
        digest(ALL, address, KEY)


@given(st.text(max_size=40), st.sampled_from(["example.com", "bücher.example", "İstanbul.example"]))
def test_normalising_twice_changes_nothing(local, domain):
    try:
        once = normalise(f"{local}@{domain}")
    except ValueError:
        return
    assert normalise(once) == once


def test_the_key_decides():
    assert digest(ALL, "ann@example.com", KEY) != digest(ALL, "ann@example.com", KEY + b"2")
    assert len(digest(ALL, "ann@example.com", KEY)) == 16
