"""Each notebook's own page: mkdocs-jupyter shows the executed copy, in the look of the chapters.

The functions are called from MkDocs' events, in this order: `defer_imports` before the configuration is read, then
`configure` (on_config), `replace_notebooks` (on_files, after mkdocs-jupyter's) and `finish` (on_page_content).
"""

from __future__ import annotations

import hashlib
import importlib
import re
import sys
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from types import ModuleType
from typing import Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from scripts import spared_imports  # noqa: F401 - before anything of Jupyter

_TEMPLATE = Path(__file__).with_name("notebook_template")
_UNSTYLED = re.compile(r'<span class="(?:n|p|o|w|nb|bp|nc|nd|ne|nf|fm|nn)">([^<]*)</span>')
_BOUND = re.compile(r'<data class="fact[^>]*>([^<]*)</data>')  # the cell that computes a number stands beside it here
_OF_THE_PROJECT = re.compile(r"^(?:from|import) snippets\b", re.MULTILINE)
_STYLES = re.compile(r"\s*<style>.*?</style>\s*$", re.DOTALL)


class _Deferred(ModuleType):
    """Stands in for a module until one of its names is used."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def defer_imports() -> None:
    """Spare a build whose notebook pages are all cached 0.4 s: what only rendering needs is imported when used."""
    for name in ("jupytext", "mkdocs_jupyter.convert"):
        if name not in sys.modules:
            sys.modules[name] = _Deferred(name)


def load() -> None:
    """Import now what rendering a notebook needs, two seconds: for one who waits for notebooks to run."""
    for name in ("mkdocs.commands.build", "mkdocs_macros.plugin", "mkdocs_jupyter.convert"):
        importlib.import_module(name)


def configure(config: Any) -> None:
    """Give mkdocs-jupyter our template, and a cache of its own for each version of it: its keys leave that out."""
    from mkdocs_jupyter.config import settings

    settings.templates_dir = str(_TEMPLATE)
    made_by = hashlib.blake2b(digest_size=8)
    for path in sorted(_TEMPLATE.rglob("*.j2")):
        made_by.update(path.read_bytes())
    for package in ("mkdocs-jupyter", "nbconvert", "pygments"):
        made_by.update(version(package).encode())
    plugin = config.plugins["mkdocs-jupyter"].config
    plugin["cache_dir"] = str(Path(plugin["cache_dir"]) / made_by.hexdigest())


class NotebookFile(File):
    """A page at the place of the notebook, made from its executed copy; its "edit" link leads to the notebook."""

    def __init__(self, notebook: File, executed: Path) -> None:
        super().__init__(notebook.src_uri, notebook.src_dir, notebook.dest_dir, notebook.use_directory_urls)
        self.original, self.abs_src_path = Path(notebook.abs_src_path), str(executed)

    def is_documentation_page(self) -> bool:
        """A page, although it is no Markdown."""
        return True

    @property
    def content_string(self) -> str:
        """What MkDocs and its other plugins read: nothing to render, and nothing that the chapter has not already."""
        return "---\nsearch:\n  exclude: true\n---\n"


def replace_notebooks(files: Files, config: Any, executed: Path) -> Files:
    """Put pages in the place of the notebooks in `docs/`, and the executed copies beside them for download.

    `executed` holds `<folder>/<notebook>.ipynb` for each `docs/…/<folder>/<notebook>.py`.
    """
    for file in list(files):
        source = PurePosixPath(file.src_uri)
        if source.suffix != ".py" or file.inclusion.is_excluded():  # such as a hidden file
            continue
        ready = executed / source.parent.name / f"{source.stem}.ipynb"
        if not ready.is_file():
            raise PluginError(f"'{file.src_uri}' has not been executed: there is no {ready}")
        files.remove(file)
        files.append(NotebookFile(file, ready))
        files.append(File.generated(config, str(source.with_suffix(".ipynb")), abs_src_path=str(ready)))
    return files


def is_notebook(page: Any) -> bool:
    """Whether a page is a notebook's own."""
    return isinstance(page.file, NotebookFile)


def finish(content: str, page: Any, repository: str) -> str:
    """The page's content without the style sheet that mkdocs-jupyter adds, and with a link to the executed notebook.

    `repository` is where the library is installed from.
    """
    if not isinstance(page.file, NotebookFile):
        return content
    if '<div class="cell' not in content:
        raise PluginError(f"'{page.file.src_uri}' was not rendered: mkdocs-jupyter's `include` does not match its copy")
    name = Path(page.file.abs_src_path).name
    how = _how(page.file.original.read_text(encoding="utf-8"), repository)
    link = f'<p class="notebook-download"><a href="../{name}" download>Download this notebook, executed</a>. {how}</p>'
    content = _BOUND.sub(r"\1", plainer(_STYLES.sub("", content)))
    return f"{content}\n{link}\n"


def _how(notebook: str, repository: str) -> str:
    """What a reader needs to run the download: the library alone, or the project, if the notebook imports from it."""
    if _OF_THE_PROJECT.search(notebook):
        return f'It imports code that the chapter shows, so it runs in <a href="{repository}">a clone</a> only.'
    return f'To run it: <code>pip install jupyterlab "handbook @ git+{repository}"</code>'


def plainer(content: str) -> str:
    """Highlighted code without the marks that our style sheet gives no colour: a third of a notebook's page."""
    return _UNSTYLED.sub(r"\1", content)
