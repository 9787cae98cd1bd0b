"""`make setup` in a small project, with stand-ins for the tools that would go to the network."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ("sh", "make", "sed", "mkdir", "rm", "cat", "chmod")
LOCK = """\
pint==0.25 \\
    --hash=sha256:aa
    # via handbook
uv==0.9.1 \\
    --hash=sha256:bb \\
    --hash=sha256:cc
"""

# A Python that says it is of some version; what it is asked to install, it writes down.
FAKE_PYTHON = """#!/bin/sh
case "$*" in
  *ensurepip*) {probe} ;;
  "-m venv --clear .venv")
    echo "{name}: venv" >> tools.log
    rm -rf .venv && mkdir -p .venv/bin .venv/lib/python{own}
    for tool in python uv npm; do cat fake-$tool > .venv/bin/$tool; chmod +x .venv/bin/$tool; done ;;
  "-c import pip") ;;
  "-m pip "*) echo "pip ${{*#*-r }}" >> tools.log; [ ! -e pip-fails ] || {{ echo 'no route to host'; exit 1; }} ;;
  *) exec '{python}' "$@" ;;
esac
"""
FAKE_UV = """#!/bin/sh
echo "uv $2" >> tools.log
[ ! -e uv-fails ] || exit 1
[ ! -e uv-is-killed ] || kill -9 $PPID
"""
FAKE_NPM = """#!/bin/sh
echo "npm $1" >> tools.log
mkdir -p node_modules
"""
ALL_OF_IT = ["python3.13: venv", "pip .venv/uv.txt", "uv sync", "uv install", "npm ci"]


class Clone:
    """A project with nothing but what set-up reads, and a PATH with nothing but stand-ins."""

    def __init__(self, folder: Path) -> None:
        self.root, self.bin = folder / "a clone", folder / "bin"
        self.bin.mkdir()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        (self.root / "scripts").mkdir(parents=True)
        shutil.copy(ROOT / "Makefile", self.root)
        shutil.copy(ROOT / "scripts" / "setup.py", self.root / "scripts")
        self.write("requirements.txt", LOCK)
        self.write("pyproject.toml", "[project]\n")
        self.write("package.json", "{}")
        self.write("package-lock.json", '{"packages": {"": {}, "node_modules/a": {}}}')
        self.write("fake-uv", FAKE_UV)
        self.write("fake-npm", FAKE_NPM)
        self.write("fake-python", self.fake("python", "true"))

    def fake(self, name: str, probe: str) -> str:
        own = f"{sys.version_info.major}.{sys.version_info.minor}"
        return FAKE_PYTHON.format(name=name, probe=probe, own=own, python=sys.executable)

    def write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text)

    def has_python(self, name: str, probe: str) -> None:
        """Put a Python on the PATH; `probe` is what it answers to the question for its version and for venv."""
        (self.bin / name).write_text(self.fake(name, probe))
        (self.bin / name).chmod(0o755)

    def make(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(self.bin / "make"), "--no-print-directory", *(arguments or ["setup"])]
        environment = {"PATH": str(self.bin), "HOME": str(self.root), "LC_ALL": os.environ.get("LC_ALL", "C.UTF-8")}
        return subprocess.run(command, cwd=self.root, env=environment, capture_output=True, text=True, timeout=60)

    def did(self) -> list[str]:
        """What the tools were asked to do since the last time."""
        log = self.root / "tools.log"
        done = log.read_text().splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return done


@pytest.fixture
def bare(tmp_path: Path) -> Clone:
    return Clone(tmp_path)


@pytest.fixture
def clone(bare: Clone) -> Clone:
    """One with a suitable Python, and an older one that calls itself `python3`."""
    bare.has_python("python3", "echo 3 12")
    bare.has_python("python3.13", "echo 3 13")
    return bare


@pytest.fixture
def ready(clone: Clone) -> Clone:
    """One that is set up."""
    assert clone.make().returncode == 0
    clone.did()
    return clone


def test_a_fresh_clone_is_set_up_with_the_newest_python(clone: Clone) -> None:
    result = clone.make()
    assert (result.returncode, result.stderr) == (0, "")
    assert [line.split(" …")[0] for line in result.stdout.splitlines()] == [
        "setting up Python packages (2, about a minute)",
        "setting up the handbook's library",
        "setting up Node packages (1)",
    ]
    assert clone.did() == ALL_OF_IT
    assert (clone.root / ".venv/uv.txt").read_text() == LOCK[LOCK.index("uv==") :].strip()


def test_the_second_time_there_is_nothing_to_do(ready: Clone) -> None:
    for name in ("requirements.txt", "package-lock.json"):
        os.utime(ready.root / name, (0, 0))  # as a checkout does
    result = ready.make()
    assert (result.returncode, result.stdout, result.stderr, ready.did()) == (0, "", "", [])


@pytest.mark.parametrize(
    ("name", "text", "done"),
    [
        ("requirements.txt", LOCK.replace("0.25", "0.26"), ["pip .venv/uv.txt", "uv sync", "uv install"]),
        ("pyproject.toml", "[project]\nname = 'handbook'\n", ["uv install"]),
        ("package-lock.json", '{"packages": {"": {}}}', ["npm ci"]),
    ],
)
def test_a_changed_lock_is_synced_and_nothing_else(ready: Clone, name: str, text: str, done: list[str]) -> None:
    ready.write(name, text)
    assert ready.make().returncode == 0
    assert ready.did() == done
    assert ready.make().stdout == ""


def test_an_interrupted_set_up_is_begun_anew(clone: Clone) -> None:
    clone.write("uv-is-killed", "")
    assert clone.make().returncode != 0
    assert clone.did() == ALL_OF_IT[:3]
    (clone.root / "uv-is-killed").unlink()
    assert clone.make().returncode == 0
    assert clone.did() == ALL_OF_IT


def test_where_uv_cannot_go_pip_may(clone: Clone) -> None:
    clone.write("uv-fails", "")
    clone.make()
    assert clone.did()[:4] == ["python3.13: venv", "pip .venv/uv.txt", "uv sync", "pip requirements.txt"]


def test_a_failure_ends_with_the_tools_words_and_the_remedy(clone: Clone) -> None:
    clone.write("pip-fails", "")
    result = clone.make()
    assert result.returncode != 0
    said = result.stderr.splitlines()
    assert said[0] == "  no route to host"
    assert said[1].endswith("then run make again")
    (clone.root / "pip-fails").unlink()
    assert clone.make().returncode == 0


def test_a_moved_clone_is_set_up_anew(ready: Clone) -> None:
    ready.root = ready.root.rename(ready.root.with_name("elsewhere"))
    assert ready.make().returncode == 0
    assert ready.did() == ALL_OF_IT


def test_a_venv_whose_python_is_gone_is_made_anew(ready: Clone) -> None:
    (ready.root / ".venv/bin/python").unlink()
    assert ready.make().returncode == 0
    assert ready.did()[0] == "python3.13: venv"


def test_missing_node_packages_are_installed_again(ready: Clone) -> None:
    shutil.rmtree(ready.root / "node_modules")
    assert ready.make().returncode == 0
    assert ready.did() == ["npm ci"]


@pytest.mark.parametrize(
    ("pythons", "said"),
    [
        ({}, "Python 3.11 or newer is needed, none was found"),
        ({"python3": "echo 3 9"}, "Python 3.9 is too old: install Python 3.11 or newer"),
        ({"python3": "echo 3 9", "python3.14": "exit 127"}, "Python 3.9 is too old"),
        ({"python3": "echo 3 11; exit 1"}, "Python 3.11 comes without venv: apt install python3-venv"),
    ],
)
def test_a_missing_python_is_named_in_one_line_with_the_remedy(bare: Clone, pythons: dict[str, str], said: str) -> None:
    for name, probe in pythons.items():
        bare.has_python(name, probe)
    result = bare.make()
    lines = [line for line in result.stderr.splitlines() if not line.startswith("make: ***")]
    assert result.returncode != 0
    assert len(lines) == 1
    assert lines[0].startswith(said)
    assert (result.stdout, bare.did()) == ("", [])


def test_an_older_python_with_venv_is_better_than_a_newer_without(bare: Clone) -> None:
    bare.has_python("python3.13", "echo 3 13; exit 1")
    bare.has_python("python3.12", "echo 3 12")
    assert bare.make().returncode == 0
    assert bare.did()[0] == "python3.12: venv"


def test_another_python_may_be_chosen(clone: Clone) -> None:
    assert clone.make("setup", "HANDBOOK_PYTHON=python3").returncode == 0
    assert clone.did()[0] == "python3: venv"


def test_an_interrupted_sync_is_not_trusted(ready: Clone) -> None:
    ready.write("requirements.txt", LOCK.replace("0.25", "0.26"))
    ready.write("uv-is-killed", "")
    assert ready.make().returncode != 0
    ready.write("requirements.txt", LOCK)  # back to what was whole before
    (ready.root / "uv-is-killed").unlink()
    ready.did()
    assert ready.make().returncode == 0
    assert ready.did() == ALL_OF_IT[:-1]


def test_make_alone_lists_the_targets(bare: Clone) -> None:
    listed = bare.make("help").stdout
    for target in ("serve", "test", "site", "diagrams", "check", "lock", "clean"):
        assert f"  make {target} " in listed
    assert (
        listed
        == subprocess.run(
            [str(bare.bin / "make")], cwd=bare.root, env={"PATH": str(bare.bin)}, capture_output=True, text=True
        ).stdout
    )
