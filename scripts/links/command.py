"""`python -m scripts links`: check the external links of the site and of its sources."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

from scripts.checks.encoding import read_yaml
from scripts.layout import Project
from scripts.links import collect, report
from scripts.links.cache import Cache
from scripts.links.pace import Clock, Pace
from scripts.links.run import Asks, OfflineError, refresh
from scripts.manifest import write

Progress = Callable[[str], None]
WAYBACK = "https://archive.org/wayback/available"


@dataclass(frozen=True)
class Settings:
    """`interval`: s between two requests to a host. `fresh`: days that a good answer holds. `offline`: ask nobody."""

    interval: float = 1.0
    fresh: float = 7.0
    offline: bool = False


def main(project: Project, settings: Settings, progress: Progress) -> int:
    """Check, print what is wrong, write `build/links.md`. 0: no error; 1: links to mend; 2: there is no network."""
    named = collect.addresses(project, project.site)
    cache, clock = Cache(project.build / "cache/links.json"), Clock()
    if not settings.offline:
        progress(f"{len(named)} external links")
        try:
            asked = refresh(named, cache, fetcher(project, clock, settings), clock, settings.fresh, WAYBACK)
        except OfflineError:
            print("no network: no host could be reached, so nothing was learned of the links", file=sys.stderr)
            return 2
        progress(f"asked for {asked} pages, the other answers are less than {settings.fresh:g} days old")
    return tell(project, named, cache, clock.now(), progress)


def fetcher(project: Project, clock: Clock, settings: Settings) -> Asks:
    """What asks the hosts; it says who we are."""
    from scripts.links.fetch import Fetcher

    home = (read_yaml(project.root / "mkdocs.yml") or {}).get("repo_url", "")
    return Fetcher(Pace(clock, settings.interval), f"executable-system-design-handbook-links/1 (+{home})")


def tell(project: Project, named: report.Named, cache: Cache, now: float, progress: Progress) -> int:
    """Print findings, errors last, and write the report. Returns 1 when there are errors."""
    write(project.build / "links.md", report.markdown(named, cache.known, now))
    found = sorted(report.findings(named, cache.known), key=lambda pair: (pair[1], pair[0]))
    for finding, is_error in found:
        print(finding, file=sys.stderr if is_error else sys.stdout)
    errors = sum(is_error for _, is_error in found)
    progress(f"{errors} to mend, {len(found) - errors} hints; the report is in build/links.md")
    return 1 if errors else 0
