"""Metric bundles of analysis_tools: JSON, and the tables (Parquet) made of them.

A bundle maps actions to measurements whose names begin with the band: ``g_AM1`` becomes the
metric ``analysis_tools.AM1`` in band g, and the action goes into its notes. Where two actions of
a bundle use one name (``ct``), both are called ``<action>_<name>``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.config import SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Row, Unreadable
from reportgen.sources.bands import BANDS, split_band
from reportgen.sources.base import Options, Record, SourceType
from reportgen.sources.bundle_names import PACKAGE, BundleName, metric_name, shared_names
from reportgen.sources.dataset_types import bundle_dataset
from reportgen.sources.documents import load_document
from reportgen.sources.faults import first_faults
from reportgen.sources.fields import FieldReader, JobFields
from reportgen.sources.files import NO_RESULT, SourceFile, read_files
from reportgen.sources.history import History
from reportgen.sources.job_meta import own_fields
from reportgen.sources.measured import NAMELESS, Stored, measurement_row, named
from reportgen.sources.metrics_table import MetricsTableParser
from reportgen.sources.tabular import is_parquet
from reportgen.sources.values import percent_remark, plain

NO_LIST = "it holds no list of measurements; the others of its file are read"
SUFFIXES = (".json", ".parq", ".parquet")


class BundleOptions(Options):
    """Options of ``analysis-tools``."""

    bands: tuple[str, ...] = BANDS
    """What can stand before the first underscore of a metric's name as its band."""
    qualify_actions: bool = False
    """Always call metrics ``<action>_<name>``, not only where two actions share a name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleParser:
    """Turns metric bundles into job bundles."""

    fields: FieldReader
    options: BundleOptions = BundleOptions()
    package: str = PACKAGE

    def parse(
        self, content: bytes, origin: str, sha256: str = ""
    ) -> Iterator[JobBundle | Unreadable]:
        """Yield the measurements that name no metric, and the bundle of one file.

        Raises
        ------
        UnreadableError
            If it is not a metric bundle or holds nothing, or dataset or release stay unknown.
        """
        data = load_document(content, origin)
        meta = _meta(data, origin)
        found = self.fields.read(origin, _own(meta), meta)
        measurements = list(self._measurements(data, meta))
        odd = _odd_actions(data)
        if odd and not measurements:
            raise _not_a_bundle(origin, f"{odd[0]!r} holds no list of measurements")
        faults = _nameless(data, origin, sha256)
        if faults and not measurements:
            raise _not_a_bundle(origin, "no measurement names its metric")
        if not measurements:
            raise UnreadableError(origin, NO_RESULT)
        shared = shared_names([one.name for one in measurements])
        remarks = [*_remarks(shared), *self.fields.remarks(meta)]
        faults += [
            Unreadable(origin=origin, reason=NO_LIST, place=action, sha256=sha256) for action in odd
        ]
        yield from first_faults(faults)
        yield JobBundle(
            run=found.run,
            origin=origin,
            sha256=sha256,
            ticket=found.ticket,
            date=found.date,
            meta=meta,
            measurements=[self._row(one, shared, found, remarks) for one in measurements],
            remarks=tuple(remarks),
        )

    def _measurements(
        self, data: Mapping[str, Any], meta: Mapping[str, Any]
    ) -> Iterator[_Measurement]:
        prefix = meta.get("metricNamePrefix") or ""
        for action, measurements in data.items():
            if action.startswith("__") or not isinstance(measurements, list):
                continue
            for raw in filter(named, measurements):
                parts = split_band(raw["metric"], self.options.bands)
                name = BundleName(action=f"{prefix}{action}", name=parts.name, band=parts.band)
                yield _Measurement(name, raw)

    def _row(
        self, one: _Measurement, shared: frozenset[str], found: JobFields, remarks: list[str]
    ) -> Row:
        name = metric_name(one.name, shared, qualify=self.options.qualify_actions)
        stored = Stored(
            metric=f"{self.package}.{name}",
            value=one.raw.get("value"),
            unit=one.raw.get("unit"),
            identifier=one.raw.get("identifier"),
            notes={"action": one.name.action},
        )
        if remark := percent_remark(stored.metric, stored.unit):
            remarks.append(remark)
        # The band in the name is part of what was measured, so it wins over the configuration.
        band = {"band": one.name.band} if one.name.band else {}
        return measurement_row({**found.base, **band}, stored, remarks)


@dataclass(frozen=True, slots=True)
class _Measurement:
    name: BundleName
    raw: Mapping[str, Any]


def _nameless(data: Mapping[str, Any], origin: str, sha256: str) -> list[Unreadable]:
    return [
        Unreadable(origin=origin, reason=NAMELESS, place=f"{action}[{place}]", sha256=sha256)
        for action, measurements in data.items()
        if not action.startswith("__") and isinstance(measurements, list)
        for place, raw in enumerate(measurements)
        if not named(raw)
    ]


def _odd_actions(data: Mapping[str, Any]) -> list[str]:
    """Return the keys that should hold measurements, and do not."""
    return [
        action
        for action, measurements in data.items()
        if not action.startswith("__") and not isinstance(measurements, list)
    ]


def _own(meta: Mapping[str, Any]) -> dict[str, str]:
    own = {"producer": PACKAGE, **own_fields(meta)}
    identifier = meta.get("dataset_identifier")
    if isinstance(identifier, str) and identifier:
        own["dataset"] = identifier
    return own


def _remarks(shared: frozenset[str]) -> list[str]:
    if not shared:
        return []
    names = ", ".join(sorted(shared))
    return [f"Several actions measure {names}; there the action is part of the metric's name."]


def _meta(data: Any, origin: str) -> dict[str, Any]:
    """Return what stands under keys that begin with two underscores, without them."""
    if not isinstance(data, dict):
        raise _not_a_bundle(origin, "no object; is `type` right?")
    if "measurements" in data and {"blobs", "meta"} & set(data):
        raise _not_a_bundle(origin, "a Job of lsst.verify; read it with type verify-json")
    try:
        meta = plain({key[2:]: value for key, value in data.items() if key.startswith("__")})
    except ValueError as error:
        raise UnreadableError(origin, str(error)) from error
    if dataset_type := bundle_dataset(origin):
        meta.setdefault("dataset_type", dataset_type)
    result: dict[str, Any] = meta
    return result


def _not_a_bundle(origin: str, what: str) -> UnreadableError:
    return UnreadableError(origin, f"not a metric bundle of analysis_tools: {what}")


def read_jobs(config: SourceConfig, options: BundleOptions, history: History) -> Iterator[Record]:
    """Yield one bundle for each metric bundle, and one for each run in a table of them."""
    fields = FieldReader(config)
    package = config.package or PACKAGE
    bundles = BundleParser(fields=fields, options=options, package=package)
    tables = MetricsTableParser(
        fields=fields, bands=options.bands, package=package, qualify=options.qualify_actions
    )

    def parse(file: SourceFile, sha256: str) -> Iterator[JobBundle | Unreadable]:
        if is_parquet(file):
            yield from tables.parse(file, sha256)
        else:
            yield from bundles.parse(file.read(), file.origin, sha256)

    return read_files(config, history, parse, SUFFIXES)


SOURCE = SourceType(
    description="Metric bundles of analysis_tools (JSON) and their tables (Parquet)",
    read=read_jobs,
    files=True,
    options=BundleOptions,
    columns=True,
    meta=True,
)
