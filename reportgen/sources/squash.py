"""Jobs from the REST service of SQuaSH: new ones by number, and the pages of its first version."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.config import SourceConfig
from reportgen.errors import SourceError, UnreadableError
from reportgen.model.bundle import Expected, Unreadable, Watermark
from reportgen.sources import origins
from reportgen.sources.base import Options, Record, SourceType
from reportgen.sources.fields import FieldReader
from reportgen.sources.history import History
from reportgen.sources.retry import Patience, judge_network
from reportgen.sources.verify_json import JobParser

PATIENCE = Patience()
TIMEOUT = 60.0
"""Seconds without a byte after which an answer is given up."""
MAX_BYTES = 256 << 20
OVERLAP = 20
"""Numbers before the last one that are asked for again: jobs may be stored out of order."""
BATCH = 50
"""Jobs between two watermarks."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")


class SquashOptions(Options):
    """Options of ``squash``."""

    token_env: str | None = None
    """Environment variable that holds a JSON Web Token."""
    jobs: str = "jobs"
    """Path of the list of jobs below ``location``; ``job/<id>`` is one of them."""


class _WrongJsonError(Exception):
    """The answer is no JSON: a proxy may have spoken, so it is asked again."""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirection would carry the token to another place."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """The REST service: asks politely, tries again, and never shows the token."""

    name: str
    """Of the source, for errors."""
    url: str
    token: str | None

    def get(self, address: str) -> Any:
        """Return the JSON at a path below the service, or at an address that it gave.

        Raises
        ------
        UnreadableError
            If it is not there, or no JSON at the last try.
        SourceError
            If the service refuses, redirects, or cannot be reached.
        """
        url = urllib.parse.urljoin(self.url, address)
        if _place(url) != _place(self.url):
            raise SourceError(self.name, f"the service points to another host: {_place(url)}.")
        shown = origins.scrub(url, _HERE)
        try:
            return PATIENCE.attempt(lambda: self._get(url), _judge)
        except urllib.error.HTTPError as error:
            raise self._refused(shown, error.code) from None
        except _WrongJsonError as error:
            raise UnreadableError(shown, f"not JSON: {error}") from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            kind = type(reason).__name__
            remedy = "Is the service up, and `location` right?"
            raise SourceError(self.name, f"{shown} cannot be read: {kind}.", remedy) from None

    def _get(self, url: str) -> Any:
        headers = {"Accept": "application/json; version=1.0"}
        if self.token:
            headers["Authorization"] = f"JWT {self.token}"
        request = urllib.request.Request(url, headers=headers)  # noqa: S310 - http(s), checked
        with _OPENER.open(request, timeout=TIMEOUT) as answer:
            content = answer.read(MAX_BYTES)
        try:
            return json.loads(content)
        except ValueError as error:
            raise _WrongJsonError(str(error)) from error

    def _refused(self, shown: str, status: int) -> Exception:
        if status == 404:
            return UnreadableError(shown, "the service does not have it (404)")
        remedy = {
            401: "Put a valid token into the variable that `token_env` names.",
            403: "The token has no right to read jobs.",
        }.get(status, "Is `location` the address of the service?")
        return SourceError(self.name, f"{shown} answers {status}.", remedy)


_HERE = SourceConfig.model_fields["root"].default
_OPENER = urllib.request.build_opener(_NoRedirect)


def _judge(error: Exception) -> float | None:
    return 0.0 if isinstance(error, _WrongJsonError) else judge_network(error)


def _place(url: str) -> str:
    parts = urllib.parse.urlsplit(url)
    return f"{parts.scheme}://{parts.hostname}:{parts.port or ''}"


def read_jobs(config: SourceConfig, options: SquashOptions, history: History) -> Iterator[Record]:
    """Yield the jobs behind the watermark, the last number, in the order of their numbers."""
    service = _service(config, options)
    parser = JobParser(fields=FieldReader(config), package=config.package)
    last = history.watermark if isinstance(history.watermark, int) else 0
    try:
        found = list(_listed(service, options.jobs))
    except UnreadableError as error:
        raise SourceError(config.name, f"{error}.", "Is `location` right?") from error
    new = [one for one in found if one.number is None or one.number > last - OVERLAP]
    new.sort(key=lambda one: one.number or 0)
    yield Expected(results=len(new))
    for count, one in enumerate(new, start=1):
        yield from _job(service, parser, one)
        last = max(last, one.number or 0)
        if count % BATCH == 0:
            yield Watermark(value=last)
    yield Watermark(value=last)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """One entry of the list of jobs."""

    key: str
    whole: Mapping[str, Any] | None
    """The job, where the list holds it."""

    @property
    def number(self) -> int | None:
        return int(self.key) if self.key.isdecimal() else None


def _listed(service: Service, path: str) -> Iterator[_Listed]:
    """Yield the jobs that the service lists, page by page."""
    seen: set[str] = set()
    address: str | None = path
    while address:
        if address in seen:
            raise SourceError(service.name, "the pages of jobs form a circle.")
        seen.add(address)
        page = service.get(address)
        for entry in _entries(page, service.name):
            whole = isinstance(entry, dict) and isinstance(entry.get("measurements"), list)
            key = _key(entry)
            if key is not None:
                yield _Listed(key=key, whole=entry if whole else None)
        address = page.get("next") if isinstance(page, dict) else None


def _entries(page: Any, name: str) -> list[Any]:
    if isinstance(page, dict):
        page = next((page[key] for key in ("jobs", "results", "ids") if key in page), None)
    if not isinstance(page, list):
        raise SourceError(name, "the answer is no list of jobs.", "Is `location` right?")
    return page


def _key(entry: Any) -> str | None:
    """Return what a job is called: its number, or in the first version the number of CI."""
    if isinstance(entry, dict):
        entry = next((entry[key] for key in ("id", "ci_id") if entry.get(key) is not None), None)
    return str(entry) if isinstance(entry, int | str) and not isinstance(entry, bool) else None


def _job(service: Service, parser: JobParser, listed: _Listed) -> Iterator[Record]:
    address = f"job/{urllib.parse.quote(listed.key, safe='')}"
    origin = origins.scrub(urllib.parse.urljoin(service.url, address), _HERE)
    try:
        job = listed.whole if listed.whole is not None else service.get(address)
        content = json.dumps(job, sort_keys=True).encode()
        yield from parser.parse(content, origin, hashlib.sha256(content).hexdigest())
    except UnreadableError as error:
        sha256 = hashlib.sha256(f"{origin} {error.reason}".encode()).hexdigest()
        yield Unreadable(origin=origin, reason=error.reason, place=error.place, sha256=sha256)


def _service(config: SourceConfig, options: SquashOptions) -> Service:
    parts = urllib.parse.urlsplit(config.location)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise SourceError(config.name, "`location` is no address of http or https.")
    if parts.username or parts.password:
        raise SourceError(config.name, "`location` holds credentials.", "Use `token_env`.")
    token = None
    if options.token_env:
        token = os.environ.get(options.token_env)
        if not token:
            remedy = "Put the token into it."
            raise SourceError(config.name, f"{options.token_env} is not set.", remedy)
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise SourceError(config.name, "a token is sent over https only.")
    return Service(name=config.name, url=config.location.rstrip("/") + "/", token=token)


SOURCE = SourceType(
    description="Jobs of the SQuaSH REST service",
    read=read_jobs,
    options=SquashOptions,
    meta=True,
    watermarks=True,
)
