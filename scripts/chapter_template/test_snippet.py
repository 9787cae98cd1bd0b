"""What the snippet promises, and what happens when the action fails."""

import pytest

from snippets.$module.once import Once


def test_a_repeated_key_gets_the_first_answer():
    once, answers = Once(), iter([1, 2])
    assert [once.run("a", lambda: next(answers)) for _ in range(2)] == [1, 1]


def test_an_action_that_fails_may_be_tried_again():
    once = Once()
    with pytest.raises(ZeroDivisionError):
        once.run("a", lambda: 1 / 0)
    assert once.run("a", lambda: "done") == "done"
