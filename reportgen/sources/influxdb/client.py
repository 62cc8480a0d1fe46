"""Queries to an InfluxDB over HTTP, answers streamed; credentials come from the environment."""

from __future__ import annotations

import base64
import json
import os
import re
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any, TypeVar
from urllib.parse import urlencode, urlsplit

from reportgen.errors import SourceError
from reportgen.sources.influxdb.options import InfluxOptions
from reportgen.sources.retry import Patience, judge_network, judge_status

_T = TypeVar("_T")

CHUNK = 10_000
"""Points in one piece of an answer."""
_BLOCK = 1 << 16
_JWT = re.compile(r"eyJ[\w-]*\.[\w-]+\.[\w-]*")
_BUSY = re.compile(r"timeout|killed|closed|shutdown|max-concurrent", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A piece of an answer: some rows of one series."""

    name: str
    columns: list[str]
    rows: list[list[Any]]


class QueryError(Exception):
    """The server answers a query with an error."""


class CutOffError(ConnectionError):
    """The answer ended before its end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """Asks one database."""

    location: str
    where: str
    """How the server is called in messages: without credentials."""
    options: InfluxOptions
    patience: Patience = field(default_factory=Patience)

    def ask(self, query: str) -> list[Series]:
        """Return a whole short answer.

        Raises
        ------
        SourceError
            If there is none, after several tries.
        """
        return self.insist(lambda: list(self.stream(query)))

    def insist(self, action: Callable[[], _T]) -> _T:
        """Do something with the server, again where the trouble may pass.

        Raises
        ------
        SourceError
            If it does not, in one line that says what to do.
        """
        try:
            return self.patience.attempt(action, _judge)
        except urllib.error.HTTPError as error:
            raise self._refused(error) from error
        except QueryError as error:
            raise SourceError(
                self.where, f"the server answers: {error}.", _advice(error)
            ) from error
        except (OSError, HTTPException) as error:
            cause = error.reason if isinstance(error, urllib.error.URLError) else error
            kind = type(cause if isinstance(cause, Exception) else error).__name__
            raise SourceError(
                self.where, f"no answer: {kind}.", "Pull again later; it goes on from here."
            ) from error

    def stream(self, query: str) -> Iterator[Series]:
        """Yield an answer piece by piece, and make sure that it is complete.

        Raises
        ------
        QueryError
            If the server refuses the query or gives up on it.
        CutOffError
            If the answer is not complete.
        """
        complete = False
        with self._open(query) as response:
            for line in _lines(response):
                try:
                    data = json.loads(line)
                except ValueError as error:
                    raise CutOffError from error
                if "error" in data:
                    raise QueryError(_line(data["error"]))
                for result in data.get("results", ()):
                    if "error" in result:
                        raise QueryError(_line(result["error"]))
                    complete = not result.get("partial", False)
                    for one in result.get("series", ()):
                        yield Series(
                            name=one.get("name", ""),
                            columns=one["columns"],
                            rows=one.get("values", []),
                        )
        if not complete:
            raise CutOffError

    def _open(self, query: str) -> Any:
        body = urlencode(
            {
                "db": self.options.database,
                "q": query,
                "epoch": "ns",
                "chunked": "true",
                "chunk_size": CHUNK,
            }
        )
        request = urllib.request.Request(  # noqa: S310 - the scheme was checked
            f"{self.location.rstrip('/')}/query?{body}", headers=self._headers()
        )
        return _OPENER.open(request, timeout=self.options.timeout)

    def _headers(self) -> Mapping[str, str]:
        options = self.options
        headers = {"Accept": "application/json", "User-Agent": "reportgen"}
        if options.token_env:
            token = self._secret(options.token_env)
            scheme = "Bearer" if _JWT.fullmatch(token) else "Token"
            headers["Authorization"] = f"{scheme} {token}"
        elif options.user_env:
            password = self._secret(options.password_env) if options.password_env else ""
            pair = f"{self._secret(options.user_env)}:{password}".encode()
            headers["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return headers

    def _secret(self, variable: str) -> str:
        secret = os.environ.get(variable, "").strip()
        if not secret:
            raise SourceError(self.where, f"the environment variable {variable} is not set.")
        return secret

    def _refused(self, error: urllib.error.HTTPError) -> SourceError:
        if error.code in {401, 403}:
            options = self.options
            names = [options.token_env] if options.token_env else []
            names += [name for name in (options.user_env, options.password_env) if name]
            remedy = (
                f"Check what {' and '.join(names)} hold."
                if names
                else "Name the environment variables with credentials: user_env and password_env,"
                " or token_env."
            )
            return SourceError(self.where, "the server refuses access.", remedy)
        text = _line(_error_text(error))
        return SourceError(self.where, f"the server answers {error.code}{text and f': {text}'}.")


def check_location(location: str) -> str | None:
    """Return what is wrong with the address of a server; None if nothing is."""
    parts = urlsplit(location)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        return "an address such as https://influxdb.example.org:8086 is needed"
    if parts.username or parts.password or parts.query:
        return "credentials do not belong here; use user_env and password_env, or token_env"
    return None


def _opener() -> urllib.request.OpenerDirector:
    """Return an opener that follows no redirection: it would carry the credentials elsewhere."""
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler,
        urllib.request.HTTPHandler,
        urllib.request.HTTPSHandler,
        urllib.request.HTTPDefaultErrorHandler,
        urllib.request.HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return opener


_OPENER = _opener()


def _lines(response: Any) -> Iterator[bytes]:
    """Yield the lines of an answer; unlike ``readline`` this notices when it is cut off."""
    rest: list[bytes] = []
    while block := response.read(_BLOCK):
        first, *others = block.split(b"\n")
        rest.append(first)
        for other in others:
            if line := b"".join(rest):
                yield line
            rest = [other]
    if line := b"".join(rest):
        yield line


def _judge(error: Exception) -> float | None:
    if isinstance(error, QueryError):
        return 0.0 if _BUSY.search(str(error)) else None
    if isinstance(error, urllib.error.HTTPError):
        return 0.0 if error.code == 500 else judge_status(error.code, error.headers)
    return judge_network(error)


def _advice(error: QueryError) -> str:
    if "database not found" in str(error):
        return "Check `database`."
    return "Choose a shorter `window`." if _BUSY.search(str(error)) else ""


def _error_text(error: urllib.error.HTTPError) -> str:
    try:
        return str(json.loads(error.read(_BLOCK))["error"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return ""


def _line(text: object) -> str:
    return " ".join(str(text).split())[:300]
