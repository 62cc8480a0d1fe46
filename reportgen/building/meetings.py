"""What meetings should hear of runs: gathered for the command line and for the pages alike."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from reportgen.analysis.gate import GateInput
from reportgen.analysis.meeting import run_news
from reportgen.analysis.triage import issue_states
from reportgen.building.gather import RunFindings
from reportgen.definitions.triage import Triage
from reportgen.model.calibrations import StageReport
from reportgen.model.comparison import Comparison
from reportgen.model.meeting import Meeting
from reportgen.model.report import MetricReport, RunReport
from reportgen.model.runs import Run


def meeting_on(
    reports: Sequence[RunReport],
    comparisons: Mapping[str, Comparison],
    metrics: Sequence[MetricReport],
    stages: Sequence[StageReport],
    *,
    runs: Sequence[Run],
    triage: Triage,
    today: date,
    since: str = "",
) -> Meeting:
    """Return what a meeting should hear of some runs.

    Parameters
    ----------
    reports
        The runs.
    comparisons
        With their references, by id of the run.
    metrics, stages
        All of them.
    runs
        All runs, by dataset and in the order of releases.
    triage
        Known issues and owners.
    today
        Decides which issues count.
    since
        Why these runs, in words.
    """
    book = triage.book(today)
    compared = list(comparisons.values())
    states = issue_states(triage, runs, reports, compared, stages=stages, today=today)
    return Meeting(
        runs=[
            run_news(
                GateInput(
                    report=report,
                    comparison=comparisons.get(report.run.id),
                    metrics=metrics,
                    stages=stages,
                    known=book.known,
                )
            )
            for report in reports
        ],
        book=book,
        issues=[state for state in states if state.rows or state.is_warning],
        since=since,
    )


def meetings(
    found: RunFindings,
    comparisons: Sequence[Comparison],
    metrics: Sequence[MetricReport],
    stages: Sequence[StageReport],
    *,
    triage: Triage,
    today: date,
) -> Iterator[Meeting]:
    """Yield for each run that is shown in full what a meeting should hear of it."""
    runs = [summary.run for summary in found.summaries]
    for report in found.reports:
        usual = report.reference.id if report.reference else None
        pair = (usual, report.run.id)
        same = [one for one in comparisons if (one.a.run.id, one.b.run.id) == pair]
        own = {report.run.id: same[0]} if same else {}
        yield meeting_on([report], own, metrics, stages, runs=runs, triage=triage, today=today)
