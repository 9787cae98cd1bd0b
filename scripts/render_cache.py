"""Rendered pages by what they were made of: after an edit, only what changed is rendered anew.

MkDocs renders every page at every build, and Jinja's compiler, Python-Markdown and the search index's parser take most
of that time.
What a page's content depends on is its Markdown after the macros, the files that it includes, the settings, the
programs and the other files, whose addresses its links need. A page that made MkDocs complain is not kept: the
complaint would be lost.
"""

from __future__ import annotations

import logging
import pickle
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment, Template
from jinja2.bccache import Bucket
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from scripts.layout import Project
from scripts.manifest import digest, files_below, write
from scripts.store import Store

_INCLUDED = re.compile(r'^[ \t]*--8<--\s+"([^":\n]+)[^"\n]*"', re.MULTILINE)
_MARKER = "--8<--"
_REFERENCE = re.compile(r"^:::\s", re.MULTILINE)
_MARKS = ("status", "subtitle", "icon")  # what the navigation shows of a page besides its title
_KEPT = ("content", "toc", "_title_from_render", "present_anchor_ids")


@contextmanager
def caching(project: Project) -> Iterator[None]:
    """Within the block, in which MkDocs reads its settings, too, it takes from the cache what it has rendered before.

    Then what is unused is removed.
    """
    from material.plugins.search.plugin import SearchIndex, SearchPlugin

    render, index, cache = Page.render, SearchIndex.add_entry_from_context, _Cache(project)
    compiled, templates, filled = Environment.compile, _Templates(cache), Template.render
    searched = SearchPlugin.on_page_context
    Page.render = lambda page, config, files: cache.render(render, page, config, files)  # type: ignore[method-assign]
    SearchIndex.add_entry_from_context = lambda self, page: cache.index(index, self, page)
    Environment.compile = lambda self, *given, **named: templates.compile(compiled, self, *given, **named)  # type: ignore
    Template.render = lambda self, *given, **named: cache.filled(filled, self, *given, **named)  # type: ignore
    SearchPlugin.on_page_context = lambda self, *given, **named: _search(searched, self, *given, **named)
    _caches.append(cache)
    try:
        yield
        cache.sweep()
    finally:
        Page.render, SearchIndex.add_entry_from_context = render, index  # type: ignore[method-assign]
        Environment.compile, Template.render = compiled, filled  # type: ignore[method-assign]
        SearchPlugin.on_page_context = searched
        _caches.clear()


#: That of the build which runs now, if it runs within `caching`.
_caches: list[_Cache] = []


def finished(page: Page, content: str, finish: Callable[[], str]) -> str:
    """The page's content with the finishing touches that `finish` gives it, or what they gave before."""
    return _caches[0].finished(page, content, finish) if _caches else finish()


def _search(searched: Any, plugin: Any, *given: Any, page: Page, **named: Any) -> None:
    """Add a page to the search. Its marks for the search are taken off where there are any: to look costs 2 ms."""
    if "data-search-" in (page.content or ""):
        searched(plugin, *given, page=page, **named)
    elif plugin.config.enabled:
        plugin.search_index.add_entry_from_context(page)


class _Cache:
    def __init__(self, project: Project) -> None:
        self.project, self.folder = project, project.build / "cache/pages"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.used: set[Path] = set()
        root = project.root
        self.made_by = digest(
            files_below(*(root / n for n in ("scripts", "mkdocs.yml", "requirements.txt"))), root=root
        )
        self.library = digest(files_below(root / "handbook"), root=root)
        self.places: tuple[Files | None, str] = (None, "")
        self.around: tuple[Any, str] = (None, "")
        self.contents: dict[str, tuple[str, str]] = {}
        """By a page's address a hash that stands for its content, and the content."""

    def render(self, render: Any, page: Page, config: Any, files: Files) -> None:
        """Render a page, or take what rendering it gave before."""
        path = self._path(page, files)
        anchors = config.plugins["autorefs"] if _asks_the_library(page.markdown or "") else None
        if path and (kept := _read(path)):
            for name in _KEPT:
                setattr(page, name, kept[name])
            page.links_to_anchors = {files.get_file_from_path(uri): links for uri, links in kept["links"].items()}
            if anchors:
                config.plugins["mkdocstrings"].handlers.get_handler(
                    "python"
                )  # its style sheet is written if it is in use
                for arguments, named in kept["anchors"]:
                    anchors.register_anchor(page, *arguments, **named)
            return
        with _recording(anchors) as registered, _listening() as complaints:
            render(page, config, files)
        if path and not complaints:
            links = {file.src_uri: found for file, found in (page.links_to_anchors or {}).items()}
            kept = {name: getattr(page, name) for name in _KEPT}
            write(path, pickle.dumps(kept | {"links": links, "anchors": registered}))

    def index(self, index: Any, search: Any, page: Page) -> None:
        """Add a page to the search index, or what it added before."""
        about = (self._content(page), page.url, str(page.title), repr(page.meta), str(page.toc), repr(search.config))
        path = self._kept(digest([], "search", self.made_by, *map(str, about), root=self.project.root))
        entries = _read(path)
        if entries is None:
            before = len(search.entries)
            index(search, page)
            write(path, pickle.dumps(search.entries[before:]))
        else:
            search.entries += entries

    def finished(self, page: Page, content: str, finish: Callable[[], str]) -> str:
        """The content of a page with its pictures and numbers."""
        name = digest([], "finished", self.made_by, self._made, page.url, content, root=self.project.root)
        path = self.keep(f"{name}.html")
        done = path.read_text(encoding="utf-8") if path.exists() else finish()
        if not path.exists():
            write(path, done.encode())
        self.contents[page.url] = (name, done)
        return done

    def filled(self, render: Any, template: Template, *given: Any, **named: Any) -> str:
        """The theme's template filled with a page; any other template is rendered."""
        context = given[0] if given and isinstance(given[0], dict) else {}
        page, nav = context.get("page"), context.get("nav")
        if not isinstance(page, Page) or nav is None or named:
            return render(template, *given, **named)
        if self.around[0] is not nav:
            theme = digest(files_below(self.project.root / "overrides"), root=self.project.root)
            marks = [[other.meta.get(mark) for mark in _MARKS] for other in nav.pages]
            self.around = (nav, f"{theme} {context['config'].site_url} {nav} {marks}")
        beside = [(str(near.title), near.url) for near in (page.previous_page, page.next_page) if near]
        about = (self._content(page), page.url, str(page.title), repr(page.meta), repr(beside), str(page.edit_url))
        made_from = (self.made_by, str(template.name), self.around[1], *about)
        path = self.keep(f"{digest([], 'filled', *made_from, root=self.project.root)}.html")
        if path.exists():
            return path.read_text(encoding="utf-8")
        text = render(template, *given)
        write(path, text.encode())
        return text

    def _content(self, page: Page) -> str:
        """What stands for a page's content: a hash that is known, unless a plugin has changed the content since."""
        name, content = self.contents.get(page.url, ("", None))
        return name if content is page.content else str(page.content)

    @cached_property
    def _made(self) -> str:
        """What finishing touches depend on besides the page: facts, pictures, sources, the cells that chapters show."""
        store, build = Store(self.project), self.project.build
        files = [*files_below(build / "facts", build / "diagrams"), self.project.root / "sources.yml"]
        return digest(files, repr(store.showing()), root=self.project.root)

    def sweep(self) -> None:
        """Remove what this build did not use."""
        for path in self.folder.iterdir():
            if path not in self.used:
                path.unlink()

    def _path(self, page: Page, files: Files) -> Path | None:
        """Where the page is kept; nothing for one that cannot be: its includes include more, or are not there."""
        text = page.markdown or ""
        included = []
        for name in _INCLUDED.findall(text):
            found = [p for base in ("build/fragments", "snippets") if (p := self.project.root / base / name).is_file()]
            if not found or _INCLUDED.search(found[0].read_text(encoding="utf-8")):
                return None
            included.append(found[0])
        if text.count(_MARKER) != len(included):
            return None  # an include in a form that is not read here
        library = self.library if _asks_the_library(text) else ""
        where = (page.file.src_uri, page.file.dest_uri, self._places(files))
        return self._kept(digest(included, self.made_by, library, text, *where, root=self.project.root))

    def _places(self, files: Files) -> str:
        if self.places[0] is not files:
            known = "\n".join(f"{f.src_uri} {f.dest_uri} {f.inclusion}" for f in files)
            self.places = (files, digest([], known, root=self.project.root))
        return self.places[1]

    def _kept(self, name: str) -> Path:
        return self.keep(f"{name}.pickle")

    def keep(self, name: str) -> Path:
        """Where something is kept under this name; it stays as long as builds ask for it."""
        path = self.folder / name
        self.used.add(path)
        return path


class _Templates(BytecodeCache):
    """Templates that Jinja has compiled: pages with their braces, and the theme's. By itself it keeps only those that
    a loader of one environment gave, and a page is none of them."""

    def __init__(self, cache: _Cache) -> None:
        self.cache = cache

    def compile(self, compiled: Any, environment: Environment, source: Any, *given: Any, **named: Any) -> Any:
        """The code of a template, from the cache if its text was compiled before."""
        if named or not isinstance(source, str):
            return compiled(environment, source, *given, **named)
        about = (self.cache.made_by, source, repr(given), *sorted(environment.extensions))
        bucket = self.get_bucket(environment, digest([], *about, root=self.cache.project.root), None, source)
        if bucket.code is None:
            bucket.code = compiled(environment, source, *given)
            self.set_bucket(bucket)
        return bucket.code

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read the code, if it was kept by this version of Jinja and Python."""
        if (path := self.cache.keep(f"{bucket.key}.jinja")).exists():
            bucket.bytecode_from_string(path.read_bytes())

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code."""
        write(self.cache.keep(f"{bucket.key}.jinja"), bucket.bytecode_to_string())


def _asks_the_library(text: str) -> bool:
    """Whether a page has parts that mkdocstrings makes. Most have not even its sign, which is found far sooner."""
    return ":::" in text and _REFERENCE.search(text) is not None


@contextmanager
def _recording(anchors: Any) -> Iterator[list[tuple[tuple[Any, ...], dict[str, Any]]]]:
    """The anchors that mkdocstrings registers within the block, to be registered again."""
    registered: list[tuple[tuple[Any, ...], dict[str, Any]]] = []
    if anchors is None:
        yield registered
        return
    register = anchors.register_anchor

    def record(page: Page, *arguments: Any, **named: Any) -> None:
        registered.append((arguments, named))
        register(page, *arguments, **named)

    anchors.register_anchor = record
    try:
        yield registered
    finally:
        del anchors.register_anchor


@contextmanager
def _listening() -> Iterator[list[logging.LogRecord]]:
    """What MkDocs and its plugins complain about within the block."""
    heard: list[logging.LogRecord] = []
    handler = logging.Handler(logging.INFO)
    handler.emit = heard.append  # type: ignore[method-assign]
    logger = logging.getLogger("mkdocs")
    logger.addHandler(handler)
    try:
        yield heard
    finally:
        logger.removeHandler(handler)


def _read(path: Path) -> Any:
    """What was kept; nothing if it is not there or was not finished."""
    try:
        return pickle.loads(path.read_bytes())
    except (OSError, EOFError, ValueError, AttributeError, ImportError, IndexError, pickle.UnpicklingError):
        return None
