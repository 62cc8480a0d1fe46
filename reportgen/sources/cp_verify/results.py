"""Results tables of cp_verify: Parquet, columns ``{STAGE}_{STAT}`` and ``{STAGE}_VERIFY_{TEST}``.

A table holds rows of amplifiers, of detectors and of exposures. What one kind of row does not
have is empty in all of them, and is not a missing measurement.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.sources.cp_verify import names, places
from reportgen.sources.cp_verify.findings import Findings, Setting
from reportgen.sources.cp_verify.options import CpVerifyOptions
from reportgen.sources.fields import FieldReader, JobFields
from reportgen.sources.files import SourceFile
from reportgen.sources.rows import RowReader, RunCollector, passed
from reportgen.sources.tabular import Table, TableRow, open_parquet

_COLUMN = re.compile(r"([A-Za-z]+)_(.+)")
_PLACEHOLDERS = frozenset({"stagename", "nostage", "nocalib"})
"""Stages that upstream's configuration forgot to name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultColumn:
    """One column of statistics or of verdicts."""

    column: str
    stage: str
    name: str
    """Of the statistic (with stage), or of the test."""
    test: bool
    merged: bool
    """In a row without amplifier it is about an exposure, not about its detector."""
    stored_as: str = ""


Columns = Mapping[str, Mapping[str, Sequence[ResultColumn]]]
"""Columns that rows of each level hold, by stage (nearly always one)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultsParser:
    """Turns Results tables into job bundles."""

    fields: FieldReader
    options: CpVerifyOptions
    package: str

    def parse(self, file: SourceFile, sha256: str) -> Iterator[JobBundle | Unreadable]:
        """Yield one bundle for each run, and the rows that cannot be placed.

        Raises
        ------
        UnreadableError
            If it is not a Results table.
        """
        with open_parquet(file) as table:  # a first pass over columns, a second over rows
            columns = _columns(table, names.subject(file.origin).stage or self.options.stage)
            filled = _filled(table, columns)
        if not columns:
            reason = "not a Results table of cp_verify: no statistics; is `type` right?"
            raise UnreadableError(file.origin, reason)
        collector = RunCollector(file.origin, sha256)
        with open_parquet(file) as table:
            own = places.from_path(file.origin)
            rows = RowReader(self.fields, table.header, file.origin, own)

            def add(row: TableRow, fields: JobFields, collector: RunCollector) -> None:
                level = _level(row, columns, table.header)
                base = _base(fields, level, file.origin)
                for stage, held in filled.get(level, {}).items():
                    findings = Findings(origin=file.origin, setting=self._setting(stage, base))
                    for column in held:
                        _read_cell(row, column, findings, level)
                    collector.add(fields, findings.measurements, findings.tests)
                    for remark in findings.remarks:
                        collector.remark(collector.job(fields), f"Row {row.number}: {remark}")

            yield from collector.collect(table, rows, add)

    def _setting(self, stage: str, base: Mapping[str, Any]) -> Setting:
        return Setting(
            stage=stage,
            level=names.Level.DETECTOR,
            base=base,
            units=self.options.all_units(),
            package=self.package,
        )


def _level(row: TableRow, columns: Sequence[ResultColumn], header: Sequence[str]) -> str:
    """Return what a row is about: an amplifier, a detector or an exposure.

    Rows of exposures name the first of their detectors; what they hold tells them apart.
    """
    # Crosstalk has rows of detectors whose amplifier is called that.
    if "amplifier" in header and row["amplifier"] not in {None, "", "detector"}:
        return "amplifier"
    if "detector" not in header or _empty(row["detector"]):
        return "exposure"
    merged = any(column.merged and not _empty(row[column.column]) for column in columns)
    return "exposure" if merged else "detector"


_FINER = {"amplifier": (), "detector": ("amplifier",), "exposure": ("amplifier", "detector")}


def _base(fields: JobFields, level: str, origin: str) -> dict[str, Any]:
    if "instrument" not in fields.base:
        raise UnreadableError(
            origin, "instrument is not known: add `instrument = …` to its source."
        )
    return {key: value for key, value in fields.base.items() if key not in _FINER[level]}


def _read_cell(row: TableRow, column: ResultColumn, findings: Findings, level: str) -> None:
    raw = row[column.column]
    if not column.test:
        findings.measure(column.name, raw, {}, column.stored_as)
        return
    try:
        verdict = passed(raw)
    except ValueError as error:
        findings.remark(f"column {column.column!r}: {error}.")
        return
    if verdict is not None:
        findings.judge(column.name, verdict, {}, level)


def _columns(table: Table, stage: str | None) -> list[ResultColumn]:
    """Return the columns of statistics and verdicts, old names replaced by today's."""
    found = []
    for name in table.header:
        parts = _COLUMN.fullmatch(name)
        unnamed = parts is not None and parts[1].lower() in _PLACEHOLDERS
        if parts is None or not (parts[1].isupper() or unnamed):
            continue
        own = names.stage_named(stage if unnamed and stage else parts[1])
        _, is_test, test = f"_{parts[2]}".partition("_VERIFY_")
        statistic = names.statistic(own, parts[2])
        if is_test or table.types.get(name) == "number":
            found.append(
                ResultColumn(
                    column=name,
                    stage=own,
                    name=test if is_test else statistic,
                    test=bool(is_test),
                    merged=own == "flat" and not parts[2].startswith("DET_"),
                    stored_as="" if is_test or statistic == name else name,
                )
            )
    return found


def _filled(table: Table, columns: Sequence[ResultColumn]) -> Columns:
    """Return the columns that rows of each level hold anything in."""
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for batch in table.batches:
        for row in batch:
            known = seen[_level(row, columns, table.header)]
            for column in columns:
                if column.column not in known and not _empty(row[column.column]):
                    known.add(column.column)
    return {level: _by_stage(columns, filled) for level, filled in seen.items()}


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def _by_stage(
    columns: Sequence[ResultColumn], filled: AbstractSet[str]
) -> Mapping[str, Sequence[ResultColumn]]:
    stages: defaultdict[str, list[ResultColumn]] = defaultdict(list)
    for column in columns:
        if column.column in filled:
            stages[column.stage].append(column)
    return dict(stages)
