"""The command line, `python -m scripts site | serve | diagrams | check | new | faults | bench | links | portability`.

Heavy imports wait until they are needed.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from scripts import environment
from scripts.alone import alone
from scripts.findings import ContentError, of_file
from scripts.layout import Project, here

Arguments = argparse.Namespace


def main() -> int:
    """Run one command. 0: done; 1: bad content or surroundings, a line for each fault; 130: interrupted."""
    arguments = _commands().parse_args()
    project = here()
    if wrong := list(environment.wrong()):
        print("\n".join(wrong), file=sys.stderr)
        return 1
    try:
        return arguments.run(project, arguments)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    except OSError as error:
        print(of_file(error, project.root), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def _commands() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m scripts", description="Build and check the handbook.")
    commands = parser.add_subparsers(dest="command", required=True)

    def command(name: str, run: Callable[..., int], about: str) -> argparse.ArgumentParser:
        added = commands.add_parser(name, help=about)
        added.set_defaults(run=run)
        return added

    command("site", _site, "build the site into site/")
    command("serve", _serve, "build, serve, and reload on every edit")
    command("diagrams", _diagrams, "draw the diagrams only: self-contained SVG and PNG")
    check = command("check", _check, "say everything that is wrong with the content")
    forms = ["text", "github", "sarif"]
    check.add_argument("--format", choices=forms, help="text, or annotations within GitHub Actions")
    check.add_argument("--output", type=Path, help="write the findings there; the terminal gets them as usual")
    check.add_argument("--first", action="store_true", help="stop after the first stage that finds anything")
    command("new", _new, "start a chapter").add_argument("slug", help="its name in every folder, such as netflix-chat")
    faults = command("faults", _faults, "break copies of the project on purpose, and see who notices")
    faults.add_argument("only", nargs="*", help="parts, or words of names: only these; the record keeps the rest")
    bench = command("bench", _bench, "measure build, pages and live numbers beside plain MkDocs")
    bench.add_argument("--only", choices=("build", "growth", "page", "live"), help="measure this part alone")
    links = command("links", _links, "check the external links of the built site and its sources")
    links.add_argument("--interval", type=float, default=1.0, help="seconds between two requests to one host")
    links.add_argument("--fresh", type=float, default=7.0, help="days for which a good answer holds")
    links.add_argument("--offline", action="store_true", help="tell what is known, ask nobody")
    command("portability", _portability, "say what the site loses when a successor of MkDocs builds it")
    verify = command("verify", _verify, "the long checks: axe, Nu, runtime, Firefox, one after another")
    verify.add_argument("--only", action="append", default=[], metavar="NAME", help="this check alone; may be repeated")
    return parser


def progress(message: str) -> None:
    """One calm line for each step."""
    print(message, flush=True)


def _site(project: Project, _: Arguments) -> int:
    import gc

    from scripts import site

    gc.set_threshold(200_000, 50, 50)  # looking for garbage as often as usual takes a twentieth of a build
    with alone(project, progress):
        built = site.build(project, progress)
    progress(f"{project.relative(built)}/ is complete")
    return 0


def _serve(project: Project, _: Arguments) -> int:
    from scripts import serve

    return serve.main(project, progress)


def _diagrams(project: Project, _: Arguments) -> int:
    from scripts import site

    with alone(project, progress):
        drawn = site.draw(project, progress)
    for path in drawn:
        progress(project.relative(path))
    return 0


def _check(project: Project, arguments: Arguments) -> int:
    from scripts import check_command, reports

    form, output = arguments.format, arguments.output
    with alone(project, progress):
        findings = check_command.run(project, progress, arguments.first)
    if output:
        output.write_text(reports.FORMATS[form or reports.usual()](findings), encoding="utf-8")
        form = None
    print(reports.FORMATS[form or reports.usual()](findings), end="", file=sys.stderr)
    counted = "1 finding" if len(findings) == 1 else f"{len(findings)} findings"
    progress(counted if findings else "nothing to mend")
    return 1 if findings else 0


def _new(project: Project, arguments: Arguments) -> int:
    from scripts import new

    for path in new.start(project, arguments.slug):
        progress(project.relative(path))
    progress("a draft that builds: make serve shows it, make check keeps it honest")
    return 0


def _bench(project: Project, arguments: Arguments) -> int:
    from scripts import bench

    bench.run(project, arguments.only, progress)
    return 0


def _links(project: Project, arguments: Arguments) -> int:
    from scripts.links import command

    settings = command.Settings(arguments.interval, arguments.fresh, arguments.offline)
    return command.main(project, settings, progress)


def _portability(project: Project, _: Arguments) -> int:
    from scripts import portability

    return portability.run(project, progress)


def _faults(project: Project, arguments: Arguments) -> int:
    from scripts.faults import command

    return command.main(project, progress, arguments.only)


def _verify(project: Project, arguments: Arguments) -> int:
    from scripts import verify

    return verify.run(project, arguments.only, progress)


if __name__ == "__main__":
    sys.exit(main())
