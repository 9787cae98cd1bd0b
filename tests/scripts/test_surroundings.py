"""What is no content and may be wrong all the same: the environment, the disk, files that editors leave."""

from __future__ import annotations

from pathlib import Path

import pytest

from scripts import environment
from tests.projects import Copy

DESIGN = "docs/designs/email-platform"


@pytest.mark.parametrize(("name", "given"), [
    ("HANDBOOK_CELL_LIMIT", "long"), ("HANDBOOK_CELL_LIMIT", "0"), ("HANDBOOK_CELL_LIMIT", "inf"),
    ("HANDBOOK_MEMORY_LIMIT", "4 GiB"), ("HANDBOOK_MEMORY_LIMIT", "nan"), ("HANDBOOK_MEMORY_LIMIT", "0.1"),
    ("HANDBOOK_PROCESSES", "1.5"), ("HANDBOOK_TODAY", "31.1.2027"), ("BENCH_ROUNDS", "-1"),
    ("SITE_URL", "example.org"), ("SITE_URL", "https://"), ("SITE_URL", "http://[x"),
])  # fmt: skip
def test_a_variable_that_is_wrong_is_named_with_one_that_is_right(
    name: str, given: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, given)
    [line] = environment.wrong()
    assert line.startswith(f"{name}={given} is no ")
    monkeypatch.setenv(name, line.split(f"as in {name}=")[1].split(",")[0])
    assert not list(environment.wrong())
    monkeypatch.setenv(name, "")
    assert not list(environment.wrong())


def test_a_command_says_which_variable_is_wrong_before_it_does_anything(built: Copy) -> None:
    done = built.run("check", HANDBOOK_TODAY="soon", SITE_URL="nonsense")
    assert (done.returncode, done.stdout) == (1, "")
    assert [line.split("=")[0] for line in done.stderr.splitlines()] == ["HANDBOOK_TODAY", "SITE_URL"]


def test_a_folder_that_cannot_be_written_is_told_in_a_line(tmp_path: Path) -> None:
    project = Copy.of_sources(tmp_path / "project")
    project.write("build", "this is no folder")
    done = project.run()
    assert done.returncode == 1
    assert done.stderr.startswith("build:1: the system refuses: ") and len(done.stderr.splitlines()) == 1


def test_what_editors_keep_beside_a_file_is_no_source(project: Copy) -> None:
    for name in (f"{DESIGN}/.#index.md", f"{DESIGN}/.#estimate.py", "diagrams/email-platform/.#claim.mmd",
                 "diagrams/.#email-platform.py", "snippets/email_platform/.#claim.py"):  # fmt: skip
        (project.root / name).symlink_to("somebody@somewhere.1234:5678")  # as Emacs marks what is being edited
    project.write(f"{DESIGN}/.ipynb_checkpoints/estimate-checkpoint.py", "import nothing_at_all\n")
    project.append(f"{DESIGN}/index.md", "\nA word more.\n")
    project.write("handbook/nobody.py", '"""Imported by nobody."""\n')  # packed for the page: copied
    project.build()
    assert not [name for name in project.contents() if "/." in name or "checkpoint" in name]
