"""Finding a browser, and installing one, with stand-ins for browsers and installers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from scripts import browser


class Machine:
    """A PATH that holds nothing but what a test puts there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, name: str, script: str = "exit 0") -> Path:
        path = self.folder / name
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
        return path


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    machine = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "none"))
    monkeypatch.delenv("CHROME", raising=False)
    monkeypatch.setattr(browser, "MAC_APPS", ())
    monkeypatch.setattr(browser.sys, "executable", str(machine.has("python", "echo 'Error: refused'; exit 1")))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return machine


def test_the_one_that_is_named_goes_first(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    machine.has("chromium")
    named = machine.has("my-browser")
    monkeypatch.setenv("CHROME", str(named))
    assert browser.find() == named


def test_one_that_does_not_start_is_passed_over(machine: Machine) -> None:
    machine.has("chromium-browser", "echo 'install the snap'; exit 1")
    assert browser.find() is None
    works = machine.has("google-chrome")
    assert browser.find() == works


def test_playwright_refused_the_package_manager_installs_it(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installed = machine.folder / "chromium"
    machine.has("apt-get", f'[ "$1" = update ] || {{ echo "#!/bin/sh" > {installed}; /bin/chmod +x {installed}; }}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert browser.main() == 0
    said = capsys.readouterr()
    assert said.out == f"{installed}\n"
    assert said.err.splitlines() == [
        "installing a browser for the tests, Playwright's own … Error: refused",
        "installing a browser for the tests, by apt-get … done",
    ]


def test_what_cannot_be_installed_is_named_in_one_line(machine: Machine, capsys: pytest.CaptureFixture[str]) -> None:
    machine.has("apt-get")  # of no use without root's rights
    machine.has("sudo", "exit 1")
    assert browser.main() == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        "the tests need Chromium or Chrome, and it could not be installed: install it "
        "(for example: sudo apt install chromium), or name its program in the variable CHROME"
    ]
