"""What a notebook depends on, read off its imports."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scripts.imports import dependencies

FILES = {
    "handbook/__init__.py": "from handbook.units import Q\n",
    "handbook/units.py": "from .errors import InputError\nimport math\n",
    "handbook/errors.py": "",
    "handbook/charts.py": "from handbook import errors\n",
    "handbook/queueing.py": "def f():\n    import handbook.lazy\n",
    "handbook/lazy.py": "x = (\n",  # cannot be parsed, and is a dependency all the same
    "handbook/drawing/__init__.py": "",
    "handbook/drawing/svg.py": "from ..units import Q\nfrom . import icons\n",
    "handbook/drawing/icons.py": "from . import svg\n",
    "handbook/unused.py": "",
    "docs/designs/mail/helper.py": "",
    "snippets/mail/store.py": "",
}
ALWAYS = {"handbook/__init__.py", "handbook/units.py", "handbook/errors.py"}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1", set()),
        ("import handbook", ALWAYS),
        ("from handbook import Q", ALWAYS),  # a name of a submodule that the package passes on
        ("from handbook import charts", ALWAYS | {"handbook/charts.py"}),
        ("from handbook.charts import bars", ALWAYS | {"handbook/charts.py"}),
        ("import handbook.queueing as q", ALWAYS | {"handbook/queueing.py", "handbook/lazy.py"}),
        (
            "from handbook.drawing.svg import draw",
            ALWAYS | {"handbook/drawing/__init__.py", "handbook/drawing/svg.py", "handbook/drawing/icons.py"},
        ),
        ("import helper, json, pint", {"docs/designs/mail/helper.py"}),
        ("from snippets.mail import store", {"snippets/mail/store.py"}),
    ],
)
def test_dependencies(tmp_path, source, expected):
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    notebook = tmp_path / "docs/designs/mail/estimate.py"
    notebook.write_text(f"# %%\n{source}\n")
    found = {path.relative_to(tmp_path).as_posix() for path in dependencies(notebook, tmp_path)}
    assert found == expected | {"docs/designs/mail/estimate.py"}


def test_nothing_heavy_is_imported():
    program = "import sys, scripts.imports; print(*sorted({m.split('.')[0] for m in sys.modules}))"
    loaded = subprocess.check_output([sys.executable, "-c", program], cwd=Path(__file__).parents[2], text=True).split()
    assert not {"IPython", "handbook", "jupytext", "nbformat", "pint"} & set(loaded)
