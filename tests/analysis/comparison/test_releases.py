"""Releases of HSC RC2 as the Characterization Metric Reports print them."""

from __future__ import annotations

import csv
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reportgen.analysis.comparison.compare import compare_runs
from reportgen.model.comparison import Basis, Comparison, Verdict
from tests.analysis.comparison.cases import Cases, Rows, rules
from tests.conftest import ROOT
from tests.factories import make_row, make_specification

LIMITS = (
    make_specification("validate_drp.PA1.design_gri", bands=("g", "r", "i")),
    make_specification("validate_drp.PA1.design_uzy", bands=("u", "z", "y"), threshold=7.5),
    make_specification("validate_drp.AM1.design", threshold=10.0, unit="marcsec"),
    make_specification("validate_drp.TE1.design", threshold=2e-5, unit=""),
)

BY_HAND = {
    # metric, band: v22, v23, change, relative change in percent, status before and after
    ("PA1", "g"): (7.6, 7.1, -0.5, -6.5789, "fail", "fail"),
    ("PA1", "z"): (7.0, 6.7, -0.3, -4.2857, "pass", "pass"),
    ("PA1", "y"): (8.0, 7.9, -0.1, -1.25, "fail", "fail"),
    ("AM1", "r"): (5.0, 4.9, -0.1, -2.0, "pass", "pass"),
    ("AM1", "i"): (4.3, 4.4, 0.1, 2.3256, "pass", "pass"),
    ("AM1", "y"): (6.7, 6.7, 0.0, 0.0, "pass", "pass"),
    ("TE1", "r"): (2.6e-4, 3e-5, -2.3e-4, -88.4615, "fail", "fail"),
    ("TE1", "y"): (4.8e-5, 1.3e-5, -3.5e-5, -72.9167, "fail", "pass"),
    ("TE1", "g"): (1.5e-5, 1.8e-5, 3e-6, 20.0, "pass", "pass"),
}


def row_of(printed: dict[str, Any]) -> dict[str, Any]:
    """Return a printed row as a measurement."""
    value = printed["value"]
    return make_row(
        f"validate_drp.{printed['metric']}",
        float(value) if value else None,
        band=printed["band"] or None,
        unit=printed["unit"],
        producer=printed.get("producer", "faro"),
    )


def releases() -> dict[str, Rows]:
    """Return the runs of HSC RC2 from the tables of this repository."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "data" / "releases").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for printed in csv.DictReader(file):
                if printed["dataset"] == "HSC RC2":
                    found.setdefault(printed["release"], []).append(row_of(printed))
    return dict(found)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Cases:
    """All releases of HSC RC2."""
    return Cases(tmp_path_factory.mktemp("releases"), releases(), LIMITS)


def compare(cases: Cases, a: str, b: str) -> Comparison:
    """Compare two releases."""
    return compare_runs(cases.run(a), cases.run(b), cases.histories, rules())


def test_v22_against_v23_by_hand(cases: Cases) -> None:
    """Change, relative change and status equal those computed from DMTR-351 by hand."""
    found = compare(cases, "v22", "v23")
    rows = {
        (row.metric.partition(".")[2], row.band): row
        for row in found.rows
        if row.producer == "faro"
    }
    for key, (a, b, change, percent, before, after) in BY_HAND.items():
        row = rows[key]
        assert (row.a, row.b) == (a, b)
        assert row.change == pytest.approx(change, abs=1e-12)
        assert row.relative == pytest.approx(percent / 100, rel=1e-4)
        assert (row.status_a, row.status_b) == (before, after)
    assert [(row.metric, row.band) for row in found.fixed] == [("validate_drp.TE1", "y")]
    assert found.newly_failing == []


def test_v22_was_also_measured_by_validate_drp(cases: Cases) -> None:
    """What validate_drp measured last in v22 is removed in v23, and no row mixes producers."""
    found = compare(cases, "v22", "v23")
    removed = {(row.metric, row.producer) for row in found.of(Verdict.REMOVED)}
    assert removed == {("validate_drp.PA1", "validate_drp"), ("validate_drp.PF1", "validate_drp")}
    assert all(row.producer == row.producer_b for row in found.rows)


def test_v21_against_v22_changes_the_producer(cases: Cases) -> None:
    """Astrometry came from validate_drp in v21 and from faro in v22: not comparable."""
    found = {(row.metric, row.band): row for row in compare(cases, "v21", "v22").rows}
    row = found["validate_drp.AM1", "r"]
    assert (row.verdict, row.change) == (Verdict.NOT_COMPARABLE, None)
    assert row.reason == "the producer changed from validate_drp to faro"


def test_both_producers_of_v22(cases: Cases) -> None:
    """Faro's PA1 against validate_drp's in the same release, as DMTR-311 prints them."""
    run = cases.run("v22")
    found = compare_runs(
        run, run, cases.histories, rules(), producer_a="validate_drp", producer_b="faro"
    )
    rows = {(row.metric, row.band): row for row in found.rows}
    pa1 = rows["validate_drp.PA1", "g"]
    assert (pa1.a, pa1.b, pa1.change) == (13.7, 7.6, pytest.approx(-6.1))


@pytest.mark.parametrize(
    ("report", "a", "b"), [("DMTR-351_v23.0.0", "22", "23"), ("DMTR-392_v25.0.0", "24", "25")]
)
def test_every_printed_pair(tmp_path: Path, shared: Path, report: str, a: str, b: str) -> None:
    """Every metric and band of a report changes by exactly the difference of its two columns."""
    with (shared / "data/real/dmtr" / f"{report}.csv").open(encoding="utf-8") as file:
        printed = [row for row in csv.DictReader(file) if row["metric"] != "procCalRep"]
    columns = {
        release: [row for row in printed if row["value_release"] == release] for release in (a, b)
    }
    runs = {f"v{release}": [row_of(row) for row in rows] for release, rows in columns.items()}
    cases = Cases(tmp_path, dict(runs), LIMITS)
    found = compare(cases, f"v{a}", f"v{b}")
    rows = {(row.metric.partition(".")[2], row.band): row for row in found.rows}
    pairs = [
        (before["metric"], before["band"], Decimal(before["value"]), Decimal(after["value"]))
        for before, after in zip(columns[a], columns[b], strict=True)
        if before["value"] and after["value"]
    ]
    assert len(pairs) == len(found.rows)
    for metric, band, before, after in pairs:
        row = rows[metric, band]
        assert row.change == pytest.approx(float(after - before), rel=1e-9, abs=1e-15)
        assert row.relative == pytest.approx(float((after - before) / before), rel=1e-9, abs=1e-12)
        # One earlier release at most: nothing is known of the noise.
        same = Verdict.UNCHANGED if after == before else Verdict.INCONCLUSIVE
        assert (row.verdict, row.basis) == (same, Basis.TOO_FEW)
    assert len(found.unmeasured) == len(columns[a]) - len(pairs)
