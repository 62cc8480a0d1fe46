"""Processes that share work: they end with the one that started them, however that ends."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

from reportgen.errors import WorkerLostError

Task = TypeVar("Task")
Result = TypeVar("Result")


def share(
    work: Callable[[Task], Result], tasks: Sequence[Task], processes: int
) -> Iterator[Result]:
    """Yield what ``work`` makes of each task, in order; processes share them.

    They are started afresh, not forked: the caller may hold a database connection and threads.

    Raises
    ------
    WorkerLostError
        If a process was ended from outside, as a system does that runs out of memory.
    """
    context = get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_watch) as pool:
        try:
            with _without_interrupts():
                results = pool.map(work, tasks)
            yield from results
        except BrokenProcessPool as error:
            raise WorkerLostError(processes) from error


@contextmanager
def _without_interrupts() -> Iterator[None]:
    """Start processes that Ctrl-C does not reach: it stops the one that gives them work."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _watch() -> None:
    """End this process when its parent does: it would wait for work for ever."""
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
