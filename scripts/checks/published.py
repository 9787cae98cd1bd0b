"""Checks of the built site: links, leftovers of the sources, numbers that are not what was computed, other hosts."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

from scripts import node
from scripts.checks import built
from scripts.checks.built import File, Place
from scripts.checks.encoding import read_yaml
from scripts.checks.origins import Origins
from scripts.checks.source import suggestion
from scripts.findings import Finding
from scripts.layout import Project
from scripts.store import Store

_LINKS = Path(__file__).with_name("links.mjs")
_LEFTOVER = re.compile(r"\{\{.*?\}\}|\{\{|\}\}|\{%.*?%\}|--8<--[^\n]*|\[\^[^\]\s]+\]")


def findings(project: Project, site: Path) -> Iterator[Finding]:
    """What is wrong with the site, at the lines of its sources."""
    settings = read_yaml(project.root / "mkdocs.yml")
    base = posixpath.join(urlsplit((settings or {}).get("site_url") or "/").path or "/", "")
    with ThreadPoolExecutor(1) as beside:  # Node follows the links while Python reads the pages: each takes as long
        dead = beside.submit(_linkinator, site, base)
        store, files = Store(project), built.read(site)
    origins = Origins(project, store)
    yield from _broken(site, base, {*dead.result(), *_svg(site, base, files)}, files, origins)
    for file in files.values():
        yield from _leftovers(file, origins)
        yield from _loads(file, origins)
        yield from _facts(file, store, origins)
        yield from _repeated(file, origins)
    yield from _style_sheets(site)


def _broken(
    site: Path, base: str, dead: set[tuple[str, str, str]], files: Mapping[str, File], origins: Origins
) -> Iterator[Finding]:
    """Each link that leads nowhere, once: as linkinator found it, or our own look into SVG."""
    for file in files.values():
        told: set[tuple[str, str, Place]] = set()
        for link, place in [*file.links, *file.svg_links]:
            target, fragment = built.resolve(file.name, link, base)
            if (
                (file.name, target, fragment) in dead
                and built.is_internal(link)
                and (target, fragment, place) not in told
            ):
                told.add((target, fragment, place))
                yield _dead(file, link, place, files, site, target, fragment, origins)
        shown = {(target, fragment) for target, fragment, _ in told}
        for _, target, fragment in sorted(one for one in dead if one[0] == file.name and one[1:] not in shown):
            yield _dead(file, target, Place(), files, site, target, fragment, origins)


def _dead(
    file: File,
    link: str,
    place: Place,
    files: Mapping[str, File],
    site: Path,
    target: str,
    fragment: str,
    origins: Origins,
) -> Finding:
    address = link.partition("#")[0].rstrip("/")
    path, line = origins.of(file.name, place, link, f"#{fragment}" if fragment else "", posixpath.basename(address))
    if fragment and (site / target).is_file():
        known = files[target].ids if target in files else set()
        mend = suggestion(fragment, known, otherwise="link to a heading that is there")
        return Finding(path, line, f'{link} leads nowhere: {target} has no "{fragment}"', mend)
    return Finding(
        path,
        line,
        f"{link} leads nowhere: there is no {target} on the site",
        "correct the address, or add what it names",
    )


def _linkinator(site: Path, base: str) -> list[tuple[str, str, str]]:
    """Page, target and fragment of each broken link, asked of linkinator. Raises ContentError when it does not run."""
    failing = Finding("package-lock.json", 1, "linkinator does not run", "run `make setup`")
    broken = []
    for link in json.loads(node.run(_LINKS, site.resolve(), base, failing=failing)):
        page = built.resolve("index.html", f"/{link['parent'] or ''}", "/")[0]
        broken.append((page, *built.resolve("index.html", f"/{link['url'].removeprefix('./')}", "/")))
    return broken


def _svg(site: Path, base: str, files: Mapping[str, File]) -> Iterator[tuple[str, str, str]]:
    for file in files.values():
        for link, _ in file.svg_links:
            if not built.is_internal(link):
                continue
            target, fragment = built.resolve(file.name, link, base)
            there = (site / target).is_file()
            if not there or (fragment and target in files and fragment not in files[target].ids):
                yield file.name, target, fragment


def _leftovers(file: File, origins: Origins) -> Iterator[Finding]:
    for text, place in file.texts:
        for found in _LEFTOVER.finditer(text):
            mark = found[0].strip()
            around = text[text.rfind("\n", 0, found.start()) + 1 :].split("\n")[0].strip()
            path, line = origins.of(file.name, place, around, mark)
            if mark.startswith("[^"):
                what, mend = (
                    f"the page shows the mark {mark}",
                    "cite a source of sources.yml, or define the footnote on the page",
                )
            else:
                what = f"the page shows the source text {mark}"
                mend = "macros and includes work in pages and in what {% include %} brings, not in what --8<-- brings"
            yield Finding(path, line, what, mend)


def _loads(file: File, origins: Origins) -> Iterator[Finding]:
    for url, place in file.loads:
        path, line = origins.of(file.name, place, url)
        yield Finding(path, line, f"the page loads {url} from another host", "keep the file under docs/assets/")


def _repeated(file: File, origins: Origins) -> Iterator[Finding]:
    for name, place in file.repeated:
        path, line = origins.of(file.name, place, f'id="{name}"', f"#{name}", f'"{name}"')
        mend = "give each element an id of its own: links reach the first one only"
        yield Finding(path, line, f'the id "{name}" is on the page twice', mend)


def _style_sheets(site: Path) -> Iterator[Finding]:
    for path in sorted(site.rglob("*.css")):
        for url in built.style_loads(path.read_text(encoding="utf-8", errors="replace")):
            name = path.relative_to(site).as_posix()
            yield Finding(
                f"docs/{name}", 1, f"the style sheet loads {url} from another host", "keep the file under docs/assets/"
            )


def _facts(file: File, store: Store, origins: Origins) -> Iterator[Finding]:
    for key, shown, place in file.facts:
        design, _, name = key.partition(".")
        known = store.facts.get(design, {})
        fact = known.get(name)
        if fact is not None and shown in {" ".join(str(text).split()) for text in (fact.text, fact.record["full"])}:
            continue
        path, line = origins.of(file.name, place, f'data-fact="{key}"', shown if fact is None else "", name)
        if fact is None:
            mend = suggestion(name, known, otherwise="bind numbers with {{ name }} only")
            yield Finding(path, line, f'the page shows the fact "{key}", which no notebook computes', mend)
        else:
            what = f'the page shows "{shown}" for {key}, which is {fact.record["full"]}'
            yield Finding(path, line, what, f"write {{{{ {name} }}}}, and never the markup of a bound number by hand")
