"""The build as a whole: only what is stale is done again, `site/` is whole or not there, and the same everywhere."""

from __future__ import annotations

import json
import re
import shutil
import signal
from html import unescape
from pathlib import Path

import pytest
import yaml

from scripts.checks.chapters import SECTIONS
from scripts.copies import DEADLINE
from scripts.layout import address_of
from scripts.manifest import Manifest
from tests.projects import CHAPTER, NOTEBOOK, SCRIPT, Copy
from tests.scripts.content import FRONT

MADE = ("build/facts", "build/fragments", "build/notebooks", "build/diagrams", "build/downloads")
RUNNING = f"running {NOTEBOOK}"
DRAWING = "drawing the diagrams of email-platform"
PACKING = "packing Python for the page"  # whenever the library changed
PAGES = ["building the pages", "site/ is complete"]
#: Where a build of the second design is cut off: an operation and how its first argument ends.
#: The last is the one moment without a site.
MOMENTS = {
    "before a notebook runs": "os.chdir docs/designs/second",
    "before its results are kept": "os.rename second/.estimate.md.part",
    "before diagrams are drawn": "subprocess.Popen node",
    "while pages are written": "open staging/diagrams/index.html",
    "while data are added": "os.rename staging/.designs.json.part",
    "before the swap": "os.rename /site",
    "within the swap": "os.rename build/staging",
}


SECOND_NOTEBOOK = """\
# %% section="peak"
from handbook import assume, show

rate = assume("Requests", 3, "request/second", because="a test")
show()
"""
SECOND_SCRIPT = """\
from handbook.drawing import Architecture, Service

with Architecture("only", title="The only one", description="One part takes {{ rate }}. There is no other."):
    Service("Front", href="#failure")
"""


def add_a_second_design(project: Copy) -> None:
    """A small one, with all that a design has: what is true of any design is soon tried with it."""
    shown = {"Estimation": '--8<-- "second/estimate.md:peak"\n\nIt is {{ rate }}.',
             "The design, grown": '{{ diagram("only") }}'}  # fmt: skip
    front = FRONT.replace("slug: demo", "slug: second").replace("[later]", "[email-platform]")
    sections = [f"## {section}\n\n{shown.get(section, 'The front takes every request.')}\n" for section in SECTIONS]
    project.write("docs/designs/second/index.md", "\n".join([front, "# A second design\n", *sections]))
    project.write("docs/designs/second/estimate.py", SECOND_NOTEBOOK)
    project.write("diagrams/second.py", SECOND_SCRIPT)
    first = ": designs/email-platform/index.md\n"
    project.replace("mkdocs.yml", first, f"{first}      - Second: designs/second/index.md\n")


def page(project: Copy) -> str:
    return project.read("site/designs/email-platform/index.html")


def shown(html: str, key: str) -> set[str]:
    """The texts that a page shows for a fact."""
    return {unescape(text) for text in re.findall(rf'data-fact="{re.escape(key)}"[^>]*>(.*?)</', html)}


def facts(project: Copy) -> dict[str, dict]:
    return {fact["id"]: fact for fact in json.loads(project.read("site/facts.json"))}


# Only what is stale


def test_nothing_changed_so_nothing_is_done(project: Copy) -> None:
    before = project.times("build") | project.times("site")
    assert project.build() == ["nothing changed: site/ is up to date", "site/ is complete"]
    assert project.times("build") | project.times("site") == before


def test_prose_runs_no_notebook_and_draws_nothing(project: Copy) -> None:
    before = [project.times(folder) for folder in MADE]
    project.replace(CHAPTER, "Servers are the easy part of email.", "Servers are by far the easy part of email.")
    assert project.build() == PAGES
    assert "by far the easy part" in page(project)
    assert [project.times(folder) for folder in MADE] == before


def test_a_library_module_runs_the_notebooks_that_import_it_and_what_follows_from_them(project: Copy) -> None:
    before = facts(project)["email-platform.reachable"]["text"]
    project.replace("handbook/netflix.py", '"Paid memberships", 325', '"Paid memberships", 340')
    expected = [RUNNING, DRAWING, PACKING, *PAGES]  # and whatever other designs assume the same
    assert [line for line in project.build() if line in expected] == expected
    now = facts(project)["email-platform.reachable"]
    assert now["base"] == pytest.approx(340e6 * 0.8)
    assert now["text"] != before
    assert shown(page(project), "email-platform.reachable") == {now["text"], now["full"]}


def test_an_edit_that_changes_no_number_draws_nothing(project: Copy) -> None:
    project.append("handbook/netflix.py", "# That is all.\n")
    said = project.build()
    assert RUNNING in said
    assert DRAWING not in said


def test_a_library_module_that_no_notebook_imports_runs_nothing(project: Copy) -> None:
    project.write("handbook/nobody.py", '"""Imported by nobody."""\n')
    assert project.build() == [PACKING, *PAGES]


def test_a_diagram_is_drawn_again_and_no_notebook_runs(project: Copy) -> None:
    before = project.times("build/downloads/email-platform")
    project.replace(SCRIPT, '"Lanes\\na pair a provider"', '"Lanes\\ntwo a provider"')
    assert project.build() == [DRAWING, *PAGES]
    assert "two a provider" in page(project)
    after = project.times("build/downloads/email-platform")
    assert {name for name in after if after[name] != before[name]} == {"final.svg", "final.png"}


def test_pngs_that_an_interrupted_build_did_not_finish_are_made_by_the_next(project: Copy) -> None:
    made, half = (project.root / "build/downloads/email-platform" / name for name in ("final.png", ".final.png.part"))
    project.replace(SCRIPT, '"Lanes\\na pair a provider"', '"Lanes\\ntwo a provider"')
    project.interrupt("os.rename email-platform/.final.png.part", signal.SIGKILL)
    assert (half.exists(), made.exists()) == (True, False)
    assert project.build() == PAGES
    assert (project.root / "site/diagrams/email-platform/final.png").read_bytes() == made.read_bytes()
    assert made.read_bytes().startswith(b"\x89PNG")
    assert not half.exists()


def test_what_somebody_has_deleted_is_made_again(project: Copy) -> None:
    made = {"fragments/email-platform/estimate.md": RUNNING, "diagrams/email-platform/final.svg": DRAWING,
            "downloads/email-platform/final.svg": DRAWING, "icons.svg": DRAWING}  # fmt: skip
    for name, stage in made.items():
        (project.root / "build" / name).unlink()
        project.append(CHAPTER, "\nA word more.\n")
        assert stage in project.build(), name
        assert (project.root / "build" / name).is_file()


@pytest.mark.parametrize("left", ["[]", "[1]", "{", ""])
def test_a_manifest_that_is_none_is_taken_for_empty(left: str, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_text(left, encoding="utf-8")
    assert not Manifest(tmp_path / "manifest.json").is_fresh("site", "")


def test_a_picture_that_is_no_longer_drawn_is_no_longer_published(project: Copy) -> None:
    project.replace(SCRIPT, '    "failover",', '    "regions",')
    project.replace(CHAPTER, 'diagram("failover")', 'diagram("regions")')
    project.build()
    names = set(project.contents("site/diagrams/email-platform"))
    assert {"regions.svg", "regions.png"} <= names
    assert not {"failover.svg", "failover.png"} & names


def test_a_design_and_a_notebook_that_are_gone_take_everything_along(project: Copy) -> None:
    add_a_second_design(project)
    extra = "docs/designs/email-platform/extra.py"
    project.write(extra, '# %% tags=["notebook-only"]\nfrom handbook import assume\n\n'
                  'cups = assume("Cups of coffee", 2, because="it was late")\n')  # fmt: skip
    project.append(CHAPTER, "\nThat took {{ cups }} of coffee.\n")
    project.build()
    assert {"second.rate", "email-platform.cups"} <= facts(project).keys()
    assert (project.root / "site/diagrams/second/only.svg").is_file()
    (project.root / extra).unlink()
    project.replace(CHAPTER, "\nThat took {{ cups }} of coffee.\n", "")
    shutil.rmtree(project.root / "docs/designs/second")
    (project.root / "diagrams/second.py").unlink()
    project.replace("mkdocs.yml", "      - Second: designs/second/index.md\n", "")
    project.build()
    assert not [key for key in facts(project) if key.startswith("second.") or key == "email-platform.cups"]
    assert not [name for name in project.contents() if "second" in name or "email-platform/extra" in name]


def test_two_notebooks_that_name_the_same_quantity_are_refused_each_time(project: Copy) -> None:
    extra = "docs/designs/email-platform/extra.py"
    project.write(extra, '# %% tags=["notebook-only"]\nfrom handbook import Q\n\npeak_rate = Q(2, "message/second")\n')
    for _ in range(2):
        done = project.run()
        assert done.returncode == 1
        assert done.stderr.startswith(f"{extra}:4: ")
        assert "'peak_rate'" in done.stderr


# Whole or not at all


def test_builds_that_are_killed_leave_the_last_good_site_and_the_next_one_goes_on(project: Copy) -> None:
    add_a_second_design(project)
    project.build()
    before = project.contents()
    project.replace("docs/designs/second/estimate.py", '"Requests", 3', '"Requests", 4')
    for moment, operation in MOMENTS.items():
        assert project.interrupt(operation, signal.SIGKILL).returncode == -signal.SIGKILL
        if moment != "within the swap":
            assert project.contents() == before, moment
    assert not (project.root / "site").exists()  # the one moment without a site: whoever starts next brings it back
    project.replace(CHAPTER, "## Failure", "## Failures")
    assert project.run().returncode == 1
    assert project.contents() == before
    project.replace(CHAPTER, "## Failures", "## Failure")
    project.build()
    assert facts(project)["second.rate"]["base"] == 4
    assert not {"staging", "previous-site"} & {path.name for path in (project.root / "build").iterdir()}


def test_ctrl_c_ends_a_build_without_a_word(project: Copy) -> None:
    before = project.contents()
    project.append(CHAPTER, "\nA word more.\n")
    done = project.interrupt(MOMENTS["while pages are written"], signal.SIGINT)
    assert (done.returncode, done.stderr) == (130, "")
    assert project.contents() == before


@pytest.mark.parametrize("command", ["site", "check", "diagrams"])
def test_a_command_waits_for_a_build_in_the_same_folder_and_takes_over_when_that_is_killed(
    project: Copy, command: str
) -> None:
    edit = MOMENTS["before the swap"] if command == "site" else MOMENTS["while pages are written"]
    project.append(CHAPTER, "\nA word more.\n")
    with project.paused(edit):
        later = project.start(command)
        assert later.stdout.readline().startswith("another build is under way")
    out, err = later.communicate(timeout=DEADLINE)
    assert (later.returncode, err) == (0, ""), out


# The data beside the pages


def test_the_facts_file_has_every_fact_and_the_pages_show_just_these(built: Copy) -> None:
    known = facts(built)
    assert len(known) > 100
    for key, fact in known.items():
        assert key == f"{fact['design']}.{fact['name']}"
        assert fact["kind"] in ("assumed", "sourced", "simulated", "derived")
        assert fact["formula"] if fact["kind"] == "derived" else fact["source"] or fact["because"]
        assert all(f"{fact['design']}.{name}" in known for name in fact["inputs"])
    sources = {source["id"] for source in yaml.safe_load(built.read("sources.yml"))}
    assert {fact["source"] for fact in known.values()} - {None} <= sources
    for path in sorted((built.root / "site").rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        for key in set(re.findall(r'data-fact="([^"]+)"', html)):
            assert shown(html, key) <= {known[key]["text"], known[key]["full"]}, path
    ledger = built.read("site/designs/email-platform/numbers/index.html")
    assert all(f'data-fact="{key}"' in ledger for key, fact in known.items() if fact["design"] == "email-platform")


def test_the_facts_lead_to_their_cells(built: Copy) -> None:
    for fact in facts(built).values():
        notebook = f"{address_of(fact['design'])}{fact['notebook']}"
        assert f'id="{fact["cell"]}"' in built.read(f"site/{notebook}/index.html")
        line = built.read(f"docs/{notebook}.py").splitlines()[fact["line"] - 1]
        assert line.startswith(f"{fact['name']} = ")


def test_the_designs_file_has_every_chapter_with_its_front_matter(built: Copy) -> None:
    designs = json.loads(built.read("site/designs.json"))
    chapters = sorted((built.root / "docs/designs").glob("*/index.md"))
    assert [design["slug"] for design in designs] == [path.parent.name for path in chapters]
    for design, chapter in zip(designs, chapters, strict=True):
        front = yaml.safe_load(chapter.read_text(encoding="utf-8").split("---\n")[1])
        assert {key: design[key] for key in front} == json.loads(json.dumps(front, default=str))
        assert (built.root / "site" / design["url"] / "index.html").is_file()


def test_the_site_is_the_same_in_another_folder_on_another_day(built: Copy, tmp_path: Path) -> None:
    other = Copy.of_sources(tmp_path / "elsewhere/a project")
    other.build(SOURCE_DATE_EPOCH="0", TZ="Asia/Tokyo", LANG="C", PYTHONHASHSEED="1")
    first, second = built.contents(), other.contents()
    assert first.keys() == second.keys()
    # The map for search engines says on which day the site was built.
    dated = {"sitemap.xml", "sitemap.xml.gz"}
    assert {name for name in first if first[name] != second[name]} <= dated
    assert not [text for text in _texts(built) if str(built.root.parent) in text]


def _texts(project: Copy) -> list[str]:
    """All texts of the site: none may tell where it was built."""
    kinds = {".html", ".json", ".svg", ".ipynb", ".xml"}
    return [p.read_text(encoding="utf-8") for p in (project.root / "site").rglob("*") if p.suffix in kinds]
