"""A folder over HTTP on loopback, as a static host serves it."""

from __future__ import annotations

import functools
import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves files and keeps silent."""

    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


class Pages(Quiet):
    """Serves a site below ``metrics/`` as GitHub Pages does, with its page for what is missing."""

    def send_error(self, code: int, *_arguments: object) -> None:
        """Answer with ``404.html``."""
        page = (Path(self.directory) / "metrics" / "404.html").read_bytes()
        self.send_response(code)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(page)


class Server(http.server.ThreadingHTTPServer):
    """Says nothing of readers who left before they had everything."""

    def handle_error(self, *_arguments: object) -> None:
        """Keep silent."""


@contextmanager
def serving(root: Path, handler: type[Quiet] = Quiet) -> Iterator[str]:
    """Serve a folder, and give its address."""
    with Server(("127.0.0.1", 0), functools.partial(handler, directory=str(root))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()
