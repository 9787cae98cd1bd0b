import hmac

import pytest
from hypothesis import given
from hypothesis import strategies as st

from snippets.email_platform import tokens
from snippets.email_platform.tokens import (
    FIELD,
    Keys,
    bounced_message,
    one_click,
    return_path,
    seal,
    signature,
    unseal,
    unsubscribe_headers,
)

OLD, NEW = b"o" * 32, b"n" * 32
KEYS = Keys({"k1": OLD, "k2": NEW}, current="k2")
MESSAGE = "01jd3v8q9zr5w6x7y8a9b0c1d2"  # 26 characters, as a ULID has
TOKEN = seal(KEYS, "unsubscribe", "news", "m_81723")
fields = st.from_regex(FIELD, fullmatch=True)


def ask(method="POST", form=None, token=TOKEN, keys=KEYS):
    """One request; returns (status, who was unsubscribed)."""
    done = []
    form = {"List-Unsubscribe": "One-Click"} if form is None else form
    status, body = one_click(method, form, token, keys, lambda *names: done.append(names))
    assert isinstance(body, str)
    return status, done


@given(st.lists(fields, max_size=3), fields)
def test_what_was_sealed_opens_for_its_purpose_alone(values, purpose):
    token = seal(KEYS, "unsubscribe", *values)
    if len(token) <= 200:
        assert unseal(KEYS, "unsubscribe", token) == values
        assert purpose == "unsubscribe" or unseal(KEYS, purpose, token) is None


def test_every_flipped_bit_is_refused():
    for place, letter in enumerate(TOKEN):
        for bit in range(8):
            forged = TOKEN[:place] + chr(ord(letter) ^ 1 << bit) + TOKEN[place + 1 :]
            assert unseal(KEYS, "unsubscribe", forged) is None


def test_every_other_character_truncation_and_addition_is_refused():
    letters = "abcdefghijklmnopqrstuvwxyz0123456789._-="
    for place in range(len(TOKEN)):
        assert unseal(KEYS, "unsubscribe", TOKEN[:place]) is None
        assert unseal(KEYS, "unsubscribe", TOKEN[place + 1 :]) is None
        for letter in letters:
            assert unseal(KEYS, "unsubscribe", TOKEN[:place] + letter + TOKEN[place:]) is None
            changed = TOKEN[:place] + letter + TOKEN[place + 1 :]
            assert changed == TOKEN or unseal(KEYS, "unsubscribe", changed) is None


def test_a_token_is_not_good_for_another_list_member_or_purpose():
    mac = TOKEN.rpartition(".")[2]
    for body in ("1.k2.offers.m_81723", "1.k2.news.m_81724", "1.k2.news", "1.k2.news.m_81723.x", "1.k2.newsm_.81723"):
        assert ask(token=f"{body}.{mac}") == (404, [])
    assert ask(token=seal(KEYS, "click", "news", "m_81723")) == (404, [])
    assert ask(token=seal(KEYS, "bounce", "news", "m_81723")) == (404, [])
    assert unseal(KEYS, "click", TOKEN) is None


def test_fields_cannot_run_into_one_another():
    assert seal(KEYS, "a", "b", "c") != seal(KEYS, "a", "bc")
    for bad in ("a.b", "", "A", "a b", "a\n", "a\r\nBcc: x", "ü", "a" * 41):
        with pytest.raises(ValueError):
            seal(KEYS, "unsubscribe", bad)
        with pytest.raises(ValueError):
            seal(KEYS, bad, "news")


def test_keys_rotate():
    before = seal(Keys({"k1": OLD}, "k1"), "unsubscribe", "news", "m_81723")
    assert ask(token=before) == (200, [("news", "m_81723")])
    retired = Keys({"k2": NEW}, "k2")
    assert ask(token=before, keys=retired) == (404, [])
    renamed = before.replace("1.k1.", "1.k2.")
    assert ask(token=renamed) == (404, [])
    stranger = Keys({"k2": b"x" * 32}, "k2")
    assert ask(token=seal(stranger, "unsubscribe", "news", "m_81723")) == (404, [])


@pytest.mark.parametrize("version", ["0", "2", "11", "", "v1"])
def test_another_version_is_refused_even_if_it_is_signed(version):
    body = f"{version}.k2.news.m_81723"
    assert unseal(KEYS, "unsubscribe", f"{body}.{signature(NEW, 'unsubscribe', body)}") is None


@given(st.text(max_size=80))
def test_any_text_is_refused_cleanly(text):
    for token in (text, f"1.k2.{text}", TOKEN + text[:1], text[:1] + TOKEN):
        if token != TOKEN:
            assert ask(token=token) == (404, [])
    assert bounced_message(KEYS, f"b-{text}@bounce.example") is None


# With a Kelvin sign and a long s, which are an ASCII k and s in another case; and half a surrogate pair
@pytest.mark.parametrize(
    "token", ["", ".", "1.k2.", "1.\u212a2.x", "a" * 10**6, TOKEN + "\u017f", "\ud800", "\x00" * 50]
)
def test_strange_tokens_are_refused_cleanly(token):
    assert ask(token=token) == (404, [])
    assert bounced_message(KEYS, token) is None
    assert bounced_message(KEYS, f"b-{token}@bounce.example") is None


def test_overlong_tokens_are_refused_before_any_work():
    assert unseal(KEYS, "unsubscribe", seal(KEYS, "unsubscribe", *["a" * 40] * 4)) is not None
    assert unseal(KEYS, "unsubscribe", seal(KEYS, "unsubscribe", *["a" * 40] * 5)) is None


def test_a_letter_that_only_becomes_ascii_in_lower_case_is_refused():
    path = return_path(KEYS, MESSAGE, "bounce.example")
    assert bounced_message(KEYS, path.replace("k2", "K2")) == MESSAGE
    assert bounced_message(KEYS, path.replace("k2", "\u212a2")) is None


def test_comparison_takes_constant_time(monkeypatch):
    compared = []

    def spy(one, other):
        compared.append((one, other))
        return hmac.compare_digest(one, other)

    watched = type("hmac", (), {"digest": staticmethod(hmac.digest), "compare_digest": staticmethod(spy)})
    monkeypatch.setattr(tokens, "hmac", watched)
    mac = TOKEN.rpartition(".")[2]
    assert unseal(KEYS, "unsubscribe", TOKEN) == ["news", "m_81723"]
    assert unseal(KEYS, "unsubscribe", TOKEN[:-1]) is None
    assert compared == [(mac, mac), (mac[:-1], mac)]


def test_looking_changes_nothing():
    for method in ("GET", "HEAD"):
        for form in ({}, {"List-Unsubscribe": "One-Click"}):
            assert ask(method, form) == (200, [])
    assert 'method="post"' in one_click("GET", {}, TOKEN, KEYS, lambda *_: None)[1]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "OPTIONS", "post", ""])
def test_other_methods_change_nothing(method):
    assert ask(method) == (400, [])


@pytest.mark.parametrize("form", [{}, {"List-Unsubscribe": "Yes"}, {"list-unsubscribe": "One-Click"}, {"token": "x"}])
def test_a_post_that_is_not_one_click_changes_nothing(form):
    assert ask(form=form) == (400, [])


def test_one_click_unsubscribes_one_member_of_one_list_as_often_as_it_is_asked():
    for _ in range(3):
        assert ask() == (200, [("news", "m_81723")])


def test_headers_lead_to_the_handler():
    headers = unsubscribe_headers(KEYS, "https://mail.example/u", "news", "m_81723")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    link = headers["List-Unsubscribe"]
    assert link.startswith("<https://mail.example/u/")
    name, value = headers["List-Unsubscribe-Post"].split("=")
    assert ask(form={name: value}, token=link.strip("<>").rpartition("/")[2]) == (200, [("news", "m_81723")])


def test_return_path_survives_a_change_of_case():
    path = return_path(KEYS, MESSAGE.upper(), "bounce.example")
    for spelling in (path, path.upper(), path.title(), path.swapcase()):
        assert bounced_message(KEYS, spelling) == MESSAGE


def test_return_path_fits():
    local, _, domain = return_path(KEYS, MESSAGE, "bounce.example").partition("@")
    assert (len(local), domain) == (60, "bounce.example")
    assert ".." not in local and not local.endswith(".")
    with pytest.raises(ValueError):
        return_path(KEYS, "a" * 31, "bounce.example")
    assert return_path(KEYS, "a" * 30, "bounce.example")


def test_a_bounce_cannot_be_forged():
    path = return_path(KEYS, MESSAGE, "bounce.example")
    other = "01jd3v8q9zr5w6x7y8a9b0c1d3"
    assert bounced_message(KEYS, path.replace(MESSAGE, other)) is None
    assert bounced_message(KEYS, "b-" + seal(KEYS, "click", MESSAGE) + "@bounce.example") is None
    assert bounced_message(KEYS, f"{MESSAGE}@bounce.example") is None
    for place in range(2, path.index("@")):
        forged = path[:place] + ("a" if path[place] != "a" else "b") + path[place + 1 :]
        assert bounced_message(KEYS, forged) is None
