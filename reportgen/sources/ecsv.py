"""Tables in ECSV, the text tables of astropy, which know the units of their columns."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

from reportgen.deferred import Deferred
from reportgen.errors import UnreadableError
from reportgen.sources.documents import REMEDY, decode, nested_too_deeply
from reportgen.sources.files import SourceFile
from reportgen.sources.tabular import BATCH_ROWS, Batch, Table

astropy_table = Deferred("astropy.table")

ECSV = b"# %ECSV "
_DAMAGE = (
    ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError,
    yaml.YAMLError,
)  # fmt: skip
"""What astropy raises for tables that it cannot read."""


def is_ecsv(file: SourceFile) -> bool:
    """Whether the file begins as ECSV files do."""
    with file.open() as stream:
        return stream.read(len(ECSV) + 3).removeprefix(b"\xef\xbb\xbf").startswith(ECSV)


@contextmanager
def open_ecsv(file: SourceFile) -> Iterator[Table]:
    """Open an ECSV table; rows are counted from 1 without header.

    Raises
    ------
    UnreadableError
        If astropy cannot read it.
    """
    text = decode(file.read(), file.origin)
    if nested_too_deeply(text):
        raise UnreadableError(file.origin, f"not an ECSV table: nested too deeply; {REMEDY}")
    try:
        table = astropy_table.Table.read(text.splitlines(), format="ascii.ecsv")
    except _DAMAGE as error:
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        raise UnreadableError(file.origin, f"not an ECSV table: {reason}; {REMEDY}") from error
    nested = {name: "lists" for name in table.colnames if _is_nested(table[name])}
    names = [name for name in table.colnames if name not in nested]
    units = {name: getattr(table[name], "unit", None) for name in names}
    yield Table(
        header=names,
        batches=_batches(table, names),
        units={name: str(unit) for name, unit in units.items() if unit is not None},
        nested=nested,
    )


def _is_nested(column: Any) -> bool:
    kind = getattr(getattr(column, "dtype", None), "kind", "")
    return len(column.shape) > 1 or kind == "O"


def _batches(table: Any, names: list[str]) -> Iterator[Batch]:
    for first in range(0, len(table), BATCH_ROWS):
        part = table[first : first + BATCH_ROWS]
        columns = {name: _cells(part[name]) for name in names}
        yield Batch(columns=columns, rows=range(first + 1, first + 1 + len(part)))


def _cells(column: Any) -> list[Any]:
    """Return the cells of a column, None where one is masked; times and the like as texts."""
    if hasattr(column, "tolist"):
        cells: list[Any] = column.tolist()
        return cells
    return [str(cell) for cell in column]
