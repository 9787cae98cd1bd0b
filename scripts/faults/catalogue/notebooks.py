"""Notebooks that err, hide, differ from run to run, or show what cannot be published; and the library under them."""

from __future__ import annotations

from functools import partial

from scripts.faults.fault import ESTIMATE, Edit, Fault, fault

LAST = "# %% [markdown]\n# ## Answers to the exercises"


def cell(name: str, code: str, *, at: str, says: str, head: str = "# %%") -> Fault:
    """A fault in a cell of its own, near the end of the estimate."""
    return fault("notebooks", name, ESTIMATE, LAST, f"{head}\n{code}\n\n{LAST}", at=at, says=says)


library = partial(fault, "library")

FAULTS = (
    cell("a cell that raises", "shares = [1, 2]\nshares[2]", at="shares[2]", says="IndexError"),
    cell(
        "an error that is passed over",
        "try:\n    missing\nexcept Exception:\n    pass",
        at="except Exception:",
        says="an error is passed over",
    ),
    cell(
        "an error that is suppressed",
        "from contextlib import suppress\nwith suppress(NameError):\n    missing",
        at="with suppress(",
        says="an error is passed over",
    ),
    cell(
        "a hidden cell", "_unseen = 3", head='# %% tags=["remove-cell"]', at='tags=["remove-cell"]', says="unknown tag"
    ),
    cell(
        "chance without a seed", "import random\nrandom.gauss(0, 1)", at="random.gauss", says="differently at each run"
    ),
    cell("the clock in a cell", "import time\ntime.time()", at="time.time()", says="differently at each run"),
    cell(
        "the order of a set",
        'for _kind in {"sent", "bounced"}:\n    print(_kind)',
        at="for _kind in",
        says="differs between processes",
    ),
    cell("an address in memory", "class Lane:\n    pass\n\nLane()", at="class Lane:", says="memory address"),
    cell(
        "a picture of another host",
        "from IPython.display import HTML\nHTML('<img src=\"https://example.org/a.png\">')",
        head='# %% section="exercises"',
        at="from IPython.display",
        says="from another host",
    ),
    cell("an infinite number", "_nothing = Q(1) - Q(1)\nendless = Q(1e308) * 1e10", at="endless =", says="finite"),
    cell("no Python", "connections = (3", at="connections = (3", says="SyntaxError"),
    cell(
        "a section that no page shows",
        "servers * 2",
        head='# %% section="doubled"',
        at='section="doubled"',
        says='no page shows the section "doubled"',
    ),
    library(
        "a wrong figure that every chapter shares",
        "handbook/netflix.py",
        '"Paid memberships", 325,',
        '"Paid memberships", 32.5,',
        at="members = assume(",
        says="between",
    ),
    Fault(
        "a changed function, with results kept from before",
        "library",
        (
            Edit(
                "handbook/sketches.py",
                "    return (-math.expm1(",
                '    raise ValueError("changed")\n    return (-math.expm1(',
            ),
        ),
        ESTIMATE,
        "* bloom_false_positive(",
        "changed",
    ),
    library(
        "a function that is no Python",
        "handbook/sketches.py",
        "def bloom_false_positive(bits_per_item: float, hashes: int) -> float:",
        "def bloom_false_positive(bits_per_item: float, hashes: int) -> float",
        at="def bloom_false_positive",
        says="SyntaxError",
    ),
)
