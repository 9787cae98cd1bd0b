"""Code that chapters show, the theme, and the settings of the site."""

from __future__ import annotations

from functools import partial

from scripts.faults.fault import CHAPTER, Edit, Fault, fault

LANE = "snippets/email_platform/lane.py"
TESTS = "tests/snippets/email_platform/"

theme, settings = partial(fault, "theme"), partial(fault, "settings")


def code(name: str, file: str, old: str, new: str, *, fails: str) -> Fault:
    """A fault in code that a chapter shows: one of its own tests must fail."""
    tests = f"{TESTS}test_{file.rsplit('/', 1)[1]}"
    return Fault(name, "snippets", (Edit(file, old, new),), tests, f"def {fails}(", "", f"{tests}::{fails}")


FAULTS = (
    Fault(
        "a section that is gone",
        "snippets",
        (Edit(LANE, "# --8<-- [start:lane]\n", "# --8<-- [start:lanes]\n"),),
        CHAPTER,
        "lane.py:lane",
        "lane",
    ),
    code("a bucket that never empties", LANE, "        self.tokens -= 1\n", "", fails="test_bucket_by_hand"),
    code(
        "a breaker that a late answer closes",
        LANE,
        "        if not self.breaker.allows(now) or not self.bucket.take(now):",
        "        if not self.bucket.take(now):",
        fails="test_a_refusing_provider_hears_little_from_the_lane",
    ),
    code(
        "a rate above its ceiling",
        LANE,
        "self.bucket.rate = min(self.ceiling, faster)",
        "self.bucket.rate = faster",
        fails="test_the_ceiling_holds",
    ),
    theme(
        "a style sheet that asks another host",
        "docs/assets/stylesheets/tables.css",
        "/* Tables: hairlines, no zebra, figures that line up. */",
        '/* Tables. */\n@import "https://fonts.example.org/serif.css";',
        at="fonts.example.org",
        says="another host",
    ),
    theme(
        "a script that asks another host",
        "docs/assets/scripts/facts.js",
        "  const GAP = 6;\n",
        '  const GAP = 6;\n  fetch("https://counter.example.org/hit");\n',
        at="counter.example.org",
        says="another host",
    ),
    theme(
        "a template that asks another host",
        "overrides/main.html",
        '{% extends "base.html" %}',
        '{% extends "base.html" %}\n{% block scripts %}{{ super() }}\n'
        '<script src="https://cdn.example.org/a.js"></script>{% endblock %}',
        at="cdn.example.org",
        says="another host",
    ),
    settings("settings that are no YAML", "mkdocs.yml", "plugins:\n", "plugins: ]\n", at="plugins: ]", says="not YAML"),
    settings(
        "a page of the navigation that is not there",
        "mkdocs.yml",
        "diagrams.md",
        "diagram.md",
        at="diagram.md",
        says="diagram.md",
    ),
)
