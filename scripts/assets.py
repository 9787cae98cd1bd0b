"""Fewer and smaller requests: a finished site's style sheets in one file, its scripts in another, named by content.

Works on the built pages, so it asks nothing of what built them. The theme's style sheet keeps only the rules that some
page or script can use; its script is left for the reader's first move (docs/assets/scripts/theme.js).
"""

from __future__ import annotations

import json
import re
from itertools import chain
from pathlib import Path

from scripts import node
from scripts.findings import Finding
from scripts.layout import Project
from scripts.manifest import digest, fingerprint, write, write_named
from scripts.memory import Memory, key

_STYLE = re.compile(r'(?m)^[ \t]*<link rel="stylesheet" href="([^":]*?)(assets/[^"]+\.css)">\n?')
_MODULE = re.compile(r'(?m)^[ \t]*<script src="([^":]*?)(assets/scripts/[^"]+\.js)" type="module"></script>\n?')
_THEME = re.compile(r'(?m)^[ \t]*<script src="([^":]*?)(assets/javascripts/bundle\.[^"]+\.js)"></script>\n?')
_SEARCH = re.compile(r'(?<="search": ")([^"]*?)assets/javascripts/workers/search\.[^"]+\.js')
_INDENT = re.compile(r"\n\s+")  # of the theme's templates
_ELEMENT = re.compile(r"<([a-z][\w:-]*)")
_ATTRIBUTE = re.compile(r"\s([a-z][\w:-]*)(?:=|(?=[\s>]))")
_NAMED = re.compile(r'\s(?:class|id|type|role|dir|lang|name|for|href|data-md-[\w-]+)="([^"]*)"')
_WORD = re.compile(r"[\w-]+")
_VARIABLE = re.compile(r"--(?:md|doc)-[\w-]+")
_ORIGINS_TAG = '<script type="application/json" id="page-facts">'
_ORIGINS = re.compile(rf"{_ORIGINS_TAG}(.+?)</script>")
# Names that the theme's script gives, but for features that this site has not turned on.
_OFF = (
    r"(?!md-(?:annotation|author|banner|consent|post|progress|select|social|status|tabs|tag|tooltip|version)(?![a-z]))"
)
_THEMES_OWN = re.compile(rf"\b{_OFF}md-[\w-]+|\b(?:js|no-js|focus-visible)\b")
_TABS = re.compile(r"\btabbed-[\w-]+")
#: The theme's kinds of boxes are plain words, too, which are said everywhere: one counts only where a page has the box.
_BOXES = {"abstract", "bug", "danger", "example", "failure", "info", "note", "question", "quote", "success", "tip",
          "warning"}  # fmt: skip
_BOX = re.compile(r'<(?:div|details) class="(?:admonition )?([a-z]+)')


def bundle(project: Project, site: Path) -> None:
    """Bundle the assets of the pages below `site`. Raises ContentError when a style sheet or script cannot be read."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    memory = Memory(project.build / "cache/names.pickle", digest([Path(__file__)], root=project.root))
    read = [memory.of(key(page), lambda page=page: _read(page)) for page in pages.values()]  # type: ignore[misc]
    memory.save()
    styles, scripts, theme = (list(dict.fromkeys(chain(*found))) for found in list(zip(*read, strict=True))[:3])
    if not styles:
        return
    ours = [*_ours(site), *sorted((project.docs / "assets/live").glob("*.js"))]  # what these make, a rule may name
    said, boxes = (set().union(*found) for found in list(zip(*read, strict=True))[3:])
    words = sorted(_words(said, theme, site, ours) - (_BOXES - boxes))
    css, js = _made(project, site, styles, scripts, words)
    style, script = (f"assets/{write_named(site / 'assets', 'handbook', *made)}" for made in (("css", css), ("js", js)))
    for path, page in pages.items():
        path.unlink()  # a new file: one that is cut short has to wait for the disk
        path.write_text(_relinked(_apart(path, page), style, script), encoding="utf-8")
    for name in (*styles, *scripts):
        (site / name).unlink()


def _read(page: str) -> tuple[list[str], list[str], list[str], frozenset[str], frozenset[str]]:
    """The style sheets, our scripts and the theme's that a page links to, from the site's root; the names that it says:
    elements, attributes, classes, ids; the kinds of its boxes."""
    frame = "".join(_parts(page)[::2])
    said = {*_ELEMENT.findall(page), *_ATTRIBUTE.findall(page), *_VARIABLE.findall(page)}
    said = said.union(*(_WORD.findall(value) for value in set(_NAMED.findall(page))))
    styles, scripts, theme = ([name for _, name in link.findall(frame)] for link in (_STYLE, _MODULE, _THEME))
    return styles, scripts, theme, frozenset(said), frozenset(_BOX.findall(page))


def _parts(page: str) -> tuple[str, str, str]:
    """What the theme puts before the article, the article with its tags, and what comes behind: joined, the page."""
    start, end = page.find("<article"), page.rfind("</article>") + len("</article>")
    if not 0 <= start < end:
        start = end = max(page.find("</head>"), 0)
    return page[:start], page[start:end], page[end:]


def _ours(site: Path) -> list[Path]:
    """The scripts of the site that are not the theme's."""
    return [p for p in sorted(site.glob("assets/**/*.js")) if "javascripts" not in p.relative_to(site).parts]


def _words(said: set[str], theme: list[str], site: Path, ours: list[Path]) -> set[str]:
    """All names that a selector may match: those that pages say, and the words of our scripts."""
    words = set(said)
    for path in ours:
        words.update(_WORD.findall(path.read_text(encoding="utf-8")))
    for name in theme:
        script = (site / name).read_text(encoding="utf-8")
        words.update(_THEMES_OWN.findall(script), _TABS.findall(script) if "tabbed-set" in said else ())
    return words


def _made(project: Project, site: Path, styles: list[str], scripts: list[str], words: list[str]) -> tuple[str, str]:
    """The bundles, from the cache if they were made of the same before."""
    tool = Path(__file__).with_suffix(".mjs")
    sources = [site / name for name in (*styles, *scripts)]
    made_from = digest([*sources, tool, project.root / "package-lock.json"], *words, root=site)
    kept = project.build / "cache/assets" / f"{made_from}.json"
    if not kept.exists():
        order = {"styles": [str(site / s) for s in styles], "scripts": [str(site / s) for s in scripts], "words": words}
        failing = Finding("docs/assets", 1, "the assets cannot be bundled", "mend that file")
        write(kept, node.run(tool, told=order, cwd=project.root, failing=failing))
    made = json.loads(kept.read_text(encoding="utf-8"))
    return made["css"], made["js"]


def _apart(path: Path, page: str) -> str:
    """The page with the origins of its numbers in a file beside it: facts.js fetches them when a number is asked."""
    at = page.find(_ORIGINS_TAG)  # far sooner than the expression alone
    if at < 0 or not (origins := _ORIGINS.search(page, at)):
        return page
    name = f"origins-{fingerprint(origins[1].encode())}.json"
    (path.parent / name).write_text(origins[1], encoding="utf-8")  # a folder for staging is put in place whole
    link = f'<script type="application/json" id="page-facts" data-src="{name}"></script>'
    return page[: origins.start()] + link + page[origins.end() :]


def _relinked(page: str, style: str, script: str) -> str:
    """The page with one link where its first was. All links of a page have the same way to the root before them."""
    before, article, after = _parts(page)
    if not (first := _STYLE.search(before)):
        return page
    base, link = first[1], f'<link rel="stylesheet" href="{first[1]}{style}">\n'
    before = before[: first.start()] + link + _MODULE.sub("", _STYLE.sub("", before[first.end() :]))
    theme = _THEME.search(after)
    later = f' data-theme="{theme[1]}{theme[2]}"' if theme else ""
    after = _SEARCH.sub(r"\1assets/search/worker.js", _THEME.sub("", _MODULE.sub("", _STYLE.sub("", after))))
    after = after.replace("</body>", f'<script src="{base}{script}" type="module"{later}></script>\n</body>', 1)
    return _lighter(before) + article + _lighter(after)


def _lighter(frame: str) -> str:
    """A part of the theme's frame without what no browser needs: indents, and the names of SVG within HTML."""
    return _INDENT.sub("\n", frame).replace(' xmlns="http://www.w3.org/2000/svg"', "")
