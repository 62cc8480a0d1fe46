"""Real servers for tests: started in a folder of their own, on loopback, and killed at the end.

A server that Debian packages is needed in CI, where its lack is a failure; elsewhere its tests are
skipped. Servers that refuse to run as root run as an unprivileged user.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

START = 300.0
"""Seconds in which a server has to come up."""
PORTS = range(20_000, 32_000)
"""Below those that the system gives to whoever connects somewhere."""
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/sbin", "/usr/local/sbin")
"""Where Debian puts servers beside PATH."""


def program(name: str, package: str) -> str:
    """Return the path of a program, else fail in CI and skip elsewhere."""
    found = shutil.which(name) or next(
        (
            str(path)
            for folder in FOLDERS
            for path in sorted(Path("/").glob(f"{folder[1:]}/{name}"))
        ),
        None,
    )
    if found is None:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(f"{name} is missing: apt-get install {package}")
    return str(found)


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
            return port


@contextlib.contextmanager
def server_folder(owner: str | None = None) -> Iterator[Path]:
    """Make a folder that an unprivileged user can reach; it is removed at the end."""
    folder = Path(tempfile.mkdtemp(prefix="server-"))
    try:
        if owner is not None:
            shutil.chown(folder, owner, owner)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def unprivileged() -> str | None:
    """Return a user to run servers as, or None if this process is not root."""
    if os.geteuid():
        return None
    known = {user.pw_name for user in pwd.getpwall()}
    return next(name for name in ("postgres", "influxdb", "nobody") if name in known)


_BUSY = "still in use"
"""What PostgreSQL says while a process of one that was killed holds its memory or its port."""


@dataclass(kw_only=True)
class Server:
    """A server process: it can be killed in the middle, and started again on its data."""

    command: Sequence[str]
    folder: Path
    ready: Callable[[], bool]
    """Whether it answers."""
    user: str | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        deadline = time.monotonic() + START
        said = self._launch()
        while not self.ready():
            ended = self.process.poll() is not None
            if time.monotonic() > deadline or (ended and _BUSY not in said()):
                self.kill()
                pytest.fail(f"{self.command[0]}: {said()[-2000:]}")
            time.sleep(0.05)
            if ended:  # what a killed one leaves behind takes a moment to go
                said = self._launch()

    def _launch(self) -> Callable[[], str]:
        """Start a process, and return what reads its part of the log."""
        log = self.folder / "log"
        with log.open("ab") as output:
            begin = output.tell()
            self.process = subprocess.Popen(
                list(self.command),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C", **self.environment},
                start_new_session=True,
                **user_options(self.user),
            )
        return lambda: log.read_bytes()[begin:].decode(errors="replace")

    def kill(self) -> None:
        """Kill it and its children (SIGKILL): connections are cut."""
        if self.process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None


def user_options(user: str | None) -> dict[str, object]:
    """Return what makes a subprocess run as this user."""
    return {"user": user, "group": user_group(user), "extra_groups": []} if user else {}


def user_group(user: str) -> int:
    """Return the group of a user."""
    return pwd.getpwnam(user).pw_gid


@contextlib.contextmanager
def running(server: Server) -> Iterator[Server]:
    """Start a server, and kill it at the end."""
    server.start()
    try:
        yield server
    finally:
        server.kill()


@dataclass(frozen=True, kw_only=True)
class Postgres:
    """A PostgreSQL of a test."""

    server: Server
    url: str
    """For SQLAlchemy with psycopg, over loopback; the user needs the password in it."""
    password: str


@contextlib.contextmanager
def postgres(password: str = "s3cret/p@ss") -> Iterator[Postgres]:
    """Run an empty PostgreSQL that asks for a password."""
    initdb, binary = (program(name, "postgresql") for name in ("initdb", "postgres"))
    user = unprivileged()
    with server_folder(user) as folder:
        secret = folder / "password"
        secret.write_text(password)
        if user is not None:
            shutil.chown(secret, user)
        subprocess.run(
            [
                *(initdb, "-D", "data", "-U", "tester", "--pwfile", "password"),
                *("-A", "scram-sha-256", "-E", "UTF8", "--no-locale", "--no-sync"),
            ],
            cwd=folder,
            check=True,
            capture_output=True,
            **user_options(user),
        )
        port = free_port()
        settings = {"fsync": "off", "unix_socket_directories": "", "listen_addresses": "127.0.0.1"}
        command = [binary, "-D", "data", "-p", str(port)]
        command += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        server = Server(
            command=command, folder=folder, user=user, ready=lambda: _answers(port, password)
        )
        with running(server):
            quoted = password.replace("/", "%2F").replace("@", "%40")
            url = f"postgresql+psycopg://tester:{quoted}@127.0.0.1:{port}/postgres"
            yield Postgres(server=server, url=url, password=password)


def _answers(port: int, password: str) -> bool:
    import psycopg  # noqa: PLC0415 - other servers do without

    where = {"host": "127.0.0.1", "port": port, "user": "tester", "password": password}
    try:
        psycopg.connect(**where, dbname="postgres", connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True
