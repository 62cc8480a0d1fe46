"""Files that are never half there, who writes them, and errors of files that say where."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
BLOCKED = frozenset({errno.EEXIST, errno.ENOTDIR})
FORBIDDEN = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})
HALF = re.compile(r"\..+\.(?P<process>\d+)\.tmp(-journal)?")
"""Names of files while they are written: what has one and no process was left by a killed one."""


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a name to write a file under; complete, it takes the place of the one at ``path``."""
    half = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with at(path):
            yield half
        half.replace(path)
    except BaseException:
        half.unlink(missing_ok=True)
        raise


def is_running(process: int) -> bool:
    """Tell whether a process of this machine, by its number, has not ended."""
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it is somebody else's
        return True
    return True


@contextmanager
def at(place: Path | str) -> Iterator[None]:
    """Name the place in an error that does not: a full disk is met by streams without a name."""
    try:
        yield
    except OSError as error:
        if error.errno is None or error.filename is not None:
            raise
        raise OSError(error.errno, os.strerror(error.errno), str(place)) from error


def concerns_place(error: BaseException) -> bool:
    """Whether a place is full or closed to us, whatever was to be done there."""
    return isinstance(error, OSError) and error.errno in FULL | FORBIDDEN


def sentence(error: OSError) -> str:
    """Say in one line where it happened, what it is, and what to do."""
    # A copy that fails names both its ends: it is the second one that takes no more.
    name = error.filename if error.filename2 is None else error.filename2
    where = os.fsdecode(name) if isinstance(name, str | bytes) else ""
    what = f"{where or 'a file'}: {error.strerror or error}."
    if error.errno in FULL:
        return f"{what} Make room there and run it again: what was stored stays."
    if error.errno in FORBIDDEN:
        return f"{what} Give yourself the right to read and write there, or work in another folder."
    if error.errno in BLOCKED:
        return f"{where or 'a file'}: there is a file where a folder has to be. Move it away."
    return what
