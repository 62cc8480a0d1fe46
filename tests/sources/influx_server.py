"""A real InfluxDB 1.x for tests, on loopback with a configuration of its own."""

from __future__ import annotations

import contextlib
import shutil
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.servers import Server, free_port, program, running, server_folder, unprivileged

USER, PASSWORD = "tester", "s3cret'\"pass"
BATCH = 5_000
"""Lines in one request."""
_CONFIGURATION = """\
reporting-disabled = true
bind-address = "127.0.0.1:{rpc}"
[meta]
dir = "{folder}/meta"
[data]
dir = "{folder}/data"
wal-dir = "{folder}/wal"
query-log-enabled = false
max-values-per-tag = 0
[monitor]
store-enabled = false
[http]
bind-address = "127.0.0.1:{http}"
auth-enabled = {auth}
log-enabled = false
[subscriber]
enabled = false
"""


@dataclass(frozen=True, kw_only=True)
class Influx:
    """An InfluxDB of a test."""

    server: Server
    url: str
    auth: bool

    def query(self, text: str, **parameters: str) -> str:
        """Execute a statement, and return the answer."""
        credentials = urllib.parse.urlencode(self._credentials())
        body = urllib.parse.urlencode({"q": text, **parameters}).encode()
        address = f"{self.url}/query?{credentials}"
        with urllib.request.urlopen(address, body, timeout=60) as response:
            return response.read().decode()

    def write(self, database: str, lines: Iterable[str]) -> None:
        """Write points, given in line protocol with times in nanoseconds."""
        batch: list[str] = []
        for line in lines:
            batch.append(line)
            if len(batch) == BATCH:
                self._post(database, batch)
                batch.clear()
        if batch:
            self._post(database, batch)

    def _post(self, database: str, lines: list[str]) -> None:
        given = urllib.parse.urlencode({"db": database, **self._credentials()})
        body = "\n".join(lines).encode()
        urllib.request.urlopen(f"{self.url}/write?{given}", body, timeout=60).close()

    def _credentials(self) -> dict[str, str]:
        return {"u": USER, "p": PASSWORD} if self.auth else {}


@contextlib.contextmanager
def influxdb(*, auth: bool = False) -> Iterator[Influx]:
    """Run an empty InfluxDB; with ``auth`` it asks for `USER` and `PASSWORD`."""
    binary, user = program("influxd", "influxdb"), unprivileged()
    with server_folder(user) as folder:
        port = free_port()
        configuration = folder / "influxdb.conf"
        configuration.write_text(
            _CONFIGURATION.format(folder=folder, rpc=free_port(), http=port, auth=str(auth).lower())
        )
        if user is not None:
            shutil.chown(configuration, user)
        url = f"http://127.0.0.1:{port}"
        server = Server(
            command=[binary, "-config", str(configuration)],
            folder=folder,
            user=user,
            environment={"HOME": str(folder)},
            ready=lambda: _answers(url),
        )
        with running(server):
            influx = Influx(server=server, url=url, auth=auth)
            if auth:
                quoted = PASSWORD.replace("'", "\\'")
                influx.query(f"CREATE USER {USER} WITH PASSWORD '{quoted}' WITH ALL PRIVILEGES")
            yield influx


def _answers(url: str) -> bool:
    try:
        urllib.request.urlopen(f"{url}/ping", timeout=2).close()
    except (OSError, urllib.error.URLError):
        return False
    return True
