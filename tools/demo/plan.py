"""The plan of the weekly demonstration, read from ``weekly.toml``."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

PLAN = Path(__file__).with_name("weekly.toml")
MISSING = frozenset({"nan", "null", "absent"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoMetric:
    """One metric: its level by band as faro measures it, and its noise."""

    name: str
    unit: str
    level: Mapping[str, float]
    noise: float
    spread: float = 0.06
    """From tract to tract; a fraction, or in the metric's unit where that is ``additive``."""
    additive: bool = False
    new: bool = False
    """Only analysis_tools measures it."""
    validate_drp: float = 1.0
    analysis_tools: float | None = None
    action: str = ""
    alias: str = ""
    digits: int | None = None
    """Digits after the point; None: six significant ones."""

    @property
    def bundle_name(self) -> str:
        """Name in a bundle of analysis_tools, without the band."""
        return self.alias or self.name.partition(".")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Planted:
    """A change of some metrics from one run to another, both included."""

    kind: str
    metrics: Sequence[str]
    since: str
    until: str
    bands: Sequence[str]
    tracts: Sequence[int]
    factor: float = 1.0
    why: str = ""

    def touches(self, metric: str, band: str, tract: int) -> bool:
        """Tell whether a member is changed."""
        named = any(fnmatchcase(metric, pattern) for pattern in self.metrics)
        return named and band in self.bands and tract in self.tracts

    def lasts(self, release: str) -> bool:
        """Tell whether a run is changed."""
        return self.since <= release <= self.until


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoRun:
    """One weekly that was processed."""

    release: str

    @property
    def date(self) -> str:
        """Thursday of the week."""
        return date.fromisocalendar(int(self.release[2:6]), int(self.release[7:]), 4).isoformat()

    @property
    def ticket(self) -> str:
        """An invented ticket of a project that does not exist."""
        return f"DEMO-{self.release[4:6]}{self.release[7:]}"

    @property
    def collection(self) -> str:
        """Where a Butler would hold it."""
        return f"HSC/runs/RC2/{self.release}/{self.ticket}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the weekly demonstration consists of."""

    dataset: str
    runs: Sequence[DemoRun]
    bands: Sequence[str]
    tracts: Sequence[int]
    faro_from: str
    analysis_tools_from: str
    files_from: str
    metrics: Sequence[DemoMetric]
    planted: Sequence[Planted]

    def producers(self, metric: DemoMetric, release: str) -> list[str]:
        """Return who measured a metric in a run."""
        if metric.new and release < self.analysis_tools_from:
            return []
        if metric.new:
            return ["analysis_tools"]
        if release < self.faro_from:
            return ["validate_drp"]
        if metric.analysis_tools is None or release < self.analysis_tools_from:
            return ["faro"]
        both = release == self.analysis_tools_from
        return ["faro", "analysis_tools"] if both else ["analysis_tools"]


def read_plan() -> Plan:
    """Return the plan."""
    data = tomllib.loads(PLAN.read_text(encoding="utf-8"))
    bands, tracts = data["bands"], data["tracts"]
    # A metric without a band is "" there: what is planted in all bands leaves it alone.
    defaults = {"bands": bands, "tracts": tracts, "until": data["last"]}
    return Plan(
        dataset=data["dataset"],
        runs=_runs(data),
        bands=bands,
        tracts=tracts,
        faro_from=data["faro_from"],
        analysis_tools_from=data["analysis_tools_from"],
        files_from=data["files_from"],
        metrics=[DemoMetric(**metric) for metric in data["metric"]],
        planted=[Planted(**(defaults | planted)) for planted in data["planted"]],
    )


def _runs(data: Mapping[str, Any]) -> list[DemoRun]:
    weeks = [
        f"w_{year}_{week:02d}"
        for year in (2020, 2021)
        for week in range(1, date(year, 12, 28).isocalendar().week + 1)
    ]
    return [
        DemoRun(release=week)
        for week in weeks
        if data["first"] <= week <= data["last"] and week not in data["not_processed"]
    ]
