"""Tables of metrics that analysis_tools makes of bundles: columns ``{action}_{metric}``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from reportgen.config import FIELDS
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.sources.bands import BANDS
from reportgen.sources.bundle_names import PACKAGE, BundleName, metric_name, shared_names
from reportgen.sources.dataset_types import bundle_dataset
from reportgen.sources.fields import FieldReader, JobFields
from reportgen.sources.files import SourceFile
from reportgen.sources.measured import Stored, measurement_row
from reportgen.sources.rows import RowReader, RunCollector
from reportgen.sources.tabular import Table, TableRow, open_parquet


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricColumn:
    """A column of values."""

    column: str
    metric: str
    action: str | None
    band: str | None
    unit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricsTableParser:
    """Turns ``*_metricsTable`` files into job bundles."""

    fields: FieldReader
    bands: tuple[str, ...] = BANDS
    package: str = PACKAGE
    qualify: bool = False

    def parse(self, file: SourceFile, sha256: str) -> Iterator[JobBundle | Unreadable]:
        """Yield one bundle for each run, and the rows that cannot be placed.

        A NaN is not measured, although such a table also fills up with NaN what a bundle lacks.

        Raises
        ------
        UnreadableError
            If it is not a Parquet table.
        """
        meta = {"dataset_type": bundle_dataset(file.origin)}
        collector = RunCollector(file.origin, sha256, meta)
        with open_parquet(file) as table:
            rows = RowReader(self.fields, table.header, file.origin)
            columns = self._columns(table, rows.columns.values())

            def add(row: TableRow, fields: JobFields, collector: RunCollector) -> None:
                self._add(row, columns, fields, collector)

            yield from collector.collect(table, rows, add)

    def _add(
        self,
        row: TableRow,
        columns: Iterable[MetricColumn],
        fields: JobFields,
        collector: RunCollector,
    ) -> None:
        job = collector.job(fields)
        remarks: list[str] = []
        for column in columns:
            base = {"producer": PACKAGE, **fields.base}
            if column.band:
                base["band"] = column.band
            stored = Stored(
                metric=f"{self.package}.{column.metric}",
                value=row[column.column],
                unit=column.unit,
                notes={"action": column.action} if column.action else {},
            )
            job.measurements.append(measurement_row(base, stored, remarks))
        for remark in remarks:
            collector.remark(job, f"Row {row.number}: {remark}")

    def _columns(self, table: Table, used: Iterable[str]) -> list[MetricColumn]:
        """Return the columns of metrics; units are those that astropy kept (none for ``%``)."""
        taken = {*used, *FIELDS}
        names = [n for n in table.header if table.types.get(n) == "number" and n not in taken]
        parts = [self.take_apart(name) for name in names]
        shared = shared_names(parts)
        return [
            MetricColumn(
                column=name,
                metric=metric_name(part, shared, qualify=self.qualify),
                action=part.action,
                band=part.band,
                unit=table.units.get(name),
            )
            for name, part in zip(names, parts, strict=True)
        ]

    def take_apart(self, column: str) -> BundleName:
        """Return action, band and name of a column.

        The band stands between action and name; without one nothing tells where the action ends,
        and the whole column is the name.
        """
        bands = "|".join(map(re.escape, self.bands))
        if found := re.fullmatch(rf"(.+?)_({bands})_(.+)", column):
            return BundleName(action=found[1], band=found[2], name=found[3])
        return BundleName(action=None, band=None, name=column)
