"""Numbers of calibrations in the documents of a run: all of them arrive, with their dates."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import jsonschema

from reportgen.pages import run_api, schemas
from reportgen.pages.members import api as members_api
from tests.analysis.comparison.cases import Cases, Rows
from tests.factories import make_row

NOISE, MEAN = "cp_verify.BIAS_NOISE", "cp_verify.BIAS_MEAN"


def amplifiers(metric: str, n: int, **more: Any) -> Rows:
    """Return the numbers of so many amplifiers, 0 to n − 1, the last one missing."""
    given = {"unit": None, "producer": None, "detector": "4", "date": "2026-07-01"} | more
    values = [*map(float, range(n - 1)), None]
    return [
        make_row(metric, value=value, amplifier=f"C{at:03d}", **given)
        for at, value in enumerate(values)
    ]


def documents(folder: Path, rows: Rows) -> dict[str, Any]:
    """Return the documents of a run by path, JSON and CSV."""
    report = Cases(folder, {"v1": rows}, []).run("v1")
    measurements = run_api.measurement_rows(report)
    found = [
        *run_api.documents(report, measurements),
        *members_api.unjudged_documents(report, measurements),
    ]
    return {one.path: one.text if one.data is None else one.data for one in found}


def test_many_amplifiers_are_an_aggregate_and_a_file_of_members(tmp_path: Path) -> None:
    """A ComCam night has 144 amplifiers: the run says their median and where they are."""
    found = documents(tmp_path, [*amplifiers(NOISE, 144), *amplifiers(MEAN, 16)])
    (run_path,) = [path for path in found if path.startswith("api/v1/runs/")]
    jsonschema.validate(found[run_path], schemas.load("run.schema.json"))
    joined, *few = found[run_path]["measurements"]
    assert (joined["metric"], joined["value"], joined["aggregate"]) == (NOISE, 71.0, "median")
    assert (joined["members"]["n"], joined["members"]["of"]) == (143, 144)
    assert [row["metric"] for row in few] == [MEAN] * 16
    counts = found[run_path]["run"]["counts"]
    assert sum(counts.values()) == joined["members"]["of"] + len(few)

    members = found[joined["members"]["api"]]
    jsonschema.validate(members, schemas.load("members.schema.json"))
    assert {row["date"] for row in members["measurements"]} == {"2026-07-01"}
    assert [row["data_id"]["amplifier"] for row in members["measurements"]] == [
        f"C{at:03d}" for at in range(144)
    ]
    assert [row["reason"] for row in members["measurements"]] == [None] * 143 + ["nan"]
    (table,) = [text for path, text in found.items() if path.startswith("data/members/")]
    rows = list(csv.DictReader(io.StringIO(table)))
    assert [(row["amplifier"], row["date"]) for row in rows] == [
        (f"C{at:03d}", "2026-07-01") for at in range(144)
    ]


def test_numbers_in_several_units_have_no_median(tmp_path: Path) -> None:
    """What is partly in ADU and partly in electrons is not thrown together."""
    rows = [*amplifiers(NOISE, 30, unit="adu"), *amplifiers(NOISE, 30, unit="electron")]
    found = documents(tmp_path, rows)
    (run_path,) = [path for path in found if path.startswith("api/v1/runs/")]
    (joined,) = found[run_path]["measurements"]
    assert (joined["value"], joined["unit"], joined["members"]["of"]) == (None, None, 60)
    jsonschema.validate(found[run_path], schemas.load("run.schema.json"))
