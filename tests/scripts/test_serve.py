"""`make serve`, over loopback: what a browser sees while somebody edits."""

from __future__ import annotations

import os
import queue
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from scripts import serve
from scripts.findings import ContentError, Finding
from scripts.layout import Project
from scripts.serve import Server, sources

ROOT = Path(__file__).resolve().parents[2]
DEADLINE = 30  # seconds: a test that waits longer has failed


class Site:
    """A project whose one page is a copy of docs/index.md, and a server of it that runs in a thread."""

    def __init__(self, root: Path, page: str) -> None:
        self.project = Project(root)
        self.page = root / "docs" / "index.md"
        self.page.parent.mkdir()
        self.page.write_text(page)
        self.said: queue.Queue[str] = queue.Queue()
        self.server = Server(self.project, self.build, self.said.put, port=0)
        self.thread = threading.Thread(target=self.server.serve)

    def build(self) -> None:
        text = self.page.read_text()
        if "wrong" in text:
            raise ContentError([Finding("docs/index.md", 1, "this is wrong", "right it")])
        if "bug" in text:
            raise ZeroDivisionError("the program is at fault")
        staging = self.project.build / "staging"
        staging.mkdir(parents=True)
        (staging / "index.html").write_text(f"<body><p>{text}</p></body>")
        if self.project.site.exists():
            self.project.site.rename(self.project.build / "previous")
        staging.rename(self.project.site)
        shutil.rmtree(self.project.build / "previous", ignore_errors=True)

    def start(self) -> Site:
        self.thread.start()
        self.hear("serving on")
        return self

    def hear(self, words: str) -> str:
        """Wait until the server says a line with these words."""
        while words not in (line := self.said.get(timeout=DEADLINE)):
            pass
        return line

    def look(self) -> str:
        with urlopen(self.server.url, timeout=DEADLINE) as answer:
            return answer.read().decode()

    def reloads(self, page: str) -> bool:
        """Do what the page's script does: ask until there is something newer than the page."""
        with urlopen(f"{self.server.url}livereload/{self.epoch(page)}/1", timeout=DEADLINE) as answer:
            return int(answer.read()) > self.epoch(page)

    def epoch(self, page: str) -> int:
        """The age of the site that a page belongs to, from its script."""
        return int(re.search(r"livereload\((\d+), \d+\)", page)[1])


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Callable[[str], Site]]:
    sites: list[Site] = []

    def site(page: str) -> Site:
        sites.append(Site(tmp_path, page))
        return sites[-1].start()

    yield site
    for each in sites:
        each.server.shutdown(wait=True)
        each.thread.join(DEADLINE)
        assert not each.thread.is_alive()


def test_an_edit_reloads_the_page(site: Callable[[str], Site]) -> None:
    served = site("first")
    page = served.look()
    assert "<p>first</p>" in page
    served.page.write_text("second")
    assert served.reloads(page)
    assert "<p>second</p>" in served.look()
    assert served.hear("changed:") == "changed: docs/index.md"


def test_a_broken_edit_is_told_once_and_the_last_good_page_stays(
    site: Callable[[str], Site], capsys: pytest.CaptureFixture[str]
) -> None:
    served = site("good")
    page = served.look()
    served.page.write_text("wrong")
    served.hear("not built")
    after = served.look()
    assert "<p>good</p>" in after
    assert served.epoch(after) == served.epoch(page), "there was nothing new to reload"
    assert capsys.readouterr().err == "docs/index.md:1: this is wrong; right it\n"
    served.page.write_text("mended")
    assert served.reloads(page)
    assert "<p>mended</p>" in served.look()


def test_a_mistake_in_the_program_does_not_end_the_server(
    site: Callable[[str], Site], capsys: pytest.CaptureFixture[str]
) -> None:
    served = site("good")
    page = served.look()
    served.page.write_text("bug")
    served.hear("not built")
    assert "<p>good</p>" in served.look()
    assert "the program is at fault" in capsys.readouterr().err
    served.page.write_text("mended")
    assert served.reloads(page)


def test_before_the_first_build_succeeds_the_findings_are_the_page(site: Callable[[str], Site]) -> None:
    served = site("wrong")
    with pytest.raises(HTTPError) as failure:
        served.look()
    shown = failure.value.read().decode()
    assert "docs/index.md:1: this is wrong; right it" in shown
    assert 'http-equiv="refresh"' in shown
    served.page.write_text("mended")
    served.hear("ready after")
    assert "<p>mended</p>" in served.look()


def test_a_new_folder_is_watched(site: Callable[[str], Site]) -> None:
    served = site("first")
    (served.project.root / "snippets").mkdir()
    (served.project.root / "snippets" / "new.py").write_text("")
    assert served.hear("changed:") == "changed: snippets/new.py"


def test_only_sources_are_watched(tmp_path: Path) -> None:
    for name in ("docs/__pycache__/x.pyc", "docs/.index.md.swp", "docs/index.md~", ".venv/x", "build/x", "site/x"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    (tmp_path / "docs" / "index.md").touch()
    (tmp_path / "mkdocs.yml").touch()
    assert {entry.name for entry in sources(tmp_path, str(tmp_path))} == {"docs", "mkdocs.yml"}
    assert {entry.name for entry in sources(tmp_path, str(tmp_path / "docs"))} == {"index.md"}


@pytest.mark.parametrize("port", ["http", "0", "65536", "-1"])
def test_what_is_no_port_is_said(
    port: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PORT", port)
    assert serve.main(Project(tmp_path), print) == 1
    assert capsys.readouterr().err == f"PORT={port} is no port: name one from 1 to 65535, as in PORT=9000 make serve\n"


def test_a_taken_port_is_passed_over(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = Server(Project(tmp_path), lambda: None, print, port)
        server.server_bind()
        try:
            assert port < server.server_address[1] < port + 100
            assert server.url == f"http://127.0.0.1:{server.server_address[1]}/"
        finally:
            server.server_close()


PROGRAM = """
import sys, types
from pathlib import Path
from scripts import serve
from scripts.layout import here

def build(project, progress):
    project.site.mkdir(exist_ok=True)
    (project.site / "index.html").write_text("VERSION")

sys.modules["scripts.site"] = types.SimpleNamespace(build=build)
sys.exit(serve.main(here(), lambda line: print(line, flush=True)))
"""


class Program:
    """The whole program in a process of its own: edits of itself, and its end, are what matters here."""

    def __init__(self, root: Path) -> None:
        self.file = root / "scripts" / "program.py"
        self.file.parent.mkdir()
        self.edit("one")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.process = subprocess.Popen(
            [sys.executable, "scripts/program.py"],
            cwd=root,
            env={**os.environ, "PYTHONPATH": str(ROOT), "PORT": str(port)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.url = self.hear("serving on").split()[2]

    def edit(self, version: str) -> None:
        self.file.write_text(PROGRAM.replace("VERSION", version))

    def hear(self, words: str) -> str:
        alarm = threading.Timer(DEADLINE, self.process.kill)
        alarm.start()
        try:
            line = next((line for line in self.process.stdout if words in line), None)
        finally:
            alarm.cancel()
        assert line, f"never said: {words}"
        return line

    def look(self) -> str:
        with urlopen(self.url, timeout=DEADLINE) as answer:
            return answer.read().decode()


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    program = Program(tmp_path)
    yield program
    program.process.kill()
    program.process.communicate()


def test_an_edit_of_the_program_begins_it_anew_on_the_same_port(program: Program) -> None:
    assert program.look().startswith("one")
    program.edit("two")
    assert program.hear("serving on").split()[2] == program.url
    assert program.look().startswith("two")


def test_a_program_that_does_not_compile_is_not_begun(program: Program) -> None:
    program.file.write_text("def (\n")
    assert program.hear("scripts/program.py").strip() == "changed: scripts/program.py"
    assert program.hear("mend it").startswith("scripts/program.py:1: ")
    assert program.look().startswith("one")
    program.edit("two")
    program.hear("serving on")
    assert program.look().startswith("two")


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_without_a_word_of_complaint(program: Program, signum: int) -> None:
    program.process.send_signal(signum)
    said, _ = program.process.communicate(timeout=DEADLINE)
    assert (program.process.returncode, said.strip()) == (0, "")
