"""The command line, `python -m scripts site | serve | diagrams | check | new`.

Heavy imports wait until they are needed.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from scripts.findings import ContentError
from scripts.layout import Project, here


def main() -> int:
    """Run one command. 0: done; 1: bad content, each finding printed on its own line; 130: interrupted."""
    parser = argparse.ArgumentParser(prog="python -m scripts", description="Build and check the handbook.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("site", help="build the site into site/")
    commands.add_parser("serve", help="build, serve, and reload on every edit")
    commands.add_parser("diagrams", help="draw the diagrams only: self-contained SVG and PNG")
    check = commands.add_parser("check", help="say everything that is wrong with the content")
    check.add_argument(
        "--format", choices=["text", "github", "sarif"], help="text, or annotations within GitHub Actions"
    )
    check.add_argument("--output", type=Path, help="write the findings there; the terminal gets them as usual")
    new = commands.add_parser("new", help="start a chapter")
    new.add_argument("slug", help="its name in every folder, such as netflix-chat")
    arguments = parser.parse_args()
    run = {"site": _site, "serve": _serve, "diagrams": _diagrams}
    try:
        if arguments.command == "new":
            return _new(here(), arguments.slug)
        if arguments.command == "check":
            return _check(here(), arguments.format, arguments.output)
        return run[arguments.command](here())
    except ContentError as error:
        print("\n".join(map(str, error.findings)), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def progress(message: str) -> None:
    """One calm line for each step."""
    print(message, flush=True)


def _site(project: Project) -> int:
    from scripts import site

    progress(f"{project.relative(site.build(project, progress))}/ is complete")
    return 0


def _serve(project: Project) -> int:
    from scripts import serve

    return serve.main(project, progress)


def _diagrams(project: Project) -> int:
    from scripts import site

    for path in site.draw(project, progress):
        progress(project.relative(path))
    return 0


def _check(project: Project, form: str | None, output: Path | None) -> int:
    from scripts import check_command, reports

    findings = check_command.run(project, progress)
    if output:
        output.write_text(reports.FORMATS[form or reports.usual()](findings), encoding="utf-8")
        form = None
    print(reports.FORMATS[form or reports.usual()](findings), end="", file=sys.stderr)
    counted = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    progress(counted if findings else "nothing to mend")
    return 1 if findings else 0


def _new(project: Project, slug: str) -> int:
    from scripts import new

    for path in new.start(project, slug):
        progress(project.relative(path))
    progress("a draft that builds: make serve shows it, make check keeps it honest")
    return 0


if __name__ == "__main__":
    sys.exit(main())
