"""What the gate found as JSON."""

from __future__ import annotations

import json
from typing import Any

from reportgen.model.gate import Finding, Gate, RuleRun, RunGate, TestFinding
from reportgen.model.issues import IssueState
from reportgen.pages.calibrations import words as calibration_words
from reportgen.pages.gate import words as say
from reportgen.pages.issue_marks import describe_issue
from reportgen.pages.paths import permalink


def as_json(gate: Gate, site: str) -> str:
    """Return everything that the gate found, as strict JSON."""
    return json.dumps(describe(gate, site), indent=2, allow_nan=False, ensure_ascii=False) + "\n"


def describe(gate: Gate, site: str) -> dict[str, Any]:
    """Return everything that the gate found as plain values."""
    return {
        "exit_code": int(gate.exit_code),
        "verdict": gate.exit_code.name.lower(),
        "sentence": say.verdict(gate),
        "runs": [_run(run, site) for run in gate.runs],
        "triage": [describe_state(state) for state in gate.issues],
    }


def _run(run: RunGate, site: str) -> dict[str, Any]:
    return {
        "run": run.run.id,
        "reference": run.reference.id if run.reference else None,
        "comparison": run.comparison,
        "demonstration": run.demonstration,
        "rules": [_rule(rule) for rule in run.rules],
        "findings": [_finding(finding, run, site) for finding in run.findings],
    }


def _rule(rule: RuleRun) -> dict[str, Any]:
    return {
        "rule": rule.rule.value,
        "ran": rule.ran,
        "judged": rule.judged,
        "of": rule.of,
        "why": rule.why or None,
    }


def _finding(finding: Finding, run: RunGate, site: str) -> dict[str, Any]:
    row, check = finding.row, finding.line.headline if finding.line else None
    address = say.path(finding, run.comparison)
    return {
        "rule": finding.rule.value,
        "outcome": finding.outcome.value,
        "metric": finding.metric,
        "data_id": {"band": finding.band} if finding.band else {},
        "producer": finding.producer,
        "because": finding.because,
        "text": f"{say.subject(finding)}: {say.describe(finding)}",
        "value": row.b if row else None,
        "reference_value": row.a if row else None,
        "unit": row.unit if row else None,
        "change": row.change if row else None,
        "relative": row.relative if row else None,
        "limit": check.threshold if check else None,
        "limit_unit": check.unit if check else None,
        "calibration": _test(finding.test) if finding.test else None,
        "issues": [describe_issue(issue) for issue in finding.issues],
        "page": address,
        "url": permalink(site, address) or None,
    }


def _test(found: TestFinding) -> dict[str, Any]:
    return {
        "instrument": found.stage.instrument,
        "stage": found.stage.stage,
        "test": found.test.test,
        "level": found.test.level,
        "since": found.day,
        "places": [found.test.places[column].name for column in found.columns],
        "statistic": found.test.statistic,
        "value_change": found.change.value_change,
        "value_relative_change": found.change.relative_change,
        "value_explains": None
        if not found.change.comparable
        else not calibration_words.is_unexplained(found.change),
    }


def describe_state(state: IssueState) -> dict[str, Any]:
    """Return what became of an entry of the known issues as plain values."""
    return {
        "number": state.issue.number,
        "about": state.about,
        "state": state.state,
        "text": state.text,
        **describe_issue(state.issue),
    }
