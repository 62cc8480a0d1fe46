"""What is said of a change in JSON, wherever it is said."""

from __future__ import annotations

from typing import Any

from reportgen.model.comparison import ComparisonRow


def change_fields(row: ComparisonRow) -> dict[str, Any]:
    """Return the numbers of a change, its verdict and what that rests on."""
    return {
        "a": row.a,
        "b": row.b,
        "change": row.change,
        "relative": row.relative,
        "medians_disagree": row.medians_disagree,
        "verdict": row.verdict.value,
        "basis": row.basis.value,
        "reason": row.reason,
        "direction": row.direction,
        "n": row.members.common,
        "of": row.members.total,
        "ci_low": row.ci_low,
        "ci_high": row.ci_high,
        "p_value": row.p_value,
        "q_value": row.q_value,
        "threshold": row.threshold,
        "tolerance": row.tolerance,
        "noise": row.noise,
    }
