import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from IPython.core.interactiveshell import InteractiveShell

CELL = """
from handbook import Q, assume, netflix, show
members = netflix.members
rate = assume("Rate & <more>", 12.345, "request/s", because="Given")
peak = rate * 3  # Peak rate
# A longer description
daily_total = rate * Q(1, "day")
_private = rate * 4
plain_number = 5
show()
"""


@pytest.fixture
def shell():
    """IPython's own shell, as a notebook has it, with a namespace of its own."""
    shell = InteractiveShell.instance()
    shell.reset()
    yield lambda source: shell.run_cell(source, store_history=True).result
    InteractiveShell.clear_instance()


def rows(results):
    return [(row.name, row.label, row.shown) for row in results.rows]


def test_a_cell_shows_what_it_named(shell):
    assert rows(shell(CELL)) == [
        ("members", "Paid memberships", "325 million members"),
        ("rate", "Rate & <more>", "12.345 requests/s"),
        ("peak", "Peak rate", "37 requests/s"),
        ("daily_total", "A longer description", "1.07 million requests"),
    ]


def test_each_cell_shows_its_own_and_again_when_it_is_run_again(shell):
    first = rows(shell(CELL))
    assert rows(shell("tenfold = 10 * rate\nshow()")) == [("tenfold", "Tenfold", "123 requests/s")]
    assert shell("show()") is None
    assert rows(shell(CELL)) == first
    assert rows(shell("show()\nfourfold = 4 * rate  # Four\nshow()")) == [("fourfold", "Four", "49.4 requests/s")]


def test_a_cell_without_show_is_shown_by_the_next(shell):
    shell(CELL.replace("show()", ""))
    assert len(shell("other = rate * 2\nshow()").rows) == 5


def test_a_cell_with_magics_still_shows_its_quantities(shell):
    shell(CELL)
    assert rows(shell("%time twice = rate * 2\nshow()")) == [("twice", "Twice", "24.7 requests/s")]


def test_the_table_is_html_with_the_numbers_bound(shell):
    class Reader(HTMLParser):
        def __init__(self, text):
            super().__init__()
            self.bound, self.text = {}, []
            self.feed(text)

        def handle_starttag(self, tag, attrs):
            if tag == "data":
                self.bound[dict(attrs)["data-fact"]] = float(dict(attrs)["value"])

        def handle_data(self, data):
            self.text.append(data)

    read = Reader(shell(CELL)._repr_html_())
    assert read.bound == {"members": 325e6, "rate": 12.345, "peak": 37.035, "daily_total": 1066608}
    assert {"Rate & <more>", "12.345 requests/s"} <= set(read.text)


def test_in_a_terminal_the_values_are_aligned(shell):
    lines = repr(shell(CELL)).splitlines()
    assert lines[2] == "Peak rate             37 requests/s"


def test_a_script_prints_what_it_shows(tmp_path):
    script = tmp_path / "estimate.py"
    script.write_text(CELL + "tenfold = 10 * rate  # Ten times\nshow()\nshow()\n", "utf-8")
    run = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[2],
        env={"PYTHONPATH": ".", "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        "Paid memberships      325 million members",
        "Rate & <more>         12.345 requests/s",
        "Peak rate             37 requests/s",
        "A longer description  1.07 million requests",
        "Ten times  123 requests/s",
    ]


def test_where_no_source_can_be_read_names_become_labels():
    namespace = {}
    exec(CELL.replace("show()", ""), namespace)
    namespace["results"] = None
    exec("results = show()", namespace)
    assert [row.label for row in namespace["results"].rows] == [
        "Paid memberships", "Rate & <more>", "Peak", "Daily total",
    ]  # fmt: skip
    exec("results = show()", namespace)
    assert namespace["results"] is None
