"""Statistics files of cp_verify made up for what the real ones do not show."""

from __future__ import annotations

import pytest

from reportgen.model.bundle import JobBundle, Unreadable
from tests.sources.reading import read, read_one, write

DET = """AMP:
  C10: {MEAN: -0.1, NOISE: 7.9, LIST: [1, 2], FIT: true, TYPE: Spline, GONE: null, BAD: .nan}
VERIFY:
  AMP:
    C10: {MEAN: true, SUCCESS: true, ODD: maybe}
SUCCESS: true
"""
BUTLER = (
    "u/x/verifyBias/20261005T010203Z/verifyBiasDetStats/20210525/AT_O_20210525_000015/"
    "verifyBiasDetStats_LATISS_AT_O_20210525_000015_RXX_S00_u_x_verifyBias.yaml"
)


def test_path_of_a_butler(tmp_path):
    """A path of a Butler says instrument, exposure, detector, day, stage and level."""
    write(tmp_path / BUTLER, DET)
    job = read_one(tmp_path, "cp-verify", "u/**/*.yaml")
    assert job.meta == {"stage": "bias", "level": "detector", "BIAS_TYPE": "Spline"}
    assert job.date == "2021-05-25"
    assert job.measurements[0] == {
        "instrument": "LATISS",
        "exposure": "2021052500015",
        "detector": "0",
        "amplifier": "C10",
        "day_obs": "20210525",
        "date": "2021-05-25",
        "metric": "cp_verify.BIAS_MEAN",
        "value": -0.1,
    }
    assert [(row["metric"], row["value"], row.get("reason")) for row in job.measurements[1:]] == [
        ("cp_verify.BIAS_NOISE", 7.9, None),
        ("cp_verify.BIAS_GONE", None, "null"),
        ("cp_verify.BIAS_BAD", None, "nan"),
    ]
    assert job.remarks == (
        "The test ODD has no verdict but 'maybe'; left out.",
        "Lists, objects and truth values are no statistics; left out: BIAS_LIST, BIAS_FIT.",
    )


def test_entries_that_are_no_mappings(tmp_path):
    """An amplifier, its verdicts or a detector that is no mapping is listed with its place."""
    text = "AMP:\n  C10: {MEAN: 1.0}\n  C11: 7\n  C12: null\nVERIFY: {AMP: {C13: [true]}}\n"
    write(tmp_path / "biasDet.yaml", f"{text}SUCCESS: true\n")
    write(tmp_path / "biasExp.yaml", "R22_S11: broken\nR22_S12: {SUCCESS: true}\nSUCCESS: true\n")
    found = read(tmp_path, "cp-verify", "*.yaml", instrument="LSSTCam", detector="94")
    assert [(one.place, one.reason.partition(";")[0]) for one in found if not is_job(one)] == [
        ("AMP.C11", "the entry is no mapping but 7"),
        ("AMP.C12", "the entry is empty"),
        ("VERIFY.AMP.C13", "the entry is no mapping but a list"),
        ("R22_S11", "the entry is no mapping but 'broken'"),
    ]
    detector, exposure = filter(is_job, found)
    assert [row["amplifier"] for row in detector.measurements] == ["C10"]
    assert len(exposure.tests) == 2


def is_job(record) -> bool:
    """Whether it is no fault."""
    return isinstance(record, JobBundle)


def test_units_of_the_configuration(tmp_path):
    """A unit is what the configuration says, for one statistic or for all."""
    write(tmp_path / "biasDet.yaml", DET)
    job = read_one(
        tmp_path,
        "cp-verify",
        "biasDet.yaml",
        instrument="LSSTCam",
        unit="electron",
        units={"MEAN": "adu", "BIAS_BAD": ""},
        package="cpv",
    )
    assert {row["metric"]: row["unit"] for row in job.measurements} == {
        "cpv.BIAS_MEAN": "adu",
        "cpv.BIAS_NOISE": "electron",
        "cpv.BIAS_GONE": "electron",
        "cpv.BIAS_BAD": "",
    }


EXP = """R22_S11:
  SUCCESS: false
  FAILURES: [C10 NOISE, SCATTER]
R22_S12: {SUCCESS: true}
R22_S13: {}
EXP: {SCATTER: 0.04}
VERIFY: {EXP: {SCATTER: true}}
SUCCESS: false
"""


def test_exposure_of_several_detectors(tmp_path):
    """A merged file of an exposure says of each detector what failed; numbers can be given."""
    write(tmp_path / "verifyFlatExpStats/LSSTComCam_2026100500012.yaml", EXP)
    job = read_one(
        tmp_path,
        "cp-verify",
        "verifyFlatExpStats",
        detectors={"R22_S11": 4},
        physical_filter="r_03",
    )
    assert [
        (row.get("detector"), row.get("amplifier"), row["test"], row["passed"]) for row in job.tests
    ] == [
        (None, None, "SCATTER", True),
        ("4", None, "SUCCESS", False),
        ("4", "C10", "NOISE", False),
        ("4", None, "SCATTER", False),
        ("R22_S12", None, "SUCCESS", True),
        (None, None, "SUCCESS", False),
    ]
    assert {row["level"] for row in job.tests} == {"exposure"}
    assert {row["exposure"] for row in job.tests} == {"2026100500012"}
    assert {row["band"] for row in job.tests} == {"r"}
    (row,) = job.measurements
    assert (row["metric"], row["value"], row.get("detector")) == (
        "cp_verify.FLAT_SCATTER",
        0.04,
        None,
    )
    assert job.remarks == ("R22_S13 has neither SUCCESS nor FAILURES.",)


@pytest.mark.parametrize(
    "text",
    [
        EXP,
        "2026100500012:\n  SUCCESS: false\n  FAILURES: [R22_S11 C10 NOISE, R22_S12 C10 NOISE]\n",
    ],
)
def test_one_detector_for_many(tmp_path, text):
    """A constant detector never makes two detectors one."""
    write(tmp_path / "flatExp.yaml", text)
    (found,) = read(tmp_path, "cp-verify", "*.yaml", instrument="LSSTComCam", detector=4)
    assert isinstance(found, Unreadable)
    assert found.reason.startswith(
        "`detector` is configured as one, but the file reports on R22_S11 and R22_S12:"
    )


@pytest.mark.parametrize(
    ("name", "text", "keys", "reason"),
    [
        ("biasDet.yaml", DET, {}, "instrument is not known: add `instrument = …`"),
        ("x.yaml", DET, {"instrument": "HSC"}, "stage is not known: add `stage = …`"),
        ("x.yaml", DET, {"instrument": "HSC", "stage": "bias"}, "level is not known"),
        ("biasDet.yaml", "a: 1\n", {"instrument": "HSC"}, "not statistics of cp_verify: none"),
        ("biasDet.yaml", "", {"instrument": "HSC"}, "the file is empty; write it again"),
        ("biasRun.yaml", "a: 1\n", {"instrument": "HSC"}, "not statistics of cp_verify: no SUCC"),
        ("biasRun.yaml", "a: [1\n", {"instrument": "HSC"}, "not valid YAML"),
        ("biasDet.yaml", "AMP: !!python/none\n", {"instrument": "HSC"}, "a YAML tag that is not"),
    ],
)
def test_files_that_cannot_be_placed(tmp_path, name, text, keys, reason):
    """What is not known, or is not of cp_verify, is named with what to do."""
    write(tmp_path / name, text)
    (found,) = read(tmp_path, "cp-verify", name, **keys)
    assert isinstance(found, Unreadable)
    assert found.reason.startswith(reason)


def test_options_give_stage_and_level(tmp_path):
    """Stage and level can be given where no name says them."""
    write(tmp_path / "x.yaml", DET)
    job = read_one(
        tmp_path, "cp-verify", "x.yaml", instrument="HSC", stage="Linearizer", level="detector"
    )
    assert job.measurements[0]["metric"] == "cp_verify.LINEARITY_MEAN"
    assert job.tests[0]["stage"] == "linearity"


def test_oddities_of_merged_files(tmp_path):
    """What is odd in a merged file is a remark, and the rest is read."""
    text = "'5': {SUCCESS: true, FAILURES: many}\nR22_S11: {FAILURES: ['', 'A B C D']}\n"
    write(tmp_path / "ptcRun.yaml", text)
    job = read_one(tmp_path, "cp-verify", "*.yaml", instrument="LSSTCam")
    assert [
        (row.get("detector"), row.get("amplifier"), row["test"], row["passed"]) for row in job.tests
    ] == [
        ("5", None, "SUCCESS", True),
        ("R22_S11", None, "SUCCESS", False),
        ("A", "B C", "D", False),
    ]
    assert job.remarks == (
        "FAILURES is no list but 'many'.",
        "Entries that list failures without SUCCESS count as not successful.",
        "The file has no SUCCESS.",
    )


def test_verdicts_of_amplifiers_without_a_group(tmp_path):
    """Early files have amplifiers beside the groups; what is of no known kind is a remark."""
    text = (
        "AMP: {C00: {MEAN: 1.0}, X7: {MEAN: 2.0}}\nMETADATA: [1]\nSUCCESS: false\n"
        "VERIFY: {C01: {NOISE: true}, X7: {MEAN: false}, ODD: {THING: true}}\n"
    )
    write(tmp_path / "biasDet.yaml", text)
    job = read_one(tmp_path, "cp-verify", "*.yaml", instrument="LSSTCam", detector=4)
    assert [(row.get("amplifier"), row["test"], row["passed"]) for row in job.tests] == [
        ("C01", "NOISE", True),
        ("X7", "MEAN", False),
        (None, "SUCCESS", False),
    ]
    assert job.remarks == (
        "Verdicts on 'ODD' are of no known kind; left out.",
        "The block METADATA is a list; left out.",
    )


def test_statistics_that_are_no_numbers_are_named_once(tmp_path):
    """A list, an object and a truth value are left out, and the job says which."""
    text = (
        "AMP: {C00: {MEAN: 1.0, NOISE: {A: 2.0}}, C01: {MEAN: 2.0, NOISE: [1.0]}}\n"
        "DET: {SCATTER: true}\nMETADATA: {READ_NOISE_ADU: {C00: [1.0]}}\nSUCCESS: true\n"
    )
    write(tmp_path / "biasDet.yaml", text)
    job = read_one(tmp_path, "cp-verify", "*.yaml", instrument="LSSTCam", detector=4)
    assert [(row["metric"], row["value"]) for row in job.measurements] == [
        ("cp_verify.BIAS_MEAN", 1.0),
        ("cp_verify.BIAS_MEAN", 2.0),
    ]
    left_out = "BIAS_NOISE, BIAS_READ_NOISE_ADU, BIAS_SCATTER"
    remark = f"Lists, objects and truth values are no statistics; left out: {left_out}."
    assert job.remarks == (remark,)


def test_a_run_of_several_nights_has_the_date_of_its_last(tmp_path):
    """What a file says of itself as a whole stands at the newest of its exposures."""
    text = "2026010100001: {SUCCESS: false}\n2026010200003: {SUCCESS: true}\nSUCCESS: false\n"
    write(tmp_path / "biasRun.yaml", text)
    job = read_one(tmp_path, "cp-verify", "*.yaml", instrument="LATISS", detector=0)
    assert [(row.get("exposure"), row["date"]) for row in job.tests] == [
        ("2026010100001", "2026-01-01"),
        ("2026010200003", "2026-01-02"),
        (None, "2026-01-02"),
    ]


def test_a_configured_date_dates_all_rows_of_a_file(tmp_path):
    """The configuration wins over the night of the exposures, which keep their names."""
    text = "2021052500190: {SUCCESS: false, FAILURES: [RXX_S00 BRIGHT_SLOPE]}\nSUCCESS: false\n"
    write(tmp_path / "bfkRun/2023-12-13.yaml", text)
    pattern = r"(?P<date>\d{4}-\d{2}-\d{2})"
    job = read_one(tmp_path, "cp-verify", "*/*.yaml", instrument="LATISS", pattern=pattern)
    assert {row["date"] for row in job.tests} == {"2023-12-13"}
    assert [row.get("exposure") for row in job.tests] == ["2021052500190"] * 2 + [None]


@pytest.mark.parametrize(
    "failures",
    [
        "[R22_S11 C00 MEAN, R22_S12 SCATTER]",
        "[[R22_S11, C00, MEAN], [R22_S12, SCATTER]]",
        "{R22_S11: [C00 MEAN], R22_S12: SCATTER}",
        "{R22_S11: {C00: {MEAN: false, NOISE: true}}, R22_S12: {SCATTER: false}}",
        "[{R22_S11: {C00: [MEAN]}}, R22_S12 SCATTER]",
    ],
)
def test_failures_are_read_in_whichever_form_they_are_listed(tmp_path, failures):
    """Words, lists of words and mappings by detector and amplifier say the same."""
    text = f"2026010100001: {{SUCCESS: false, FAILURES: {failures}}}\nSUCCESS: false\n"
    write(tmp_path / "flatRun.yaml", text)
    job = read_one(tmp_path, "cp-verify", "*.yaml", instrument="LSSTComCam")
    assert [
        (row["detector"], row.get("amplifier"), row["test"])
        for row in job.tests
        if row["test"] != "SUCCESS"
    ] == [("R22_S11", "C00", "MEAN"), ("R22_S12", None, "SCATTER")]
    assert job.remarks == ()
