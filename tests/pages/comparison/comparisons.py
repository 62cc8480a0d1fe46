"""Comparisons for tests of their pages: rows as the analysis gives them."""

from __future__ import annotations

from typing import Any

from reportgen.model.comparison import (
    Basis,
    Comparison,
    ComparisonRow,
    Members,
    Membership,
    Side,
    Unmeasured,
    Verdict,
)
from reportgen.model.runs import Run
from tests.factories import make_key


def make_run(release: str = "w_2021_30", dataset: str = "HSC RC2") -> Run:
    """Return a run without revisions."""
    return Run(key=make_key(dataset, release), date="2021-07-29T00:00:00")


def make_comparison_row(
    metric: str = "validate_drp.PA1", band: str | None = "r", **more: Any
) -> ComparisonRow:
    """Return a row that regressed from 5 to 6 mmag beyond its past changes."""
    fields: dict[str, Any] = {
        "producer": "faro",
        "producer_b": "faro",
        "anchor": f"{metric.partition('.')[2]}-{band}",
        "unit": "mmag",
        "a": 5.0,
        "b": 6.0,
        "change": 1.0,
        "relative": 0.2,
        "verdict": Verdict.REGRESSED,
        "basis": Basis.HISTORY,
        "reason": "beyond 0.1 mmag, the usual size of its changes",
        "direction": "down",
        "members": Membership(common=1, total=1),
        "threshold": 0.1,
        "tolerance": 0.05,
        "noise": 0.1,
    }
    return ComparisonRow(metric=metric, band=band, **fields | more)


def make_quiet_row(metric: str = "validate_drp.AM1", band: str | None = "g") -> ComparisonRow:
    """Return a row that did not change."""
    return make_comparison_row(
        metric, band, b=5.0, change=0.0, relative=0.0, verdict=Verdict.UNCHANGED, reason="same"
    )


def make_paired_row(n: int = 8, shift: float = 1.0, **more: Any) -> ComparisonRow:
    """Return a row with members, the last of which changed most."""
    labels = [f"tract {9000 + at}" for at in range(n)]
    a = [float(at) for at in range(n)]
    b = [value + shift * (1 + at / 10) for at, value in enumerate(a)]
    fields: dict[str, Any] = {
        "basis": Basis.PAIRED,
        "p_value": 0.0078125,
        "q_value": 0.0078125,
        "ci_low": 1.0,
        "ci_high": 1.7,
        "members": Membership(common=n, total=n + 2, joined=1, joined_examples=["tract 1"]),
        "pairs": Members(labels=labels, a=a, b=b),
    }
    return make_comparison_row(**fields | more)


def make_comparison(*rows: ComparisonRow, **more: Any) -> Comparison:
    """Return a comparison of w_2021_34 with w_2021_30."""
    fields: dict[str, Any] = {
        "a": Side(run=make_run()),
        "b": Side(run=make_run("w_2021_34")),
        "unmeasured": [
            Unmeasured(metric="validate_drp.AM3", band="u", producer="faro", reason="nan")
        ],
    }
    return Comparison(rows=rows, **fields | more)
