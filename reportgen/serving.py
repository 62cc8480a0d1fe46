"""A report served on loopback, built again when anything it is made from changes."""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

from reportgen.building.folders import folders
from reportgen.building.results import BuildResult
from reportgen.building.stamp import watched
from reportgen.config import Config, load_config
from reportgen.errors import LockedError, ReportgenError, SiteError
from reportgen.pipeline import build
from reportgen.places import sentence
from reportgen.site.resources import templates_dir
from reportgen.store.lock import wait_for

HOST = "127.0.0.1"


def serve(config: Config, *, port: int, jobs: int, say: Callable[[str], None]) -> None:
    """Build the site, serve it until interrupted, and reload open pages after each build.

    Raises
    ------
    SiteError
        If nothing can be served there; said before anything is built.
    """
    # The reload server of MkDocs: it watches files and tells open pages.
    from mkdocs.livereload import LiveReloadServer  # noqa: PLC0415

    logging.getLogger("mkdocs.livereload").setLevel(logging.ERROR)

    def rebuild() -> None:
        try:
            result = _built(config.file, jobs=jobs, say=say)
        except ReportgenError as error:
            say(f"Error: {error}")
        except OSError as error:  # the next change may find room again
            say(f"Error: {sentence(error)}")
        else:
            say(f"{result.pages} pages" if not result.unchanged else "Nothing has changed.")

    _check_port(port)
    rebuild()
    server: Any = LiveReloadServer(
        builder=rebuild, host=HOST, port=port, root=str(folders(config).site)
    )
    for path in _watch_list(config):
        server.watch(path)
    try:
        say(f"Serving on http://{HOST}:{port}/ – stop with Ctrl+C")
        server.serve()
    except KeyboardInterrupt:
        say("Stopped.")
    except OSError as error:
        raise _port_error(port, error) from error
    finally:
        server.shutdown()  # also its thread, for which this process would wait for ever


def _built(file: Path, *, jobs: int, say: Callable[[str], None]) -> BuildResult:
    """Build once whoever else is at work there has ended: it may not see the newest change."""
    while True:
        try:
            return build(load_config(file), jobs=jobs, say=say)
        except LockedError as error:
            say(f"Waiting. {error}")
            wait_for(error.folder)


def _check_port(port: int) -> None:
    """Raise an error if somebody else has the port: MkDocs asks only after the build."""
    try:
        socket.create_server((HOST, port)).close()
    except OSError as error:
        raise _port_error(port, error) from error


def _port_error(port: int, error: OSError) -> SiteError:
    why = os.strerror(error.errno) if error.errno else error  # Python adds its call to the words
    return SiteError(f"Port {port} cannot be used: {why}. Choose another with --port.")


def _watch_list(config: Config) -> list[str]:
    """Return what exists of data, definitions, notes, configuration and templates."""
    local = [source.location.split("*")[0] for source in config.source]
    data = [config.path(one) for one in local if one and "://" not in one]
    paths = [*watched(config), *data, templates_dir()]
    return sorted({str(path) for path in paths if path.exists()})
