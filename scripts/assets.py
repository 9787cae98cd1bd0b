"""Fewer and smaller requests: a finished site's style sheets in one file, its scripts in another, named by content.

Works on the built pages, so it asks nothing of what built them. The theme's style sheet keeps only the rules that some
page or script can use; its script is left for the reader's first move (docs/assets/scripts/theme.js).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from pathlib import Path

from scripts import node
from scripts.findings import Finding
from scripts.layout import Project
from scripts.manifest import digest, write, write_named

_STYLE = re.compile(r'[ \t]*<link rel="stylesheet" href="([^":]*?)(assets/[^"]+\.css)">\n?')
_MODULE = re.compile(r'[ \t]*<script src="([^":]*?)(assets/scripts/[^"]+\.js)" type="module"></script>\n?')
_THEME = re.compile(r'[ \t]*<script src="([^":]*?)(assets/javascripts/bundle\.[^"]+\.js)"></script>\n?')
_SEARCH = re.compile(r'(?<="search": ")([^"]*?)assets/javascripts/workers/search\.[^"]+\.js')
_INDENT = re.compile(r"\n\s+")  # of the theme's templates
_ELEMENT = re.compile(r"<([a-z][\w:-]*)")
_ATTRIBUTE = re.compile(r"\s([a-z][\w:-]*)(?:=|(?=[\s>]))")
_NAMED = re.compile(r'\s(?:class|id|type|role|dir|lang|name|for|href|data-md-[\w-]+)="([^"]*)"')
_WORD = re.compile(r"[\w-]+")
_VARIABLE = re.compile(r"--(?:md|doc)-[\w-]+")
_ORIGINS = re.compile(r'<script type="application/json" id="page-facts">(.+?)</script>')
# Names that the theme's script gives, but for features that this site has not turned on.
_OFF = (
    r"(?!md-(?:annotation|author|banner|consent|post|progress|select|social|status|tabs|tag|tooltip|version)(?![a-z]))"
)
_THEMES_OWN = re.compile(rf"\b{_OFF}md-[\w-]+|\b(?:js|no-js|focus-visible)\b")
_TABS = re.compile(r"\btabbed-[\w-]+")


def bundle(project: Project, site: Path) -> None:
    """Bundle the assets of the pages below `site`. Raises ContentError when a style sheet or script cannot be read."""
    pages = {path: path.read_text(encoding="utf-8") for path in sorted(site.rglob("*.html"))}
    styles = _linked(_STYLE, pages.values())
    scripts = _linked(_MODULE, pages.values())
    if not styles:
        return
    ours = [*_ours(site), *sorted((project.docs / "assets/live").glob("*.js"))]  # what these make, a rule may name
    words = _words(pages.values(), _linked(_THEME, pages.values()), site, ours)
    css, js = _made(project, site, styles, scripts, words)
    style, script = (f"assets/{write_named(site / 'assets', 'handbook', *made)}" for made in (("css", css), ("js", js)))
    for path, page in pages.items():
        path.write_text(_relinked(_apart(path, page), style, script), encoding="utf-8")
    for name in (*styles, *scripts):
        (site / name).unlink()


def _linked(link: re.Pattern[str], pages: Iterable[str]) -> list[str]:
    """The files that pages link to, from the site's root, in the order of the pages."""
    return list(dict.fromkeys(name for page in pages for _, name in link.findall(page)))


def _ours(site: Path) -> list[Path]:
    """The scripts of the site that are not the theme's."""
    return [p for p in sorted(site.glob("assets/**/*.js")) if "javascripts" not in p.relative_to(site).parts]


def _words(pages: Iterable[str], theme: list[str], site: Path, ours: list[Path]) -> list[str]:
    """All names that a selector may match: elements, attributes, classes and ids of pages, words of our scripts."""
    words: set[str] = set()
    tabs = False
    for page in pages:
        tabs = tabs or 'class="tabbed-set' in page
        words.update(_ELEMENT.findall(page), _ATTRIBUTE.findall(page), _VARIABLE.findall(page))
        for value in set(_NAMED.findall(page)):
            words.update(_WORD.findall(value))
    for path in ours:
        words.update(_WORD.findall(path.read_text(encoding="utf-8")))
    for name in theme:
        script = (site / name).read_text(encoding="utf-8")
        words.update(_THEMES_OWN.findall(script), _TABS.findall(script) if tabs else ())
    return sorted(words)


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
    if not (origins := _ORIGINS.search(page)):
        return page
    name = write_named(path.parent, "origins", "json", origins[1])
    link = f'<script type="application/json" id="page-facts" data-src="{name}"></script>'
    return page[: origins.start()] + link + page[origins.end() :]


def _relinked(page: str, style: str, script: str) -> str:
    """The page with one link where its first was. All links of a page have the same way to the root before them."""
    if not (first := _STYLE.search(page)):
        return page
    base = first[1]
    page = page[: first.start()] + f'<link rel="stylesheet" href="{base}{style}">\n' + page[first.end() :]
    start = page.index(style) + len(style)
    head, rest = page[:start], _MODULE.sub("", _STYLE.sub("", page[start:]))
    theme = _THEME.search(rest)
    later = f' data-theme="{theme[1]}{theme[2]}"' if theme else ""
    rest = _SEARCH.sub(r"\1assets/search/worker.js", _THEME.sub("", rest))
    page = head + rest.replace("</body>", f'<script src="{base}{script}" type="module"{later}></script>\n</body>', 1)
    before, article, behind = page.partition("<article")
    article, end, after = f"{article}{behind}".partition("</article>")
    return _INDENT.sub("\n", before) + article + end + _INDENT.sub("\n", after)
