"""A folder served on a loopback port, for tests and measurements that look at the site as a browser does."""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

_POLL = 0.05  # seconds until a server sees that it shall end


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder like any static host, sends the headers `always` with every answer, and logs nothing."""

    def __init__(self, *arguments: Any, always: Mapping[str, str] | None = None, **named: Any) -> None:
        self.always = always or {}
        super().__init__(*arguments, **named)  # answers the request, too

    def end_headers(self) -> None:
        """Add the headers."""
        for name, value in self.always.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path, handler: type[Quiet] = Quiet, **settings: Any) -> Iterator[str]:
    """Serve a folder on a free port; gives the address, which ends in `/`. The handler is told the settings."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(handler, directory=str(folder), **settings))
    threading.Thread(target=server.serve_forever, args=(_POLL,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


@contextmanager
def served_below(path: str, folder: Path, **settings: Any) -> Iterator[str]:
    """Serve a folder at `/path/`, as a project's pages are; gives that address."""
    with tempfile.TemporaryDirectory() as root:
        (Path(root) / path).symlink_to(folder.resolve())
        with served(Path(root), **settings) as address:
            yield f"{address}{path}/"
