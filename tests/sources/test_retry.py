from __future__ import annotations

import socket
import urllib.error
from datetime import UTC, datetime, timedelta
from email.message import Message
from email.utils import format_datetime

import pytest

from reportgen.sources.retry import Patience, judge_network


def failing(*errors):
    """Return an action that raises these errors one after the other, and then returns 7."""
    left = list(errors)

    def action() -> int:
        if left:
            raise left.pop(0)
        return 7

    return action


def answer(status: int, retry_after: str | None = None) -> urllib.error.HTTPError:
    """Return the error of an answer over HTTP."""
    headers = Message()
    if retry_after is not None:
        headers["Retry-After"] = retry_after
    return urllib.error.HTTPError("http://server", status, "", headers, None)


def pauses(*errors, tries: int = 5) -> list[float]:
    """Return the pauses that were made, after which the action came to its end."""
    found: list[float] = []
    patience = Patience(tries=tries, sleep=found.append)
    assert patience.attempt(failing(*errors), judge_network) == 7
    return found


def test_pauses_grow_and_vary():
    """Each pause is twice the one before, less by chance, and never longer than the longest."""
    found = pauses(*[ConnectionResetError()] * 9, tries=10)
    for trial, pause in enumerate(found):
        whole = min(30.0, 0.5 * 2**trial)
        assert whole / 2 <= pause <= whole
    assert len({pause / min(30.0, 0.5 * 2**trial) for trial, pause in enumerate(found)}) == 9


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_busy_servers_are_asked_again(status):
    """A server that says *not now* is asked again, after the pause that it wants."""
    assert len(pauses(answer(status))) == 1
    assert pauses(answer(status, "17")) == [17.0]
    moment = format_datetime(datetime.now(UTC) + timedelta(seconds=20))
    assert 1 < pauses(answer(status, moment))[0] <= 20  # less what passed since then
    assert pauses(answer(status, "soon"))[0] <= 0.5


@pytest.mark.parametrize(
    "error",
    [
        answer(401),
        answer(403),
        answer(404),
        answer(503, "86400"),
        ValueError("no JSON"),
        urllib.error.URLError(socket.gaierror(socket.EAI_NONAME, "unknown")),
    ],
)
def test_what_will_not_pass_ends_at_once(error):
    """Refusals, answers that make no sense and pauses of a day are not waited for."""
    with pytest.raises(type(error)):
        pauses(error)


def test_patience_ends():
    """The last error is raised after the last try."""
    with pytest.raises(TimeoutError):
        pauses(*[TimeoutError()] * 5)
    wrapped = urllib.error.URLError(ConnectionRefusedError())
    assert len(pauses(*[wrapped] * 4)) == 4
