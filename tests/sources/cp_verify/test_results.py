"""Results tables, written as upstream's tasks pack them."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from astropy.table import Table, vstack

from reportgen.model.bundle import JobBundle, Unreadable
from tests.sources.reading import read, read_one, rows

BASE = {"instrument": "LATISS", "exposure": 2021052500015, "detector": 0, "mjd": 59359.878}


def read_table(tmp_path, table, name="verifyBiasResults_LATISS.parq", **keys) -> JobBundle:
    """Return the bundle of a Results table, masked cells as nulls as a Butler writes them."""
    columns = {column: table[column].tolist() for column in table.colnames}
    pq.write_table(pa.table(columns), tmp_path / name)
    return read_one(tmp_path, "cp-verify", name, **keys)


def test_bias_table(tmp_path):
    """Statistics, verdicts and the data ID of each amplifier come from its row."""
    table = Table(
        [
            {
                **BASE,
                "amplifier": amplifier,
                "BIAS_MEAN": mean,
                "BIAS_VERIFY_MEAN": True,
                "BIAS_VERIFY_SUCCESS": False,
                "BIAS_READ_NOISE": 8.08,
                "BIAS_BIAS_DIST_50.0_PCT": -0.05,
                "BIAS_BIAS_SHIFT_COUNT": 2,
                "BIAS_SERIAL_PROF": np.zeros(5),
            }
            for amplifier, mean in (("C10", -0.1), ("C11", math.nan))
        ]
    )
    job = read_table(tmp_path, table, dataset="LATISS calibrations", release="daily")
    assert job.origin == "verifyBiasResults_LATISS.parq#latiss-calibrations/daily"
    assert job.date == "2021-05-25"
    assert {(r["metric"], r["amplifier"]): r["value"] for r in job.measurements} == {
        (f"cp_verify.BIAS_{name}", amplifier): value
        for amplifier, mean in (("C10", -0.1), ("C11", None))
        for name, value in (
            ("MEAN", mean),
            ("READ_NOISE_ADU", 8.08),
            ("BIAS_DIST_50.0_PCT", -0.05),
            ("BIAS_SHIFT_COUNT", 2.0),
        )
    }
    assert job.measurements[0] == {
        "instrument": "LATISS",
        "exposure": "2021052500015",
        "detector": "0",
        "amplifier": "C10",
        "mjd": 59359.878,
        "day_obs": "20210525",
        "date": "2021-05-25",
        "metric": "cp_verify.BIAS_MEAN",
        "value": -0.1,
    }
    assert rows(job, "cp_verify.BIAS_MEAN")[1]["reason"] == "nan"
    assert rows(job, "cp_verify.BIAS_READ_NOISE_ADU")[0]["notes"] == (
        '{"stored_as":"BIAS_READ_NOISE"}'
    )
    assert [(r["amplifier"], r["test"], r["passed"], r["level"]) for r in job.tests] == [
        ("C10", "MEAN", True, "amplifier"),
        ("C10", "SUCCESS", False, "amplifier"),
        ("C11", "MEAN", True, "amplifier"),
        ("C11", "SUCCESS", False, "amplifier"),
    ]
    assert {r["stage"] for r in job.tests} == {"bias"}


def test_rows_of_several_kinds(tmp_path):
    """What rows of amplifiers have and rows of detectors have not is no missing measurement."""
    table = vstack(
        [
            Table([{**BASE, "amplifier": "C10", "FLAT_MEAN": 10.0, "FLAT_VERIFY_NOISE": True}]),
            Table([{**BASE, "FLAT_DET_SCATTER": 2.0, "FLAT_DET_VERIFY_SCATTER": False}]),
            Table(
                [
                    {
                        "instrument": "LATISS",
                        "exposure": 2021052500015,
                        "detector": 0,
                        "stageName_SCATTER": 0.04,
                        "stageName_VERIFY_SCATTER": True,
                    }
                ]
            ),
        ]
    )
    job = read_table(tmp_path, table, "verifyFlatResults_LATISS.parq")
    assert [
        (r["metric"], r["value"], r.get("detector"), r.get("amplifier")) for r in job.measurements
    ] == [
        ("cp_verify.FLAT_MEAN", 10.0, "0", "C10"),
        ("cp_verify.FLAT_DET_SCATTER", 2.0, "0", None),
        ("cp_verify.FLAT_SCATTER", 0.04, None, None),
    ]
    assert [(r["test"], r["passed"], r["level"], r["stage"]) for r in job.tests] == [
        ("NOISE", True, "amplifier", "flat"),
        ("SCATTER", False, "detector", "flat"),
        ("SCATTER", True, "exposure", "flat"),
    ]


def test_detector_called_amplifier(tmp_path):
    """Crosstalk has rows of detectors whose amplifier is called ``detector``."""
    table = Table(
        [
            {
                "instrument": "LATISS",
                "detector": 0,
                "mjd": math.nan,
                "amplifier": "detector",
                "CROSSTALK_N_VALID": 18,
                "CROSSTALK_VERIFY_NO_SIGNIFICANT_DETECTION": False,
            }
        ]
    )
    job = read_table(tmp_path, table, "verifyCrosstalkDetResults.parq")
    assert job.measurements == [
        {
            "instrument": "LATISS",
            "detector": "0",
            "metric": "cp_verify.CROSSTALK_N_VALID",
            "value": 18.0,
        }
    ]
    assert [(r["level"], r["test"], r["passed"]) for r in job.tests] == [
        ("detector", "NO_SIGNIFICANT_DETECTION", False)
    ]


def test_fit_types_and_units(tmp_path):
    """Words and truth values are no statistics; units come from the configuration."""
    table = Table(
        [
            {
                **BASE,
                "amplifier": "C10",
                "PTC_PTC_GAIN": 1.03,
                "PTC_PTC_FIT_TYPE": "FULLCOVARIANCE",
                "PTC_PTC_COV_10_FIT_SUCCESS": True,
            }
        ]
    )
    job = read_table(tmp_path, table, "ptc.parq", units={"PTC_GAIN": "electron / adu"})
    assert [(r["metric"], r["unit"]) for r in job.measurements] == [
        ("cp_verify.PTC_PTC_GAIN", "electron / adu")
    ]


def test_verdict_that_is_none(tmp_path):
    """A verdict that a merge left empty is no verdict; a word is remarked on."""
    frame = pd.DataFrame(
        {
            "instrument": ["LATISS"] * 3,
            "amplifier": ["C10", "C11", "C12"],
            "BIAS_VERIFY_MEAN": ["True", None, "often"],
        }
    )
    frame.to_parquet(tmp_path / "a.parq")
    job = read_one(tmp_path, "cp-verify", "a.parq")
    assert [(r["amplifier"], r["passed"]) for r in job.tests] == [("C10", True)]
    assert job.remarks == ("Row 3: column 'BIAS_VERIFY_MEAN': 'often' is neither true nor false.",)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"x": [1.0]}, "not a Results table of cp_verify: no statistics; is `type` right?"),
        ({"BIAS_MEAN": [1.0]}, "instrument is not known: add `instrument = …` to its source."),
    ],
)
def test_tables_that_cannot_be_placed(tmp_path, columns, reason):
    """A table without statistics or without instrument says so."""
    pd.DataFrame(columns).to_parquet(tmp_path / "a.parq")
    (found,) = read(tmp_path, "cp-verify", "a.parq")
    assert isinstance(found, Unreadable)
    assert found.reason == reason
