"""`live/` of the site: what it holds, and that nothing is made twice."""

from __future__ import annotations

import json
import zipfile

from scripts.layout import Project
from scripts.live import image


def test_everything_is_there_under_names_of_its_content(built):
    live = built.root / "site/live"
    manifest = json.loads((live / "manifest.json").read_text(encoding="utf-8"))
    for name in ("worker", "library"):
        assert (live / manifest[name]).is_file()
    assert sorted(p.name for p in (live / manifest["pyodide"]).iterdir()) == [
        "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide.mjs", "python_stdlib.zip",
    ]  # fmt: skip
    assert (live / manifest["designs"]["email-platform"]).is_file()


def test_the_library_is_bytecode_of_what_chapters_import(built):
    live = built.root / "build/live"
    manifest = json.loads((live / "manifest.json").read_text(encoding="utf-8"))
    with zipfile.ZipFile(live / manifest["library"]) as archive:
        names = archive.namelist()
        names.remove("dataclasses.marshal")  # bytecode too, of what is written when a class is made
        flags = {archive.read(name)[4:8] for name in names}
    assert {"handbook/live/session.pyc", "pint/__init__.pyc", "simpy/__init__.pyc"} <= set(names)
    assert "snippets/email_platform/lane.pyc" in names
    assert not [name for name in names if not name.endswith(".pyc") or "drawing" in name or name.startswith("babel")]
    assert flags == {b"\x01\0\0\0"}, "unchecked: there is no source to check against"


def test_an_edit_of_prose_makes_nothing_again_and_one_of_the_library_just_the_library(project):
    before = project.contents("build/live")
    project.append("docs/designs/email-platform/index.md", "\nOne more word.\n")
    assert "packing Python for the page" not in project.build()
    assert project.contents("build/live") == before
    project.append("handbook/netflix.py", "\nDAY = 86_400\n")
    assert "packing Python for the page" in project.build()
    changed = set(before) ^ set(project.contents("build/live"))
    assert {name.split("-")[0] for name in changed} == {"library"}


def test_a_library_that_pyodide_cannot_import_is_a_finding(project):
    project.append("handbook/netflix.py", "\nimport yaml\n")
    done = project.run()
    assert done.returncode == 1
    assert "handbook/netflix.py:1: the page cannot import handbook.netflix" in done.stderr


def test_refreshing_twice_writes_nothing(built):
    from scripts.manifest import Manifest

    times = built.times("build/live")
    said = []
    image.packing(Project(built.root), Manifest(built.root / "build/manifest.json"), said.append)()
    assert (said, built.times("build/live")) == ([], times)
