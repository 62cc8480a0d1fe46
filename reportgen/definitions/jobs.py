"""Metrics and specifications that a job carries, and their union with those of packages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reportgen.definitions.fields import mapping, metric_from, specification_from
from reportgen.definitions.packages import Package
from reportgen.definitions.problems import ContentError, Problems
from reportgen.model.definitions import Metric, Specification


def read_job(job: Mapping[str, Any], origin: str, package: str | None = None) -> Package:
    """Return the definitions in a Job JSON: ``metrics`` and ``specs``, already resolved.

    Tolerant to old files (no tags, a reference that is null or holds lists); an entry that
    cannot be used is a problem, everything else is read.

    Parameters
    ----------
    job
        The whole job, or its ``metrics`` and ``specs``; not changed.
    origin
        What problems and definitions call the file.
    package
        Package of metrics and specifications whose names are bare.
    """
    reader = _Reader(origin=origin, package=package, problems=Problems())
    metrics = {metric.name: metric for metric in reader.metrics(job.get("metrics"))}
    found = reader.specifications(job.get("specs"), metrics)
    specifications = {specification.name: specification for specification in found}
    problems = reader.problems.all()
    return Package(metrics=metrics, specifications=specifications, problems=problems)


def union(packages: Package, in_job: Package) -> Package:
    """Return both together; of the same name, the one of the packages wins.

    What is configured wins over what a file says of itself, so that all runs of a metric are
    held against one limit. lsst.verify does the same when a package is loaded into a job
    (``Job.reload_metrics_package``).
    """
    return Package(
        metrics={**in_job.metrics, **packages.metrics},
        specifications={**in_job.specifications, **packages.specifications},
        problems=(*packages.problems, *in_job.problems),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    origin: str
    package: str | None
    problems: Problems

    def metrics(self, entries: Any) -> Iterator[Metric]:
        for number, fields in enumerate(self._list(entries, "metrics"), start=1):
            with self.problems.noted(self.origin, f"metrics[{number}]"):
                yield metric_from(self._name(fields, dots=1), fields, self.origin)

    def specifications(
        self, entries: Any, metrics: Mapping[str, Metric]
    ) -> Iterator[Specification]:
        for number, fields in enumerate(self._list(entries, "specs"), start=1):
            with self.problems.noted(self.origin, f"specs[{number}]"):
                name = self._name(fields, dots=2)
                yield specification_from(name, fields, self.origin, metrics)

    def _list(self, entries: Any, key: str) -> list[Any]:
        if not isinstance(entries, list | None):
            self.problems.add(self.origin, key, "it is not a list.")
            return []
        return entries or []

    def _name(self, fields: Any, *, dots: int) -> str:
        """Return the full name of an entry, which may leave out the package."""
        name = mapping(fields, "fields").get("name")
        if not isinstance(name, str):
            raise ContentError("it has no name.")
        bare = name.count(".") == dots - 1
        return f"{self.package}.{name}" if bare and self.package else name
