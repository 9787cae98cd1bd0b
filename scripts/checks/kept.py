"""What was found in a text is kept by the hash of the text, so that a slow check reads only what was edited."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import astuple
from pathlib import Path

from scripts.findings import Finding
from scripts.layout import Project
from scripts.manifest import digest, write


def findings(
    project: Project,
    name: str,
    texts: Mapping[str, str | bytes],
    depends_on: Iterable[Path],
    look: Callable[[list[str]], Iterable[Finding]],
) -> list[Finding]:
    """The findings in texts, by the paths of their files from the project's root.

    `look` gets the paths of those that changed since the last time; of all when what it `depends_on` changed.
    """
    store, made_from = project.build / "checks" / f"{name}.json", digest(depends_on, root=project.root)
    try:
        read = json.loads(store.read_text(encoding="utf-8"))
        before = read["files"] if read["made_from"] == made_from else {}
    except (OSError, ValueError, KeyError, TypeError):
        before = {}
    hashes = {path: hashlib.blake2b(_bytes(text), digest_size=16).hexdigest() for path, text in texts.items()}
    stale = [path for path, now in hashes.items() if before.get(path, [None])[0] != now]
    files = {path: [now, []] if path in stale else before[path] for path, now in hashes.items()}
    for finding in sorted(set(look(stale))) if stale else ():
        files[finding.path][1].append(astuple(finding)[:4])
    write(store, json.dumps({"made_from": made_from, "files": files}, ensure_ascii=False))
    return [Finding(*told) for _, found in files.values() for told in found]


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text
