"""Keeps one issue about dead links: opens it, brings it up to date, closes it when all is well.

Run by the weekly workflow as `python -m scripts.links.issue build/links.md`; needs the `gh` program, nothing else.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

LABEL = "links"
TITLE = "External links to mend"
ROOM = 65_000  # characters: GitHub refuses an issue of more than 65,536
CUT = "\n\nThe list goes on: the whole report is in the summary of the run."


def main(arguments: list[str]) -> int:
    """Bring the issue in line with the report. 0: done; 1: `gh` failed, or the report is not one of ours."""
    path = Path(arguments[0])
    first = path.read_text(encoding="utf-8").partition("\n")[0]
    counted = re.fullmatch(r"<!-- links to mend: (\d+) -->", first)
    if not counted:
        print(f"{path}:1: this is no report of `make links`; run that first", file=sys.stderr)
        return 1
    try:
        print(update(path, int(counted[1])))
    except subprocess.CalledProcessError as error:
        print(f"gh failed: {error.stderr.strip()}", file=sys.stderr)
        return 1
    return 0


def update(report: Path, to_mend: int) -> str:
    """Open, update or close the issue, and say what was done. Raises CalledProcessError."""
    listed = _gh("issue", "list", "--label", LABEL, "--state", "open", "--limit", "100", "--json", "number,title")
    number = next((str(issue["number"]) for issue in json.loads(listed) if issue["title"] == TITLE), "")
    body = fitting(report.read_text(encoding="utf-8"))
    if to_mend and number:
        _gh("issue", "edit", number, "--body-file", "-", text=body)
        return f"updated issue {number}: {to_mend} to mend"
    if to_mend:
        _gh("label", "create", LABEL, "--force", "--description", "External links that lead nowhere")
        _gh("issue", "create", "--title", TITLE, "--label", LABEL, "--body-file", "-", text=body)
        return f"opened an issue: {to_mend} to mend"
    if number:
        _gh("issue", "close", number, "--comment", "All external links lead somewhere again.")
        return f"closed issue {number}"
    return "all is well, and no issue is open"


def fitting(text: str) -> str:
    """As much of a report, in whole lines, as an issue holds. What has to be mended stands first in it."""
    return text if len(text) <= ROOM else text[: text.rindex("\n", 0, ROOM - len(CUT))] + CUT


def _gh(*words: str, text: str = "") -> str:
    return subprocess.run(["gh", *words], check=True, capture_output=True, encoding="utf-8", input=text).stdout


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
