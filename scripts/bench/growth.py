"""How the build grows with the chapter's prose copied many times, beside plain MkDocs."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path

from scripts.bench import page, projects
from scripts.bench.rows import Row
from scripts.layout import Project
from scripts.loopback import served

COPIES = (30, 90, 270)
A_PAGE = 15  # ms after one edit, at most


def measure(project: Project, progress: Callable[[str], None]) -> list[Row]:
    """Cold and after one edit at each size, once each, ours and theirs in turn; and how steeply both grow.

    What a single build costs whatever its size is in the rows of each size, and not in those of growth.
    """
    rows: list[Row] = []
    cold: dict[str, list[float]] = {"ours": [], "theirs": []}
    after: dict[str, list[float]] = {"ours": [], "theirs": []}
    with tempfile.TemporaryDirectory() as folder:
        ours = projects.ours(project, Path(folder, "ours"))
        theirs = projects.plain(project, Path(folder, "theirs"), notebooks=False)
        settings = ours.root / "mkdocs.yml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(text.replace("not_in_nav: |\n", "not_in_nav: |\n  /copies/\n"), encoding="utf-8")
        ours.build()  # the notebooks and pictures, which are not what grows
        for count in COPIES:
            progress(f"growth: {count} copies")
            for one in (ours, theirs):
                _copy(project, one, count, bound=one is ours)
            cold["ours"].append(_without_pages(ours))
            cold["theirs"].append(theirs.build(cold=True))
            for one in (ours, theirs):
                one.append("docs/copies/c1.md", "\nA word more.\n")
            after["ours"].append(ours.build())
            after["theirs"].append(theirs.build())
            rows.append(Row(f"{count} copies, cold", cold["ours"][-1] / cold["theirs"][-1], "of plain MkDocs", 1,
                            note=f"{cold['ours'][-1]:.1f} s, {cold['theirs'][-1]:.1f} s"))  # fmt: skip
            rows.append(Row(f"{count} copies, one edit", after["ours"][-1] / after["theirs"][-1], "of plain MkDocs", 1,
                            note=f"{after['ours'][-1]:.1f} s, {after['theirs'][-1]:.1f} s"))  # fmt: skip
        with served(ours.root / "site", page.Compressing) as address:
            rows.append(Row(f"first search, {COPIES[-1]} copies", page.first_search(address), "kB", 1, 250))
    ours_cold, theirs_cold = _steepness(cold["ours"]), _steepness(cold["theirs"])
    rows.append(Row("growth, cold", ours_cold / theirs_cold, "of plain MkDocs", 1, 1.0,
                    note=f"{ours_cold:.0f} ms, {theirs_cold:.0f} ms a page"))  # fmt: skip
    rows.append(Row("growth, one edit", _steepness(after["ours"]), "ms a page", 1, A_PAGE,
                    note=f"plain MkDocs: {_steepness(after['theirs']):.0f} ms"))  # fmt: skip
    return rows


def _steepness(times: list[float]) -> float:
    """Milliseconds that a page more costs, from the smallest number of copies to the largest."""
    return 1000 * (times[-1] - times[0]) / (COPIES[-1] - COPIES[0])


def _copy(project: Project, one: projects.Timed, count: int, bound: bool) -> None:
    folder = one.root / "docs/copies"
    folder.mkdir(exist_ok=True)
    text = projects.prose(project, project.root / projects.CHAPTER, bound)
    for number in range(1, count + 1):
        front = f"---\ntitle: Copy {number}\n---\n"
        (folder / f"c{number}.md").write_text(f"{front}{text}\n\nCopy {number}.\n", encoding="utf-8")


def _without_pages(ours: projects.Timed) -> float:
    """Our build of all pages anew, with what notebooks and diagrams made."""
    import shutil

    shutil.rmtree(ours.root / "build/cache/pages", ignore_errors=True)
    for kept in (ours.root / "build/cache").glob("*.pickle"):
        kept.unlink()
    shutil.rmtree(ours.root / "site")
    return ours.build()
