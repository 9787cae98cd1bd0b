"""Scripts and sequences that the tests of drawing write, as a contributor would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from textwrap import dedent, indent

import pytest

from handbook.drawing import Drawing, collect, collect_sequence

FACTS = {"email-platform.peak_rate": "34.7 thousand/s", "netflix-chat.rooms": "1.2 million"}


@pytest.fixture
def script(tmp_path: Path) -> Callable[[str], Path]:
    """Writes `diagrams/email-platform.py` with these lines after an import of everything (which is line 1)."""

    def write(text: str) -> Path:
        path = tmp_path / "diagrams" / "email-platform.py"
        path.parent.mkdir(exist_ok=True)
        path.write_text("from handbook.drawing import *\n" + dedent(text).lstrip("\n"), encoding="utf-8")
        return path

    return write


@pytest.fixture
def architecture(script: Callable[[str], Path]) -> Callable[..., Drawing]:
    """The drawing of one architecture with these lines inside its `with` block (the first of them is line 3)."""

    def collected(text: str, **arguments: object) -> Drawing:
        words = {"title": "Title", "description": "What it shows.", **arguments}
        head = f"with Architecture('final', {', '.join(f'{k}={v!r}' for k, v in words.items())}):\n"
        return collect(script(head + indent(dedent(text).lstrip("\n"), "    ")))[0]

    return collected


@pytest.fixture
def sequence(tmp_path: Path) -> Callable[[str], Drawing]:
    """The drawing of a sequence with a title and a description (lines 2 and 3) and these lines from line 4 on."""

    def collected(text: str) -> Drawing:
        path = tmp_path / "diagrams" / "email-platform" / "one.mmd"
        path.parent.mkdir(parents=True, exist_ok=True)
        head = "sequenceDiagram\n  accTitle: One email\n  accDescr: From call to mailbox.\n"
        path.write_text(head + dedent(text).lstrip("\n"), encoding="utf-8")
        return collect_sequence(path)

    return collected
