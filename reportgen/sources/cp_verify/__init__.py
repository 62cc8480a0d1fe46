"""Verification of calibrations by cp_verify: statistics and verdicts, YAML and Parquet.

Statistics are measurements named as in the Results tables (``cp_verify.BIAS_MEAN``); verdicts are
read from VERIFY, SUCCESS and FAILURES, and never worked out again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from reportgen.config import SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.sources.base import Record, SourceType
from reportgen.sources.cp_verify import names, places
from reportgen.sources.cp_verify.detector import read_detector
from reportgen.sources.cp_verify.findings import PACKAGE, Findings, Setting
from reportgen.sources.cp_verify.merged import read_merged
from reportgen.sources.cp_verify.options import CpVerifyOptions
from reportgen.sources.cp_verify.results import ResultsParser
from reportgen.sources.cp_verify.trim import load_statistics
from reportgen.sources.faults import first_faults
from reportgen.sources.fields import FieldReader, JobFields
from reportgen.sources.files import SourceFile, read_files
from reportgen.sources.history import History
from reportgen.sources.tabular import is_parquet

SUFFIXES = (".yaml", ".yml", ".parq", ".parquet")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatisticsParser:
    """Turns DetStats, ExpStats and Stats files into job bundles."""

    fields: FieldReader
    options: CpVerifyOptions = CpVerifyOptions()
    package: str = PACKAGE

    def parse(
        self, content: bytes, origin: str, sha256: str = ""
    ) -> Iterator[JobBundle | Unreadable]:
        """Yield the entries that are no mappings, and the bundle of one file.

        Raises
        ------
        UnreadableError
            If it is not of cp_verify, or dataset, release, instrument, stage or level stay unknown.
        """
        found = self.fields.read(origin, places.from_path(origin))
        setting = self._setting(found, origin)
        findings = Findings(origin=origin, setting=setting)
        data = load_statistics(content, origin)
        if setting.level == names.Level.DETECTOR:
            read_detector(data, findings)
        else:
            read_merged(data, findings)
            findings.date_the_whole()
        findings.remark_on_left_out()
        yield from first_faults([replace(one, sha256=sha256) for one in findings.faults])
        yield JobBundle(
            run=found.run,
            origin=origin,
            sha256=sha256,
            ticket=found.ticket,
            date=found.date or findings.date(),
            meta={"stage": setting.stage, "level": str(setting.level), **findings.words()},
            measurements=findings.measurements,
            tests=findings.tests,
            remarks=tuple(findings.remarks),
        )

    def _setting(self, found: JobFields, origin: str) -> Setting:
        """Return stage, level and data ID of a file."""
        named = names.subject(origin)
        stage = self.options.stage or found.extra.get("stage") or named.stage
        word = self.options.level or found.extra.get("level")
        level = names.level_named(word) if word else named.level
        known = {"instrument": found.base.get("instrument"), "stage": stage, "level": level}
        for field, value in known.items():
            if not value:
                raise UnreadableError(
                    origin, f"{field} is not known: add `{field} = …` to its source."
                )
        given = self.fields.states("detector", origin)
        base = dict(found.base)
        if "detector" in base and not given:
            base["detector"] = places.detector_number(
                base["detector"], base["instrument"], self.options.detectors
            )
        return Setting(
            stage=names.stage_named(str(stage)),
            level=level or names.Level.RUN,
            base=base,
            detector_given=given,
            detectors=self.options.detectors,
            units=self.options.all_units(),
            package=self.package,
        )


def read_jobs(config: SourceConfig, options: CpVerifyOptions, history: History) -> Iterator[Record]:
    """Yield one bundle for each statistics file, and one for each run in a Results table."""
    fields = FieldReader(config)
    package = config.package or PACKAGE
    statistics = StatisticsParser(fields=fields, options=options, package=package)
    tables = ResultsParser(fields=fields, options=options, package=package)

    def parse(file: SourceFile, sha256: str) -> Iterator[JobBundle | Unreadable]:
        if is_parquet(file):
            yield from tables.parse(file, sha256)
        else:
            yield from statistics.parse(file.read(), file.origin, sha256)

    return read_files(config, history, parse, SUFFIXES)


SOURCE = SourceType(
    description="Verification of calibrations by cp_verify (YAML, Results as Parquet)",
    read=read_jobs,
    files=True,
    options=CpVerifyOptions,
    columns=True,
)
