"""What cp_verify put into repositories."""

from __future__ import annotations

import pytest
from astropy.table import Table

from tests.sources.butler.pulls import CALIBRATION, Pulls
from tests.sources.butler_repository import FIRST_EXPOSURE


def put_statistics(repository, exposures):
    """Put bias statistics of exposures as cp_verify does: as dicts, through the Butler."""
    repository.run(CALIBRATION)
    dimensions = ("instrument", "exposure", "detector")
    name = repository.dataset_type("verifyBiasDetStats", dimensions, "StructuredDataDict")
    for n in exposures:
        amplifier = {"MEAN": n / 4, "NOISE": float("nan") if n == 3 else 8.5}
        verdict = {"MEAN": True, "NOISE": n != 3, "SUCCESS": n != 3}
        data = {
            "AMP": {"C00": amplifier},
            "VERIFY": {"AMP": {"C00": verdict}, "SUCCESS": n != 3},
            "SUCCESS": n != 3,
        }
        repository.butler.put(
            data,
            name,
            instrument="LATISS",
            exposure=FIRST_EXPOSURE + n,
            detector=0,
            run=CALIBRATION,
        )


def calibrations(root, **keys):
    """Return pulls of the calibrations."""
    given = {"collections": ["LATISS/calib/*"], "dataset": "LATISS", "release": "daily", **keys}
    return Pulls(root, **given)


def test_statistics_of_calibrations(repository, tmp_path):
    """Dicts that cp_verify put are read with the exposure's day, time, filter and band."""
    put_statistics(repository, range(5))
    pulls = calibrations(tmp_path)
    assert len(pulls.pull()) == 5
    assert pulls.broken == []
    found = {
        (row["exposure"], row["metric"]): row["value"]
        for job in pulls.jobs.values()
        for row in job.measurements
    }
    assert found == {
        **{(str(FIRST_EXPOSURE + n), "cp_verify.BIAS_MEAN"): n / 4 for n in range(5)},
        **{
            (str(FIRST_EXPOSURE + n), "cp_verify.BIAS_NOISE"): None if n == 3 else 8.5
            for n in range(5)
        },
    }
    (job,) = (job for job in pulls.jobs.values() if f"exposure={FIRST_EXPOSURE + 3}" in job.origin)
    assert job.ticket == "DM-12345"
    assert job.date == "2021-05-25"
    failed = {row["test"] for row in job.tests if not row["passed"]}
    assert failed >= {"NOISE", "SUCCESS"}
    row = next(row for row in job.measurements if row["metric"] == "cp_verify.BIAS_NOISE")
    assert row["reason"] == "nan"
    assert row["detector"] == "0"
    assert row["amplifier"] == "C00"
    assert row["band"] == "r"
    assert row["physical_filter"] == "RG610~empty"
    assert row["mjd"] == pytest.approx(59359.8333333 + 3 / 1440, abs=1e-6)


def test_results_of_calibrations(repository, tmp_path):
    """Results tables are read as Parquet, whichever table class the Butler stored them with."""
    repository.run(CALIBRATION)
    name = repository.dataset_type("verifyBiasResults", ("instrument",), "ArrowAstropy")
    table = Table(
        {
            "instrument": ["LATISS"] * 3,
            "exposure": [FIRST_EXPOSURE + n for n in range(3)],
            "detector": [0] * 3,
            "amplifier": ["C00"] * 3,
            "mjd": [59359.8, 59359.9, 59360.0],
            "BIAS_MEAN": [0.25, -0.5, 1.0],
            "BIAS_VERIFY_MEAN": [True, True, False],
        }
    )
    repository.butler.put(table, name, instrument="LATISS", run=CALIBRATION)
    pulls = calibrations(tmp_path)
    (job,) = pulls.pull()
    assert [(row["exposure"], row["value"]) for row in job.measurements] == [
        (str(FIRST_EXPOSURE + n), value) for n, value in enumerate([0.25, -0.5, 1.0])
    ]
    assert [row["passed"] for row in job.tests] == [True, True, False]
    assert pulls.pull() == []
