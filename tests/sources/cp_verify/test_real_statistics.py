"""Statistics files as cp_verify writes them, 2023 to 2025."""

from __future__ import annotations

import json
import math
import re

import pytest
import yaml

from reportgen.model.bundle import JobBundle
from tests.sources.reading import read, read_one, rows

FOLDER = "data/real/ci_cpp_gen3"
LATISS = {
    "pattern": r"(?P<stage>[a-z]+)(?P<level>Det|Exp|Run)/(?P<date>\d{4}-\d{2}-\d{2})",
    "instrument": "LATISS",
    "detector": 0,
    "dataset": "LATISS calibrations",
    "release": "daily",
}
RENAMED_TESTS = {"GAIN": "PTC_GAIN", "NOISE": "PTC_NOISE", "BFE_A00": "PTC_BFE_A00"}
READ_NOISE = {"RESIDUAL STDEV", "READ_NOISE", "READ_NOISE_ADU"}


@pytest.fixture(scope="module")
def real(shared) -> dict[str, JobBundle]:
    """Return all real files by ``folder/name``, read with the configuration of the design."""
    found = read(shared, "cp-verify", f"{FOLDER}/*/*.yaml", **LATISS)
    assert all(isinstance(one, JobBundle) for one in found)
    return {one.origin.removeprefix(f"{FOLDER}/"): one for one in found}


@pytest.fixture(scope="module")
def raw(shared) -> dict[str, dict]:
    """Return what a YAML parser makes of the same files."""
    return {
        f"{path.parent.name}/{path.name}": yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
        for path in sorted((shared / FOLDER).glob("*/*.yaml"))
    }


def stage_of(name: str) -> str:
    """Return the stage of a folder such as ``linearizerDet``."""
    stage = re.split(r"Det|Exp|Run", name)[0]
    return {"linearizer": "linearity"}.get(stage, stage)


def is_number(value) -> bool:
    """Whether a value of a file is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def expected_statistics(stage: str, data: dict) -> dict:
    """Return the statistics of a DetStats file by name and amplifier, written down plainly."""
    found = {}
    for amplifier, values in (data.get("AMP") or {}).items():
        found |= {(f"{stage}_{key}", amplifier): value for key, value in values.items()}
    for key, values in (data.get("METADATA") or {}).items():
        name = "READ_NOISE_ADU" if key in READ_NOISE else key
        found |= {(f"{stage}_{name}", amplifier): value for amplifier, value in values.items()}
    prefix = "DET_" if stage == "FLAT" else ""
    found |= {(f"{stage}_{prefix}{key}", None): v for key, v in (data.get("DET") or {}).items()}
    found |= {(f"{stage}_{key}", None): v for key, v in (data.get("CATALOG") or {}).items()}
    found |= expected_isr(stage, data.get("ISR") or {})
    return {key: value for key, value in found.items() if is_number(value)}


def expected_isr(stage: str, isr: dict) -> dict:
    """Return what the Results tables take from the ISR statistics of a DetStats file."""
    found = {}
    for amplifier, values in (isr.get("CALIBDIST") or {}).items():
        for key, value in values.items():
            if key.startswith(f"LSST CALIB {stage} "):
                level = key.split()[-1].removesuffix("-PCT")
                found[f"{stage}_{stage}_DIST_{level}_PCT", amplifier] = value
    for amplifier, values in (isr.get("BIASSHIFT") or {}).items():
        found[f"{stage}_BIAS_SHIFT_NOISE", amplifier] = values["LOCAL_NOISE"]
        found[f"{stage}_BIAS_SHIFT_COUNT", amplifier] = len(values["BIAS_SHIFTS"])
    return found


def test_every_statistic(real, raw):
    """Each number of each DetStats file is a measurement, and nothing else is."""
    count = 0
    for name, data in raw.items():
        if "Det/" not in name:
            continue
        job = real[name]
        expected = expected_statistics(stage_of(name).upper(), data)
        for row in job.measurements:
            value = expected.pop((row["metric"].removeprefix("cp_verify."), row.get("amplifier")))
            if math.isnan(value):
                assert (row["value"], row["reason"]) == (None, "nan")
            else:
                assert row["value"] == value
                assert "reason" not in row
            assert (row["instrument"], row["detector"]) == ("LATISS", "0")
            assert "unit" not in row
            count += 1
        assert expected == {}, name
    assert count == 3422


def test_every_verdict_of_detectors(real, raw):
    """Each verdict of each DetStats file is a test, as it stands there."""
    for name, data in raw.items():
        if "Det/" not in name:
            continue
        expected = {("detector", None, "SUCCESS"): data["SUCCESS"]}
        for group, verdicts in data["VERIFY"].items():
            if group == "AMP":
                for amplifier, tests in verdicts.items():
                    for test, verdict in tests.items():
                        expected["amplifier", amplifier, test] = verdict
            elif isinstance(verdicts, dict):
                for test, verdict in verdicts.items():
                    own = "DET_SUCCESS" if test == "SUCCESS" else test
                    expected["detector", None, own] = verdict
            else:
                expected["detector", None, RENAMED_TESTS.get(group, group)] = verdicts
        found = {
            (row["level"], row.get("amplifier"), row["test"]): row["passed"]
            for row in real[name].tests
        }
        assert found == expected, name
        assert {row["stage"] for row in real[name].tests} == {stage_of(name)}


def test_every_failure_of_runs(real, raw):
    """Each SUCCESS and each failure of the merged files is a test, and no failure is added."""
    for name, data in raw.items():
        if "Det/" in name:
            continue
        found = [
            (row.get("exposure"), row.get("detector"), row.get("amplifier"), row["test"])
            for row in real[name].tests
            if not row["passed"]
        ]
        expected = [] if data["SUCCESS"] else [(None, None, None, "SUCCESS")]
        for key, entry in data.items():
            if key == "SUCCESS":
                continue
            exposure = str(key) if isinstance(key, int) else None
            detector = None if exposure else "0"
            if not entry.get("SUCCESS", False):
                expected.append((exposure, detector, None, "SUCCESS"))
            for failure in entry.get("FAILURES", []):
                words = failure.removeprefix("Detector 0 ").removeprefix("RXX_S00 ").split()
                test = RENAMED_TESTS.get(words[-1], words[-1]) if "ptc" in name else words[-1]
                amplifier = words[0] if len(words) > 1 else None
                expected.append((exposure, "0", amplifier, test))
        assert sorted(found, key=str) == sorted(expected, key=str), name


def test_failed_and_nothing_says_why(real):
    """An exposure that failed without a failure is kept as exactly that."""
    tests = real["flatRun/2024-10-21_01ad6c7.yaml"].tests
    about = [row for row in tests if row.get("exposure") == "2021052500098"]
    assert about == [
        {
            "instrument": "LATISS",
            "exposure": "2021052500098",
            "day_obs": "20210525",
            "date": "2024-10-21",
            "stage": "flat",
            "level": "run",
            "test": "SUCCESS",
            "passed": False,
        }
    ]


def test_failures_without_success(real):
    """Failures without SUCCESS mean that the exposure failed, as upstream meant it until 2024."""
    job = real["biasRun/2023-12-13_e3e68ac.yaml"]
    success = {
        row["exposure"]: row["passed"]
        for row in job.tests
        if row["test"] == "SUCCESS" and "exposure" in row
    }
    assert success == {
        "2021052500015": False,
        "2021052500016": True,
        "2021052500017": False,
        "2021052500018": False,
        "2021052500019": True,
    }
    assert job.remarks == ("Entries that list failures without SUCCESS count as not successful.",)


def test_verdicts_flip_while_values_stay(real):
    """The noise of an amplifier is the same to a hundredth while its verdict changes."""
    before = real["biasDet/2023-12-13_e3e68ac.yaml"]
    after = real["biasDet/2025-04-03_e7b2d60.yaml"]

    def failing(job):
        return {r["amplifier"] for r in job.tests if r["test"] == "NOISE" and not r["passed"]}

    assert failing(before) == set()
    assert len(failing(after)) == 9


def test_read_noise_under_three_names(real):
    """The read noise is one statistic although its key changed; the key stays in the notes."""
    for name, key in (
        ("biasDet/2023-12-13_e3e68ac.yaml", "RESIDUAL STDEV"),
        ("biasDet/2025-04-03_e7b2d60.yaml", "READ_NOISE"),
    ):
        found = rows(real[name], "cp_verify.BIAS_READ_NOISE_ADU")
        assert len(found) == 16
        assert {json.loads(row["notes"])["stored_as"] for row in found} == {key}


def test_time_of_the_exposure(real):
    """The date is what the configuration says, the MJD what the file says of the exposure."""
    row = real["biasDet/2025-04-03_e7b2d60.yaml"].measurements[0]
    assert row["mjd"] == 59359.8784493823
    assert row["date"] == "2025-04-03"
    assert "mjd" not in real["biasDet/2023-12-13_e3e68ac.yaml"].measurements[0]


def test_words_are_metadata(real):
    """Which model a photon transfer curve was fitted with explains a jump of its gain."""
    assert real["ptcDet/2024-10-19_3344768.yaml"].meta["PTC_PTC_FIT_TYPE"] == "EXPAPPROXIMATION"
    assert real["ptcDet/2024-10-30_9786c84.yaml"].meta["PTC_PTC_FIT_TYPE"] == "FULLCOVARIANCE"


def test_renamed_tests_are_remarked_on(real):
    """Who reads PTC_GAIN finds out that the file said GAIN."""
    job = real["ptcDet/2023-12-13_e3e68ac.yaml"]
    assert "The test GAIN is called PTC_GAIN as in later files." in job.remarks
    assert {row["level"] for row in job.tests} == {"detector"}


def test_without_any_word_in_the_configuration(shared):
    """Stage, level and detector follow from names; only the instrument has to be given."""
    job = read_one(
        shared, "cp-verify", f"{FOLDER}/ptcRun/2023-12-13_e3e68ac.yaml", instrument="LATISS"
    )
    assert job.meta == {"stage": "ptc", "level": "run"}
    assert {row.get("detector") for row in job.tests} == {None, "0"}
