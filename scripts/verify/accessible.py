"""axe-core on every page, in every setting, with all details open and in each state that a reader can bring it to.

axe gives up on the contrast of much text, of all that is drawn for one: contrast.js looks at that.

`python -m scripts.verify.accessible`; the site must be built.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scripts.browser import started
from scripts.checks.built import Place
from scripts.checks.origins import Origins
from scripts.findings import Finding
from scripts.layout import Project, here
from scripts.loopback import served_below
from scripts.store import Store
from scripts.verify import report, visits
from scripts.verify.states import STATES, details

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice")
_AXE = Path("node_modules/axe-core/axe.min.js")
_RUN = f"""async () => {{
  const {{ violations }} = await axe.run(document, {{ resultTypes: ["violations"], runOnly: {json.dumps(TAGS)} }});
  return violations.flatMap(({{ id, help, nodes }}) => nodes.map(({{ target, html, failureSummary }}) => ({{
    rule: id, help, html, selector: target.flat(9).join(" "), why: failureSummary }})));
}}"""
_CONTRAST = Path(__file__).with_name("contrast.js")
_ID = re.compile(r'(?:id|data-fact|href)="([^"]+)"')
_STUCK = "mend the page's script, or scripts/verify/states.py, which waits for what is no more"
Violation = dict[str, Any]


def look(
    project: Project,
    only: Sequence[str] = (),
    settings: Sequence[visits.Setting] = visits.SETTINGS,
    browser: Browser | None = None,
) -> tuple[list[Finding], str]:
    """What axe finds on all pages of the built site, or only on some, and what was looked at, in words.

    Playwright can run once in a program: who has a browser hands it in.
    """
    names = [name for name in visits.pages(project.site) if not only or name in only]
    found: dict[tuple[str, str, str], list[tuple[str, Violation]]] = defaultdict(list)
    looks = 0
    hosted = served_below("handbook", project.site)
    with hosted as address, nullcontext(browser) if browser else started() as chromium:
        for setting in settings:
            with visits.window(chromium, setting) as page:
                for name, state, violations in _tour(page, address, names, project.root / _AXE):
                    looks += 1
                    for one in violations:
                        found[name, one["rule"], one["selector"]].append((f"{setting}{state}", one))
    origins = Origins(project, Store(project))
    findings = sorted(_finding(name, hits, origins) for (name, _, _), hits in found.items())
    return findings, f"{looks} looks at {len(names)} pages in {len(settings)} settings"


def _tour(page: Page, address: str, names: Sequence[str], axe: Path) -> Iterator[tuple[str, str, list[Violation]]]:
    """Each page with its details open; then each state, on the first page that has it: (page, state, violations)."""
    scripts, waiting = [path.read_text(encoding="utf-8") for path in (axe, _CONTRAST)], dict(STATES)
    for name in names:
        url = address + name.removesuffix("index.html")
        visits.opened(page, url)
        details(page)
        yield name, "", _violations(page, *scripts)
        for state, enter in list(waiting.items()):
            entered, stuck = _tried(enter, page)
            if entered:
                del waiting[state]
                yield name, f", {state}", stuck or _violations(page, *scripts)
                visits.opened(page, url)


def _tried(enter: Callable[[Page], bool], page: Page) -> tuple[bool, list[Violation]]:
    """Whether the page has a state; and, if it never comes there, that as one more thing that is wrong."""
    from playwright.sync_api import Error

    try:
        return enter(page), []
    except Error as error:
        why = str(error).partition("\n")[0]
        return True, [{"rule": "state", "html": "", "selector": "the page", "why": why, "help": _STUCK}]


def _violations(page: Page, axe: str, contrast: str) -> list[Violation]:
    visits.settled(page)
    page.evaluate(axe)
    return page.evaluate(_RUN) + page.evaluate(contrast)


def _finding(name: str, hits: list[tuple[str, Violation]], origins: Origins) -> Finding:
    """One element that breaks one rule, wherever it was seen."""
    seen, one = [setting for setting, _ in hits], hits[0][1]
    path, line = origins.of(name, Place(), *_ID.findall(one["html"]))
    why = re.sub(r"^Fix a\w+ of the following: ", "", " ".join(one["why"].split()))
    what = f"{one['rule']} in site/{name} ({'; '.join(seen)}): {why}; at {one['selector']}, {one['html'][:120]}"
    return Finding(path, line, what, one["help"], rule=one["rule"])


if __name__ == "__main__":
    sys.exit(report(here(), look))
