"""Which columns of a measurement of InfluxDB are metrics, and what they are called here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from reportgen.model.dimensions import DATA_ID
from reportgen.sources.bands import split_band
from reportgen.sources.bundle_names import PACKAGE, BundleName, metric_name, shared_names
from reportgen.sources.influxdb.options import InfluxOptions

TAG = "tag"
NUMBERS = ("float", "integer", "unsigned")
SASQUATCH, SQUASH = "sasquatch", "squash"

_MARKS = frozenset({"dataset_tag", "dataset_type", "run_timestamp", "reference_package"})
"""Columns that only Sasquatch's writer makes."""
_NO_METRICS = frozenset(
    {"id", "run", "timestamp", "run_timestamp", "reference_package_timestamp"}
    | {"squash_id", "run_id", "code_changes_counts"}
    | set(DATA_ID)
)
_VERIFY = "lsst.verify."
"""Namespace in which the last word is a package of lsst.verify, not an action."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Schema:
    """The columns of one measurement, as the database describes them."""

    name: str
    tags: tuple[str, ...]
    fields: Mapping[str, tuple[str, ...]]
    """Types of each field; several if they differ from shard to shard."""

    @property
    def layout(self) -> str:
        """Who wrote it."""
        columns = {*self.tags, *self.fields}
        return SASQUATCH if columns & _MARKS else SQUASH

    def columns(self) -> list[tuple[str, str]]:
        """Return name and kind of everything that is read: tags, numbers, texts."""
        found = [(name, TAG) for name in self.tags]
        for name, types in self.fields.items():
            if kind := _kind(types):
                found.append((name, kind))
        return found

    def conflicts(self) -> list[str]:
        """Return fields that are numbers in one shard and texts in another."""
        return [name for name, types in self.fields.items() if _kind(types) and len(set(types)) > 1]


def _kind(types: Sequence[str]) -> str | None:
    """Return as what a field is read: a number where any shard has numbers."""
    for kind in (*NUMBERS, "string"):
        if kind in types:
            return kind
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricColumn:
    """One column of values."""

    place: int
    """Among the columns that are read."""
    metric: str
    """Fully qualified."""
    band: str | None = None
    action: str | None = None
    unit: str | None = None
    zero_is_missing: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """What the columns of one measurement mean."""

    schema: Schema
    kind: str
    columns: Sequence[tuple[str, str]]
    metrics: Sequence[MetricColumn]
    texts: Mapping[str, Sequence[int]]
    """Places of each column that says something about a point; what was a field can be a tag."""

    @property
    def producer(self) -> str | None:
        """What measured: bundles are those of analysis_tools, as where they are read as files."""
        return PACKAGE if any(column.action for column in self.metrics) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planner:
    """Says what the columns of measurements mean.

    Where actions share a name, such as ``ct``, the action is part of the metric's name; so all
    measurements have to be known.
    """

    options: InfluxOptions
    package: str | None = None

    def plan(self, schemas: Sequence[Schema]) -> list[Layout]:
        """Return the layouts of all measurements that hold metrics."""
        names = {schema.name: self._bundle_names(schema) for schema in schemas}
        shared = shared_names([name for known in names.values() for name in known.values()])
        found = []
        for schema in schemas:
            wanted = self._metric_columns(schema)
            columns = schema.columns()
            metrics = [
                self._metric(schema, place, column, names[schema.name].get(column), shared)
                for place, (column, kind) in enumerate(columns)
                if kind in NUMBERS and column in wanted
            ]
            if metrics:
                found.append(
                    Layout(
                        schema=schema,
                        kind=self._kind(schema),
                        columns=columns,
                        metrics=metrics,
                        texts=_texts(columns, wanted),
                    )
                )
        return found

    def _kind(self, schema: Schema) -> str:
        return schema.layout if self.options.layout == "auto" else self.options.layout

    def _bundle_names(self, schema: Schema) -> dict[str, BundleName]:
        """Return the names of metrics, taken apart, if they are those of a bundle."""
        if self._kind(schema) != SASQUATCH or schema.name.startswith(_VERIFY):
            return {}
        action, bands = action_of(schema.name), self.options.bands
        return {
            column: BundleName(action=action, name=parts.name, band=parts.band)
            for column in self._metric_columns(schema)
            for parts in [split_band(column, bands)]
        }

    def _metric_columns(self, schema: Schema) -> set[str]:
        return {
            column
            for column, types in schema.fields.items()
            if _kind(types) in NUMBERS
            and column not in _NO_METRICS
            and not any(fnmatchcase(column, glob) for glob in self.options.ignore)
        }

    def _metric(
        self,
        schema: Schema,
        place: int,
        column: str,
        name: BundleName | None,
        shared: frozenset[str],
    ) -> MetricColumn:
        options = self.options
        if name is None:
            metric = f"{self.package or action_of(schema.name)}.{column}"
        else:
            bare = metric_name(name, shared, qualify=options.qualify_actions)
            metric = f"{self.package or PACKAGE}.{bare}"
        return MetricColumn(
            place=place,
            metric=metric,
            band=name.band if name else None,
            action=name.action if name else None,
            unit=options.unit_of(metric),
            zero_is_missing=options.zero_is_missing(metric, schema.name, self._kind(schema)),
        )


def action_of(measurement: str) -> str:
    """Return the last word of a name such as ``lsst.dm.stellarAstrometricRepeatability1``."""
    return measurement.rpartition(".")[2]


def _texts(columns: Sequence[tuple[str, str]], metrics: set[str]) -> dict[str, list[int]]:
    """Return the columns that are no metrics."""
    found: dict[str, list[int]] = {}
    for place, (name, kind) in enumerate(columns):
        if kind == TAG or name not in metrics:
            found.setdefault(name, []).append(place)
    return found
