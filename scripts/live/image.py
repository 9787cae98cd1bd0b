"""Makes `live/` of the site: all that a chapter loads after the first touch, under names of its content.

Python changes with the lock file, the library with `handbook/` and `snippets/`, a design's file with its chapter: each
is made again only then. `manifest.json` says what is called how today.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

from scripts import imports, node
from scripts.findings import ContentError, Finding
from scripts.layout import Project
from scripts.manifest import Manifest, digest, files_below, fingerprint, write, write_named
from scripts.notebook_stage import KINDS
from scripts.store import Store

PYODIDE = "node_modules/pyodide"
#: What of Pyodide the page loads as it is; its standard library is replaced by what is imported of it.
RUNTIME = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm")
#: Modules of the page that are loaded after the first touch, and what each is made from.
BUNDLES = {"panel": "panel.js", "editor": "editor-bundle.js", "vega": "vega-bundle.js"}
#: What notebooks need besides the library, and what only fails or explains: imported late, hence not seen otherwise.
LATE = ("_ast_unparse", "encodings.idna", "traceback", "handbook.live.page", "compiled")


def packing(project: Project, manifest: Manifest, progress: Callable[[str], None]) -> Callable[[], None]:
    """What brings `build/live/` up to date. It may be called in a thread: all that imports the library is done at once.

    Threads that begin to import the same package may fail both (python/cpython#83065). Raises ContentError when Node or
    one of its packages is missing, as does what is returned.
    """
    names = {**_scripts(project, manifest), "designs": _designs(project, manifest)}
    wanted = _modules(project)
    packed = files_below(*(project.root / name for name in ("handbook", "snippets", "scripts/live")))
    locks = [project.root / name for name in ("package-lock.json", "requirements.txt")]
    made_from = digest([*packed, *locks], *wanted, root=project.root)
    record = project.build / "cache/live.json"
    if stale := not manifest.is_fresh("live", made_from, record):
        import handbook.drawing.node  # noqa: F401 - what runs Node asks it (scripts/node.py)

        progress("packing Python for the page")

    def finish() -> None:
        if stale:
            write(record, json.dumps(_freeze(project, wanted)))
            manifest.record("live", made_from)
        known = {**json.loads(record.read_text(encoding="utf-8")), **names}
        write(project.build / "live/manifest.json", json.dumps(known, indent=1, sort_keys=True))
        _sweep(project.build / "live", known)

    return finish


def publish(project: Project, staging: Path) -> None:
    """Put `live/` into the site. Pages that are only checked may come before it was ever made."""
    if (project.build / "live").is_dir():
        shutil.copytree(project.build / "live", staging / "live", dirs_exist_ok=True)


def _sweep(folder: Path, names: dict[str, Any]) -> None:
    kept = {"manifest.json", *(n.rstrip("/") for n in names.values() if isinstance(n, str)), *names["designs"].values()}
    for path in folder.iterdir():
        if path.name not in kept:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _designs(project: Project, manifest: Manifest) -> dict[str, str]:
    """The name of each design's file."""
    folder, store, names = project.build / "live", Store(project), {}
    for design in project.works:
        product, found = f"live/{design.slug}", [project.build / kind / f"{design.slug}.json" for kind in KINDS]
        cells = [project.build / "notebooks" / design.slug / f"{book.stem}.json" for book in design.notebooks]
        written_by = [Path(__file__).with_name("sources.py"), project.root / "handbook/uncertainty.py"]
        made_from = digest([*found, *cells, *written_by], root=project.root)
        before = [*folder.glob(f"{design.slug}-{'?' * 12}.json")]
        if manifest.is_fresh(product, made_from) and len(before) == 1:
            names[design.slug] = before[0].name
            continue
        from scripts.live import sources  # heavy: it asks the library

        names[design.slug] = write_named(folder, design.slug, "json", sources.text(design, store).encode())
        manifest.record(product, made_from)
    return names


def _scripts(project: Project, manifest: Manifest) -> dict[str, str]:
    """The names of the worker, and of the bundles that the page imports: its panel, the editor, the charts."""
    folder = project.docs / "assets/live"
    names = {"worker": write_named(project.build / "live", "worker", "js", (folder / "worker.js").read_bytes())}
    entries = {name: folder / file for name, file in BUNDLES.items() if (folder / file).is_file()}
    record = project.build / "cache/live-bundles.json"
    made_from = digest([*files_below(folder), project.root / "package-lock.json"], root=project.root)
    if not manifest.is_fresh("live-bundles", made_from, record):
        write(record, json.dumps(_bundled(project, entries)))
        manifest.record("live-bundles", made_from)
    return {**names, **json.loads(record.read_text(encoding="utf-8"))}


def _bundled(project: Project, entries: dict[str, Path]) -> dict[str, str]:
    """Each entry with all that it imports, as one small module."""
    out = project.build / "cache/bundles"
    options = ["--bundle", "--format=esm", "--minify", "--target=es2022", "--legal-comments=none", "--log-level=error"]
    named = [f"{name}={path}" for name, path in entries.items()]
    if named:
        esbuild = project.root / "node_modules/esbuild/bin/esbuild"
        node.run(esbuild, *options, f"--outdir={out}", *named, cwd=project.root)
    live = project.build / "live"
    return {name: write_named(live, name, "js", (out / f"{name}.js").read_bytes()) for name in entries}


def _modules(project: Project) -> list[str]:
    """Everything that a chapter may import: the whole library but the drawing, the snippets, what notebooks import."""
    own = [p for name in ("handbook", "snippets") for p in files_below(project.root / name)]
    code = [p for p in own if p.suffix == ".py" and "drawing" not in p.parts]
    names = {_dotted(path.relative_to(project.root)) for path in code}
    books = [book for design in project.works for book in design.notebooks]
    standard = {name for path in (*code, *books) for name in _absolute(path) if name.split(".")[0] in _STANDARD}
    return sorted({*names, *standard, *LATE})


_STANDARD = frozenset(sys.stdlib_module_names)


def _dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def _absolute(path: Path) -> Iterator[str]:
    """The modules that a file imports, anywhere in it."""
    for level, module, names in imports.statements(path.read_bytes()):
        if not level:
            yield from names if module is None else (module,)


def _freeze(project: Project, wanted: list[str]) -> dict[str, Any]:
    """Pack what is imported, by Pyodide itself, and put Pyodide beside it."""
    work, folder = project.build / "cache/freeze", project.build / "live"
    _stage(project, work / "packages")
    script = project.root / "scripts/live/freeze.mjs"
    said = json.loads(node.run(script, work, told={"modules": wanted}, cwd=project.root))
    if said["missing"]:
        raise ContentError([_missing(project, *one) for one in said["missing"].items()])
    parts = {name: (project.root / PYODIDE / name).read_bytes() for name in RUNTIME}
    parts["python_stdlib.zip"] = (work / "stdlib.zip").read_bytes()
    runtime = f"python-{fingerprint(*parts.values())}"
    for name, content in parts.items():
        write(folder / runtime / name, content)
    library = write_named(folder, "library", "zip", (work / "library.zip").read_bytes())
    shutil.rmtree(work)
    info = json.loads((project.root / PYODIDE / "pyodide-lock.json").read_text(encoding="utf-8"))["info"]
    return {"pyodide": f"{runtime}/", "library": library, "python": info}


def _missing(project: Project, module: str, why: str) -> Finding:
    path = Path(*module.split(".")).with_suffix(".py")
    if not (project.root / path).is_file():
        path = Path("scripts/live/image.py")
    name = path.as_posix()
    try:
        compile((project.root / path).read_bytes(), name, "exec")
    except SyntaxError as error:
        return Finding(name, error.lineno or 1, f"SyntaxError: {error.msg}", "mend the syntax")
    return Finding(name, 1, f"the page cannot import {module}: {why}", "import only what is pure Python")


def _stage(project: Project, target: Path) -> None:
    """The library, the snippets and the packages they need, apart from everything else that is installed."""
    shutil.rmtree(target, ignore_errors=True)
    skipped = shutil.ignore_patterns("__pycache__", ".*", "testsuite", "drawing")
    for name in ("handbook", "snippets"):
        if (project.root / name).is_dir():  # a project may show no snippets
            shutil.copytree(project.root / name, target / name, ignore=skipped)
    shutil.copyfile(project.root / "scripts/live/compiled.py", target / "compiled.py")
    for name in sorted(_distributions("handbook")):
        for file in metadata.distribution(name).files or ():
            if file.suffix == ".py" and ".." not in file.parts and not {"testsuite", "tests"} & set(file.parts):
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file.locate(), target / file)


def _distributions(name: str) -> set[str]:
    """The installed packages that a package needs, without extras, directly or through others."""
    from packaging.requirements import Requirement

    found: set[str] = set()
    queue = [name]
    while queue:
        for line in metadata.requires(queue.pop()) or ():
            requirement = Requirement(line)
            if (not requirement.marker or requirement.marker.evaluate({"extra": ""})) and requirement.name not in found:
                found.add(requirement.name)
                queue.append(requirement.name)
    return found
