import json
from collections.abc import Callable
from typing import Any

import pytest

from tests.projects import Copy


@pytest.fixture(scope="session")
def published(built: Copy) -> Callable[[str], dict[str, dict[str, Any]]]:
    """The facts of a design's estimate as the site publishes them, by name."""
    facts = json.loads(built.read("site/facts.json"))

    def published(design: str) -> dict[str, dict[str, Any]]:
        return {f["name"]: f for f in facts if (f["design"], f["notebook"]) == (design, "estimate")}

    return published
