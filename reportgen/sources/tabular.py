"""Tables in files, a batch of rows at a time: CSV, TSV and Parquet, whatever their size."""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from reportgen.deferred import Deferred
from reportgen.errors import UnreadableError
from reportgen.model.bundle import Unreadable
from reportgen.sources.documents import NOT_UTF_8, REMEDY, load_yaml
from reportgen.sources.files import SourceFile

if TYPE_CHECKING:
    import pyarrow as pa
    import pyarrow.parquet as pq
else:
    pa, pq = Deferred("pyarrow"), Deferred("pyarrow.parquet")

BATCH_ROWS = 50_000
PARQUET = b"PAR1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Some rows of a table, by column. Cells of CSV are texts without blanks around them."""

    columns: Mapping[str, Sequence[Any]]
    rows: Sequence[int]
    """Number of each row: the line of a CSV file, counted from 1 without header in Parquet."""
    faults: Sequence[Unreadable] = ()

    def __iter__(self) -> Iterator[TableRow]:
        """Iterate over the rows."""
        return (TableRow(self.columns, place, row) for place, row in enumerate(self.rows))


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a batch."""

    columns: Mapping[str, Sequence[Any]]
    place: int
    number: int
    """As in `Batch.rows`."""

    def __getitem__(self, column: str) -> Any:
        """Return a cell."""
        return self.columns[column][self.place]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """An open table: its header, and its rows when they are asked for."""

    header: Sequence[str]
    batches: Iterator[Batch]
    units: Mapping[str, str] = field(default_factory=dict)
    """Units of columns, where the file knows them."""
    types: Mapping[str, str] = field(default_factory=dict)
    """Of columns that are not text: ``number`` or ``bool``."""
    nested: Mapping[str, str] = field(default_factory=dict)
    """Columns that are left out, and what each cell of them holds: ``lists`` or ``mappings``."""


def is_parquet(file: SourceFile) -> bool:
    """Whether the file begins as Parquet files do."""
    with file.open() as stream:
        return stream.read(len(PARQUET)) == PARQUET


@contextmanager
def open_csv(file: SourceFile, delimiter: str) -> Iterator[Table]:
    """Open a table of texts; lines before the header that begin with ``#`` are passed over.

    Raises
    ------
    UnreadableError
        If it is empty, not UTF-8, or a column is named twice.
    """
    with file.open() as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        reader = csv.reader(text, delimiter=delimiter)
        with _csv_errors(file, reader):
            header = next((row for row in reader if row and not row[0].startswith("#")), None)
        if header is None:
            raise UnreadableError(
                file.origin, "an empty table: there is no header; write the file again"
            )
        names = [name.strip() for name in header]
        _refuse_double(names, file.origin)
        yield Table(header=names, batches=_csv_batches(file, reader, names))


@contextmanager
def _csv_errors(file: SourceFile, reader: Any) -> Iterator[None]:
    """Turn errors of decoding and of CSV into one that names the line."""
    try:
        yield
    except UnicodeDecodeError as error:
        place = f"after line {reader.line_num}"
        raise UnreadableError(file.origin, NOT_UTF_8, place) from error
    except csv.Error as error:
        place = f"line {reader.line_num}"
        raise UnreadableError(file.origin, f"not a table: {error}; {REMEDY}", place) from error


def _csv_batches(file: SourceFile, reader: Any, names: Sequence[str]) -> Iterator[Batch]:
    while True:
        lines: list[int] = []
        cells: list[list[str]] = []
        faults: list[Unreadable] = []
        taken = 0
        with _csv_errors(file, reader):
            for row in itertools.islice(reader, BATCH_ROWS):
                taken += 1
                if len(row) == len(names):
                    lines.append(reader.line_num)
                    cells.append([cell.strip() for cell in row])
                elif row:  # a blank line is no row
                    faults.append(_ragged(file.origin, reader.line_num, len(row), len(names)))
        if not taken:
            return
        columns = dict(zip(names, zip(*cells, strict=True), strict=True)) if cells else {}
        yield Batch(columns=columns, rows=lines, faults=faults)


def _ragged(origin: str, line: int, cells: int, expected: int) -> Unreadable:
    reason = f"the row has {cells} cells, the header {expected}; mend the row"
    return Unreadable(origin=origin, reason=reason, place=f"line {line}")


def _refuse_double(names: Sequence[str], origin: str) -> None:
    double = sorted({name for name in names if names.count(name) > 1 and name})
    if double:
        raise UnreadableError(origin, f"two columns are named {', '.join(double)}; rename one")


@contextmanager
def open_parquet(file: SourceFile) -> Iterator[Table]:
    """Open a Parquet table; columns that hold lists or structures are left out.

    Raises
    ------
    UnreadableError
        If it is not Parquet, or damaged.
    """
    with file.open() as stream:
        with _parquet_errors(file.origin):
            parquet = pq.ParquetFile(stream)
            schema = parquet.schema_arrow
        names = [column.name for column in schema if not pa.types.is_nested(column.type)]
        _refuse_double(names, file.origin)
        yield Table(
            nested={one.name: _shape(one.type) for one in schema if pa.types.is_nested(one.type)},
            header=names,
            batches=_parquet_batches(file.origin, parquet, names),
            units=_units(schema, file.origin),
            types={column.name: kind for column in schema if (kind := _kind(column.type))},
        )


@contextmanager
def _parquet_errors(origin: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, EOFError) as error:
        reason = str(error).partition("\n")[0] or type(error).__name__
        raise UnreadableError(origin, f"not a Parquet table: {reason}; {REMEDY}") from error


def _parquet_batches(origin: str, parquet: Any, names: list[str]) -> Iterator[Batch]:
    first = 1
    batches = parquet.iter_batches(batch_size=BATCH_ROWS, columns=names, use_threads=False)
    while True:
        with _parquet_errors(origin):
            batch = next(batches, None)
            if batch is None:
                return
            columns = {
                name: _cells(batch.column(place)) for place, name in enumerate(batch.schema.names)
            }
        yield Batch(columns=columns, rows=range(first, first + batch.num_rows))
        first += batch.num_rows


def _cells(column: Any) -> list[Any]:
    """Return what a column holds; bytes are texts, a time that no calendar holds is none."""
    try:
        cells: list[Any] = column.to_pylist()
    except (OverflowError, ValueError):  # before the year 1 or behind 9999
        cells = [_cell(cell) for cell in column]
    type_ = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if pa.types.is_binary(type_) or pa.types.is_large_binary(type_):
        return [None if cell is None else cell.decode("utf-8", "replace") for cell in cells]
    return cells


def _cell(cell: Any) -> Any:
    try:
        return cell.as_py()
    except (OverflowError, ValueError):
        return None


def _shape(type_: Any) -> str:
    mappings = pa.types.is_struct(type_) or pa.types.is_map(type_)
    return "mappings" if mappings else "lists"


def _kind(type_: Any) -> str | None:
    if pa.types.is_boolean(type_):
        return "bool"
    number = pa.types.is_floating(type_) or pa.types.is_integer(type_)
    return "number" if number or pa.types.is_decimal(type_) else None


def _units(schema: Any, origin: str) -> dict[str, str]:
    """Return the units that astropy writes into Parquet, as a Butler does for its tables."""
    header = (schema.metadata or {}).get(b"table_meta_yaml")
    if header is None:
        return {}
    # Quantities repeat their units behind the columns, under tags of Python classes.
    header = re.split(rb"^meta:", header, maxsplit=1, flags=re.MULTILINE)[0]
    try:
        described = load_yaml(header, origin)
    except UnreadableError:  # units are lost, values are not
        return {}
    columns = described.get("datatype") if isinstance(described, dict) else None
    return {
        str(column["name"]): str(column["unit"])
        for column in columns or []
        if isinstance(column, dict) and "name" in column and column.get("unit")
    }
