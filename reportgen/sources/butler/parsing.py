"""From the content of datasets to job bundles, by the parsers of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from reportgen.config import SourceConfig
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.sources.analysis_tools import BundleParser
from reportgen.sources.bundle_names import PACKAGE as BUNDLES
from reportgen.sources.butler.datasets import Dataset, utc_text
from reportgen.sources.butler.fields import DatasetFields, facts
from reportgen.sources.butler.options import ButlerOptions
from reportgen.sources.cp_verify import StatisticsParser
from reportgen.sources.cp_verify.findings import PACKAGE as CALIBRATIONS
from reportgen.sources.cp_verify.results import ResultsParser
from reportgen.sources.files import SourceFile
from reportgen.sources.metrics_table import MetricsTableParser
from reportgen.sources.metricvalue import MetricValueParser

_TABLES = ("Arrow*", "DataFrame*", "Astropy*Table")


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetParser:
    """Turns datasets of every kind that is read into job bundles."""

    config: SourceConfig
    options: ButlerOptions
    fields: DatasetFields

    def parse(
        self, kind: Kind, dataset: Dataset, content: bytes, origin: str
    ) -> Iterator[JobBundle | Unreadable]:
        """Yield what one dataset holds.

        Raises
        ------
        UnreadableError
            If its content is not of its kind.
        """
        fields = self.fields.of(dataset, dated=kind.dated)
        file = SourceFile.held(origin, content)
        for record in kind.parse(self, fields, file, dataset.sha256):
            if isinstance(record, Unreadable):
                yield record
            else:
                yield replace(
                    record,
                    date=record.date or utc_text(dataset.ingested),
                    meta={**record.meta, **facts(dataset)},
                )

    def package(self, usual: str) -> str:
        """Return the package of bare names."""
        return self.config.package or usual


Parsed = Iterator[JobBundle | Unreadable]
Parse = Callable[[DatasetParser, DatasetFields, SourceFile, str], Parsed]


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of dataset type that is read."""

    names: Sequence[str]
    """Globs of dataset types."""
    classes: Sequence[str]
    """Globs of storage classes; ``*`` where the name decides."""
    parse: Parse
    own: Sequence[str] = ()
    """Fields of the run that its content may state."""
    dated: bool = True
    """It is dated by its ingest: when the processing was, not the observation."""


def kind_of(dataset_type: str, storage_class: str) -> Kind | None:
    """Return the kind of a dataset type; None if it is of none that is read."""
    for kind in KINDS:
        if _any(dataset_type, kind.names) and _any(storage_class, kind.classes):
            return kind
    return None


def _any(name: str, globs: Sequence[str]) -> bool:
    return any(fnmatchcase(name, glob) for glob in globs)


def _metric_value(
    parser: DatasetParser, fields: DatasetFields, file: SourceFile, sha256: str
) -> Parsed:
    reader = MetricValueParser(fields=fields, package=parser.config.package)
    yield reader.parse(file.read(), file.origin, sha256)


def _bundle(parser: DatasetParser, fields: DatasetFields, file: SourceFile, sha256: str) -> Parsed:
    reader = BundleParser(fields=fields, options=parser.options, package=parser.package(BUNDLES))
    yield from reader.parse(file.read(), file.origin, sha256)


def _statistics(
    parser: DatasetParser, fields: DatasetFields, file: SourceFile, sha256: str
) -> Parsed:
    package = parser.package(CALIBRATIONS)
    reader = StatisticsParser(fields=fields, options=parser.options, package=package)
    yield from reader.parse(file.read(), file.origin, sha256)


def _results(parser: DatasetParser, fields: DatasetFields, file: SourceFile, sha256: str) -> Parsed:
    package = parser.package(CALIBRATIONS)
    reader = ResultsParser(fields=fields, options=parser.options, package=package)
    yield from reader.parse(file, sha256)


def _table(parser: DatasetParser, fields: DatasetFields, file: SourceFile, sha256: str) -> Parsed:
    reader = MetricsTableParser(
        fields=fields,
        bands=parser.options.bands,
        package=parser.package(BUNDLES),
        qualify=parser.options.qualify_actions,
    )
    yield from reader.parse(file, sha256)


KINDS: Sequence[Kind] = (
    Kind(names=("verify*",), classes=_TABLES, parse=_results, dated=False),
    Kind(names=("verify*Stats",), classes=("*",), parse=_statistics, dated=False),
    Kind(names=("*",), classes=_TABLES, parse=_table),
    Kind(names=("metricvalue_*",), classes=("*",), parse=_metric_value),
    Kind(names=("*",), classes=("MetricValue",), parse=_metric_value),
    Kind(names=("*_metrics",), classes=("*",), parse=_bundle, own=("dataset",)),
    Kind(names=("*",), classes=("MetricMeasurementBundle",), parse=_bundle, own=("dataset",)),
)
"""The first that fits counts."""

READ = "MetricValue, MetricMeasurementBundle, verify…Stats, verify…Results, …_metricsTable"
