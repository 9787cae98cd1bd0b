"""Where everything is: one slug in every folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


@dataclass(frozen=True)
class Design:
    """One design and its files, all found by its slug."""

    root: Path
    slug: str

    @property
    def chapter(self) -> Path:
        """The chapter: what a reader reads."""
        return self.root / "docs/designs" / self.slug / "index.md"

    @property
    def notebooks(self) -> list[Path]:
        """The chapter's notebooks, Jupytext percent files beside it."""
        return sorted(self.chapter.parent.glob("*.py"))

    @property
    def script(self) -> Path:
        """The script that draws its architecture diagrams."""
        return self.root / "diagrams" / f"{self.slug}.py"

    @property
    def sequences(self) -> list[Path]:
        """Its sequence diagrams, Mermaid texts."""
        return sorted((self.root / "diagrams" / self.slug).glob("*.mmd"))


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
        return [Design(self.root, p.parent.name) for p in sorted(self.docs.glob("designs/*/index.md"))]

    def relative(self, path: Path) -> str:
        """A path as findings name it: from the project's root, with forward slashes."""
        return path.resolve().relative_to(self.root.resolve()).as_posix()


def here() -> Project:
    """The project in the current folder. The command-line program is run from the project's root."""
    return Project(Path.cwd())


def site_url() -> str | None:
    """Where the site is published, if that is elsewhere than mkdocs.yml says: the environment variable SITE_URL."""
    return os.environ.get("SITE_URL") or None
