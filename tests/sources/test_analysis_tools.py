from __future__ import annotations

import json
import math

import numpy as np
import pytest
from astropy import units as u
from astropy.table import Table

from reportgen.model.bundle import Unreadable
from reportgen.model.runs import RunKey
from tests.sources.reading import read, read_one, rows, values, write

BUNDLE = {
    "stellarAstrometricRepeatability1": [
        {"metric": "g_AM1", "identifier": "a" * 32, "value": 3.82, "unit": "mas", "blob_refs": []},
        {"metric": "g_AF1", "identifier": "b" * 32, "value": None, "unit": "%", "blob_refs": []},
        {"metric": "r_AM1", "identifier": "c" * 32, "value": 3.23, "unit": "mas", "blob_refs": []},
    ],
    "astromDiffMetrics": [
        {"metric": "AA1_RA", "identifier": "d" * 32, "value": -1.5, "unit": "mas"},
    ],
    "__reference_package": "lsst_distrib",
    "__timestamp_version": "explicit_timestamp",
    "__dataset_identifier": "HSC/RC2",
    "__metricNamePrefix": "",
}
NAME = "run/matchedVisitCore_metrics/9615/matchedVisitCore_metrics_HSC_9615.json"


def read_bundle(tmp_path, bundle, **keys):
    """Return the bundle of a file with this content."""
    write(tmp_path / NAME, json.dumps(bundle))
    return read_one(tmp_path, "analysis-tools", NAME, **keys)


def test_bundle(tmp_path):
    """The band in front of a name goes into the data ID, the action into the notes."""
    job = read_bundle(tmp_path, BUNDLE, pattern=r"metrics/(?P<tract>\d+)/", skymap="hsc_rings_v1")
    base = {"skymap": "hsc_rings_v1", "tract": "9615", "producer": "analysis_tools"}
    repeatability = '{"action":"stellarAstrometricRepeatability1"}'
    assert job.measurements == [
        {
            **base,
            "band": "g",
            "metric": "analysis_tools.AM1",
            "value": 3.82,
            "unit": "mas",
            "identifier": "a" * 32,
            "notes": repeatability,
        },
        {
            **base,
            "band": "g",
            "metric": "analysis_tools.AF1",
            "value": None,
            "reason": "null",
            "unit": "%",
            "identifier": "b" * 32,
            "notes": repeatability,
        },
        {
            **base,
            "band": "r",
            "metric": "analysis_tools.AM1",
            "value": 3.23,
            "unit": "mas",
            "identifier": "c" * 32,
            "notes": repeatability,
        },
        {
            **base,
            "metric": "analysis_tools.AA1_RA",
            "value": -1.5,
            "unit": "mas",
            "identifier": "d" * 32,
            "notes": '{"action":"astromDiffMetrics"}',
        },
    ]
    assert job.meta == {
        "reference_package": "lsst_distrib",
        "timestamp_version": "explicit_timestamp",
        "dataset_identifier": "HSC/RC2",
        "metricNamePrefix": "",
        "dataset_type": "matchedVisitCore_metrics",
    }
    assert job.remarks == ()


def test_dataset_of_the_bundle(tmp_path):
    """A bundle knows its dataset, and keys with underscores can name the release."""
    release = {"meta": "__timestamp_version"}
    job = read_bundle(tmp_path, BUNDLE, dataset=None, release=release)
    assert job.run == RunKey(dataset="HSC/RC2", release="explicit_timestamp")


def test_one_name_in_several_actions(tmp_path):
    """Two actions that count stars in one band measure two metrics."""
    bundle = {
        "repeatability": [{"metric": "g_ct", "value": 10, "unit": "ct"}],
        "colours": [
            {"metric": "g_ct", "value": 20, "unit": "ct"},
            {"metric": "r_ct", "value": 30, "unit": "ct"},
            {"metric": "g_wPerp", "value": 5, "unit": "mmag"},
        ],
    }
    job = read_bundle(tmp_path, bundle)
    assert [(row["metric"], row["band"], row["value"]) for row in job.measurements] == [
        ("analysis_tools.repeatability_ct", "g", 10.0),
        ("analysis_tools.colours_ct", "g", 20.0),
        ("analysis_tools.colours_ct", "r", 30.0),
        ("analysis_tools.wPerp", "g", 5.0),
    ]
    assert job.remarks == (
        "Several actions measure ct; there the action is part of the metric's name.",
    )


def test_options(tmp_path):
    """Names can always have their action, other bands can be named, and so can the package."""
    bundle = {"act": [{"metric": "N921_AM1", "value": 1, "unit": "mas"}], "__metricNamePrefix": "p"}
    job = read_bundle(
        tmp_path, bundle, bands=["N921"], qualify_actions=True, package="at", producer="nightly"
    )
    assert job.measurements == [
        {
            "band": "N921",
            "producer": "nightly",
            "metric": "at.pact_AM1",
            "value": 1.0,
            "unit": "mas",
            "notes": '{"action":"pact"}',
        }
    ]


def test_a_key_that_holds_no_measurements(tmp_path):
    """A key that is no action is listed, and the actions beside it are read."""
    data = BUNDLE | {"reference_package": "lsst_distrib", "timespan": {"begin": 1}, "lost": None}
    (tmp_path / "b.json").write_text(json.dumps(data))
    *faults, job = read(tmp_path, "analysis-tools", "b.json")
    assert [row.get("band") for row in job.measurements] == ["g", "g", "r", None]
    assert [one.place for one in faults] == ["reference_package", "timespan", "lost"]
    assert {one.reason for one in faults} == {
        "it holds no list of measurements; the others of its file are read"
    }


def test_band_of_the_name_wins(tmp_path):
    """Three bands in one file are not made one by a constant in the configuration."""
    job = read_bundle(tmp_path, BUNDLE, band="i")
    assert [row["band"] for row in job.measurements] == ["g", "g", "r", "i"]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ([], "no object; is `type` right?"),
        ({"act": {"metric": "x"}}, "'act' holds no list of measurements"),
        ({"act": [{"value": 1}]}, "no measurement names its metric"),
        ({"measurements": [], "meta": {}}, "a Job of lsst.verify; read it with type verify-json"),
    ],
)
def test_not_a_bundle(tmp_path, data, reason):
    """What is not a bundle says what it is instead."""
    write(tmp_path / "a.json", json.dumps(data))
    (found,) = read(tmp_path, "analysis-tools", "a.json")
    assert isinstance(found, Unreadable)
    assert found.reason == f"not a metric bundle of analysis_tools: {reason}"


def test_measurements_without_name(tmp_path):
    """Each costs itself, and is listed with its place."""
    nameless = [{"metric": None, "value": 1}, {"value": 1}, {"metric": ""}, "text"]
    data = {"act": [*nameless, {"metric": "g_AM1", "value": 3.5, "unit": "mas"}]}
    write(tmp_path / "a.json", json.dumps(data))
    *faults, job = read(tmp_path, "analysis-tools", "a.json")
    assert [one.place for one in faults] == ["act[0]", "act[1]", "act[2]", "act[3]"]
    assert {one.reason for one in faults} == {
        "the measurement names no metric; the others of its file are read"
    }
    assert {one.sha256 for one in faults} == {job.sha256}
    assert [row["metric"] for row in job.measurements] == ["analysis_tools.AM1"]


def test_missing_and_percent(tmp_path):
    """A bare NaN and a percentage without unit are treated as in jobs."""
    text = json.dumps({"act": [{"metric": "g_AF1", "value": math.nan, "unit": ""}]})
    write(tmp_path / NAME, text)
    job = read_one(tmp_path, "analysis-tools", NAME)
    assert values(job) == {"analysis_tools.AF1": "nan"}
    assert len(job.remarks) == 1


def test_table_of_metrics(tmp_path):
    """A table of metrics as astropy writes it gives one measurement for each cell."""
    table = Table(
        {
            "tract": np.array([9615, 9697]),
            "corners": np.zeros((2, 4)),
            "stellarAstrometricRepeatability1_g_AM1": np.array([3.8, math.nan]) * u.mas,
            "stellarAstrometricRepeatability1_g_AF1": np.array([1.0, 2.0]),
            "shapeSizeFractionalDiff_median": np.array([0.1, 0.2]),
        }
    )
    path = tmp_path / "objectTableCore_metricsTable_hsc.parq"
    table.write(path, format="parquet")
    job = read_one(tmp_path, "analysis-tools", path.name, skymap="hsc_rings_v1")
    assert job.origin == f"{path.name}#hsc-rc2/w_2026_40"
    assert job.meta == {"dataset_type": "objectTableCore_metricsTable"}
    assert len(job.measurements) == 6
    assert rows(job, "analysis_tools.AM1") == [
        {
            "producer": "analysis_tools",
            "skymap": "hsc_rings_v1",
            "tract": "9615",
            "band": "g",
            "metric": "analysis_tools.AM1",
            "value": 3.8,
            "unit": "mas",
            "notes": '{"action":"stellarAstrometricRepeatability1"}',
        },
        {
            "producer": "analysis_tools",
            "skymap": "hsc_rings_v1",
            "tract": "9697",
            "band": "g",
            "metric": "analysis_tools.AM1",
            "value": None,
            "reason": "nan",
            "unit": "mas",
            "notes": '{"action":"stellarAstrometricRepeatability1"}',
        },
    ]
    assert "unit" not in rows(job, "analysis_tools.AF1")[0]
    assert [row["value"] for row in rows(job, "analysis_tools.shapeSizeFractionalDiff_median")] == [
        0.1,
        0.2,
    ]


def test_damaged_table(tmp_path):
    """A table that is cut off is named."""
    write(tmp_path / "a.parq", b"PAR1 and nothing else")
    (found,) = read(tmp_path, "analysis-tools", "a.parq")
    assert found.reason.startswith("not a Parquet table: ")
