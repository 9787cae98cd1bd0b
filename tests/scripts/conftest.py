"""What several tests of the scripts begin with."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import notebooks
from tests.projects import ROOT
from tests.scripts.content import Content


@pytest.fixture
def content(tmp_path: Path) -> Content:
    """A small project that is all right, to break."""
    return Content(tmp_path)


@pytest.fixture(scope="module")
def plain() -> notebooks.Executed:
    """A notebook with a cell of each kind, executed."""
    return notebooks.run([ROOT / "tests/fixtures/notebooks/plain.py"])[0]
