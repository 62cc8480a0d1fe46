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
from reportgen.sources.rows import RowReader, RunCollector, level_of, passed
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
    stored_as: str = ""


StageColumns = Mapping[str, Sequence[ResultColumn]]
"""Columns by stage: nearly always one."""


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
            amplifiers, others = _filled(table, columns)
        if not columns:
            raise UnreadableError(file.origin, "not a Results table of cp_verify: no statistics")
        collector = RunCollector(file.origin, sha256)
        with open_parquet(file) as table:
            own = places.from_path(file.origin)
            rows = RowReader(self.fields, table.header, file.origin, own)

            def add(row: TableRow, fields: JobFields, collector: RunCollector) -> None:
                base = _base(fields, file.origin)
                stages = amplifiers if "amplifier" in base else others
                for stage, columns in stages.items():
                    findings = Findings(origin=file.origin, setting=self._setting(stage, base))
                    for column in columns:
                        _read_cell(row, column, findings)
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


def _base(fields: JobFields, origin: str) -> dict[str, Any]:
    if "instrument" not in fields.base:
        raise UnreadableError(origin, "instrument is not known: add `instrument = …`")
    # Crosstalk has rows of detectors whose amplifier is called that.
    return {k: v for k, v in fields.base.items() if (k, v) != ("amplifier", "detector")}


def _read_cell(row: TableRow, column: ResultColumn, findings: Findings) -> None:
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
        findings.judge(column.name, verdict, {}, level_of(findings.setting.base))


def _columns(table: Table, stage: str | None) -> list[ResultColumn]:
    """Return the columns of statistics and verdicts, old names replaced by today's."""
    found = []
    for name in table.header:
        parts = _COLUMN.fullmatch(name)
        if parts is None or not (parts[1].isupper() or parts[1].lower() in _PLACEHOLDERS):
            continue
        known = parts[1].lower() not in _PLACEHOLDERS or stage is None
        column_stage = names.stage_named(parts[1]) if known else names.stage_named(stage or "")
        _, is_test, test = f"_{parts[2]}".partition("_VERIFY_")
        if is_test:
            found.append(ResultColumn(column=name, stage=column_stage, name=test, test=True))
        elif table.types.get(name) == "number":
            statistic = names.statistic(column_stage, parts[2])
            stored_as = "" if statistic == name else name
            found.append(
                ResultColumn(
                    column=name, stage=column_stage, name=statistic, test=False, stored_as=stored_as
                )
            )
    return found


def _filled(table: Table, columns: Sequence[ResultColumn]) -> tuple[StageColumns, StageColumns]:
    """Return the columns that rows of amplifiers hold, and those that all other rows hold."""
    filled: tuple[set[str], set[str]] = (set(), set())
    for batch in table.batches:
        for row in batch:
            amplifier = row["amplifier"] if "amplifier" in table.header else None
            seen = filled[0 if amplifier not in {None, "", "detector"} else 1]
            for column in columns:
                if column.column not in seen and not _empty(row[column.column]):
                    seen.add(column.column)
    return _by_stage(columns, filled[0]), _by_stage(columns, filled[1])


def _empty(cell: Any) -> bool:
    return cell is None or (isinstance(cell, float) and math.isnan(cell))


def _by_stage(columns: Sequence[ResultColumn], filled: AbstractSet[str]) -> StageColumns:
    stages: defaultdict[str, list[ResultColumn]] = defaultdict(list)
    for column in columns:
        if column.column in filled:
            stages[column.stage].append(column)
    return dict(stages)
