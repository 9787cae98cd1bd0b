"""What is up to date: a manifest of content hashes, read before anything heavy is imported."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from pathlib import Path

from scripts.layout import site_url

#: What the published site is made of. Anything else may change without a rebuild.
INPUTS = ("docs", "diagrams", "snippets", "handbook", "scripts", "overrides")
FILES = ("mkdocs.yml", "sources.yml", "requirements.txt", "package-lock.json")
_SKIPPED = {"__pycache__", ".ipynb_checkpoints"}


def files_below(*paths: Path) -> list[Path]:
    """Every file at or below these paths, in a fixed order, without caches and hidden files."""
    found: list[Path] = []
    for path in paths:
        if path.is_file():
            found.append(path)
        elif path.is_dir():
            inside = (p for p in path.rglob("*") if p.is_file())
            found += sorted(p for p in inside if not _SKIPPED & set(p.parts) and not p.name.startswith("."))
    return found


def digest(paths: Iterable[Path], *extra: str, root: Path) -> str:
    """A hash of the names and contents of files, and of any further text that the result depends on.

    Names are taken from `root`: what was made in one folder is up to date in another, as on a build server.
    """
    total, top = hashlib.blake2b(digest_size=16), os.path.realpath(root)
    for path in paths:
        content = path.read_bytes() if path.exists() else b"\0missing"
        name = Path(os.path.relpath(os.path.realpath(path), top)).as_posix()
        total.update(f"{name}\0{len(content)}\0".encode() + content)
    for text in extra:
        total.update(text.encode() + b"\0")
    return total.hexdigest()


def inputs_digest(root: Path) -> str:
    """A hash of everything that the site is made of."""
    return digest(files_below(*(root / name for name in (*INPUTS, *FILES))), site_url() or "", root=root)


def write(path: Path, content: str | bytes) -> bool:
    """Write a generated file, only when its content changed: a touched file would make the live server loop.

    It is written beside its place first: a build that is cut off leaves the old file or the new one, never half of it.
    """
    data = content.encode() if isinstance(content, str) else content
    if path.exists() and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")  # hidden: no digest counts it, `sweep` removes it
    part.write_bytes(data)
    part.replace(path)
    return True


def fingerprint(*contents: bytes) -> str:
    """What a name says of the content, so that a copy which a browser keeps is never out of date."""
    return hashlib.blake2b(b"\0".join(contents), digest_size=6).hexdigest()


def write_named(folder: Path, stem: str, kind: str, content: str | bytes) -> str:
    """Write a generated file under a name that changes with its content: `stem-1a2b3c4d5e6f.kind`. Returns the name."""
    data = content.encode() if isinstance(content, str) else content
    name = f"{stem}-{fingerprint(data)}.{kind}"
    write(folder / name, data)
    return name


def sweep(folders: Iterable[Path], kept: Iterable[Path]) -> None:
    """Remove generated files that nothing makes any more, and the folders that this empties."""
    known = set(kept)
    for folder in folders:
        for path in sorted(folder.rglob("*"), reverse=True):  # what is inside a folder comes before it
            if path.is_file() and path not in known:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()


class Manifest:
    """Which digest each product was last made from."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._made: dict[str, str] = dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            self._made = {}

    def is_fresh(self, product: str, made_from: str, *files: Path) -> bool:
        """Whether the product was made from just this, and its files are there."""
        return self._made.get(product) == made_from and all(file.exists() for file in files)

    def record(self, product: str, made_from: str) -> None:
        """Remember what the product was made from. Saved at once: an interrupted build keeps what it finished."""
        self._made[product] = made_from
        write(self.path, json.dumps(self._made, indent=1, sort_keys=True))
