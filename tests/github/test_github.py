"""What GitHub reads: workflows that strangers cannot abuse, forms that open, a changelog that parses."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from tests.projects import ROOT, Copy

BIN = Path(sys.executable).parent
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
FORMS = sorted(path for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml") if path.name != "config.yml")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def audit(*files: Path) -> subprocess.CompletedProcess[str]:
    return run(BIN / "zizmor", "--offline", "--quiet", "--no-config", "--persona=pedantic", *files)


def schema(name: str, *files: Path) -> subprocess.CompletedProcess[str]:
    return run(BIN / "check-jsonschema", "--builtin-schema", f"vendor.{name}", *files)


def jobs(workflow: Path) -> dict[str, dict[str, Any]]:
    return yaml.safe_load(workflow.read_text("utf-8"))["jobs"]


@pytest.mark.parametrize(
    ("name", "files"),
    [
        ("github-workflows", WORKFLOWS),
        ("github-issue-forms", FORMS),
        ("github-issue-config", [ROOT / ".github/ISSUE_TEMPLATE/config.yml"]),
        ("dependabot", [ROOT / ".github/dependabot.yml"]),
    ],
)
def test_github_understands_the_file(name: str, files: list[Path]) -> None:
    done = schema(name, *files)
    assert done.returncode == 0, done.stdout


def test_nothing_is_unsafe_in_the_workflows() -> None:
    done = audit(*WORKFLOWS)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(
    ("old", "new", "finds"),
    [
        ("  pull_request:\n", "  pull_request_target:\n", "dangerous-triggers"),
        ("persist-credentials: false", "fetch-depth: 1", "artipacked"),
        ("  contents: read\n", "  contents: write\n", "excessive-permissions"),
        ("checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8", "checkout@v5", "unpinned-uses"),
        ("run: make check", "run: echo ${{ github.event.pull_request.title }}", "template-injection"),
    ],
)
def test_the_audit_finds_what_would_be_unsafe(tmp_path: Path, old: str, new: str, finds: str) -> None:
    text = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    assert old in text
    copy = tmp_path / ".github/workflows/ci.yml"
    copy.parent.mkdir(parents=True)
    copy.write_text(text.replace(old, new), "utf-8")
    done = audit(copy)
    assert done.returncode != 0
    assert finds in done.stdout


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_every_job_ends_and_none_sees_a_secret(workflow: Path) -> None:
    assert all(job.get("timeout-minutes", 360) <= 60 for job in jobs(workflow).values())
    assert not re.search(r"\bsecrets\s*[.\[:]", workflow.read_text("utf-8"))


def test_only_the_job_that_publishes_may_write_and_it_runs_nothing_of_ours() -> None:
    build, deploy = jobs(ROOT / ".github/workflows/pages.yml").values()
    assert "permissions" not in build
    assert deploy["permissions"] == {"pages": "write", "id-token": "write"}
    assert [step["uses"].split("@")[0] for step in deploy["steps"]] == ["actions/deploy-pages"]


SANDBOX = shutil.which("unshare") and shutil.which("setpriv") and shutil.which("ip") and os.geteuid() == 0
PROBE = """
import os, socket, subprocess
server = socket.create_server(("127.0.0.1", 0))
socket.create_connection(server.getsockname(), 5)
try:
    socket.create_connection(("192.0.2.1", 80), 5)
except OSError as error:
    print(error)
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(status["CapEff"].strip(), status["NoNewPrivs"].strip())
"""


@pytest.mark.skipif(not SANDBOX, reason="needs Linux and root")
def test_the_sandbox_has_loopback_no_network_and_no_way_up() -> None:
    done = run(ROOT / ".ci/sandboxed", sys.executable, "-c", PROBE)
    assert done.stdout.splitlines() == ["[Errno 101] Network is unreachable", "0000000000000000 1"], done.stderr
    assert run(ROOT / ".ci/sandboxed", sys.executable, "-c", "raise SystemExit(7)").returncode == 7


def test_report_an_error_opens_the_form_with_the_page_filled_in(built: Copy) -> None:
    address = re.search(r'href="([^"]+)">Report an error', built.read("site/designs/email-platform/index.html"))[1]
    asked = parse_qs(urlsplit(address.replace("&amp;", "&")).query)
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / asked.pop("template")[0]).read_text("utf-8"))
    assert asked["page"] == ["https://executable-system-design.github.io/handbook/designs/email-platform/"]
    assert set(asked) - {"title"} <= {field["id"] for field in form["body"]}


def test_the_changelog_keeps_its_form() -> None:
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    unreleased, *sections = re.findall(r"^## \[?([^\]\n]+)\]?(?: - (\d{4}-\d\d-\d\d))?$", text, re.MULTILINE)
    assert unreleased == ("Unreleased", "")
    dates = [date.fromisoformat(day) for _, day in sections]
    assert dates == sorted(dates, reverse=True)
    assert set(re.findall(r"^### (.+)$", text, re.MULTILINE)) <= {
        "Added", "Changed", "Deprecated", "Removed", "Fixed", "Security",
    }  # fmt: skip
    assert all(line.startswith(("#", "- ", "  ")) or not line for line in text.partition("## ")[2].splitlines()[1:])
