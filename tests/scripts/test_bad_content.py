"""Each kind of bad content, put into a copy of the real project and built by the real command.

The author is told the line and how to mend it, sees no traceback, and the last good site stays as it is.
"""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable

import pytest

from tests.projects import CHAPTER, NOTEBOOK, SCRIPT, Copy

FINDING = re.compile(r"(?P<path>[\w./-]+):(?P<line>\d+): (?P<what>.+); (?P<mend>.+)")
MERMAID = "diagrams/email-platform/claim.mmd"
TWIN = "docs/designs/twin/index.md"
WORDS = "Five kinds of data, five keys."


def _in_chapter(words: str) -> Callable[[Copy], None]:
    return lambda project: project.replace(CHAPTER, WORDS, f"{WORDS} {words}")


def _replaced(name: str, old: str, new: str) -> Callable[[Copy], None]:
    return lambda project: project.replace(name, old, new)


def _cell(code: str) -> Callable[[Copy], None]:
    return lambda project: project.append(NOTEBOOK, f"\n# %%\n{code}\n")


def _not_utf8(name: str, words: str) -> Callable[[Copy], None]:
    def break_it(project: Copy) -> None:
        before, after = project.read(name).split(words, 1)
        project.write(name, f"{before}{words}".encode() + b"\xff" + after.encode())

    return break_it


def _endless(project: Copy) -> None:
    project.replace(NOTEBOOK, '# %% section="assumptions"', '# %%\nwhile True:\n    pass\n\n# %% section="assumptions"')


def _twin(project: Copy) -> None:
    shutil.copytree(project.root / "docs/designs/email-platform", project.root / "docs/designs/twin")
    shutil.copy(project.root / SCRIPT, project.root / "diagrams/twin.py")
    project.replace("mkdocs.yml", "  - Diagrams:", "      - Twin: designs/twin/index.md\n  - Diagrams:")


# What is broken: how, in which file, on the line with which words, and what the author is told.
BROKEN: dict[str, tuple[Callable[[Copy], None], str, str, str]] = {
    "a cell that raises": (_cell("1 / 0"), NOTEBOOK, "1 / 0", "ZeroDivisionError"),
    "a cell that never ends": (_endless, NOTEBOOK, "while True:", "did not end within"),
    "a cell that takes all memory": (_cell("hoard = bytes(3 * 2**30)"), NOTEBOOK, "hoard =", "HANDBOOK_MEMORY_LIMIT"),
    "a cell that ends the process": (_cell("import os\nos._exit(3)"), NOTEBOOK, "import os", "ended with code 3"),
    "a cell that is no Python": (_cell("peak = (1"), NOTEBOOK, "peak = (1", "SyntaxError"),
    "units that do not match": (
        _cell("nonsense = peak_rate + backlog"), NOTEBOOK, "nonsense =", "DimensionalityError",
    ),
    "an assumption outside its range": (
        _replaced(NOTEBOOK, "between=(60, 95)", "between=(85, 95)"),
        NOTEBOOK, "reachable_share = assume", "between",
    ),
    "a source that nobody knows": (
        _replaced(NOTEBOOK, 'source="rfc5321"', 'source="rfc5312"'), NOTEBOOK, "give_up = assume", "rfc5312",
    ),
    "a library that is no Python": (
        _replaced("handbook/netflix.py", "members = assume(", "members == = assume("),
        "handbook/netflix.py", "members == =", "SyntaxError",
    ),
    "an unknown fact": (_in_chapter("{{ peak_rat }}"), CHAPTER, "{{ peak_rat }}", 'did you mean "peak_rate"?'),
    "a fact of an unknown design": (
        _in_chapter('{{ fact("email.peak_rate") }}'), CHAPTER, 'fact("email.', 'no design "email"',
    ),
    "braces that are not closed": (_in_chapter("{{ peak_rate"), CHAPTER, "{{ peak_rate Choose", "not closed"),
    "a number typed by hand": (_in_chapter("It is 34.7 thousand/s."), CHAPTER, "34.7 thousand", "naked quantity"),
    "a number typed into a drawing": (
        _replaced(SCRIPT, '"Lanes\\na pair a provider"', '"Lanes\\n12 TB"'), SCRIPT, "12 TB", 'naked quantity "12 TB"',
    ),
    "a missing section of a notebook": (
        _replaced(CHAPTER, "estimate.md:peak", "estimate.md:peek"), CHAPTER, "estimate.md:peek", 'no section "peek"',
    ),
    "a missing notebook": (
        _replaced(CHAPTER, "estimate.md:peak", "estimates.md:peak"), CHAPTER, "estimates.md:peak", "estimates.md",
    ),
    "a diagram script with a syntax error": (
        _replaced(SCRIPT, 'with Architecture(\n    "start"', 'with Architecture[(\n    "start"'),
        SCRIPT, "Architecture[(", "",
    ),
    "a diagram script that raises": (
        _replaced(SCRIPT, "caller >> Edge", "nobody >> Edge"), SCRIPT, "nobody >>", "nobody",
    ),
    "a missing icon": (
        _replaced(SCRIPT, 'Store("Members",', 'Store("Members", icon="stroe",'), SCRIPT, "stroe", "no icon 'stroe'",
    ),
    "a drawing's link to no heading": (
        _replaced(SCRIPT, 'Gateway("Intake", href="#intake")', 'Gateway("Intake", href="#intaek")'),
        SCRIPT, "#intaek", 'did you mean "intake"?',
    ),
    "an unknown fact in a drawing": (_replaced(SCRIPT, "{{ servers }}", "{{ server }}"), SCRIPT, "{{ server }}", ""),
    "a sequence diagram that cannot be read": (
        _replaced(MERMAID, "S->>L: acknowledge", "S ~~> L: acknowledge"), MERMAID, "S ~~> L", "",
    ),
    "a sequence diagram's link to no heading": (
        _replaced(MERMAID, "Lanes @ #lanes", "Lanes @ #lane"), MERMAID, "@ #lane", "#lane",
    ),
    "a diagram that nobody draws": (
        _replaced(CHAPTER, 'diagram("lanes")', 'diagram("lane")'), CHAPTER, 'diagram("lane")', 'no diagram "lane"',
    ),
    "a part that no sentence names": (
        _replaced(SCRIPT, 'Gateway("Intake", href="#intake")', 'Gateway("Turnstile", href="#intake")'),
        SCRIPT, '"Turnstile"', 'nothing under "Intake" names the part "Turnstile"',
    ),
    "a participant that no sentence names": (
        _replaced(MERMAID, "participant L as Lane", "participant L as Conveyor"), MERMAID, "link L:", "Conveyor",
    ),
    "an edge without its step": (
        _replaced(SCRIPT, 'label="12", minlen', 'label="13", minlen'),
        CHAPTER, "12. The warehouse", "an edge 13, and there is no step 13",
    ),
    "a step without its edge": (
        _replaced(CHAPTER, "12. The warehouse", "12. Nothing happens.\n13. The warehouse"),
        CHAPTER, "13. The warehouse", 'step 13 is no edge of the diagram "final"',
    ),
    "a macro that raises": (_in_chapter('{{ decision("nope") }}'), CHAPTER, '"nope"', "braces raise KeyError: 'nope'"),
    "front matter that is no YAML": (
        _replaced(CHAPTER, "title: Email platform", "title: Email: platform"), CHAPTER, "title: Email:", "not YAML",
    ),
    "front matter that lacks a key": (_replaced(CHAPTER, "role: Software engineer\n", ""), CHAPTER, "---", '"role"'),
    "a page that is not UTF-8": (_not_utf8(CHAPTER, "It works in slices"), CHAPTER, "audience service turns", "UTF-8"),
    "a notebook that is not UTF-8": (_not_utf8(NOTEBOOK, "# ## Messages"), NOTEBOOK, "# ## Messages", "UTF-8"),
    "a drawing that is not UTF-8": (_not_utf8(MERMAID, "claim 42"), MERMAID, "claim 42", "UTF-8"),
    "a dead anchor": (_in_chapter("[There](#nowhere)"), CHAPTER, "#nowhere", "#nowhere"),
    "a dead anchor of another page": (
        _replaced("docs/diagrams.md", "Each picture", "[There](designs/email-platform/index.md#nowhere). Each picture"),
        "docs/diagrams.md", "#nowhere", "nowhere",
    ),
    "a link to no page": (_in_chapter("[There](../gone/index.md)"), CHAPTER, "../gone", "gone"),
    "an image that is not there": (_in_chapter("![A plan](plan.png)"), CHAPTER, "plan.png", "plan.png"),
    "a citation of nothing": (_in_chapter("It is so.[^rfc5312]"), CHAPTER, "rfc5312", 'did you mean "rfc5321"?'),
    "two chapters with one slug": (_twin, TWIN, "slug: email-platform", "docs/designs/email-platform/index.md"),
    "a template that cannot be read": (
        _replaced("overrides/main.html", "{% block styles %}", "{% block %}"), "overrides/main.html", "{% block %}",
        "expected token 'name'",
    ),
    "a template that names what is not there": (
        _replaced("overrides/main.html", "{% block styles %}", "{% block styles %}{{ nothing.at_all }}"),
        "overrides/main.html", "{{ nothing.at_all }}", "'nothing' is undefined",
    ),
    "a page whose front matter is no YAML": (
        _replaced("docs/contribute/writing.md", "title: What", "title: That: what"),
        "docs/contribute/writing.md", "title: That:", "not YAML",
    ),
    "settings that are no YAML": (
        _replaced("mkdocs.yml", "plugins:", "plugins: ]"), "mkdocs.yml", "plugins: ]", "not YAML",
    ),
}  # fmt: skip


def told(stderr: str) -> list[re.Match[str]]:
    """The findings. Nothing but findings may be said."""
    found = [FINDING.fullmatch(line) for line in stderr.splitlines()]
    assert all(found), stderr
    return found


@pytest.mark.parametrize("kind", BROKEN)
def test_the_author_is_told_where_and_how_and_the_last_good_site_stays(kind: str, project: Copy) -> None:
    if kind == "a cell that takes all memory" and sys.platform != "linux":
        pytest.skip("only Linux limits what a process may ask for")
    breaks, path, words, says = BROKEN[kind]
    before = project.contents()
    breaks(project)
    done = project.run(HANDBOOK_CELL_LIMIT="5" if kind == "a cell that never ends" else "60", HANDBOOK_MEMORY_LIMIT="2")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    place = (path, project.line(words, path))
    here = [found for found in told(done.stderr) if (found["path"], int(found["line"])) == place]
    assert any(says in found[0] for found in here), f"{place} is not in\n{done.stderr}"
    assert project.contents() == before


def test_the_check_names_all_faults_at_once(project: Copy) -> None:
    kinds = ["a dead anchor of another page", "a number typed by hand", "a number typed into a drawing",
             "a drawing's link to no heading", "a sequence diagram's link to no heading"]  # fmt: skip
    before = project.contents()
    for kind in kinds:
        BROKEN[kind][0](project)
    done = project.run("check")
    found = {(one["path"], int(one["line"])) for one in told(done.stderr)}
    assert done.returncode == 1
    assert found >= {(path, project.line(words, path)) for _, path, words, _ in map(BROKEN.__getitem__, kinds)}
    assert project.contents() == before


# Those of a group are found by the same stage. What an earlier one finds would hide what a later one has to say.
@pytest.mark.parametrize("kinds", [
    ("a dead anchor", "a dead anchor of another page", "a link to no page", "an image that is not there"),
    ("a macro that raises",), ("a missing icon",),
], ids=", ".join)  # fmt: skip
def test_the_check_names_each_fault_once(kinds: tuple[str, ...], project: Copy) -> None:
    for kind in kinds:
        BROKEN[kind][0](project)
    places = sorted((path, project.line(words, path)) for _, path, words, _ in map(BROKEN.__getitem__, kinds))
    found = told(project.run("check").stderr)
    assert sorted((one["path"], int(one["line"])) for one in found) == places, found


def test_the_check_of_this_project_finds_nothing(project: Copy) -> None:
    done = project.run("check")
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
