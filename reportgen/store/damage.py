"""A file of the store that cannot be read is an error that names it, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from reportgen.errors import StoreDamagedError


@contextmanager
def named() -> Iterator[None]:
    """Let DuckDB read files of the store.

    Raises
    ------
    StoreDamagedError
        If it cannot: the words of DuckDB name the file.
    """
    try:
        yield
    except Exception as error:
        import duckdb  # noqa: PLC0415 - it is there already, since it may have failed

        if isinstance(error, duckdb.Error):
            raise StoreDamagedError(str(error).splitlines()[0]) from error
        raise


@contextmanager
def damaged(file: Path) -> Iterator[None]:
    """Take a file of the store apart.

    Raises
    ------
    StoreDamagedError
        If it holds something else than was written to it.
    """
    try:
        yield
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise StoreDamagedError(f"{file} holds something else than a store") from error
