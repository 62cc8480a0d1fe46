"""One writer at a time: a lock on a folder that ends with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import LockedError, StoreLockedError


@contextmanager
def locked(
    folder: Path, refusal: Callable[[Path], LockedError] = StoreLockedError
) -> Iterator[None]:
    """Hold a folder, such as the store, for writing.

    Raises
    ------
    LockedError
        If another process holds it: the ``refusal``, made from the folder.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise refusal(folder) from error
    try:
        yield
    finally:
        os.close(handle)


def wait_for(folder: Path) -> None:
    """Return when nobody holds a folder any more."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_SH)
    finally:
        os.close(handle)
