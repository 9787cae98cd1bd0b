"""`make new slug=…`: the files of a new chapter, which build green at once and say what belongs where."""

from __future__ import annotations

import importlib.util
import keyword
import re
from pathlib import Path
from string import Template

from scripts.checks.encoding import read_yaml
from scripts.findings import ContentError, Finding
from scripts.layout import SLUG, Project
from scripts.today import today

TEMPLATES = Path(__file__).with_name("chapter_template")

#: Which template becomes which file; `$slug` as in a path, `$module` with _ for -.
FILES = {
    "index.md": "docs/designs/$slug/index.md",
    "estimate.py": "docs/designs/$slug/estimate.py",
    "simulate.py": "docs/designs/$slug/simulate.py",
    "diagrams.py": "diagrams/$slug.py",
    "numbers.md": "docs/designs/$slug/numbers.md",
    "request.mmd": "diagrams/$slug/request.mmd",
    "snippet.py": "snippets/$module/once.py",
    "test_notebooks.py": "tests/docs/test_$module.py",
    "test_snippet.py": "tests/snippets/$module/test_once.py",
}


def start(project: Project, slug: str) -> list[Path]:
    """Write a chapter's files and its line in the navigation. Returns the files.

    Raises ContentError for a slug that is none or is taken, be it by a module of Python: a `diagrams/email.py` would
    stand in the way of whatever imports `email` there. Then nothing is written.
    """
    if not SLUG.fullmatch(slug):
        mend = "write make new slug=your-design, of a-z, 0-9 and single hyphens"
        raise ContentError([Finding("Makefile", 1, f"{slug!r} is no slug", mend)])
    module = slug.replace("-", "_")
    if not module.isidentifier() or keyword.iskeyword(module) or importlib.util.find_spec(module):
        what = f"{slug!r} cannot name what Python imports: it begins with a number, is a word of Python, or a module"
        raise ContentError([Finding("Makefile", 1, what, "name it otherwise, as in slug=email-platform")])
    known = _coming(project).get(slug, {})
    title = known.get("title") or slug.replace("-", " ").capitalize()
    values = {
        "slug": slug, "module": module, "title": title, "today": today().isoformat(),
        "company": known.get("company", "To be named"),
        "prompt": known.get("prompt", "The question, in our own words."),
    }  # fmt: skip
    targets = {name: project.root / Template(path).substitute(values) for name, path in FILES.items()}
    taken = [path for path in targets.values() if path.exists()]
    if taken:
        raise ContentError(
            [Finding(project.relative(p), 1, "this is there already", "choose another slug") for p in taken]
        )
    for name, path in targets.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(Template((TEMPLATES / name).read_text(encoding="utf-8")).substitute(values), encoding="utf-8")
    _navigate(project.root / "mkdocs.yml", f"      - {title}: designs/{slug}/index.md\n")
    return [*targets.values(), project.root / "mkdocs.yml"]


def _coming(project: Project) -> dict[str, dict[str, str]]:
    """The designs that mkdocs.yml lists as coming, by slug: what is known of a chapter before it is written."""
    settings = read_yaml(project.root / "mkdocs.yml")
    return {design["slug"]: design for design in settings["extra"]["coming"]}


def _navigate(settings: Path, line: str) -> None:
    """Put the chapter behind the last one in the navigation."""
    text = settings.read_text(encoding="utf-8")
    last = list(re.finditer(r"^ {6}- .*: designs/.*\n", text, re.MULTILINE))[-1]
    settings.write_text(text[: last.end()] + line + text[last.end() :], encoding="utf-8")
