"""The diagrams of all designs: scripts and Mermaid texts in, pictures for the page and for download out."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from scripts.checks.measures import without_step
from scripts.findings import ContentError, Finding
from scripts.layout import Design, Project
from scripts.manifest import Manifest, digest, files_below, sweep, write
from scripts.store import Store

#: The pictures of each design, by its slug, as its index tells them.
Pictures = dict[str, list[dict[str, Any]]]

_PLACEHOLDER = re.compile(r"\{\{.*?\}\}")
_STEP = re.compile(r"\s*(?P<step>\d{1,2})[a-z]?[.:)]?\s*(?P<words>(?<=\s)\S.*)?", re.DOTALL)


def _made_from(design: Design, store: Store) -> str:
    """What the pictures of a design depend on: their texts, the facts in their labels, whatever draws them."""
    facts = {f.key: f.text for named in store.facts.values() for f in named.values()}
    lock, indexed = design.root / "package-lock.json", design.root / "scripts/figures.py"
    drawing = files_below(design.root / "handbook/drawing", lock, indexed)
    own = [design.script, *design.sequences]
    locked = (design.root / "requirements.txt").read_text()
    return digest([*own, *drawing], json.dumps(facts, sort_keys=True), locked, root=design.root)


def refresh(project: Project, manifest: Manifest, progress: Callable[[str], None]) -> None:
    """Draw what is stale, all in one batch. Raises ContentError with every finding."""
    store = Store(project)
    wanted = {design: _made_from(design, store) for design in project.works if design.script.exists()}
    before = store.pictures
    stale = [
        design
        for design, made_from in wanted.items()
        if not manifest.is_fresh(
            f"diagrams/{design.slug}", made_from, _sprite(project), *_vectors(project, design, before)
        )
    ]
    for design in stale:
        progress(f"drawing the diagrams of {design.slug}")
    after = before
    if stale:
        _draw(stale, store)
        after = Store(project).pictures
        _write_sprite(project, after)
    for design in stale:
        manifest.record(f"diagrams/{design.slug}", wanted[design])
    drawn = [path for design in wanted for path in _vectors(project, design, after)]
    kept = [*drawn, *(path.with_suffix(".png") for path in drawn)]
    sweep([project.build / name for name in ("diagrams", "downloads")], kept)


def _vectors(project: Project, design: Design, pictures: Pictures) -> Iterator[Path]:
    """The index of a design's pictures, and each as it stands in the page and in a file."""
    drawn, files = (project.build / name / design.slug for name in ("diagrams", "downloads"))
    yield drawn / "index.json"
    for picture in pictures.get(design.slug, []):
        yield from (folder / f"{picture['name']}.svg" for folder in (drawn, files))


def _sprite(project: Project) -> Path:
    return project.build / "icons.svg"


def _draw(designs: list[Design], store: Store) -> None:
    """Draw all designs in one batch: one start of Node. Raises ContentError with the findings of all of them."""
    from handbook import drawing  # heavy: only when something is drawn

    project, facts = store.project, {f.key: f.text for named in store.facts.values() for f in named.values()}
    drawings, findings = [], []
    for read, path in _sources(designs):
        try:
            drawn = getattr(drawing, read)(path)
            drawings += drawn if isinstance(drawn, list) else [drawn]
        except drawing.DrawingError as error:
            findings += _findings(error, project)
    if findings:
        raise ContentError(findings)
    try:
        pictures = drawing.draw(drawings, facts, sprite_url="{{sprite}}")
    except drawing.DrawingError as error:
        raise ContentError(_findings(error, project)) from None
    except drawing.SetupError as error:
        raise ContentError([Finding("package-lock.json", 1, str(error), "then build again")]) from None
    for design in designs:
        _write(project, design, [(d, pictures[d.key]) for d in drawings if d.design == design.slug])


def _sources(designs: list[Design]) -> list[tuple[str, Path]]:
    """Which reader of `handbook.drawing` reads which file."""
    scripts = [("collect", design.script) for design in designs]
    return scripts + [("collect_sequence", path) for design in designs for path in design.sequences]


def _findings(error: Any, project: Project) -> list[Finding]:
    return [Finding(project.relative(e.path), e.line, e.what, e.mend) for e in error.all]


def exports(project: Project) -> list[Callable[[], object]]:
    """What makes the PNGs that are missing: most of the time that pictures take, and no page waits for them."""
    vectors = sorted((project.build / "downloads").glob("*/*.svg"))
    waiting = [path for path in vectors if not path.with_suffix(".png").exists()]
    if not waiting:
        return []
    from handbook.drawing import png  # here: not in the threads that may do it, see scripts/live/image.py

    return [partial(_export, path, png) for path in waiting]


def _export(vector: Path, png: Callable[[str], bytes]) -> None:
    write(vector.with_suffix(".png"), png(vector.read_text(encoding="utf-8")))


def _write(project: Project, design: Design, drawn: list[tuple[Any, Any]]) -> None:
    downloads = project.build / "downloads" / design.slug
    index: list[dict[str, Any]] = []
    for item, picture in drawn:
        write(project.build / "diagrams" / design.slug / f"{item.name}.svg", picture.page_svg)
        if write(downloads / f"{item.name}.svg", picture.standalone_svg):
            (downloads / f"{item.name}.png").unlink(missing_ok=True)  # no longer of this picture: `exports` makes it
        index.append({
            "name": item.name, "title": picture.title, "description": picture.description, "line": item.line,
            "source": project.relative(item.path), "links": picture.links, "icons": sorted(picture.icons),
            "width": picture.width, "height": picture.height, "nodes": _nodes(item), "steps": _steps(item.body),
        })  # fmt: skip
    write(project.build / "diagrams" / design.slug / "index.json", json.dumps(index, indent=1, ensure_ascii=False))


def _nodes(item: Any) -> list[tuple[str, str, int]]:
    """Target, name and line of each part. The first line of a label names it; what stands below describes it."""
    return [(node.href, _PLACEHOLDER.sub("", node.label.split("\n")[0]).strip(" ,:"), node.line) for node in item.nodes]


def _steps(body: Any) -> list[int]:
    """The numbers of the edges ("3", "3 take"), or of the messages of a sequence that counts them."""
    messages = getattr(body, "messages", None)
    if messages is not None:
        return sorted({message.number for message in messages() if message.number})
    numbered = (_STEP.fullmatch(edge.label) for edge in body.edges)
    return sorted({int(found["step"]) for found in numbered if found and (not found["words"] or _is_step(found[0]))})


def _is_step(label: str) -> bool:
    """Whether the number that a label begins with is that of a step, and not a quantity: "3 take", but not "3 TB"."""
    return without_step(label) != label


def _write_sprite(project: Project, pictures: Pictures) -> None:
    from handbook import drawing

    icons = sorted({icon for drawn in pictures.values() for picture in drawn for icon in picture["icons"]})
    write(_sprite(project), drawing.sprite(icons))
