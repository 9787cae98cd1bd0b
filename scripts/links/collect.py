"""Every external address that the project names, with each place that names it."""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

from scripts.checks import built
from scripts.checks.encoding import read_yaml
from scripts.checks.origins import Origins
from scripts.layout import Project
from scripts.manifest import files_below
from scripts.store import Store

Place = tuple[str, int]

_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\^{}|*]+")
_CUT_OFF = tuple("{<$…")  # what follows is a placeholder: no address of anything
_READ = (".md", ".yml", ".py", ".mmd")
_FOLDERS = ("docs", "diagrams", "snippets", "handbook")
# Names that are reserved for examples and for this machine (RFC 2606, RFC 6761).
_NOBODY = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost|local|internal)$|^127\.|^\[")


def addresses(project: Project, site: Path) -> dict[str, list[Place]]:
    """Each external address with its places: of the bibliography first, then by path and line.

    A link of the built site that stands in no source text (a macro may have made it) is placed at its page.
    """
    found: dict[str, set[Place]] = {}
    ours = _ours(project)
    for path in _sources(project):
        name = project.relative(path)
        for line, address in _in_text(path):
            found.setdefault(address, set()).add((name, line))
    origins = Origins(project, Store(project))
    for file in built.read(site).values():
        for link, place in [*file.links, *file.svg_links]:
            if not built.is_internal(link) and link.startswith(("http://", "https://")) and link not in found:
                found[link] = {origins.of(file.name, place, link)}
    return {
        address: sorted(places, key=lambda place: (place[0] != "sources.yml", place))
        for address, places in sorted(found.items())
        if not address.startswith(ours) and is_public(address)
    }


def is_public(address: str) -> bool:
    """Whether the address names a host that can exist on the internet."""
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:
        return False
    return "." in host and not _NOBODY.search(host)


def _ours(project: Project) -> tuple[str, ...]:
    """How addresses begin that are checked elsewhere (the site's own) or ask a reader to log in (edit, new issue)."""
    settings = read_yaml(project.root / "mkdocs.yml") or {}
    repository = str(settings.get("repo_url") or "").rstrip("/")
    return tuple(
        filter(
            None, [settings.get("site_url"), *(f"{repository}/{to}" for to in ("edit/", "issues/new") if repository)]
        )
    )


def _sources(project: Project) -> Iterator[Path]:
    yield from (path for path in sorted(project.root.glob("*")) if path.suffix in (".md", ".yml"))
    below = files_below(*(project.root / name for name in _FOLDERS))
    yield from (path for path in below if path.suffix in _READ)


def _in_text(path: Path) -> Iterator[tuple[int, str]]:
    text = path.read_text(encoding="utf-8", errors="replace")
    pieces = _documentation(text) if path.suffix == ".py" else [(1, text)]
    for first, piece in pieces:
        for number, line in enumerate(piece.splitlines(), first):
            yield from ((number, address) for address in in_line(line))


def in_line(line: str) -> Iterator[str]:
    """The addresses in a line of Markdown, YAML or plain text, without the punctuation around them."""
    for found in _ADDRESS.finditer(line):
        if not line[found.end() :].startswith(_CUT_OFF):
            yield _trimmed(found[0])


def _trimmed(address: str) -> str:
    """Cut at the bracket that closes one from before the address, and at the punctuation of the sentence."""
    for opening, closing in ("()", "[]"):
        depth = 0
        for index, letter in enumerate(address):
            depth += (letter == opening) - (letter == closing)
            if depth < 0:
                address = address[:index]
                break
    return address.rstrip(".,;:!?")


def _documentation(text: str) -> Iterator[tuple[int, str]]:
    """Comments and texts of several lines: what a program says of itself. Its other texts may be data."""
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            long = token.type == tokenize.STRING and token.string.lstrip("rRbBuU").startswith(('"""', "'''"))
            if long or token.type == tokenize.COMMENT:
                yield token.start[0], token.string
    except (tokenize.TokenError, SyntaxError):
        return
