"""Explanations as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from reportgen.model.comparison import ComparisonRow
from reportgen.model.explanation import CheckExplanation, Explanation, TrendExplanation
from reportgen.pages.comparison.fields import change_fields
from reportgen.pages.issue_marks import describe_issue


def as_json(explanations: Sequence[Explanation]) -> str:
    """Return explanations as JSON: a list, with all numbers in full."""
    found = [describe(one) for one in explanations]
    return json.dumps(found, indent=2, allow_nan=False) + "\n"


def describe(one: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values."""
    line = one.line
    return {
        "run": one.run.id,
        "reference": one.reference.id if one.reference else None,
        "metric": line.metric,
        "band": line.band,
        "producer": line.producer,
        "value": line.value,
        "unit": line.unit,
        "n": line.measured,
        "of": line.members,
        "unjudged": line.unjudged,
        "repeats": list(line.repeats),
        "worst_member": line.worst_member,
        "reasons": dict(line.reasons),
        "checks": [_describe_check(check) for check in one.checks],
        "change": _describe_row(one.row) if one.row else None,
        "history": _describe_trend(one.trend) if one.trend else None,
        "alarm": bool(one.alarms),
        "because": list(one.alarms or one.quiet),
        "issues": [describe_issue(issue) for issue in one.issues],
        "owner": one.owner,
    }


def _describe_check(one: CheckExplanation) -> dict[str, Any]:
    check = one.check
    return {
        "specification": check.specification,
        "kind": check.kind.value,
        "level": check.level,
        "value": check.value,
        "operator": check.operator,
        "threshold": check.threshold,
        "unit": check.unit,
        "status": check.status.value,
        "margin": check.margin,
        "stored_unit": one.stored_unit,
        "conversion": one.factor,
        "failed_members": check.failed,
        "judged_members": check.judged,
        "correction": check.correction,
        "problem": check.problem,
    }


def _describe_row(row: ComparisonRow) -> dict[str, Any]:
    values = zip(row.baseline.releases, row.baseline.values, strict=True)
    past = [{"release": release, "value": value} for release, value in values]
    return change_fields(row) | {"baseline": past}


def _describe_trend(trend: TrendExplanation) -> dict[str, Any]:
    step = trend.begins
    return {
        "points": trend.points,
        "verdict": trend.verdict,
        "noise": trend.noise,
        "unit": trend.unit,
        "spike": trend.spike,
        "level_since": trend.level_since,
        "epoch_since": trend.epoch_since,
        "epoch_reason": trend.epoch_reason,
        "step": None
        if step is None
        else {
            "before": step.before,
            "after": step.after,
            "change": step.change,
            "ci_low": step.ci_low,
            "ci_high": step.ci_high,
            "confirmed": step.confirmed,
            "better": step.better,
        },
    }
