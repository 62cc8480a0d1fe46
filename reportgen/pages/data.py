"""Downloads: every document of the site, what was pulled, and what could not be read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.model.pages import Heading, Page
from reportgen.model.report import RunSummary
from reportgen.model.runs import Run
from reportgen.pages.overview.source_ages import SourceAge
from reportgen.pages.paths import API, metric_api, metric_csv, run_api, run_csv


@dataclass(frozen=True, slots=True, kw_only=True)
class Download:
    """Files about one thing."""

    name: str
    json: str
    csv: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """One source of stored results."""

    name: str
    type: str
    location: str
    runs: int
    demonstration: bool
    unreadable: int
    age: SourceAge


@dataclass(frozen=True, slots=True, kw_only=True)
class DataView:
    """What the page of downloads shows."""

    sources: Sequence[SourceRow]
    unreadable: Sequence[Mapping[str, str]]
    problems: Sequence[str]
    runs: Sequence[Download]
    metrics: Sequence[Download]
    schemas: Sequence[str]
    index: str
    parquet: Sequence[str]


def page(
    *,
    sources: Sequence[SourceRow],
    unreadable: Sequence[Mapping[str, str]],
    problems: Sequence[str],
    summaries: Sequence[RunSummary],
    metrics: Sequence[str],
    schemas: Sequence[str],
    parquet: Sequence[str],
) -> Page:
    """Return the page of downloads."""
    return Page(
        path="data/",
        title="Data",
        description="Downloads: JSON, CSV and Parquet of everything on this site.",
        template="data",
        view=DataView(
            sources=sources,
            unreadable=unreadable,
            problems=problems,
            runs=[_run(summary.run) for summary in reversed(summaries) if summary.in_full],
            metrics=[
                Download(name=name, json=metric_api(name), csv=metric_csv(name)) for name in metrics
            ],
            schemas=schemas,
            index=f"{API}/index.json",
            parquet=parquet,
        ),
        toc=[
            Heading(id="sources", title="Sources"),
            Heading(id="unreadable", title="Unreadable files"),
            Heading(id="everything", title="Everything"),
            Heading(id="runs", title="Runs"),
            Heading(id="metrics", title="Metrics"),
        ],
    )


def _run(run: Run) -> Download:
    return Download(name=f"{run.dataset} {run.release}", json=run_api(run), csv=run_csv(run))
