"""JSON objects of one metric: ``{"3345": 0.012, "3346": null}``, a value for each tract."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import Field, field_validator

from reportgen.config import SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle
from reportgen.model.dimensions import DATA_ID
from reportgen.sources.base import Options, Record, SourceType
from reportgen.sources.documents import load_json
from reportgen.sources.fields import FieldReader
from reportgen.sources.files import NO_RESULT, SourceFile, read_files
from reportgen.sources.history import History
from reportgen.sources.measured import Stored, measurement_row
from reportgen.sources.naming import fill, qualify
from reportgen.sources.values import percent_remark

SUFFIXES = (".json",)


class JsonMapOptions(Options):
    """Options of ``json-map``."""

    key: str = "tract"
    """Dimension of the data ID that the keys are."""
    metric: str = "{metric}"
    """Name of the metric, from named groups of ``pattern``."""
    unit: str | None = None
    ignore: tuple[str, ...] = Field(default=())
    """Keys that are no data."""

    @field_validator("key")
    @classmethod
    def _dimension(cls, key: str) -> str:
        if key not in DATA_ID:
            raise ValueError(f"not a dimension; choose one of: {', '.join(DATA_ID)}")
        return key


@dataclass(frozen=True, slots=True, kw_only=True)
class MapParser:
    """Turns such objects into job bundles."""

    fields: FieldReader
    options: JsonMapOptions
    package: str | None

    def parse(self, content: bytes, origin: str, sha256: str = "") -> JobBundle:
        """Return the bundle of one file.

        Raises
        ------
        UnreadableError
            If it is no object of numbers, or metric, dataset or release are not known.
        """
        data = load_json(content, origin)
        if not isinstance(data, dict) or any(isinstance(v, dict | list) for v in data.values()):
            raise UnreadableError(
                origin, "not an object of numbers; is `type` right?", "line 1 column 1"
            )
        found = self.fields.read(origin, {})
        name = fill(self.options.metric, self.fields.placeholders(origin))
        if not name or "{" in name:
            raise UnreadableError(
                origin, f"the metric is not known: `pattern` gives nothing for {name!r}."
            )
        metric = qualify(name, self.package, origin)
        remarks: list[str] = []
        rows = []
        for key, value in data.items():
            if key not in self.options.ignore:
                stored = Stored(metric=metric, value=value, unit=self.options.unit)
                base = {**found.base, self.options.key: key}
                rows.append(measurement_row(base, stored, remarks))
        if not rows:
            raise UnreadableError(origin, NO_RESULT)
        if remark := percent_remark(metric, self.options.unit):
            remarks.append(remark)
        return JobBundle(
            run=found.run,
            origin=origin,
            sha256=sha256,
            ticket=found.ticket,
            date=found.date,
            measurements=rows,
            remarks=tuple(remarks),
        )


def read_jobs(config: SourceConfig, options: JsonMapOptions, history: History) -> Iterator[Record]:
    """Yield one bundle for each file."""
    parser = MapParser(fields=FieldReader(config), options=options, package=config.package)

    def parse(file: SourceFile, sha256: str) -> Iterator[JobBundle]:
        yield parser.parse(file.read(), file.origin, sha256)

    return read_files(config, history, parse, SUFFIXES)


SOURCE = SourceType(
    description="JSON objects with one value for each tract (or visit, or detector)",
    read=read_jobs,
    files=True,
    options=JsonMapOptions,
)
