"""From runs and histories to what changed: calibrations, comparisons, events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from reportgen.analysis.calibrations.report import (
    CalibrationRules,
    CalibrationTables,
    report_calibrations,
)
from reportgen.analysis.comparison.baseline import Histories
from reportgen.analysis.comparison.compare import compare_runs
from reportgen.analysis.comparison.plan import plan_comparisons
from reportgen.analysis.comparison.run_baselines import run_baselines
from reportgen.analysis.events import find_events
from reportgen.analysis.judging.runs import report_run
from reportgen.analysis.triage import issue_states
from reportgen.building.gather import Knowledge, RunFindings, run_tables
from reportgen.building.histories import epochs_of, tolerance_of, trend_rules
from reportgen.model.calibrations import StageReport
from reportgen.model.comparison import Comparison, RunBaselines
from reportgen.model.events import Event
from reportgen.model.issues import IssueState
from reportgen.model.report import MetricReport, RunSummary
from reportgen.store import Store


def gather_calibrations(
    store: Store, knowledge: Knowledge, runs: Sequence[RunSummary], *, jobs: int = 1
) -> list[StageReport]:
    """Return the report of each stage of each instrument that was calibrated."""
    demonstration = {summary.run.dataset for summary in runs if summary.demonstration}
    overrides = knowledge.definitions.overrides
    return report_calibrations(
        CalibrationTables(
            metric_counts=store.metric_counts(),
            test_counts=store.test_counts(),
            measurements=lambda metric: store.measurements(metrics=[metric]),
            tests=lambda stage: store.tests(stage=stage),
        ),
        [summary.run for summary in runs],
        CalibrationRules(
            unit=overrides.unit,
            epochs=epochs_of(knowledge.definitions),
            tolerance=partial(tolerance_of, knowledge.definitions),
            demonstration=demonstration.__contains__,
        ),
        jobs=jobs,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonFindings:
    """Comparisons made in advance, and what is needed to make any other in the browser."""

    comparisons: Sequence[Comparison]
    baselines: Sequence[RunBaselines]


def gather_comparisons(
    store: Store, knowledge: Knowledge, runs: RunFindings, metrics: Sequence[MetricReport]
) -> ComparisonFindings:
    """Compare each run shown in full with its reference and with the last full release."""
    every = [summary.run for summary in runs.summaries]
    plans = plan_comparisons(runs.reports, every)
    reports = {report.run.id: report for report in runs.reports}
    older = [run for run in every if run.id not in reports and any(run.id == p.a for p in plans)]
    reports |= {
        run.id: report_run(run_tables(store, [run])[run.id], None, knowledge.rules) for run in older
    }
    histories, rules = Histories(metrics), trend_rules(knowledge)
    return ComparisonFindings(
        comparisons=[
            compare_runs(
                reports[one.a],
                reports[one.b],
                histories,
                rules,
                producer_a=one.producer_a,
                producer_b=one.producer_b,
            )
            for one in plans
            if reports[one.b].lines
        ],
        baselines=[run_baselines(report, histories, rules) for report in runs.reports],
    )


def gather_issues(
    knowledge: Knowledge,
    runs: RunFindings,
    comparisons: Sequence[Comparison],
    calibrations: Sequence[StageReport],
    today: date,
) -> list[IssueState]:
    """Return the entries of the known issues, and whether what they say is still so."""
    every = [summary.run for summary in runs.summaries]
    triage = knowledge.definitions.triage
    return issue_states(triage, every, runs.reports, comparisons, stages=calibrations, today=today)


def gather_events(
    knowledge: Knowledge,
    metrics: Sequence[MetricReport],
    comparisons: Sequence[Comparison],
    calibrations: Sequence[StageReport],
    today: date,
) -> list[Event]:
    """Return what happened, newest first, each with the ticket under which it is known."""
    known = knowledge.definitions.triage.known(today)

    def ticket(metric: str, run_id: str, band: str | None) -> str | None:
        tickets = (issue.ticket for issue in known(metric, run_id, band))
        return next((ticket for ticket in tickets if ticket), None)

    return find_events(metrics, comparisons, calibrations, ticket)
