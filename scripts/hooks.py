"""MkDocs hooks: as small as can be, because MkDocs' successors know none. The logic is in plain modules."""

from __future__ import annotations

from typing import Any

from mkdocs.plugins import event_priority
from mkdocs.utils import get_relative_url

from scripts import notebook_pages, pages, render_cache
from scripts.layout import here
from scripts.store import Store

#: What the build has made and the bibliography, read once a build rather than once a page.
_made: list[Store] = []


def on_config(config: Any) -> Any:
    """Prepare the notebooks' own pages, and forget what an earlier build had made."""
    _made[:] = [Store(here())]
    notebook_pages.configure(config)
    return config


@event_priority(-100)
def on_files(files: Any, config: Any) -> Any:
    """Show the executed copies of the notebooks, after mkdocs-jupyter has seen the files."""
    return notebook_pages.replace_notebooks(files, config, here().build / "notebooks")


def on_page_content(html: str, page: Any, config: Any, files: Any) -> str:
    """Put pictures and the origins of numbers into a page. A notebook's page has its cells, which say it themselves."""
    if not (page.meta.get("description") or page.meta.get("prompt")):  # a chapter's prompt describes it
        alike = notebook_pages.is_notebook(page)  # estimates say first what estimates are
        page.meta["description"] = pages.summary(html, f"{page.title}." if alike else "")
    if notebook_pages.is_notebook(page):
        return notebook_pages.finish(html, page, config["repo_url"])

    def finish() -> str:
        plain = notebook_pages.plainer(html)
        return pages.finish(plain, store=_made[0], relative=lambda target: get_relative_url(target, page.url))

    return render_cache.finished(page, html, finish)
