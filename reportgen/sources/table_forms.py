"""The two forms of tables: one row for each measurement, or one for each data ID."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from reportgen.errors import UnreadableError
from reportgen.sources.bands import BANDS, split_band
from reportgen.sources.columns import find_column, same_letters, split_unit
from reportgen.sources.fields import JobFields
from reportgen.sources.measured import shown
from reportgen.sources.naming import fill, qualify
from reportgen.sources.rows import RunCollector, level_of, passed, require
from reportgen.sources.table_options import TableOptions
from reportgen.sources.tabular import TableRow
from reportgen.sources.texts import cell_text
from reportgen.sources.values import NULL, Number, clean_text, number, percent_remark, strict_json

_COMMA = str.maketrans(",.", ".,")
"""Both ways, so that 1.234,5 stays no number, as 1,234.5 is none elsewhere."""
_WITH_COMMA = re.compile(r"[+-]?\d*,\d+(?:[eE][+-]?\d+)?", re.ASCII)


def _remedy(raw: Any) -> str:
    """Return what to do about a number such as ``1,5``."""
    if not (isinstance(raw, str) and _WITH_COMMA.fullmatch(raw.strip())):
        return ""
    return '; if its comma stands before decimals, add `decimal = ","` to its source'


class Form(Protocol):
    """Adds what one row holds to its run."""

    def add(self, row: TableRow, fields: JobFields, collector: RunCollector) -> None:
        """Add a row; raises UnreadableError if it cannot be placed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One measurement in a row."""

    metric: str
    """As the table or the configuration names it, perhaps without package."""
    column: str
    """Where its value stands."""
    unit: str | None = None
    identifier: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurements:
    """Turns cells into rows of the table of measurements, for both forms."""

    options: TableOptions
    package: str | None
    missing: frozenset[str]
    origin: str

    def add(self, cell: Cell, row: TableRow, fields: JobFields, collector: RunCollector) -> None:
        """Add one measurement to the run of its row."""
        bands = BANDS if self.options.band_in_metric else ()
        parts = split_band(cell.metric, bands)
        metric = qualify(parts.name, self.package, self.origin)
        raw = row[cell.column]
        result = self._value(raw)
        found: dict[str, Any] = {**fields.base, "metric": metric, "value": result.value}
        if parts.band:
            found["band"] = parts.band
        if result.reason:
            found["reason"] = result.reason
        unit = self._unit(cell)
        if unit is not None:
            found["unit"] = unit
        if cell.identifier is not None:
            found["identifier"] = cell.identifier
        if notes := self._notes(row):
            found["notes"] = notes
        job = collector.job(fields)
        job.measurements.append(found)
        if result.unreadable:
            place = f"Row {row.number}, column {cell.column!r}"
            collector.remark(job, f"{place}: {shown(raw)} is not a number{_remedy(raw)}.")
        if remark := percent_remark(metric, unit):
            collector.remark(job, remark)

    def _value(self, raw: Any) -> Number:
        """Return the number in a cell; a word for *no data* has the reason ``null``."""
        text = raw if isinstance(raw, str) else cell_text(raw)
        if text in self.missing:
            return Number(None, NULL)
        return number(raw.translate(_COMMA) if self._has_comma(raw) else raw)

    def _has_comma(self, raw: Any) -> bool:
        return isinstance(raw, str) and self.options.decimal == ","

    def _unit(self, cell: Cell) -> str | None:
        units = self.options.units
        configured = units.get(cell.metric, units.get(cell.column, self.options.unit))
        return cell.unit if configured is None else configured

    def _notes(self, row: TableRow) -> str | None:
        notes = {name: text for name in self.options.notes if (text := cell_text(row[name]))}
        return strict_json(notes) if notes else None


@dataclass(frozen=True, slots=True, kw_only=True)
class LongForm:
    """One row, one measurement."""

    measurements: Measurements
    value: str
    """Column of the values."""
    metric: str | None
    """Column of the metrics; None: all are ``default``."""
    default: str | None = None
    unit: str | None = None
    value_unit: str | None = None
    """Unit of the column of the values, where no column holds units."""
    identifier: str | None = None

    def add(self, row: TableRow, fields: JobFields, collector: RunCollector) -> None:
        """Add the measurement of a row."""
        metric = cell_text(row[self.metric]) if self.metric else self.default
        if not metric:
            raise UnreadableError(
                self.measurements.origin,
                f"the row names no metric in column {self.metric!r}; mend the row",
            )
        cell = Cell(
            metric=metric,
            column=self.value,
            unit=self._unit(row),
            identifier=cell_text(row[self.identifier]) if self.identifier else None,
        )
        self.measurements.add(cell, row, fields, collector)

    def _unit(self, row: TableRow) -> str | None:
        """Return the unit as stored: an empty cell of a text table is dimensionless."""
        raw = row[self.unit] if self.unit else self.value_unit
        return clean_text(raw) if isinstance(raw, str) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class WideForm:
    """One row, one data ID: a column for each statistic, and for each test."""

    measurements: Measurements
    cells: tuple[Cell, ...]
    tests: Mapping[str, str]
    """Column → test."""
    stage: str

    def add(self, row: TableRow, fields: JobFields, collector: RunCollector) -> None:
        """Add the statistics and the verdicts of a row."""
        for cell in self.cells:
            self.measurements.add(cell, row, fields, collector)
        job = collector.job(fields)
        for column, test in self.tests.items():
            try:
                verdict = passed(row[column])
            except ValueError as error:
                collector.remark(job, f"Row {row.number}, column {column!r}: {error}.")
                continue
            if verdict is not None:
                known = {k: v for k, v in fields.base.items() if k != "producer"}
                level = level_of(known)
                job.tests.append(
                    {**known, "stage": self.stage, "level": level, "test": test, "passed": verdict}
                )


def long_form(
    measurements: Measurements,
    header: Sequence[str],
    columns: Mapping[str, str],
    groups: Mapping[str, str],
    units: Mapping[str, str],
) -> LongForm:
    """Return the long form of a table with this header.

    Raises
    ------
    UnreadableError
        If there is no column for the values, or nothing that names the metric.
    """
    keys = ("metric", "value", "unit", "identifier")
    named = {key: columns.get(key) or same_letters(key, header) or key for key in keys}
    named["value"] = find_column(named["value"], header)
    require([name for key, name in named.items() if key in columns], header, measurements.origin)
    require([named["value"]], header, measurements.origin)
    template = measurements.options.metric
    default = fill(template, groups) if template else groups.get("metric") or None
    if default is None:
        require([named["metric"]], header, measurements.origin)
    return LongForm(
        measurements=measurements,
        value=named["value"],
        metric=None if default is not None else named["metric"],
        default=default,
        unit=named["unit"] if named["unit"] in header else None,
        value_unit=units.get(named["value"]) or split_unit(named["value"]).unit,
        identifier=named["identifier"] if named["identifier"] in header else None,
    )


def wide_form(
    measurements: Measurements,
    header: Sequence[str],
    groups: Mapping[str, str],
    units: Mapping[str, str],
) -> WideForm:
    """Return the wide form of a table with this header.

    Raises
    ------
    UnreadableError
        If it lacks one of the columns of values or tests.
    """
    options = measurements.options
    stage = (options.stage or groups.get("stage") or "").lower()
    template = options.metric or (f"cp_verify.{stage.upper()}_{{column}}" if stage else "{column}")
    tests = options.test_columns
    if tests is None:
        named = [name for name in header if name.startswith("VERIFY_") or name == "SUCCESS"]
        tests = tuple(named) if stage else ()
    columns = [find_column(name, header) for name in options.value_columns]
    require((*columns, *tests), header, measurements.origin)
    cells = (
        Cell(
            metric=fill(template, {**groups, "column": split_unit(name).name}),
            column=name,
            unit=units.get(name) or split_unit(name).unit,
        )
        for name in columns
    )
    return WideForm(
        measurements=measurements,
        cells=tuple(cells),
        tests={column: column.removeprefix("VERIFY_") for column in tests},
        stage=stage,
    )
