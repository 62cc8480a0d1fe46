"""Jobs of lsst.verify as JSON files (``*.verify.json``), also made from Gen3 or by SQuaSH."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.config import SourceConfig
from reportgen.definitions.jobs import read_job
from reportgen.errors import UnreadableError
from reportgen.model.bundle import JobBundle, Row, Unreadable
from reportgen.sources.base import Options, Record, SourceType
from reportgen.sources.documents import load_json
from reportgen.sources.faults import first_faults
from reportgen.sources.fields import FieldReader
from reportgen.sources.files import NO_RESULT, SourceFile, read_files
from reportgen.sources.history import History
from reportgen.sources.job_meta import own_fields
from reportgen.sources.measured import NAMELESS, Stored, measurement_row, named
from reportgen.sources.naming import qualify
from reportgen.sources.values import percent_remark, plain, strict_json

SUFFIXES = (".json",)
BARE = "the metric has no package: add `package = …` to its source; the others are read"
JOB_KEYS = frozenset({"measurements", "blobs", "metrics", "specs", "meta"})


@dataclass(frozen=True, slots=True, kw_only=True)
class JobParser:
    """Turns the content of Job files into bundles."""

    fields: FieldReader
    package: str | None = None
    """Package of metrics whose names are bare, as in the oldest files."""

    def parse(
        self, content: bytes, origin: str, sha256: str = ""
    ) -> Iterator[JobBundle | Unreadable]:
        """Yield the measurements that name no metric, and the bundle of one Job file.

        Raises
        ------
        UnreadableError
            If it is not a Job or holds no measurement, or dataset or release stay unknown.
        """
        job = _job(load_json(content, origin), origin)
        meta = _meta(job, origin)
        found = self.fields.read(origin, own_fields(meta), meta)
        # Definitions do not name the file, so that jobs with equal ones share them in the store.
        carried = read_job(job, origin="job", package=self.package)
        remarks = [*carried.problems, *self.fields.remarks(meta)]
        units = {name: metric.unit for name, metric in carried.metrics.items()}
        stored = list(self._measurements(job, meta, origin))
        if not job["measurements"]:
            raise UnreadableError(origin, NO_RESULT)
        remarks += _remarks(stored, units)
        yield from first_faults(self._faults(job, origin, sha256))
        if not stored:
            return
        yield JobBundle(
            run=found.run,
            origin=origin,
            sha256=sha256,
            ticket=found.ticket,
            date=found.date,
            meta=meta,
            measurements=[measurement_row(found.base, one, remarks) for one in stored],
            blobs=list(_blobs(job, origin)),
            metrics=tuple(carried.metrics.values()),
            specifications=tuple(carried.specifications.values()),
            remarks=tuple(remarks),
        )

    def _measurements(
        self, job: Mapping[str, Any], meta: Mapping[str, Any], origin: str
    ) -> Iterator[Stored]:
        notes = _notes(meta)
        raws = [raw for raw in job["measurements"] if named(raw)]
        # Where all names are bare, the file as a whole needs a package.
        for raw in [raw for raw in raws if self._is_placed(raw)] or raws:
            metric = qualify(raw["metric"], self.package, origin)
            references = raw.get("blob_refs")
            yield Stored(
                metric=metric,
                value=raw.get("value"),
                unit=raw.get("unit"),
                identifier=raw.get("identifier"),
                blobs=references if isinstance(references, list) else (),
                notes=notes.get(metric, {}),
            )

    def _is_placed(self, raw: Mapping[str, Any]) -> bool:
        return bool(self.package) or "." in raw["metric"]

    def _faults(self, job: Mapping[str, Any], origin: str, sha256: str) -> list[Unreadable]:
        """Return the measurements without a name, or without a package beside others with one."""
        reasons = [
            (place, BARE if named(raw) else NAMELESS)
            for place, raw in enumerate(job["measurements"])
            if not (named(raw) and self._is_placed(raw))
        ]
        return [
            Unreadable(origin=origin, reason=reason, place=f"measurements[{at}]", sha256=sha256)
            for at, reason in reasons
        ]


def _job(data: Any, origin: str) -> Mapping[str, Any]:
    """Return the document if it is a Job."""
    measurements = data.get("measurements") if isinstance(data, dict) else None
    if not isinstance(measurements, list):
        what = "an object without a list `measurements`" if isinstance(data, dict) else "no object"
        raise UnreadableError(
            origin, f"not a Job of lsst.verify: {what}; is `type` right?", "line 1 column 1"
        )
    job: Mapping[str, Any] = data
    return job


def _meta(job: Mapping[str, Any], origin: str) -> dict[str, Any]:
    """Return the metadata; what old files and SQuaSH keep beside it is added to it."""
    meta = job.get("meta")
    beside = {key: value for key, value in job.items() if key not in JOB_KEYS}
    try:
        cleaned: dict[str, Any] = plain({**beside, **(meta if isinstance(meta, dict) else {})})
    except ValueError as error:
        raise UnreadableError(origin, str(error), "meta") from error
    return cleaned


def _notes(meta: Mapping[str, Any]) -> Mapping[str, dict[str, Any]]:
    """Return the notes of each metric: keys ``package.metric.key`` of the metadata."""
    notes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for name, value in meta.items():
        package, _, rest = name.partition(".")
        metric, _, key = rest.partition(".")
        if package and metric and key:
            notes[f"{package}.{metric}"][key] = value
    return notes


def _blobs(job: Mapping[str, Any], origin: str) -> Iterator[Row]:
    blobs = job.get("blobs")
    for place, blob in enumerate(blobs if isinstance(blobs, list) else []):
        if isinstance(blob, dict):
            try:
                yield blob_row(blob)
            except ValueError as error:
                raise UnreadableError(origin, str(error), f"blobs[{place}]") from error


def blob_row(blob: Mapping[str, Any]) -> Row:
    """Return the row of one blob; its data as strict JSON."""
    texts = {key: str(blob[key]) for key in ("identifier", "name") if blob.get(key) is not None}
    return {**texts, "data": strict_json(blob.get("data") or {})}


def _remarks(stored: list[Stored], units: Mapping[str, str | None]) -> Iterator[str]:
    counts = Counter(one.metric for one in stored)
    for metric, count in counts.items():
        if count > 1:
            yield f"{metric} is measured {count} times in this job; all are kept."
    for one in stored:
        if remark := percent_remark(one.metric, one.unit, units.get(one.metric)):
            yield remark


def read_jobs(config: SourceConfig, options: Options, history: History) -> Iterator[Record]:
    """Yield one bundle for each Job file."""
    del options
    parser = JobParser(fields=FieldReader(config), package=config.package)

    def parse(file: SourceFile, sha256: str) -> Iterator[JobBundle | Unreadable]:
        yield from parser.parse(file.read(), file.origin, sha256)

    return read_files(config, history, parse, SUFFIXES)


SOURCE = SourceType(
    description="Job files of lsst.verify (JSON)", read=read_jobs, meta=True, files=True
)
