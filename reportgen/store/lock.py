"""One writer at a time: a lock on the folder of the store that ends with its process."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import StoreLockedError


@contextmanager
def locked(store: Path) -> Iterator[None]:
    """Hold the store for writing.

    Raises
    ------
    StoreLockedError
        If another pull holds it.
    """
    store.mkdir(parents=True, exist_ok=True)
    handle = os.open(store, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise StoreLockedError(store.name) from error
    try:
        yield
    finally:
        os.close(handle)
