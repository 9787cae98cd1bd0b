"""Builds the site: only what is stale is done again, and `site/` appears whole or not at all."""

from __future__ import annotations

import json
import logging
import re
import shutil
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from scripts import manifest as inputs
from scripts.findings import ContentError, Finding
from scripts.layout import Project, site_url
from scripts.manifest import Manifest, write

Progress = Callable[[str], None]


def build(project: Project, progress: Progress = print) -> Path:
    """Bring `site/` up to date and return it. Raises ContentError for bad content; the last good site then stays."""
    _recover(project)
    manifest = Manifest(project.build / "manifest.json")
    made_from = inputs.inputs_digest(project.root)
    if manifest.is_fresh("site", made_from, project.site):
        progress("nothing changed: site/ is up to date")
        return project.site
    from scripts import figures, imports  # heavy, as all below: only when something is stale
    from scripts.beside import beside
    from scripts.live import image as live

    staging = project.build / "staging"
    with imports.remembering(project.build / "cache/imports.pickle"):
        prepare(project, manifest, progress)
        left = [live.packing(project, manifest, progress), *figures.exports(project)]
        progress("building the pages")
        with beside(left):
            render(project, staging)
    add_data(project, staging)
    _swap(project, staging)
    manifest.record("site", made_from)
    return project.site


def prepare(project: Project, manifest: Manifest, progress: Progress) -> None:
    """Everything before the pages: notebooks executed, diagrams drawn, sources checked. Raises ContentError."""
    from scripts import checks, figures, notebook_stage

    findings = checks.before_running(project)
    if findings:
        raise ContentError(findings)
    notebook_stage.refresh(project, manifest, progress)
    figures.refresh(project, manifest, progress)
    findings = checks.before_rendering(project)
    if findings:
        raise ContentError(findings)


def draw(project: Project, progress: Progress) -> list[Path]:
    """Only the pictures, for people who want nothing else: the SVG and PNG files. Raises ContentError."""
    from scripts import figures
    from scripts.beside import together

    prepare(project, Manifest(project.build / "manifest.json"), progress)
    together(figures.exports(project))
    return sorted((project.build / "downloads").glob("*/*"))


def render(project: Project, staging: Path) -> None:
    """Run MkDocs, strictly, into the staging folder, and turn what it complains about into findings."""
    from scripts import notebook_pages

    notebook_pages.defer_imports()
    from jinja2 import TemplateError
    from mkdocs.commands.build import build as mkdocs_build
    from mkdocs.config import load_config
    from mkdocs.exceptions import Abort, ConfigurationError

    from scripts import render_cache

    complaints = _Complaints()
    logger = logging.getLogger("mkdocs")
    logger.addHandler(complaints)
    try:
        elsewhere = {"site_url": url} if (url := site_url()) else {}
        with render_cache.caching(project):
            config = load_config(str(project.root / "mkdocs.yml"), site_dir=str(staging), strict=True, **elsewhere)
            config.plugins.on_startup(command="build", dirty=False)
            mkdocs_build(config)
        config.plugins.on_shutdown()
    except (Abort, ConfigurationError, SystemExit) as error:
        raise ContentError(complaints.findings(project) or [Finding("mkdocs.yml", 1, str(error), "mend it")]) from None
    except TemplateError as error:
        raise ContentError([_of_template(error, project)]) from None
    finally:
        logger.removeHandler(complaints)


def _of_template(error: Exception, project: Project) -> Finding:
    """An error in a template of overrides/, at its line: Jinja names both among the frames of its traceback."""
    frames = [(Path(frame.filename), frame.lineno or 1) for frame in traceback.extract_tb(error.__traceback__)]
    ours = [(path, line) for path, line in frames if path.is_relative_to(project.root / "overrides")]
    path, line = ours[-1] if ours else (project.root / "mkdocs.yml", 1)
    return Finding(project.relative(path), line, f"the template cannot be filled: {error}", "mend what it says there")


class _Complaints(logging.Handler):
    """Keeps the warnings and errors that MkDocs and its plugins log."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())

    def findings(self, project: Project) -> list[Finding]:
        """Each message at the page that it names, on the line that holds what it quotes."""
        found = []
        for message in self.messages:
            if _OMITTED in message:
                found += [_omitted(project, page) for page in re.findall(r"^ +- (.+)$", message, re.MULTILINE)]
            elif not message.startswith("Aborted with"):
                found.append(_located(project, message))
        return found


_OMITTED = 'not included in the "nav" configuration'


def _omitted(project: Project, page: str) -> Finding:
    what, line = "no navigation leads to this page", f"- Its title: {page}"
    return Finding(project.relative(project.docs / page), 1, what, f'add "{line}" to nav in mkdocs.yml, or not_in_nav')


def _located(project: Project, message: str) -> Finding:
    if error := _MACRO_ERROR.search(message):
        return _macro_error(project.docs / error["page"], error["kind"], error["words"], message, project)
    quoted = re.findall(r"'([^']+)'", message)
    page = next((project.docs / q for q in quoted if (project.docs / q).is_file()), None)
    if page is None:
        return Finding(
            "mkdocs.yml", 1, message.splitlines()[0], "see what MkDocs says, and mend the page or the setting"
        )
    others = sorted((q for q in quoted if q != page.relative_to(project.docs).as_posix()), key=len, reverse=True)
    lines = page.read_text(encoding="utf-8").splitlines()
    line = next((n for q in others for n, text in enumerate(lines, 1) if q in text), 1)  # the most telling words first
    return Finding(project.relative(page), line, message.splitlines()[0], "correct the link, or add what it points to")


#: What mkdocs-macros writes above its traceback; the last template line in that is the one that was rendered.
_MACRO_ERROR = re.compile(r"_File_: `(?P<page>[^`]+)`\s+_(?P<kind>\w+)_: (?P<words>[^\n]*)")
_TEMPLATE_LINE = re.compile(r'File "<template>", line (\d+)')


def _macro_error(page: Path, kind: str, words: str, message: str, project: Project) -> Finding:
    """An error between braces, at its line. MkDocs takes the front matter and blank lines off before it renders."""
    from scripts.store import FRONT  # it reads YAML, which costs as much as finding that nothing changed

    text = page.read_text(encoding="utf-8")
    front = FRONT.match(text)
    body = text[front.end() if front else 0 :].lstrip("\n")
    rendered = _TEMPLATE_LINE.findall(message)
    line = text.removesuffix(body).count("\n") + int(rendered[-1]) if rendered else 1
    return Finding(
        project.relative(page), line, f"braces raise {kind}: {words}", "correct the name or the argument in them"
    )


def add_data(project: Project, staging: Path) -> None:
    """What is published beside the pages: facts, finished designs, pictures, what machines and hosts read."""
    from scripts import figures, publish
    from scripts.beside import together
    from scripts.live import image as live
    from scripts.store import Store

    together(figures.exports(project))  # none, unless rendering failed and these pages are only checked
    store = Store(project)
    told = [named for design, named in store.facts.items() if design not in store.drafts]
    facts = [{"id": f.key, **f.record, "design": f.design} for named in told for f in named.values()]
    designs = [{"slug": slug, "url": f"designs/{slug}/", **_jsonable(meta)} for slug, meta in store.finished.items()]
    write(staging / "facts.json", _records(facts))
    write(staging / "designs.json", _records(designs))
    live.publish(project, staging)
    write(staging / "assets/icons.svg", (project.build / "icons.svg").read_bytes())
    for design in project.works:
        _copy(project.build / "downloads" / design.slug, staging / "diagrams" / design.slug)
    for name in ("diagrams", "snippets"):
        _copy(project.root / name, staging / "source" / name)
    publish.add(project, staging, store)


def _records(records: list[dict[str, Any]]) -> str:
    """JSON, a record a line: `diff` and `grep` tell records. (With an indent, Python does what its C code would.)"""
    lines = ",\n".join(json.dumps(record, ensure_ascii=False) for record in records)
    return f"[\n{lines}\n]\n"


def _copy(origin: Path, target: Path) -> None:
    if origin.is_dir():
        shutil.copytree(origin, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*"))


def _jsonable(meta: dict[str, Any]) -> dict[str, Any]:
    return json.loads(json.dumps(meta, default=str))


def _swap(project: Project, staging: Path) -> None:
    """Put the finished site in place. Between the two renames `_recover` finds the old one again."""
    previous = project.build / "previous-site"
    shutil.rmtree(previous, ignore_errors=True)
    if project.site.exists():
        project.site.rename(previous)
    staging.rename(project.site)
    shutil.rmtree(previous, ignore_errors=True)


def _recover(project: Project) -> None:
    """After a build that was killed in the middle of the swap: bring the last good site back."""
    previous = project.build / "previous-site"
    if previous.is_dir() and not project.site.exists():
        previous.rename(project.site)
