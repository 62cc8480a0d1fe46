"""Ctrl-C, and the signals that ask a program to end: all end a command in the same way."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
CODE = 130
"""Exit code of a command that was stopped."""
PATIENCE = 1.0
"""Seconds after which a second signal is a second wish: `timeout` sends each one twice."""


@dataclass(slots=True)
class Stop:
    """Whether somebody asked for the end."""

    clock: Callable[[], float] = time.monotonic
    since: float | None = None

    @property
    def asked(self) -> bool:
        """Whether a signal came."""
        return self.since is not None

    def __call__(self, _signal: int, _frame: FrameType | None) -> None:
        """Interrupt what runs, so that it tidies up; end at once if asked again."""
        if self.since is None:
            self.since = self.clock()
            raise KeyboardInterrupt
        if self.clock() - self.since > PATIENCE:
            os._exit(CODE)


@contextmanager
def stoppable() -> Iterator[Stop]:
    """Let each of `SIGNALS` interrupt what runs, those apart that are ignored (``nohup``)."""
    stop = Stop()
    usual = (signal.SIG_DFL, signal.default_int_handler)
    before = {one: signal.getsignal(one) for one in SIGNALS}
    changed = {one: handler for one, handler in before.items() if handler in usual}
    for one in changed:
        signal.signal(one, stop)
    try:
        yield stop
    finally:
        for one, handler in changed.items():
            signal.signal(one, handler)
