"""The gate on one run: alarms of explanations, verdicts of calibrations, values that are gone."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportgen.analysis.calibrations.counted import counted_tests
from reportgen.analysis.calibrations.events import LOOKS, stood
from reportgen.analysis.calibrations.nights import last_verdicts
from reportgen.analysis.explain import describe_trend, judge_line
from reportgen.model.calibration_verdicts import (
    FAILED,
    NO_VERDICT,
    TestHistory,
    judged_metric,
)
from reportgen.model.calibrations import StageReport, TimeKind
from reportgen.model.comparison import Comparison, ComparisonRow
from reportgen.model.explanation import Alarm, Rule
from reportgen.model.gate import Finding, GateRule, RuleRun, RunGate, TestFinding
from reportgen.model.issues import Issue, Known
from reportgen.model.report import Line, MetricReport, RunReport
from reportgen.model.runs import Run
from reportgen.model.status import Status

_RULES = {
    Rule.REQUIREMENT: GateRule.NEWLY_FAILING,
    Rule.CHANGE: GateRule.REGRESSED,
    Rule.STEP: GateRule.STEP,
}
_FEW = {
    GateRule.NEWLY_FAILING: "no requirement at level design could be checked against a reference",
    GateRule.REGRESSED: "too little is known of past changes and members to judge any change",
    GateRule.STEP: "no history has points enough to tell a step",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GateInput:
    """What the gate knows of one run; all of it is what pages are made from."""

    report: RunReport
    comparison: Comparison | None
    """With the run that it is held against; None: there is none."""
    metrics: Sequence[MetricReport]
    """With their steps."""
    stages: Sequence[StageReport] = ()
    known: Known
    missing_fails: bool = False
    """Whether a value that is not measured any more fails the gate."""
    missing_said: bool = True
    """Whether it is said at all."""


def gate_run(given: GateInput) -> RunGate:
    """Return everything about a run that is worse than in its reference."""
    report = given.report
    reference = given.comparison.a.run if given.comparison else report.reference
    judged = list(_judge_lines(given))
    findings = [finding for one in judged for finding in _raised(one, given)]
    tests = list(_tests(given, reference))
    findings += [finding for one in tests for finding in one.findings]
    findings += _missing(given)
    order = list(GateRule)
    return RunGate(
        run=report.run,
        reference=reference,
        comparison=given.comparison.path if given.comparison and _has_page(given) else None,
        findings=sorted(findings, key=lambda one: order.index(one.rule)),
        rules=[*_line_rules(judged, reference), *_test_rule(tests, report)],
        demonstration=report.demonstration,
    )


def _has_page(given: GateInput) -> bool:
    """Tell whether the comparison is one that every site has: with the reference of the run."""
    report, comparison = given.report, given.comparison
    usual = report.reference.id if report.reference else None
    return bool(report.lines) and comparison is not None and comparison.a.run.id == usual


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judged:
    line: Line
    row: ComparisonRow | None
    alarms: Sequence[Alarm]


def _judge_lines(given: GateInput) -> Iterator[_Judged]:
    metrics = {one.metric.name: one for one in given.metrics}
    rows = given.comparison.by_line() if given.comparison else {}
    for line in given.report.lines:
        row = rows.get(line.id)
        history = metrics.get(line.metric)
        trend = describe_trend(line, given.report.run, history) if history else None
        alarms = judge_line(line, row, given.comparison, trend)
        yield _Judged(line=line, row=row, alarms=alarms)


def _raised(one: _Judged, given: GateInput) -> Iterator[Finding]:
    line, run = one.line, given.report.run
    for alarm in one.alarms:
        # Without a reference nothing says whether what fails is new: it is said.
        unknown = alarm.rule is Rule.REQUIREMENT and given.comparison is None
        if alarm.raised or (unknown and line.status is Status.FAIL):
            yield Finding(
                rule=_RULES[alarm.rule],
                run=run,
                metric=line.metric,
                band=line.band,
                producer=line.producer,
                because=alarm.because,
                issues=given.known(line.metric, run.id, line.band),
                fails=alarm.raised,
                line=line,
                row=one.row,
            )


def _line_rules(judged: Sequence[_Judged], reference: Run | None) -> Iterator[RuleRun]:
    if not judged:
        return
    for rule, name in _RULES.items():
        ran = sum(alarm.ran for one in judged for alarm in one.alarms if alarm.rule is rule)
        held = reference is not None or rule is Rule.STEP
        why = _FEW[name] if held else "there is no run before it in its dataset"
        yield RuleRun(rule=name, judged=ran, of=len(judged), why="" if ran else why)


def _missing(given: GateInput) -> Iterator[Finding]:
    """Yield what the reference measured and the run, by any producer, did not."""
    if given.comparison is None or not given.missing_said:
        return
    run = given.report.run
    for row in given.comparison.gone:
        yield Finding(
            rule=GateRule.NOT_MEASURED,
            run=run,
            metric=row.metric,
            band=row.band,
            producer=row.producer,
            because=row.reason,
            issues=given.known(row.metric, run.id, row.band),
            fails=given.missing_fails,
            row=row,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _JudgedTest:
    """One test of a stage that the run verified."""

    judged: int
    """Places with a verdict in the run."""
    compared: int
    """Of these, places with an earlier verdict."""
    findings: Sequence[Finding]


def _tests(given: GateInput, reference: Run | None) -> Iterator[_JudgedTest]:
    for stage in given.stages:
        nights = _nights(stage, given.report.run.id)
        if not nights:
            continue
        before = _nights(stage, reference.id) if reference else []
        start = before[-1] + 1 if before and before[-1] < nights[-1] else nights[0]
        for test in counted_tests(stage.tests):
            yield _judge_test(stage, test, range(start, nights[-1] + 1), given)


def _nights(stage: StageReport, run_id: str) -> list[int]:
    return sorted({point.night for point in stage.axis.points if point.run == run_id})


def _judge_test(
    stage: StageReport, test: TestHistory, nights: range, given: GateInput
) -> _JudgedTest:
    known = test.nightly[: nights.stop] != NO_VERDICT
    judged = known[nights.start :].any(axis=0)
    found = newly_failing_tests(stage, test, nights)
    return _JudgedTest(
        judged=int(judged.sum()),
        compared=int((judged & (known.sum(axis=0) > 1)).sum()),
        findings=[one for each in found for one in _test_findings(stage, each, given)],
    )


def newly_failing_tests(
    stage: StageReport, test: TestHistory, nights: range
) -> Iterator[TestFinding]:
    """Yield the changes of verdict in some nights that stood and lasted to the last of them."""
    now = last_verdicts(test.nightly[nights.start : nights.stop])
    past = last_verdicts(test.nightly[: nights.start])
    looks = 0 if stage.axis.kind is TimeKind.VERSIONS else LOOKS
    told: set[int] = set()
    for change in reversed(test.changes):
        if change.night not in nights:
            continue
        columns = [
            column
            for column in (*change.newly_failing, *change.first_seen)
            if now[column] == FAILED
            and past[column] != FAILED
            and column not in told
            and stood(test.nightly[:, column], change.night, looks)
        ]
        told.update(columns)
        if columns:
            yield TestFinding(
                stage=stage.key,
                day=stage.axis.nights[change.night],
                test=test,
                change=change,
                columns=columns,
            )


def _test_findings(stage: StageReport, found: TestFinding, given: GateInput) -> Iterator[Finding]:
    """Yield the places that newly fail: those that are known of apart from the others."""
    run, name = given.report.run, judged_metric(stage.key.stage, found.test.test)
    groups: defaultdict[tuple[Issue, ...], list[int]] = defaultdict(list)
    for column in found.columns:
        place = found.test.places[column].name
        groups[tuple(given.known(name, run.id, None, place))].append(column)
    for issues, columns in groups.items():
        yield Finding(
            rule=GateRule.CALIBRATION_TEST,
            run=run,
            metric=name,
            because="it fails and did not fail before",
            issues=issues,
            test=replace(found, columns=columns),
        )


def _test_rule(tests: Sequence[_JudgedTest], report: RunReport) -> Iterator[RuleRun]:
    if not tests and not report.tests:
        return
    compared = sum(one.compared for one in tests)
    yield RuleRun(
        rule=GateRule.CALIBRATION_TEST,
        judged=compared,
        of=sum(one.judged for one in tests),
        why="" if compared else "no test has a verdict from before this run",
    )
