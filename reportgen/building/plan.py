"""From findings to the pages and documents of one edition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from reportgen.analysis.members import find_members
from reportgen.building import meetings
from reportgen.building.blobs import Blobs
from reportgen.building.changes import ComparisonFindings
from reportgen.building.gather import Knowledge, RunFindings
from reportgen.config import Config
from reportgen.model.bundle import Unreadable
from reportgen.model.calibrations import StageReport
from reportgen.model.events import Event
from reportgen.model.figures import Figure
from reportgen.model.issues import IssueBook, IssueState
from reportgen.model.pages import Document, Page
from reportgen.model.report import MetricReport, RunReport
from reportgen.pages import (
    badges,
    data,
    events,
    index_api,
    issue_marks,
    issue_words,
    meeting,
    meeting_formats,
    metrics,
    notes,
    requirements,
    run,
    run_api,
    run_rows,
    runs,
    schemas,
    sharing,
)
from reportgen.pages.calibrations import overview as calibrations
from reportgen.pages.calibrations.people import People
from reportgen.pages.comparison import api as compare_api
from reportgen.pages.comparison import page as compare
from reportgen.pages.data import SourceRow
from reportgen.pages.members import api as members_api
from reportgen.pages.members import page as members
from reportgen.pages.metric import api as metric_api
from reportgen.pages.metric import page as metric
from reportgen.pages.overview import page as overview
from reportgen.pages.overview.source_ages import SourceAge

STORE_EXPORT = "data/measurements.parquet"
"""The whole store as one table."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """Everything that the pages of one edition are made from."""

    config: Config
    edition: str
    today: date
    knowledge: Knowledge
    runs: RunFindings
    metrics: Sequence[MetricReport]
    calibrations: Sequence[StageReport]
    compared: ComparisonFindings
    events: Sequence[Event]
    unreadable: Sequence[Mapping[str, str]]
    issues: Sequence[IssueState]
    """The entries of the known issues, and whether they are still so."""
    blobs: Blobs
    ages: Sequence[SourceAge] = ()
    """How old the data of each source are, in the order of the configuration."""

    @property
    def issue_book(self) -> IssueBook:
        """The known issues that count on the day of the build, and the owners of metrics."""
        return self.knowledge.definitions.triage.book(self.today)

    @property
    def notebook(self) -> notes.NoteBook:
        """What people wrote."""
        return notes.NoteBook(notes=self.knowledge.definitions.notes)

    @property
    def in_full(self) -> Mapping[str, bool]:
        """Whether a run has a page of its own, by its id."""
        return {summary.run.id: summary.in_full for summary in self.runs.summaries}

    @property
    def measured(self) -> set[str]:
        """Names of the metrics that have a page."""
        return {report.metric.name for report in self.metrics}

    @property
    def advice(self) -> Sequence[str]:
        """What somebody has to change; a strict build accepts it: time alone must not break it."""
        return issue_words.warnings(self.issues)

    @property
    def problems(self) -> Sequence[str]:
        """What is wrong with the definitions."""
        return self.knowledge.definitions.problems

    @property
    def warnings(self) -> Sequence[str]:
        """What a strict build does not accept: that, and what cannot be judged."""
        stuck = [text for report in self.runs.reports for text in report.problems]
        return [*self.problems, *dict.fromkeys(stuck)]

    @property
    def unread(self) -> Sequence[Unreadable]:
        """What could not be read, by its origin."""
        return [
            Unreadable(origin=one["origin"], place=one.get("place", ""), reason=one["reason"])
            for one in sorted(self.unreadable, key=lambda one: one["origin"])
        ]

    @property
    def newest_day(self) -> str | None:
        """The day of the newest run, ISO 8601; None where nothing dates any."""
        days = (summary.run.day for summary in self.runs.summaries)
        return max(filter(None, days), default=None)

    @property
    def epoch(self) -> int:
        """The day of the newest run, in seconds: it stands for the day of the build."""
        try:
            newest = datetime.fromisoformat(self.newest_day or "")
            return int(newest.replace(tzinfo=UTC).timestamp())
        except ValueError:  # there is none, or it is no day
            return 0


def plan_pages(findings: Findings, figure: Figure) -> Iterator[Page]:
    """Yield every page of the edition, with what it gives to others."""
    dressed = sharing.sharing(
        findings.config.site.name,
        figure,
        reports=findings.runs.reports,
        latest=findings.runs.latest,
        comparisons=findings.compared.comparisons,
    )
    yield from dressed.dress(_plan_pages(findings, figure))


def _plan_pages(findings: Findings, figure: Figure) -> Iterator[Page]:
    found, known = findings.runs, findings.issue_book.known
    yield _overview(findings)
    yield runs.page(found.summaries, found.reports)
    yield from _run_pages(findings)
    for report in found.reports:
        yield from members.pages(find_members(report), figure, findings.blobs.of(report.run))
    yield from compare.pages(findings.compared.comparisons, figure, findings.in_full, known)
    yield from _metric_pages(findings, figure)
    people = People(notes=findings.notebook, known=known)
    yield from calibrations.pages(
        findings.calibrations, figure, today=findings.today, people=people
    )
    yield _requirements(findings)
    yield from _notebook(findings)
    yield _data(findings)


def _overview(findings: Findings) -> Page:
    found, compared = findings.runs, findings.compared.comparisons
    return overview.page(
        findings.config.site.name,
        found.reports,
        found.summaries,
        unreadable=findings.unreadable,
        problems=findings.problems,
        today=findings.today,
        metrics=findings.metrics,
        comparisons=compared,
        recent=events.recent(findings.events, {one.path for one in compared}),
        calibrations=calibrations.by_instrument(findings.calibrations, findings.today),
        stale_after_days=findings.config.site.stale_after_days,
        issues=findings.issues,
        marks=issue_marks.latest_marks(found.latest, findings.issue_book.known),
        ages=findings.ages,
    )


def _run_pages(findings: Findings) -> Iterator[Page]:
    return run.pages(
        findings.runs.reports,
        sparkline_values(findings.metrics),
        findings.notebook,
        findings.compared.comparisons,
        findings.issue_book,
        meetings=_meetings(findings),
    )


def _metric_pages(findings: Findings, figure: Figure) -> Iterator[Page]:
    yield metrics.page(findings.metrics, sorted(findings.knowledge.metrics))
    yield from metric.pages(
        findings.metrics,
        figure,
        findings.in_full,
        findings.notebook,
        findings.runs.latest,
        issues=findings.issue_book,
    )


def _requirements(findings: Findings) -> Page:
    return requirements.page(
        list(findings.knowledge.specifications.values()),
        {name: one.description for name, one in findings.knowledge.metrics.items()},
        findings.runs.latest,
        findings.measured,
    )


def _notebook(findings: Findings) -> Iterator[Page]:
    """Yield the notes in order, if people wrote any."""
    written, stages = findings.notebook.notes, [one.key for one in findings.calibrations]
    page = notes.page(written, findings.in_full, findings.measured, stages)
    if page is not None:
        yield page


def _data(findings: Findings) -> Page:
    return data.page(
        sources=_sources(findings),
        unreadable=findings.unreadable,
        problems=findings.problems,
        summaries=findings.runs.summaries,
        metrics=sorted(findings.measured),
        schemas=schemas.NAMES,
        parquet=[STORE_EXPORT],
    )


def _meetings(findings: Findings) -> Mapping[str, str]:
    """Return what to paste into meeting notes of each run, by its id."""
    found = meetings.meetings(
        findings.runs,
        findings.compared.comparisons,
        findings.metrics,
        findings.calibrations,
        triage=findings.knowledge.definitions.triage,
        today=findings.today,
    )
    site = findings.config.site.url
    texts = ((one.runs[0].report.run.id, meeting.compose(one, site)) for one in found)
    return {run_id: meeting_formats.as_markdown(text) for run_id, text in texts}


def plan_documents(findings: Findings) -> Iterator[Document]:
    """Yield every JSON and CSV document of the edition."""
    yield index_api.document(
        findings.runs.summaries,
        findings.metrics,
        calibrations=calibrations.index_entries(findings.calibrations),
        comparisons=compare_api.index_entries(findings.compared.comparisons),
        instruments=_instruments(findings),
        edition=findings.edition,
        generated=findings.newest_day,
    )
    for report in findings.runs.reports:
        yield from _run_documents(report, findings.blobs)
    yield from badges.documents(findings.runs.reports, findings.runs.latest)
    yield from metric_api.documents(findings.metrics)
    yield from calibrations.documents(findings.calibrations)
    yield from compare_api.documents(findings.compared.comparisons)
    yield from compare_api.baseline_documents(findings.compared.baselines)
    yield from events.documents(findings.events, _feed_site(findings))
    yield from schemas.documents()


def _run_documents(report: RunReport, blobs: Blobs) -> Iterator[Document]:
    rows = run_api.measurement_rows(report)
    yield from run_api.documents(report, rows)
    by_index = dict(zip(report.measurements.index, rows, strict=True))
    yield from members_api.documents(find_members(report), by_index, blobs.of(report.run))
    yield from members_api.unjudged_documents(report, rows)


def _feed_site(findings: Findings) -> events.FeedSite:
    site = findings.config.site
    url = site.url.rstrip("/")
    edition = f"{url}/v/{findings.edition}/" if url else ""
    return events.FeedSite(name=site.name, url=f"{url}/" if url else "", edition_url=edition)


def sparkline_values(reports: Sequence[MetricReport]) -> run_rows.History:
    """Return recent values by dataset, metric, band and producer."""
    return {
        (history.dataset, report.metric.name, series.band, series.producer): list(
            series.values[-run_rows.SPARK_RUNS :]
        )
        for report in reports
        for history in report.histories
        for series in history.joined
    }


def _instruments(findings: Findings) -> Mapping[str, str | None]:
    """Return the instrument of each dataset where its measurements agree on one."""
    found = {}
    for report in findings.runs.latest:
        names = report.measurements["instrument"].dropna().unique()
        found[report.run.dataset] = str(names[0]) if len(names) == 1 else None
    return found


def _sources(findings: Findings) -> list[SourceRow]:
    return [
        SourceRow(
            name=source.name,
            type=source.type,
            location=source.location,
            runs=sum(source.name in one.run.sources for one in findings.runs.summaries),
            demonstration=source.demonstration,
            unreadable=sum(one["source"] == source.name for one in findings.unreadable),
            age=age,
        )
        for source, age in zip(findings.config.source, findings.ages, strict=True)
    ]
