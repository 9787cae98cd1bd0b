"""The site as it speaks of itself: its name, its description, its address."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scripts.checks.encoding import read_yaml
from scripts.layout import Project, site_url


@dataclass(frozen=True)
class About:
    """What mkdocs.yml says of the site. `url` is where it is published; it ends in `/`."""

    name: str
    description: str
    url: str

    @classmethod
    def of(cls, project: Project) -> About:
        """As mkdocs.yml has it, published where `SITE_URL` says, if that is set."""
        settings = read_yaml(project.root / "mkdocs.yml")
        url = site_url() or settings.get("site_url") or "/"
        return cls(settings["site_name"], settings.get("site_description", ""), url.rstrip("/") + "/")

    @property
    def path(self) -> str:
        """The path of the address: `/handbook/`."""
        return urlsplit(self.url).path

    def absolute(self, path: str) -> str:
        """The address of a page or file, whose path counts from the site's root."""
        return urljoin(self.url, path)
