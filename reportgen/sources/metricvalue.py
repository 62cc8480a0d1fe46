"""MetricValues that a Butler persisted: one measurement of lsst.verify in each YAML file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.config import SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Row
from reportgen.sources.base import Options, Record, SourceType
from reportgen.sources.dataset_types import MetricDataset, metric_dataset
from reportgen.sources.fields import FieldReader
from reportgen.sources.files import SourceFile, read_files
from reportgen.sources.history import History
from reportgen.sources.measured import Stored, measurement_row
from reportgen.sources.metricvalue_yaml import read_metric_value
from reportgen.sources.naming import qualify
from reportgen.sources.values import percent_remark, plain
from reportgen.sources.verify_json import blob_row

SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricValueParser:
    """Turns the content of MetricValue files into bundles of one measurement."""

    fields: FieldReader
    package: str | None = None
    """Package of bare names; None: taken from the dataset type in the path."""

    def parse(self, content: bytes, origin: str, sha256: str = "") -> JobBundle:
        """Return the bundle of one MetricValue file.

        Raises
        ------
        UnreadableError
            If it is not a MetricValue, its package is not known, or dataset or release are not.
        """
        value = read_metric_value(content, origin)
        dataset = metric_dataset(origin, value.metric)
        notes = _notes(value.notes, dataset, origin)
        found = self.fields.read(origin, {}, notes)
        blobs: list[Row] = []
        for blob in value.blobs:
            try:
                blobs.append(blob_row(blob))
            except ValueError as error:
                raise UnreadableError(origin, str(error), "blobs") from error
        stored = Stored(
            metric=qualify(value.metric, self.package or dataset.package, origin),
            value=value.value,
            unit=value.unit,
            identifier=value.identifier,
            blobs=[row["identifier"] for row in blobs if "identifier" in row],
            notes=notes,
        )
        remarks: list[str] = []
        if not content.endswith(b"\n"):
            remarks.append("The file does not end with a line break; it may be cut off.")
        row = measurement_row(found.base, stored, remarks)
        if remark := percent_remark(stored.metric, stored.unit):
            remarks.append(remark)
        return JobBundle(
            run=found.run,
            origin=origin,
            sha256=sha256,
            ticket=found.ticket,
            date=found.date,
            measurements=[row],
            blobs=blobs,
            remarks=tuple(remarks),
        )


def _notes(notes: Mapping[str, Any], dataset: MetricDataset, origin: str) -> dict[str, Any]:
    """Return the notes of the file, and which aggregate a summary is."""
    if not notes and not dataset.aggregate:
        return {}
    try:
        cleaned: dict[str, Any] = plain(dict(notes))
    except ValueError as error:
        raise UnreadableError(origin, str(error), "notes") from error
    if dataset.aggregate:
        cleaned.setdefault("aggregate", dataset.aggregate)
    return cleaned


def read_jobs(config: SourceConfig, options: Options, history: History) -> Iterator[Record]:
    """Yield one bundle for each MetricValue file."""
    del options
    parser = MetricValueParser(fields=FieldReader(config), package=config.package)

    def parse(file: SourceFile, sha256: str) -> Iterator[JobBundle]:
        yield parser.parse(file.read(), file.origin, sha256)

    return read_files(config, history, parse, SUFFIXES)


SOURCE = SourceType(
    description="MetricValue files that a Butler persisted (YAML)",
    read=read_jobs,
    meta=True,
    files=True,
)
