"""`make serve`: the site on a loopback port, built anew and reloaded at every edit of what it is made from.

MkDocs' own live reload server does the serving and the reloading. Here is what it leaves open: which edits count, what
happens to a broken one, which port, and how an edit of the program itself takes effect.
"""

from __future__ import annotations

import errno
import html
import logging
import os
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from mkdocs.livereload import LiveReloadServer
from watchdog.events import FileSystemEvent, FileSystemEventHandler
from watchdog.observers.polling import PollingObserverVFS

from scripts import manifest
from scripts.alone import alone
from scripts.findings import ContentError, Finding, of_file
from scripts.layout import Project

HOST, PORT = "127.0.0.1", 8000
PORTS = 100  # how many to try
POLL = 0.3  # seconds between two looks at the sources; a look at 300 files takes some milliseconds

# The browser comes back by itself: this page has no live reload in it.
ERROR_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta http-equiv="refresh" content="2">
<title>{title}</title><h1>{title}</h1><pre>{text}</pre></html>"""


class Restart(BaseException):
    """The program was edited: it must begin anew. Not an Exception, so that MkDocs' server lets it through."""


class Server(LiveReloadServer):
    """Serves `site/`, and calls `build` at first and after every edit.

    `build` raises ContentError when the content is bad; whatever it raises, the last good site stays on the page.
    """

    allow_reuse_port = False  # newer Pythons would let two servers share a port

    def __init__(self, project: Project, build: Callable[[], Any], progress: Callable[[str], None], port: int) -> None:
        super().__init__(self.rebuild, HOST, port, str(project.site))
        self.project, self.build, self.progress = project, build, progress
        self.ready = False
        self.failure = ""
        self.changes = _Changes()
        self.observer = PollingObserverVFS(os.stat, partial(sources, project.root), polling_interval=POLL)
        self.watch(str(project.root))
        self.observer.schedule(self.changes, str(project.root), recursive=True)
        self.error_handler = self.error_page
        self._want_rebuild = True  # the first build too runs while edits are watched, so that none is missed

    def server_bind(self) -> None:
        """Take the port, or the next that is free."""
        host, first = self.server_address[:2]
        for port in range(first, first + PORTS):
            self.server_address = (host, port)
            try:
                super().server_bind()
            except OSError as error:
                if error.errno != errno.EADDRINUSE or port == first + PORTS - 1:
                    raise
            else:
                self.url = f"http://{host}:{self.server_address[1]}/"
                return

    def rebuild(self) -> None:
        """Build, and say in the terminal what is wrong. Browsers reload when there is something new to see."""
        changed = self.changes.take()
        if changed:
            self.progress(f"changed: {', '.join(sorted(map(self.project.relative, changed)))}")
        start, seen = time.monotonic(), _identity(self.project.site)
        self.failure = self.attempt(changed)
        if self.failure:
            print(self.failure, file=sys.stderr, flush=True)
            self.progress("not built: the last good page stays until this is mended")
        elif self.ready:
            self.progress(f"ready after {time.monotonic() - start:.1f} s")
        if not self.ready:
            self.progress(f"serving on {self.url} (Ctrl-C ends)")
            self.ready = True
        if _identity(self.project.site) == seen:
            self._wanted_epoch = self._visible_epoch  # nothing to reload

    def attempt(self, changed: set[Path]) -> str:
        """Build once. Returns what went wrong, if anything; raises Restart when the program itself was edited."""
        try:
            program = changed & _loaded()
            if program:
                _compile(program, self.project)
                raise Restart
            self.build()
        except ContentError as error:
            return str(error)
        except OSError as error:
            return str(of_file(error, self.project.root))
        except Exception:  # a mistake in the program: whoever edits it just now wants all of it
            return traceback.format_exc()
        return ""

    def error_page(self, code: int) -> bytes:
        """In place of a page that is not there: the findings, if they are the reason."""
        title = "Not built yet" if self.failure else f"Error {code}: no such page"
        return ERROR_PAGE.format(title=title, text=html.escape(self.failure)).encode()


class _Changes(FileSystemEventHandler):
    """Collects the files that were edited since the last build."""

    def __init__(self) -> None:
        self._paths: set[Path] = set()
        self._lock = threading.Lock()

    def on_any_event(self, event: FileSystemEvent) -> None:
        if not event.is_directory:
            with self._lock:
                self._paths |= {Path(os.fsdecode(path)) for path in (event.src_path, event.dest_path) if path}

    def take(self) -> set[Path]:
        """The files, which are then forgotten."""
        with self._lock:
            taken, self._paths = self._paths, set()
        return taken


def sources(root: Path, folder: str) -> Iterator[os.DirEntry[str]]:
    """What a folder holds of the site's sources: no generated files, caches, hidden files or editors' copies."""
    top = Path(folder) == root
    with os.scandir(folder) as entries:
        for entry in entries:
            hidden = entry.name.startswith((".", "#", "__pycache__")) or entry.name.endswith("~")
            if entry.name in (*manifest.INPUTS, *manifest.FILES) if top else not hidden:
                yield entry


def _identity(folder: Path) -> int:
    """Tells one built site from the next, which is a new folder."""
    return folder.stat().st_ino if folder.exists() else 0


def _loaded() -> set[Path]:
    """The files of all modules in this process, which do not notice when they are edited."""
    return {Path(file) for module in list(sys.modules.values()) if (file := getattr(module, "__file__", None))}


def _compile(paths: set[Path], project: Project) -> None:
    """Refuse to begin anew with modules that do not even compile. Raises ContentError."""
    findings = []
    for path in paths:
        try:
            compile(path.read_bytes(), str(path), "exec")
        except FileNotFoundError:
            pass
        except (SyntaxError, ValueError) as error:
            line, what = getattr(error, "lineno", None), getattr(error, "msg", str(error))
            findings.append(Finding(project.relative(path), line or 1, what, "mend it"))
    if findings:
        raise ContentError(findings)


def main(project: Project, progress: Callable[[str], None]) -> int:
    """Serve until Ctrl-C, on the port that PORT in the environment names, else on 8000 or the next free one."""

    def build() -> None:
        from scripts import site  # only now: what is broken in there is shown like any other broken edit

        with alone(project, progress):
            site.build(project, progress)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    logging.getLogger("mkdocs.livereload").setLevel(logging.ERROR)  # each request with an answer other than 200
    wanted = os.environ.get("PORT") or str(PORT)
    if not wanted.isdecimal() or not 0 < int(wanted) < 2**16:
        print(f"PORT={wanted} is no port: name one from 1 to 65535, as in PORT=9000 make serve", file=sys.stderr)
        return 1
    port = int(wanted)
    server = Server(project, build, progress, port)
    restart = False
    try:
        server.serve()
    except KeyboardInterrupt:
        progress("")
    except Restart:
        restart = True
    except OSError as error:
        print(f"cannot serve on port {port} ({error}): name another, as in PORT=9000 make serve", file=sys.stderr)
        return 1
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # a second Ctrl-C must not interrupt the end
        server.shutdown()
    if restart:
        progress("the program itself changed: starting it anew")
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # what is ignored stays ignored in the new program
        os.environ["PORT"] = str(server.server_address[1])
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
    return 0
