"""The pages of one metric in one run: its members, its extras, and where they came from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import pandas as pd

from reportgen.model.figures import Figure, FigureFile
from reportgen.model.members import Blob, BlobOf, MemberTable, MetricInRun
from reportgen.model.numbers import format_full, format_number, format_quantity, format_unit
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.model.report import JobRecord, Line
from reportgen.model.runs import Run, slug
from reportgen.pages import words
from reportgen.pages.members import words as member_words
from reportgen.pages.members.blobs import BlobUse, chosen_blobs
from reportgen.pages.members.extras import ExtraView, Mark, draw_blob, scalar_rows
from reportgen.pages.members.figures import strips_figure
from reportgen.pages.paths import (
    blob_api,
    members_api,
    members_csv,
    metric_in_run_path,
    metric_path,
    run_path,
)

MOST_ROWS = 200
"""Measured members of one band that a page lists; CSV, JSON and *load all* have the others."""

MOST_LISTED = 450
"""Of all bands together; the page stays light, but `FEWEST_ROWS` of each band are listed."""

FEWEST_ROWS = 60

MOST_MISSING = 20
"""Members without a value of one band that a page lists."""

MOST_RECORDS = 60
"""Stored records that a page lists."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """One member."""

    anchor: str
    label: str
    value: float | None
    status: str | None
    reason: str | None
    margin: str
    inside: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionView:
    """The members of one band by one producer."""

    anchor: str
    title: str
    band: str
    producer: str
    unit: str | None
    sentence: str
    limit: str
    limit_unit: str
    rows: Sequence[MemberRow]
    measured: int
    listed: int
    missing: int
    missing_listed: int

    @property
    def more(self) -> int:
        """Members that the page does not list."""
        return self.measured + self.missing - self.listed - self.missing_listed


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """One measurement as it was stored."""

    metric: str
    place: str
    value: str
    unit: str
    identifier: str
    job: str
    origin: str
    notes: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MetricInRunView:
    """What the page of one metric in one run shows."""

    title: str
    metric: str
    name: str
    metric_path: str
    run: Run
    run_path: str
    sentence: str
    demonstration: bool
    figure: FigureFile | None
    sections: Sequence[SectionView]
    extras: Sequence[ExtraView]
    more_extras: int
    records: Sequence[RecordView]
    more_records: int
    jobs: Sequence[JobRecord]
    more_jobs: int
    json: str
    csv: str

    @property
    def heading(self) -> str:
        """Title of the part with the values."""
        return (
            "Members" if sum(one.measured + one.missing for one in self.sections) > 1 else "Value"
        )


def pages(found: Iterable[MetricInRun], figure: Figure, blob_of: BlobOf) -> Iterator[Page]:
    """Yield the page of each metric of a run that has more to show than one number."""
    for metric in found:
        yield page(metric, figure, blob_of)


def page(metric: MetricInRun, figure: Figure, blob_of: BlobOf) -> Page:
    """Return the page of one metric in one run."""
    run = metric.report.run
    request = strips_figure(metric)
    uses = chosen_blobs(metric, blob_of)
    records = _stored(metric)
    shown = records.head(MOST_RECORDS)
    jobs = _jobs(metric)
    name = words.short(metric.metric)
    view = MetricInRunView(
        title=f"{name} in {run.dataset} {run.release}",
        metric=metric.metric,
        name=name,
        metric_path=metric_path(metric.metric),
        run=run,
        run_path=run_path(run),
        sentence=member_words.sentence(metric),
        demonstration=metric.report.demonstration,
        figure=figure(request) if request else None,
        sections=[_section(table, metric) for table in metric.tables],
        extras=[_extra(use, metric, figure) for use in uses.shown],
        more_extras=uses.more,
        records=[_record(row, metric) for _, row in shown.iterrows()],
        more_records=max(len(records) - MOST_RECORDS, 0),
        jobs=_listed(jobs, {*shown["job"]}),
        more_jobs=max(len(jobs) - MOST_RECORDS, 0),
        json=members_api(run, metric.metric),
        csv=members_csv(run, metric.metric),
    )
    return Page(
        path=metric_in_run_path(run, metric.metric),
        title=view.title,
        description=view.sentence,
        template="metric_in_run",
        view=view,
        crumbs=(
            Crumb(title="Runs", path="runs/"),
            Crumb(title=run.dataset, path=f"runs/#{slug(run.dataset)}"),
            Crumb(title=run.release, path=view.run_path),
        ),
        toc=list(_headings(view)),
    )


def _headings(view: MetricInRunView) -> Iterator[Heading]:
    yield Heading(id="members", title=view.heading)
    for section in view.sections:
        yield Heading(id=section.anchor, title=section.title, level=3)
    if view.extras:
        yield Heading(id="extras", title="Extras")
    yield Heading(id="origin", title="Where it came from")


def _section(table: MemberTable, metric: MetricInRun) -> SectionView:
    line = table.line
    measured, missing = table.measured, table.missing
    most = min(MOST_ROWS, max(FEWEST_ROWS, MOST_LISTED // len(metric.tables)))
    shown = [*_rows(measured.head(most), table), *_rows(missing.head(MOST_MISSING), table)]
    return SectionView(
        anchor=line.anchor,
        title=_section_title(line, metric),
        band=line.band or "",
        producer=line.producer or "",
        unit=line.unit,
        sentence=member_words.section_sentence(table),
        limit=member_words.limit_words(table),
        limit_unit=table.limits[0].unit if table.limits else "",
        rows=shown,
        measured=len(measured),
        listed=min(len(measured), most),
        missing=len(missing),
        missing_listed=min(len(missing), MOST_MISSING),
    )


def _section_title(line: Line, metric: MetricInRun) -> str:
    start = line.band or "All members"
    producers = {table.line.producer for table in metric.tables}
    return f"{start} by {line.producer}" if len(producers) > 1 and line.producer else start


def _rows(members: pd.DataFrame, table: MemberTable) -> Iterator[MemberRow]:
    columns = (members[name].tolist() for name in _SHOWN)
    for anchor, label, value, status, reason, inside in zip(*columns, strict=True):
        measured = value is not None and value == value  # noqa: PLR0124 - false for NaN alone
        known = table.limits and inside == inside  # noqa: PLR0124
        yield MemberRow(
            anchor=anchor,
            label=label,
            value=float(value) if measured else None,
            status=status,
            reason=reason if isinstance(reason, str) else None,
            margin=margin(float(inside), table.limits[0].unit) if known else "",
            inside=float(inside) if known else None,
        )


_SHOWN = ("anchor", "label", "value", "status", "reason", "inside")


def margin(inside: float, unit: str) -> str:
    """Say how far a value is from its limit: ``1.2 mmag inside``."""
    return f"{format_quantity(abs(inside), unit)} {'inside' if inside >= 0 else 'outside'}"


def _extra(use: BlobUse, metric: MetricInRun, figure: Figure) -> ExtraView:
    blob = use.blob
    several = sum(table.line.members for table in metric.tables) > 1
    return ExtraView(
        anchor=use.anchor,
        title=blob.name or "unnamed",
        owner=words.join(use.owners) if several else "",
        scalars=scalar_rows(blob),
        figures=draw_blob(
            blob,
            figure,
            mark=_mark(use, blob, metric),
            demonstration=metric.report.demonstration,
        ),
        json=blob_api(metric.report.run, use.job, blob.identifier),
    )


def _mark(use: BlobUse, blob: Blob, metric: MetricInRun) -> Mark | None:
    """Return the metric's value, for the pictures of a blob that is of this metric alone."""
    if use.value is None or words.short(blob.name) != words.short(metric.metric):
        return None
    text = f"{words.short(metric.metric)} {format_number(use.value)}"
    return Mark(value=use.value, unit=use.unit, text=text)


def _stored(metric: MetricInRun) -> pd.DataFrame:
    """Return the measurements that a job of this run stored, the worst of each band first."""
    frames = [table.members.assign(rank=range(len(table.members))) for table in metric.tables]
    every = pd.concat(frames).sort_values("rank", kind="stable")
    return every[every["reason"] != "absent"]


def _record(row: pd.Series, metric: MetricInRun) -> RecordView:
    jobs = {job.job: job for job in metric.report.jobs}
    job = jobs.get(row["job"])
    place = " · ".join(part for part in (_text(row["label"]), _text(row["band"])) if part)
    value = row["value"]
    return RecordView(
        metric=_text(row["stored_metric"]),
        place=place,
        value=format_full(float(value)) if value == value else _text(row["reason"]),  # noqa: PLR0124
        unit=format_unit(row["stored_unit"]) if isinstance(row["stored_unit"], str) else "",
        identifier=_text(row["identifier"]),
        job=_text(row["job"]),
        origin=job.origin if job else "",
        notes=_text(row["notes"]),
    )


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _jobs(metric: MetricInRun) -> list[JobRecord]:
    """Return the jobs that stored these measurements."""
    names = {name for table in metric.tables for name in table.members["job"].dropna().unique()}
    return [job for job in metric.report.jobs if job.job in names]


def _listed(jobs: Sequence[JobRecord], linked: AbstractSet[str]) -> list[JobRecord]:
    """Return the jobs that a page lists: those that its records lead to, and some more."""
    others = [job.job for job in jobs if job.job not in linked][: MOST_RECORDS - len(linked)]
    return [job for job in jobs if job.job in {*linked, *others}]
