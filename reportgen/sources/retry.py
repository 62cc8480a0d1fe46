"""Trying again what may pass: a server that is busy, restarts, or drops a connection."""

from __future__ import annotations

import email.utils
import random
import socket
import time
import urllib.error
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from http.client import HTTPException
from typing import TypeVar

_T = TypeVar("_T")

PASSING = frozenset({429, 502, 503, 504})
"""Answers over HTTP that say *not now*."""

_CUT = frozenset({"ClientOSError", "ClientPayloadError", "ServerDisconnectedError"})
"""What aiohttp, which only some sources need, calls a connection that was cut."""

Judge = Callable[[Exception], float | None]
"""Says of an error the seconds to wait at least, or None if it will not pass by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How often something is tried, and how long the pauses are (seconds)."""

    tries: int = 5
    first: float = 0.5
    """Pause after the first failure; each further one is twice as long …"""
    longest: float = 30.0
    """… up to this, and shortened by chance by up to half, so that many do not return at once."""
    sleep: Callable[[float], None] = time.sleep

    def attempt(self, action: Callable[[], _T], judge: Judge) -> _T:
        """Return what ``action`` returns; the last error, or one that will not pass, is raised.

        A server that asks for a longer pause than `longest` is believed up to ten times that.
        """
        for trial in range(1, self.tries):
            try:
                return action()
            except Exception as error:
                asked = judge(error)
                if asked is None or asked > 10 * self.longest:
                    raise
                self.sleep(max(asked, self.pause(trial)))
        return action()

    def pause(self, trial: int) -> float:
        """Return the seconds to wait after the n-th failure."""
        whole = min(self.longest, self.first * 2.0 ** (trial - 1))
        return whole * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def judge_network(error: BaseException) -> float | None:
    """Judge errors of sockets and of HTTP, whichever client raised them."""
    if isinstance(error, urllib.error.HTTPError):
        return judge_status(error.code, error.headers)
    if isinstance(status := getattr(error, "status", None), int):  # aiohttp
        return judge_status(status, getattr(error, "headers", None))
    error = network_error(error)
    if isinstance(error, socket.gaierror):
        return 0.0 if error.errno == socket.EAI_AGAIN else None
    passing = (ConnectionError, TimeoutError, HTTPException)
    return 0.0 if isinstance(error, passing) or type(error).__name__ in _CUT else None


def network_error(error: BaseException) -> BaseException:
    """Return what went wrong below a client: its own error wraps that of the socket."""
    for name in ("reason", "os_error"):  # urllib, aiohttp
        if isinstance(inner := getattr(error, name, None), OSError):
            return inner
    return error


def judge_status(status: int, headers: Message | Mapping[str, str] | None = None) -> float | None:
    """Judge an answer over HTTP; `Retry-After` is seconds or a date."""
    if status not in PASSING:
        return None
    return _seconds(headers.get("Retry-After")) if headers else 0.0


def _seconds(text: str | None) -> float:
    if not text:
        return 0.0
    if text.strip().isdigit():
        return float(text)
    try:
        moment = email.utils.parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())
