"""Seeded faults: the catalogue fits the sources, some run for real, and what nobody sees is reported as escaped."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from scripts.faults import command, record, runner
from scripts.faults.catalogue import FAULTS
from scripts.faults.fault import CHAPTER, Edit, Fault
from scripts.findings import ContentError, Finding
from scripts.layout import Project
from tests.projects import ROOT, Copy

HARMLESS = Fault("a word", "prose", (Edit(CHAPTER, "The intake is the only door", "The intake is our only door"),),
                 CHAPTER, "is our only door", "door")  # fmt: skip

#: Faults of several parts, each named by another check; they run in every `make test`, the others in `make faults`.
REPRESENTATIVE = ("the average where the peak belongs", "a script", "a source that nobody knows",
                  "an error that is passed over")  # fmt: skip


@pytest.fixture
def workshop(built: Copy, tmp_path: Path) -> runner.Workshop:
    """A workshop whose good copy is the project that all tests share."""
    workshop = runner.Workshop(tmp_path)
    workshop.built.symlink_to(built.root)
    return workshop


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: f"{fault.part}: {fault.name}")
def test_every_edit_fits_the_sources_and_its_place_is_there(fault: Fault) -> None:
    texts = {}
    for edit in fault.edits:
        before = texts.get(edit.file) or (ROOT / edit.file).read_text(encoding="utf-8")
        texts[edit.file] = runner.edited(before, edit.old, edit.new, edit.file)
    pointed = texts.get(fault.file) or (ROOT / fault.file).read_text(encoding="utf-8")
    assert fault.at in pointed


def test_the_catalogue_has_all_parts_and_no_name_twice() -> None:
    parts = Counter(fault.part for fault in FAULTS)
    assert len(FAULTS) >= 45
    assert set(parts) >= {
        "numbers", "assumptions", "notebooks", "library", "prose", "front matter", "links", "Markdown", "sources",
        "diagrams", "sequences", "snippets", "theme", "settings",
    }  # fmt: skip
    assert max(Counter((fault.part, fault.name) for fault in FAULTS).values()) == 1


def test_words_that_name_no_fault_are_said() -> None:
    with pytest.raises(ContentError, match="no fault has 'nosuch' in its name; name a part: .*arithmetic, "):
        command.main(Project(ROOT), print, ["nosuch"])


def test_an_edit_that_no_longer_fits_fails_loudly() -> None:
    for text in ("nothing here", "twice twice"):
        with pytest.raises(ValueError, match=r"a\.md holds \d times, not once: 'twice'"):
            runner.edited(text, "twice", "once", "a.md")


def test_the_record_is_that_of_this_catalogue_and_nothing_escaped() -> None:
    found = record.read(Project(ROOT))
    assert [(f["part"], f["name"]) for f in found["faults"]] == [(f.part, f.name) for f in FAULTS]
    assert all(f["caught_by"] for f in found["faults"])
    estimates = sorted(path.parent.name for path in Project(ROOT).estimates)
    assert [e["design"] for e in found["estimates"]] == estimates
    for estimate in found["estimates"]:
        killed = sum(estimate["killed_by"].values())
        assert killed + len(estimate["survivors"]) == estimate["mutants"] > 0
        assert killed / estimate["mutants"] >= 0.95


def entry(name: str, caught_by: str) -> dict[str, str]:
    return {"part": "prose", "name": name, "caught_by": caught_by, "finding": "a.md:1: so; mend it"}


def test_a_result_is_recorded_once_and_a_part_of_a_run_keeps_the_rest(tmp_path: Path) -> None:
    project, catalogue = Project(tmp_path), [("prose", "one"), ("prose", "two")]
    both = {"faults": [entry("two", ""), entry("one", "make check"), entry("gone", "tests")], "estimates": []}
    assert record.keep(project, both, catalogue)
    assert not record.keep(project, both, catalogue)
    assert "1 of 2 faults" in record.tables(project)
    assert record.keep(project, {"faults": [entry("two", "tests")], "estimates": []}, catalogue)
    assert record.read(project)["faults"] == [entry("one", "make check"), entry("two", "tests")]
    assert "2 of 2 faults" in record.tables(project)


@pytest.mark.parametrize("name", REPRESENTATIVE)
def test_a_check_names_the_fault_at_its_line(name: str, workshop: runner.Workshop) -> None:
    [fault] = [fault for fault in FAULTS if fault.name == name and fault.part != "assumptions"][:1] or [
        fault for fault in FAULTS if fault.name == name
    ]
    outcome = workshop.try_out(fault)
    assert outcome.caught, outcome.finding


def test_a_fault_that_nobody_sees_escapes(workshop: runner.Workshop) -> None:
    outcome = workshop.try_out(HARMLESS)
    assert (outcome.caught, outcome.finding) == (False, "nobody said anything")


def test_only_a_finding_at_the_line_counts() -> None:
    finding = Finding("a.md", 7, "naked quantity", "peak is from line 3, rate is from line 31")
    assert runner.names(finding, "a.md", 7, "naked")
    assert runner.names(finding, "a.md", 3, "naked")
    assert not runner.names(finding, "a.md", 8, "naked")
    assert not runner.names(finding, "b.md", 7, "naked")
    assert not runner.names(finding, "a.md", 7, "dead anchor")
