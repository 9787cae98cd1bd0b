"""Notebooks run in workers: what they show, where they fail, and that a real kernel agrees."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from scripts import notebooks
from scripts.findings import ContentError
from tests.scripts import kernel

FIXTURES = Path(__file__).parents[1] / "fixtures/notebooks"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def book(tmp_path):
    """Writes a notebook of the given text and returns its path."""

    def write(text: str, name: str = "estimate.py") -> Path:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def findings(*paths: Path, **options) -> list[tuple[str, int, str, str]]:
    with pytest.raises(ContentError) as raised:
        notebooks.run(list(paths), **options)
    return [(Path(f.path).name, f.line, f.what, f.mend) for f in raised.value.findings]


def texts(executed: notebooks.Executed) -> list[str]:
    shown = [output for cell in executed.cells for output in cell.outputs]
    return [o["text"] if o["output_type"] == "stream" else o["data"]["text/plain"] for o in shown]


def test_a_cell_shows_what_it_prints_displays_and_ends_with(plain):
    by_anchor = {cell.anchor: cell for cell in plain.cells}
    printed, value = by_anchor["cell-text"].outputs
    assert printed["text"].endswith("two lines,\n\nwith a blank one between\n")
    assert value["data"] == {"text/plain": "42"} and value["execution_count"] == 2
    assert by_anchor["cell-text-2"].outputs == ()
    kinds = [sorted(output["data"])[-1] for output in by_anchor["cell-rich"].outputs]
    assert kinds == ["text/plain", "text/plain", "text/plain"]
    assert "text/html" in by_anchor["cell-rich"].outputs[0]["data"]
    assert by_anchor["cell-8"].outputs[0]["data"]["text/plain"] == "'second'"  # updated through its display id


def test_prints_and_displays_keep_their_order(book):
    path = book("# %%\nimport sys\nprint('a')\nprint('b', file=sys.stderr)\ndisplay('c')\nprint('d')\n'e'\n")
    assert texts(notebooks.run([path])[0]) == ["a\n", "b\n", "'c'", "d\n", "'e'"]


def test_a_semicolon_silences_the_last_expression(book):
    assert texts(notebooks.run([book("# %%\n1;\n\n# %%\n_\n")])[0]) == ["''"]


def test_each_cell_knows_its_first_line(plain):
    lines = (FIXTURES / "plain.py").read_text("utf-8").splitlines()
    code = [cell for cell in plain.cells if cell.kind == "code"]
    assert len(code) == 7
    for cell in code:
        assert lines[cell.line - 1] == cell.source.splitlines()[0]


def test_sections_and_anchors(plain):
    cells = [(c.anchor, c.section) for c in plain.cells if c.kind == "code"]
    assert cells == [
        ("cell-2", None),
        ("cell-text", "text"),
        ("cell-text-2", "text"),
        ("cell-rich", "rich"),
        ("cell-rich-2", "rich"),
        ("cell-8", None),
        ("cell-fences", "fences"),
    ]


@pytest.mark.parametrize(
    ("source", "line", "what", "mend"),
    [
        ("# %%\nx = 1\n\n# %%\ny = 2\nx / (y - 2)\n", 6, "ZeroDivisionError: division by zero", "python"),
        ("# %%\n\n\n# a comment\nundefined\n", 5, "NameError: name 'undefined' is not defined", "earlier cell"),
        ("# %%\ndef f():\n    return {}['key']\n\n# %%\nf()\n", 3, "KeyError: 'key'", "python"),
        ("# %%\nx = 1\ny = (2\n", 3, "SyntaxError: '(' was never closed", "mend the syntax"),
        ("# %%\nimport sys\nsys.exit(3)\n", 3, "SystemExit: 3", "take the call out"),
        ("# %%\nimport os\nos._exit(3)\n", 2, "the notebook's process ended with code 3", "take out"),
        ("# %%\nname = input()\n", 2, "EOFError", "nobody is there"),
        ("# %%\nimport no_such_module\n", 2, "ModuleNotFoundError: No module named 'no_such_module'", "import only"),
        ("# %%\nfrom handbook import Q\nQ(1, 'message') + Q(1, 'byte')\n", 3, "DimensionalityError", "convert with"),
        (
            "# %%\nfrom handbook import Q\na = Q(1, 'byte')  # One\n\n# %%\na = Q(2, 'byte')  # Two\n",
            6,
            "EstimateError: name = 'a'",
            "mend this line",
        ),
    ],
)  # fmt: skip
def test_a_failing_cell_is_a_finding_at_its_line(book, source, line, what, mend):
    [(name, found_line, found_what, found_mend)] = findings(book(source))
    assert (name, found_line) == ("estimate.py", line)
    assert found_what.startswith(what)
    assert mend in found_mend


def test_a_cell_that_never_ends_is_named_and_ended(book):
    path = book("# %%\nx = 1\n\n# %%\nwhile True:\n    x += 1\n")
    [(_, line, what, _)] = findings(path, limit=1.0)
    assert line == 5
    assert what == "the notebook did not end within 1 s, and is in this cell"
    assert multiprocessing.active_children() == []


def test_a_broken_module_of_the_library_is_named_itself(book):
    book("x = (\n", "helper.py")
    [(name, line, what, _)] = findings(book("# %%\nimport helper\n"))
    assert (name, line, what) == ("helper.py", 1, "SyntaxError: '(' was never closed")


@pytest.mark.parametrize(
    ("source", "line", "what"),
    [
        ('# %% secton="peak"\n1\n', 1, "unknown cell option 'secton'"),
        ('# %%\n1\n\n# %% tags=["hide"]\n2\n', 4, "unknown tag 'hide'"),
        ('# %% section="The peak"\n1\n', 1, "'The peak' cannot name a section"),
        ('# %% section="a"\n1\n# %%\n2\n# %% section="a-2"\n3\n', 6, "the id cell-a-2 is taken by the cell on line 4"),
    ],
)
def test_wrong_options_are_refused(book, source, line, what):
    [(_, found_line, found_what, _)] = findings(book(source))
    assert (found_line, found_what) == (line, what)


def test_a_file_that_is_not_utf_8_is_refused(tmp_path):
    path = tmp_path / "estimate.py"
    path.write_bytes(b"# %%\nx = 1\ny = '\xe9'\n")
    [(_, line, what, _)] = findings(path)
    assert (line, what) == (3, "this is not UTF-8")


@pytest.mark.parametrize(
    ("source", "what"),
    [
        ("object()", "the output shows a memory address"),
        ("display({'a/b': object()}, raw=True)", "an output of this cell cannot be kept"),
        ("from IPython.display import HTML; HTML('<script>1</script>')", "the output holds a script"),
        (
            "from IPython.display import HTML; HTML('<img src=\"https://a.org/b.png\">')",
            "the output loads https://a.org",
        ),
        ("from IPython.display import HTML; HTML('<p onclick=\"f()\">a</p>')", "the output runs code on onclick"),
        ("from IPython.display import HTML; HTML('<div><b>a</div>')", "<div> is not closed in order"),
        ("from IPython.display import HTML; HTML('<style>@import \"//a.org\"</style>')", "a style sheet of the output"),
        ("display({'application/vnd.vegalite.v6+json': {'mark': 3}}, raw=True)", "the chart cannot be drawn"),
    ],
)
def test_outputs_that_no_page_may_hold_are_refused(book, source, what):
    [(_, line, found, _), *_] = findings(book(f"# %%\n1\n\n# %%\n{source}\n"))
    assert line == 5
    assert found.startswith(what)


def test_a_link_to_another_host_is_no_request(book):
    path = book("# %%\nfrom IPython.display import HTML\nHTML('<a href=\"https://a.org\">a</a><br>')\n")
    assert notebooks.run([path])


def test_all_findings_of_all_notebooks_come_at_once(book):
    paths = [book("# %%\n1/0\n", "a.py"), book("# %%\n1\n", "b.py"), book("# %% a=1\n1\n\n# %% b=2\n2\n", "c.py")]
    assert [(name, line) for name, line, *_ in findings(*paths)] == [("a.py", 2), ("c.py", 1), ("c.py", 4)]


def test_progress_names_the_cell_and_an_interrupt_leaves_no_worker(book):
    def interrupt(progress: notebooks.Progress) -> None:
        if progress.cell == 2:
            assert str(progress).endswith("estimate.py: cell 2 of 2, line 5")
            raise KeyboardInterrupt

    path = book("# %%\nx = 1\n\n# %%\nwhile True:\n    pass\n")
    with pytest.raises(KeyboardInterrupt):
        notebooks.run([path], progress=interrupt)
    assert multiprocessing.active_children() == []


def test_a_warm_server_sees_edits_of_modules(book):
    path = book("# %%\nimport helper\nhelper.VALUE\n")
    book("VALUE = 'first'\n", "helper.py")
    assert texts(notebooks.run([path])[0]) == ["'first'"]
    book("VALUE = 'the second'\n", "helper.py")
    assert texts(notebooks.run([path])[0]) == ["'the second'"]


def test_where_there_is_no_fork_fresh_processes_do(plain, monkeypatch):
    monkeypatch.setattr(notebooks, "_context", lambda: multiprocessing.get_context("spawn"))
    assert notebooks.run([FIXTURES / "plain.py"])[0].ipynb == plain.ipynb


def test_the_executed_notebook_is_valid_and_always_the_same(plain):
    again = notebooks.run([FIXTURES / "plain.py"])[0]
    assert again.ipynb == plain.ipynb
    read = nbformat.reads(plain.ipynb, as_version=4)
    nbformat.validate(read)
    assert [cell.id for cell in read.cells][2] == "cell-text"


def test_hashes_do_not_depend_on_the_process(book):
    path = book("# %%\nprint(hash('a'))\n")
    command = [sys.executable, "-c", "print(hash('a'))"]
    expected = subprocess.check_output(command, env={**os.environ, "PYTHONHASHSEED": "0"}, text=True)
    assert texts(notebooks.run([path])[0]) == [expected]


def test_the_home_directory_stays_empty(tmp_path):
    program = f"""
from pathlib import Path
from scripts import notebooks
if __name__ == "__main__":
    notebooks.run([Path({str(FIXTURES / "plain.py")!r})])
"""
    home = tmp_path / "home"
    home.mkdir()
    (tmp_path / "program.py").write_text(program)
    environment = {**os.environ, "HOME": str(home), "PYTHONPATH": str(ROOT)}
    environment.pop("IPYTHONDIR", None)
    subprocess.run([sys.executable, tmp_path / "program.py"], env=environment, check=True)
    assert list(home.iterdir()) == []


def test_charts_are_drawn_with_words_and_ids_of_their_own(book):
    chart = {"data": {"values": [{"a": 1}]}, "mark": {"type": "bar", "clip": True}, "encoding": {"x": {"field": "a"}}}
    spec = json.dumps(chart | {"$schema": "https://vega.github.io/schema/vega-lite/v6.json", "description": "a < b"})
    source = f"display({{'application/vnd.vegalite.v6+json': {spec.replace('true', 'True')}}}, raw=True)"
    [cell] = notebooks.run([book(f"# %%\n{source}\n{source}\n")])[0].cells
    first, second = (output["data"]["image/svg+xml"] for output in cell.outputs)
    assert 'role="img" aria-label="a &lt; b"' in first
    assert 'id="estimate-cell-1-1-1"' in first and "url(#estimate-cell-1-1-1)" in first
    assert 'id="estimate-cell-1-2-1"' in second


@pytest.mark.parametrize("name", ["plain", "sized"])
def test_a_real_kernel_agrees(name, tmp_path, monkeypatch):
    for variable in ("HOME", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR"):
        monkeypatch.setenv(variable, str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    shown, facts = kernel.run(FIXTURES / f"{name}.py")
    [ours] = notebooks.run([FIXTURES / f"{name}.py"])
    assert [kernel.shown(cell.outputs) for cell in ours.cells if cell.kind == "code"] == shown
    assert ours.facts == facts


def test_facts_have_the_lines_of_the_file():
    [executed] = notebooks.run([FIXTURES / "sized.py"])
    lines = (FIXTURES / "sized.py").read_text("utf-8").splitlines()
    facts = {fact["name"]: fact for fact in executed.facts}
    assert list(facts) == ["members", "reads", "mean_rate", "peak_rate", "record", "stored"]
    assert all(lines[fact["line"] - 1].startswith(f"{name} = ") for name, fact in facts.items())
    assert facts["peak_rate"]["section"] == "load"
