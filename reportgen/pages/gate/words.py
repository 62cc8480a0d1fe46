"""The words of the gate: what it found, in the same way for every format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reportgen.model.comparison import ComparisonRow
from reportgen.model.gate import (
    ExitCode,
    Finding,
    Gate,
    GateRule,
    Outcome,
    RuleRun,
    RunGate,
    TestFinding,
)
from reportgen.model.issues import Issue
from reportgen.model.numbers import format_number, format_quantity, plural
from reportgen.pages import words
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.paths import stage_path
from reportgen.pages.comparison import words as compare_words
from reportgen.pages.paths import metric_path, run_path

RULES = {
    GateRule.NEWLY_FAILING: "newly failing requirement",
    GateRule.REGRESSED: "regression",
    GateRule.STEP: "confirmed step",
    GateRule.CALIBRATION_TEST: "newly failing calibration test",
    GateRule.NOT_MEASURED: "no longer measured",
}
MOST_PLACES = 4
"""Places of a calibration test that are named; more are counted."""


def verdict(gate: Gate) -> str:
    """Say in one sentence what the gate found."""
    if gate.exit_code is ExitCode.UNKNOWN:
        return f"No rule could judge {words.join([run_name(run) for run in gate.runs])}."
    worse = [finding for finding in gate.findings if finding.outcome is Outcome.WORSE]
    known = sum(finding.outcome is Outcome.KNOWN for finding in gate.findings)
    excused = f"; {plural(known, 'finding')} excused by known issues" if known else ""
    if not worse:
        return f"Nothing is worse in {plural(len(gate.runs), 'run')}{excused}."
    return f"{count(worse)}{excused}."


def count(findings: Sequence[Finding]) -> str:
    """Count findings by rule: ``2 newly failing requirements, 1 regression``."""
    counts = {rule: sum(one.rule is rule for one in findings) for rule in GateRule}
    said = {GateRule.NOT_MEASURED: "no longer measured"}
    return ", ".join(
        f"{n} {said[rule]}" if rule in said else plural(n, RULES[rule])
        for rule, n in counts.items()
        if n
    )


def run_name(run: RunGate) -> str:
    """Name a run: ``HSC RC2 w_2021_34``."""
    return f"{run.run.dataset} {run.run.release}"


def run_title(run: RunGate) -> str:
    """Name a run and what it is held against."""
    against = "no reference"
    if run.reference is not None:
        same = run.reference.dataset == run.run.dataset
        dataset = "" if same else f"{run.reference.dataset} "
        against = f"against {dataset}{run.reference.release}"
    demonstration = " (demonstration data)" if run.demonstration else ""
    return f"{run_name(run)}, {against}{demonstration}"


def rule_name(finding: Finding) -> str:
    """Name what was found; without a reference, nothing says that what fails is new."""
    is_new = finding.fails or finding.rule is not GateRule.NEWLY_FAILING
    return RULES[finding.rule] if is_new else "failing requirement"


def subject(finding: Finding) -> str:
    """Name what a finding is about: ``PA1 in r by faro``."""
    if finding.test is not None:
        stage = finding.test.stage
        return f"{stage.instrument} {stage.stage} {finding.test.test.test}"
    return name(finding.metric, finding.band, finding.producer)


def name(metric: str, band: str | None, producer: str | None) -> str:
    """Name a metric where it was measured: ``PA1 in r by faro``."""
    place = f" in {band}" if band else ""
    return f"{words.short(metric)}{place}{f' by {producer}' if producer else ''}"


def describe(finding: Finding) -> str:
    """Say what is worse and by how much, without naming it again."""
    if finding.test is not None:
        return "; ".join(_test(finding.test))
    parts = [_because(finding)]
    if finding.row is not None and finding.row.change is not None:
        parts.append(change(finding.row))
    parts += _limit(finding)
    return "; ".join(parts)


def _because(finding: Finding) -> str:
    if finding.rule is GateRule.NOT_MEASURED and finding.row is not None:
        before = format_quantity(finding.row.a, finding.row.unit)
        return f"the reference has {before}, {finding.because}"
    return finding.because


def change(row: ComparisonRow) -> str:
    """Say what a value was and is: ``4.1 → 8 mmag (+95.1 %)``."""
    before, after = format_number(row.a or 0.0), format_quantity(row.b, row.unit)
    relative = compare_words.relative(row)
    return f"{before} → {after}{f' ({relative})' if relative else ''}"


def _limit(finding: Finding) -> Iterator[str]:
    check = finding.line.headline if finding.line else None
    if check is None:
        return
    parts = [f"limit {words.limit(check)}", words.outside(check)]
    if check.judged > 1 and check.failed:
        parts.append(f"{check.failed} of {check.judged} members fail")
    yield ", ".join(filter(None, parts))


def _test(found: TestFinding) -> Iterator[str]:
    """Say where a test newly fails, and apart from it what the value behind it did."""
    names = [say.place_name(found.test.places[column]) for column in found.columns]
    more = f" and {len(names) - MOST_PLACES} more" if len(names) > MOST_PLACES else ""
    yield f"verdict: fails since {found.day} in {', '.join(names[:MOST_PLACES])}{more}"
    yield f"value: {say.verdict_change_words(found.test, found.change)}"


def issue(one: Issue) -> str:
    """Name a known issue with owner, ticket and expiry, and say what it is."""
    return f"known issue ({one.label}): {one.reason}"


def rule_ran(rule: RuleRun) -> str:
    """Say how much a rule judged, or why it judged nothing."""
    what = RULES[rule.rule]
    if not rule.ran:
        return f"{what}: did not run, {rule.why}"
    return f"{what}: {rule.judged} of {rule.of} judged"


def nothing_ran(run: RunGate) -> str:
    """Say which rules did not run, and why."""
    if not run.rules:
        return "nothing was measured that any rule could judge"
    return "; ".join(rule_ran(rule) for rule in run.rules)


def path(finding: Finding, comparison: str | None) -> str:
    """Return the address of the page that shows a finding, from the root of the site."""
    if finding.test is not None:
        return stage_path(finding.test.stage)
    if finding.line is not None:
        return f"{run_path(finding.run)}#{finding.line.anchor}"
    if finding.row is not None and comparison:
        return f"{comparison}#{finding.row.anchor}"
    return metric_path(finding.metric)
