"""What is kept from build to build: made once for each text, and forgotten with it."""

from pathlib import Path

import pytest

from scripts.checks import recall
from scripts.checks.source import Page
from scripts.layout import Project
from scripts.memory import Memory, key


def test_a_thing_is_made_once_and_forgotten_when_nobody_asks(tmp_path: Path) -> None:
    made: list[str] = []

    def build(made_by: str, *texts: str) -> list[int]:
        memory = Memory(tmp_path / "kept.pickle", made_by)
        found = [memory.of(key(text), lambda text=text: made.append(text) or len(text)) for text in texts]
        memory.save()
        return found

    assert build("one program", "a", "bb") == [1, 2]
    assert build("one program", "bb", "a") == [2, 1]
    assert made == ["a", "bb"]
    build("one program", "a")
    build("one program", "a", "bb")
    assert made == ["a", "bb", "bb"]
    build("another program", "a")
    assert made == ["a", "bb", "bb", "a"]


@pytest.mark.parametrize("spoilt", [b"", b"nonsense", b"\x80\x05N."])
def test_a_file_that_is_spoilt_is_made_anew(tmp_path: Path, spoilt: bytes) -> None:
    (tmp_path / "kept.pickle").write_bytes(spoilt)
    assert Memory(tmp_path / "kept.pickle", "").of("a", lambda: 1) == 1


def test_texts_are_told_apart_at_their_borders() -> None:
    assert key("ab", "c") != key("a", "bc")


def test_a_page_is_read_again_when_it_says_something_else(tmp_path: Path) -> None:
    project, read = Project(tmp_path), []
    page, other = tmp_path / "docs/a.md", tmp_path / "docs/b.md"
    page.parent.mkdir()
    words = recall.of_page(lambda page: read.append(page.name) or page.text.split())

    def check() -> list[list[str]]:
        with recall.recalling(project, anew=True):
            return [words(Page(project, path)) for path in (page, other)]

    page.write_text("some words")
    other.write_text("some words")
    assert check() == check() == [["some", "words"]] * 2
    assert read == ["docs/a.md", "docs/b.md"]
    page.write_text("other words")
    assert check() == [["other", "words"], ["some", "words"]]
    assert read == ["docs/a.md", "docs/b.md", "docs/a.md"]
