"""The notebooks in JupyterLab: opened, run and saved as a contributor does, with the file kept as it was."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
from playwright.sync_api import Locator, Page, expect
from requests.adapters import HTTPAdapter
from urllib3 import Retry

from tests.conftest import Window
from tests.projects import NOTEBOOK, ROOT

BOOKS = sorted(ROOT.glob("docs/**/*.py")) + sorted((ROOT / "scripts/chapter_template").glob("*ate.py"))
SAYS = re.compile(r"(http://127\.0\.0\.1:\d+/)lab\?token=(\w+)")


@dataclass
class Lab:
    """A JupyterLab on a loopback port, and the folder that it shows."""

    url: str
    token: str
    folder: Path

    def contents(self, name: str, model: dict[str, Any] | None = None) -> dict[str, Any]:
        """Open a file as a notebook; with a model, save that. As the page of JupyterLab does it."""
        page = requests.Session()
        page.mount(self.url, HTTPAdapter(max_retries=Retry(connect=8, backoff_factor=0.1)))  # it says "running" early
        address = f"{self.url}api/contents/{name}?type=notebook"
        said = {"headers": {"Authorization": f"token {self.token}"}, "timeout": 60}
        answer = page.put(address, json=model, **said) if model else page.get(address, **said)
        answer.raise_for_status()
        return answer.json()


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    home, folder = tmp_path_factory.mktemp("jupyter"), tmp_path_factory.mktemp("notebooks")
    shutil.copy(ROOT / "pyproject.toml", folder)
    variables = {name: str(home) for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")}
    command = [
        sys.executable, "-m", "jupyter", "lab", "--no-browser", "--allow-root", "--ip=127.0.0.1", "--port=0",
        f"--LabApp.user_settings_dir={home}", f"--LabApp.workspaces_dir={home}", str(folder),
    ]  # fmt: skip
    process = subprocess.Popen(command, env=os.environ | variables, stderr=subprocess.PIPE, text=True)
    try:
        said = next(found for line in process.stderr if (found := SAYS.search(line)))
        threading.Thread(target=process.stderr.read, daemon=True).start()  # else it blocks once the pipe is full
        yield Lab(said[1], said[2], folder)
    finally:
        process.terminate()
        process.wait(timeout=60)


@pytest.mark.parametrize("book", BOOKS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_saving_a_notebook_changes_no_byte(lab: Lab, book: Path) -> None:
    copy = Path(shutil.copy(book, lab.folder))
    lab.contents(copy.name, lab.contents(copy.name))
    assert copy.read_text("utf-8") == book.read_text("utf-8")


def test_only_what_was_edited_changes(lab: Lab) -> None:
    copy = Path(shutil.copy(ROOT / NOTEBOOK, lab.folder))
    before = copy.read_text("utf-8")
    model = lab.contents(copy.name)
    cell = next(cell for cell in model["content"]["cells"] if "peak_rate = " in cell["source"])
    cell["source"] = cell["source"].replace("peak_rate = ", "peak_rate = 2 * ", 1)
    lab.contents(copy.name, model)
    assert copy.read_text("utf-8") == before.replace("peak_rate = ", "peak_rate = 2 * ", 1)


def item(page: Page, label: str) -> Locator:
    """An item of an open menu."""
    return page.locator(".lm-Menu-item").filter(has=page.get_by_text(label, exact=True))


def test_a_notebook_runs_and_is_saved_in_the_page(lab: Lab, page_at: Callable[..., Window]) -> None:
    copy = Path(shutil.copy(ROOT / NOTEBOOK, lab.folder))
    before = copy.read_text("utf-8")
    page = page_at().page
    page.goto(f"{lab.url}lab?token={lab.token}")
    page.get_by_role("listitem", name=f"Name: {copy.name}").click(button="right", timeout=60_000)
    item(page, "Open With").click()
    item(page, "Notebook").click()
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    item(page, "Run All Cells").click()
    last = page.locator(".jp-OutputArea-output").last
    expect(last).to_contain_text("Volume above which own sending pays", timeout=60_000)
    expect(page.locator("[data-mime-type='application/vnd.jupyter.error']")).to_have_count(0)
    with page.expect_response(lambda answer: answer.request.method == "PUT" and copy.name in answer.url) as saved:
        page.keyboard.press("Control+s")
    assert saved.value.ok
    assert copy.read_text("utf-8") == before
