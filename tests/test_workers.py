"""Processes that share work."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys

import pytest

from reportgen.errors import WorkerLostError
from reportgen.workers import share

PATIENCE = 60.0
"""Seconds after which a process that should have ended is taken for one that never does."""


def held_back(_task: int) -> bool:
    """Whether Ctrl-C is kept from this process."""
    return signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, [])


def test_results_come_in_order() -> None:
    """Each task is done once, whoever does it."""
    assert list(share(abs, [-3, 2, -1], 2)) == [3, 2, 1]


def test_an_interrupt_is_for_the_parent() -> None:
    """A terminal sends Ctrl-C to all: only the process that gives the work acts on it."""
    assert list(share(held_back, [1], 1)) == [True]
    assert not held_back(1)


def test_a_lost_process_is_an_error() -> None:
    """A process that the system ends is one line for people."""
    with pytest.raises(WorkerLostError, match="fewer --jobs"):
        list(share(os._exit, [1, 1], 2))


def test_no_process_outlives_its_parent() -> None:
    """Processes that wait for work end when the one that started them is killed."""
    code = (
        "import time\nfrom reportgen.workers import share\n"
        "if __name__ == '__main__':\n"
        "    results = share(abs, [1, 2, 3], 2)\n"
        "    print(next(results), flush=True)\n"
        "    time.sleep(600)\n"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    with parent.stdout as stream:
        assert stream.readline() == b"1\n"
        parent.kill()
        parent.wait()
        # The workers hold the other end of the pipe: it closes with the last of them.
        assert select.select([stream], [], [], PATIENCE)[0]
        assert stream.read() == b""
