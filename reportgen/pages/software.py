"""The software that made a run, as its jobs state it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.report import JobRecord


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """Version of a software package that made the run."""

    name: str
    version: str
    commit: str


def packages(jobs: Sequence[JobRecord]) -> Sequence[Package]:
    """Return the software of the jobs, each version once."""
    found: dict[tuple[str, str, str], None] = {}
    for job in jobs:
        packages = job.meta.get("packages")
        for name, package in packages.items() if isinstance(packages, dict) else ():
            details = package if isinstance(package, dict) else {"eups_version": package}
            version = str(details.get("eups_version") or details.get("git_branch") or "")
            found[str(name), version, str(details.get("git_sha") or "")[:10]] = None
    return [Package(name=n, version=v, commit=c) for n, v, c in sorted(found)]
