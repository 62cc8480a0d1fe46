"""Tables of measurements: CSV, TSV, ECSV or Parquet, one row for each value or each data ID.

In the long form a row is one measurement (columns metric, value, unit). In the wide form
(``value_columns``) a row holds several statistics, and verdicts of calibration tests beside them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass

from reportgen.config import SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.sources.base import Record, SourceType
from reportgen.sources.ecsv import is_ecsv, open_ecsv
from reportgen.sources.fields import FieldReader
from reportgen.sources.files import SourceFile, read_files
from reportgen.sources.history import History
from reportgen.sources.rows import RowReader, RunCollector, require
from reportgen.sources.table_forms import Form, Measurements, long_form, wide_form
from reportgen.sources.table_options import TableOptions
from reportgen.sources.tabular import Table, is_parquet, open_csv, open_parquet

SUFFIXES = (".csv", ".tsv", ".ecsv", ".parquet", ".parq", ".pq")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableParser:
    """Turns tables into job bundles."""

    fields: FieldReader
    options: TableOptions = TableOptions()
    package: str | None = None
    """Package of metrics whose names are bare."""
    missing: frozenset[str] = frozenset({""})
    """Cells that mean *no data*."""

    def parse(self, file: SourceFile, sha256: str) -> Iterator[JobBundle | Unreadable]:
        """Yield one bundle for each run, and the rows that cannot be read.

        Raises
        ------
        UnreadableError
            If it is not a table, or lacks a column that the configuration names.
        """
        collector = RunCollector(file.origin, sha256)
        with self._open(file) as table:
            self._refuse_nested(table, file.origin)
            rows = RowReader(self.fields, table.header, file.origin)
            for column in self._nested(table):
                yield _nested_fault(table, column, file.origin, sha256)
            form = self._form(table, file.origin)
            yield from collector.collect(table, rows, form.add)

    def _open(self, file: SourceFile) -> AbstractContextManager[Table]:
        if is_parquet(file):
            return open_parquet(file)
        if is_ecsv(file):
            return open_ecsv(file)
        tabs = file.path.removesuffix(".gz").endswith((".tsv", ".tab"))
        comma = ";" if self.options.decimal == "," else ","
        return open_csv(file, self.options.delimiter or ("\t" if tabs else comma))

    def _nested(self, table: Table) -> list[str]:
        """Return the columns of values and notes that hold no single value in a cell."""
        asked = (*self.options.value_columns, *self.options.notes)
        return [name for name in dict.fromkeys(asked) if name in table.nested]

    def _refuse_nested(self, table: Table, origin: str) -> None:
        """Refuse a table that holds the value or a field of each row as a list."""
        form = [] if self.options.value_columns or self.options.stage else ["value"]
        for name in (*self.fields.columns.values(), *form):
            if name in table.nested:
                reason = f"its cells hold {table.nested[name]}; store one value for each row"
                raise UnreadableError(origin, reason, f"column {name!r}")

    def _form(self, table: Table, origin: str) -> Form:
        options = self.options.without(self._nested(table))
        require(options.notes, table.header, origin)
        measurements = Measurements(
            options=options, package=self.package, missing=self.missing, origin=origin
        )
        groups = self.fields.placeholders(origin)
        if self.options.value_columns or self.options.stage:
            return wide_form(measurements, table.header, groups, table.units)
        return long_form(measurements, table.header, self.fields.columns, groups, table.units)


def _nested_fault(table: Table, column: str, origin: str, sha256: str) -> Unreadable:
    reason = (
        f"its cells hold {table.nested[column]}; the other columns are read:"
        " store one value for each row, or take it out of the columns of its source"
    )
    return Unreadable(origin=origin, reason=reason, place=f"column {column!r}", sha256=sha256)


def read_jobs(config: SourceConfig, options: TableOptions, history: History) -> Iterator[Record]:
    """Yield one bundle for each run in each table."""
    parser = TableParser(
        fields=FieldReader(config),
        options=options,
        package=config.package,
        missing=frozenset(config.missing),
    )
    return read_files(config, history, parser.parse, SUFFIXES)


SOURCE = SourceType(
    description="Tables of measurements (CSV, TSV, ECSV, Parquet)",
    read=read_jobs,
    files=True,
    options=TableOptions,
    columns=True,
)
