"""Runs under Pyodide (see freeze.mjs): packs what the page imports as bytecode, and nothing else.

Everything that a chapter imports is imported here; the modules that this loads are compiled into two zips, the standard
library's and the rest. Bytecode is "unchecked": the page has no sources to compare it with. What `dataclasses`
writes for its classes is compiled as well (see compiled.py).
"""

import dataclasses
import importlib
import importlib.util
import io
import json
import marshal
import sys
import zipfile
from importlib._bootstrap_external import _code_to_hash_pyc
from pathlib import Path

WORK = Path("/work")
PACKAGES, STANDARD = str(WORK / "packages"), "/lib/python314.zip"


def loaded(place):
    """The modules that were read from `place`: (path within a zip, source)."""
    found = {}
    for module in list(sys.modules.values()):
        spec = getattr(module, "__spec__", None)
        origin = getattr(spec, "origin", None) or ""
        if origin.startswith(place) and origin.endswith(".py"):
            found[origin.removeprefix(place).lstrip("/")] = spec.loader.get_data(origin)
    return dict(sorted(found.items()))


def written():
    """Keeps the code of every dataclass from here on: hash of its source → code."""
    kept = {}

    def run(source, *names):
        code = kept[importlib.util.source_hash(source.encode())] = compile(source, "<string>", "exec")
        exec(code, *names)

    dataclasses.exec = run
    return kept


def pack(sources, **more):
    """A zip of bytecode, the same for the same sources, and of `more` by its names."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path, source in sources.items():
            code = compile(source, path, "exec", dont_inherit=True, optimize=2)
            data = _code_to_hash_pyc(code, importlib.util.source_hash(source), checked=False)
            more[path + "c"] = data
        for path, data in more.items():
            archive.writestr(zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0)), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def main(modules):
    """Import the modules, then write `stdlib.zip` and `library.zip`. Returns what could not be imported."""
    sys.path.insert(0, PACKAGES)
    missing, classes = {}, written()
    for module in modules:
        try:
            importlib.import_module(module)
        except Exception as error:
            missing[module] = f"{type(error).__name__}: {error}"
    packs = {"stdlib.zip": loaded(STANDARD), "library.zip": loaded(PACKAGES)}
    more = {"library.zip": {sys.modules["compiled"].NAME: marshal.dumps(classes)}}
    for name, sources in packs.items():
        (WORK / name).write_bytes(pack(sources, **more.get(name, {})))
    return json.dumps({"missing": missing, "modules": {name: list(sources) for name, sources in packs.items()}})


main(json.loads(told)["modules"])  # noqa: F821 - set by freeze.mjs
