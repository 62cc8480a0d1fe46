from __future__ import annotations

import csv
import io
import json
import math
from typing import Any

import jsonschema
import numpy as np
import pytest

from reportgen.model.calibrations import StageReport
from reportgen.model.pages import Document
from reportgen.pages import schemas
from reportgen.pages.calibrations import overview as calibrations
from reportgen.render.documents import content_of
from tests.analysis.calibrations.cases import Cases, camera, noise, run_row

SCHEMA = schemas.load("calibrations.schema.json")


def documents(report: StageReport) -> dict[str, Document]:
    """Return the documents of a report by path; JSON is checked against its schema."""
    found = {document.path: document for document in calibrations.documents([report])}
    for path, document in found.items():
        if path.endswith(".json"):
            jsonschema.Draft202012Validator(SCHEMA).validate(load(document))
    return found


def load(document: Document) -> Any:
    """Read a document back as a consumer does, refusing what is not JSON."""

    def refuse(token: str) -> None:
        raise AssertionError(token)

    return json.loads(content_of(document), parse_constant=refuse)


def rows(document: Document) -> list[dict[str, str]]:
    """Read a CSV document back."""
    return list(csv.DictReader(io.StringIO(document.text or "")))


@pytest.fixture(scope="module")
def report() -> StageReport:
    """Return a camera in which an amplifier drifts, one dies, one detector steps, one fails."""
    values = noise(90, 2, 4, sigma=0.05) + 5
    values[:, 0, 0] += 0.5 * np.arange(90) / 30
    values[70:, 1] += 1.0
    values[80:, 0, 3] = math.nan
    passed = np.ones(values.shape, dtype=bool)
    passed[85:, 0, 1] = False
    return camera({"NOISE": values}, passed={"NOISE": passed}, unit="electron").report()


def test_schema_is_one() -> None:
    """The published schema is itself valid."""
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_series_have_points_drift_and_steps(report: StageReport) -> None:
    """Each value is there with exposure, date, MJD, verdict and collection; trends beside it."""
    data = load(documents(report)["api/v1/calibrations/cam/bias.json"])
    assert (data["instrument"], data["stage"], data["statistics"]) == ("Cam", "bias", ["NOISE"])
    one = next(s for s in data["series"] if (s["detector"], s["amplifier"]) == ("R22_S00", "C00"))
    assert one["unit"] == "electron"
    assert len(one["points"]) == 90
    assert one["points"][0] == {
        "exposure": 2026070100012,
        "date": "2026-07-01",
        "mjd": report.axis.points[0].mjd,
        "value": report.statistics[0].values[0, 0],
        "passed": True,
        "collection": "Cam/calib",
    }
    assert one["drift"]["window_days"] == 30
    assert one["drift"]["verdict"] == "drifting"
    assert [drift["window_days"] for drift in one["drifts"]] == [30, 90, 365, None]
    median = next(
        s for s in data["series"] if (s["detector"], s["aggregate"]) == ("R22_S01", "median")
    )
    assert median["members"] == {"n": 4, "of": 4}
    (step,) = median["steps"]
    assert (step["date"], step["state"]) == ("2026-09-09", "confirmed")
    assert step["change"] == pytest.approx(1.0, abs=0.1)


def test_missing_values_are_null_with_a_reason(report: StageReport) -> None:
    """A NaN of the pipeline is null in the JSON, empty in the CSV, and says why."""
    found = documents(report)
    data = load(found["api/v1/calibrations/cam/bias.json"])
    dead = next(s for s in data["series"] if (s["detector"], s["amplifier"]) == ("R22_S00", "C03"))
    assert [(p["value"], p["reason"]) for p in dead["points"][-2:]] == [(None, "nan")] * 2
    assert "reason" not in dead["points"][0]
    line = [r for r in rows(found["data/calibrations/cam/bias.csv"]) if r["amplifier"] == "C03"][89]
    assert (line["value"], line["reason"], line["unit"]) == ("", "nan", "electron")


def test_verdicts_are_there_by_place_and_by_date(report: StageReport) -> None:
    """Tests name place and exposure; the trend of verdicts counts places per date."""
    data = load(documents(report)["api/v1/calibrations/cam/bias.json"])
    failed = [t for t in data["tests"] if not t["passed"]]
    assert len(data["tests"]) == 90 * 8
    assert [(t["test"], t["detector"], t["amplifier"], t["date"]) for t in failed] == [
        ("NOISE", "R22_S00", "C01", f"2026-09-{day}") for day in (24, 25, 26, 27, 28)
    ]
    counts = {v["date"]: (v["failing"], v["judged"]) for v in data["verdicts"]}
    assert (counts["2026-09-23"], counts["2026-09-24"]) == ((0, 8), (1, 8))


def test_verdicts_of_runs_are_tests_too() -> None:
    """What a file per run says of its exposures stands once among the tests, as it was said."""
    cases, exposure = Cases(), "2026070100012"
    cases.verdicts = [
        run_row("SUCCESS", passed=False),
        run_row("SUCCESS", passed=False, exposure=exposure),
        run_row("NOISE", passed=False, exposure=exposure, detector="0", amplifier="C10"),
        run_row("SUCCESS", passed=False, exposure="2026070100013"),
        run_row("SUCCESS", passed=True, exposure="2026070100014"),
    ]
    data = load(documents(cases.report())["api/v1/calibrations/cam/bias.json"])
    assert {t["level"] for t in data["tests"]} == {"run"}
    assert [(t["test"], t["exposure"], t["amplifier"], t["passed"]) for t in data["tests"]] == [
        ("SUCCESS", None, None, False),
        ("SUCCESS", 2026070100012, None, False),
        ("NOISE", 2026070100012, "C10", False),
        ("SUCCESS", 2026070100013, None, False),
        ("SUCCESS", 2026070100014, None, True),
    ]


def test_tables_can_be_downloaded(report: StageReport) -> None:
    """What figures and tables show is there as CSV: values, nights, changes."""
    found = documents(report)
    assert sorted(path for path in found if path.endswith(".csv")) == [
        "data/calibrations/cam/bias-changes.csv",
        "data/calibrations/cam/bias-nights.csv",
        "data/calibrations/cam/bias.csv",
        "data/calibrations/cam/bias/r22_s00.csv",
        "data/calibrations/cam/bias/r22_s01.csv",
    ]
    assert len(rows(found["data/calibrations/cam/bias.csv"])) == 90 * 8
    by_night = rows(found["data/calibrations/cam/bias-nights.csv"])
    failing = [r for r in by_night if r["quantity"] == "NOISE (amplifier)"]
    assert (failing[-1]["failing"], failing[-1]["judged"]) == ("1", "8")
    changes = rows(found["data/calibrations/cam/bias-changes.csv"])
    assert next(row["kind"] for row in changes) == "newly_failing"
    assert {"drifting", "step", "not_measured"} <= {row["kind"] for row in changes}


def test_amplifiers_of_a_large_camera_are_in_files_of_their_own() -> None:
    """Above 500 amplifiers the main file has detectors, with links to their amplifiers."""
    values = noise(7, 40, 16)
    report = camera({"NOISE": values}, passed={"NOISE": values < 9}).report()
    found = documents(report)
    main = load(found["api/v1/calibrations/cam/bias.json"])
    assert {s["amplifier"] for s in main["series"]} == {None}
    assert len(main["series"]) == len(main["detectors"]) == 40
    assert main["tests"] == []
    assert main["verdicts"][0] == {
        "test": "NOISE",
        "level": "amplifier",
        "date": "2026-07-01",
        "failing": 0,
        "judged": 640,
    }
    link = main["series"][3]["members"]["api"]
    assert link == main["detectors"][3]["api"]
    own = load(found[link])
    assert own["detector"] == "R22_S03"
    assert {s["amplifier"] for s in own["series"]} == {f"C{n:02d}" for n in range(16)}
    assert len(own["tests"]) == 7 * 16
    assert rows(found["data/calibrations/cam/bias.csv"]) == []
    assert len(rows(found["data/calibrations/cam/bias/r22_s03.csv"])) == 7 * 16


def test_detectors_given_by_number_are_numbers() -> None:
    """A detector or exposure that is a number is one in the JSON."""
    cases = camera({"NOISE": np.ones((1, 1, 1))}, passed={"NOISE": np.ones((1, 1, 1))})
    for row in (*cases.values, *cases.verdicts):
        row["detector"] = "12"
    data = load(documents(cases.report())["api/v1/calibrations/cam/bias.json"])
    assert {s["detector"] for s in data["series"]} == {12}
    assert data["tests"][0]["detector"] == 12


def test_index_names_each_stage(report: StageReport) -> None:
    """The index of the API leads to page and JSON of each stage."""
    assert calibrations.index_entries([report]) == [
        {
            "instrument": "Cam",
            "stage": "bias",
            "url": "calibrations/cam/bias/",
            "api": "api/v1/calibrations/cam/bias.json",
        }
    ]


def test_cells_are_no_formulas() -> None:
    """A name that a spreadsheet would run is stored as text."""
    cases = camera({"NOISE": np.ones((1, 1, 1))})
    cases.values[0]["amplifier"] = "=cmd()"
    (row,) = rows(documents(cases.report())["data/calibrations/cam/bias.csv"])
    assert row["amplifier"] == "'=cmd()"
