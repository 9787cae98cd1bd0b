"""What was found in a file is kept by the hash of the file, so that a slow check reads only what was edited."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import astuple
from pathlib import Path

from scripts.findings import Finding
from scripts.layout import Project
from scripts.manifest import digest, write


def findings(
    project: Project,
    name: str,
    paths: Iterable[Path],
    depends_on: Iterable[Path],
    look: Callable[[Sequence[Path]], Iterable[Finding]],
) -> list[Finding]:
    """The findings in these files. `look` gets those that changed; all of them when what it `depends_on` changed."""
    store, made_from = project.build / "checks" / f"{name}.json", digest(depends_on)
    try:
        read = json.loads(store.read_text(encoding="utf-8"))
        before = read["files"] if read["made_from"] == made_from else {}
    except (OSError, ValueError, KeyError, TypeError):
        before = {}
    hashes = {project.relative(path): (path, digest([path])) for path in paths}
    stale = [path for key, (path, now) in hashes.items() if before.get(key, [None])[0] != now]
    files = {key: before.get(key) if path not in stale else [now, []] for key, (path, now) in hashes.items()}
    for finding in sorted(look(stale)) if stale else ():
        files[finding.path][1].append(astuple(finding)[:4])
    write(store, json.dumps({"made_from": made_from, "files": files}, ensure_ascii=False))
    return [Finding(*told) for _, found in files.values() for told in found]
