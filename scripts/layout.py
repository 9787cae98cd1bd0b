"""Where everything is: one slug in every folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path, PurePath

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

#: The interview guide: several pages that share notebooks and diagrams as the pages of a design do.
GUIDE = "guide"


def slug_of(path: str | PurePath) -> str:
    """The design, or the guide, to which a page or notebook belongs, by its path from `docs/`; empty elsewhere.

    >>> slug_of("designs/email-platform/index.md"), slug_of("guide/estimate.py"), slug_of("designs/index.md")
    ('email-platform', 'guide', '')
    """
    parts = PurePath(path).parts
    if len(parts) > 1 and parts[0] == GUIDE:
        return GUIDE
    return parts[1] if len(parts) > 2 and parts[0] == "designs" else ""


def address_of(slug: str) -> str:
    """Where the pages of a design or of the guide are published, from the site's root."""
    return f"{GUIDE}/" if slug == GUIDE else f"designs/{slug}/"


def source_files(folder: Path, pattern: str) -> list[Path]:
    """The files below a folder that match, in order, without what editors and tools keep beside them.

    Those are hidden: `.#index.md` is a link to nowhere by which Emacs marks a file as being edited, and
    `.ipynb_checkpoints/` is Jupyter's.
    """
    found = (path for path in folder.glob(pattern) if path.is_file())
    return sorted(path for path in found if not any(part[0] == "." for part in path.relative_to(folder).parts))


@dataclass(frozen=True)
class Design:
    """One design and its files, all found by its slug; or the guide, whose folder stands beside those of designs."""

    root: Path
    slug: str

    @property
    def folder(self) -> Path:
        """Its pages and notebooks."""
        return self.root / "docs" / address_of(self.slug)

    @property
    def chapter(self) -> Path:
        """The chapter: what a reader reads. Of the guide, its first page."""
        return self.folder / "index.md"

    @property
    def pages(self) -> list[Path]:
        """All its pages, the chapter first."""
        return [self.chapter, *(path for path in source_files(self.folder, "*.md") if path != self.chapter)]

    @property
    def notebooks(self) -> list[Path]:
        """The chapter's notebooks, Jupytext percent files beside it."""
        return source_files(self.folder, "*.py")

    def address_of(self, page: Path) -> str:
        """Where one of its pages is published, from the site's root."""
        return address_of(self.slug) + ("" if page == self.chapter else f"{page.stem}/")

    @property
    def script(self) -> Path:
        """The script that draws its architecture diagrams."""
        return self.root / "diagrams" / f"{self.slug}.py"

    @property
    def sequences(self) -> list[Path]:
        """Its sequence diagrams, Mermaid texts."""
        return source_files(self.root / "diagrams" / self.slug, "*.mmd")


@dataclass(frozen=True)
class Project:
    """The project's folders. `build` holds what is generated, `site` what is published; git ignores both."""

    root: Path

    @property
    def docs(self) -> Path:
        """What a reader reads."""
        return self.root / "docs"

    @property
    def build(self) -> Path:
        """Everything generated on the way to the site."""
        return self.root / "build"

    @property
    def site(self) -> Path:
        """The published site, whole or not there at all."""
        return self.root / "site"

    @property
    def designs(self) -> list[Design]:
        """All designs that have a chapter, by slug."""
        return [Design(self.root, p.parent.name) for p in source_files(self.docs, "designs/*/index.md")]

    @property
    def works(self) -> list[Design]:
        """Whatever has notebooks and diagrams: the designs, and the guide where there is one."""
        guide = Design(self.root, GUIDE)
        return [*self.designs, *([guide] if guide.chapter.exists() else [])]

    @property
    def estimates(self) -> list[Path]:
        """The estimates of all works."""
        return [path for work in self.works for path in work.notebooks if path.stem == "estimate"]

    def relative(self, path: Path) -> str:
        """A path as findings name it: from the project's root, with forward slashes."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()


def here() -> Project:
    """The project in the current folder. The command-line program is run from the project's root."""
    return Project(Path.cwd())


def site_url() -> str | None:
    """Where the site is published, if that is elsewhere than mkdocs.yml says: the environment variable SITE_URL."""
    return os.environ.get("SITE_URL") or None
