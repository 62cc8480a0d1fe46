"""Tables as reports printed them and pipelines wrote them."""

from __future__ import annotations

import csv
from collections import Counter

from reportgen.model.bundle import JobBundle
from tests.sources.reading import read, read_one

REPORTS = {
    "columns": {
        "metric": "metric",
        "band": "band",
        "value": "value",
        "unit": "unit",
        "release": "value_release",
        "producer": "dataset_or_producer",
    },
    "package": "validate_drp",
    "release": None,
    "missing": ["", "**", "No data"],
}


def test_release_tables(shared):
    """Each number that the characterization reports printed arrives in the run of its release."""
    expected = Counter()
    for path in sorted((shared / "data/real/dmtr").glob("DMTR-*_v[0-9]*.csv")):
        with path.open(newline="") as stream:
            for line in csv.DictReader(stream):
                value = None if line["value"] in {"", "1,2x10^-6"} else float(line["value"])
                name, band = f"validate_drp.{line['metric']}", line["band"] or None
                producer, unit = line["dataset_or_producer"], line["unit"]
                expected[line["value_release"], name, band, producer, unit, value] += 1
    found = Counter()
    for job in read(shared, "table", "data/real/dmtr/DMTR-*_v[0-9]*.csv", **REPORTS):
        assert isinstance(job, JobBundle)
        for row in job.measurements:
            found[
                job.run.release,
                row["metric"],
                row.get("band"),
                row["producer"],
                row["unit"],
                row["value"],
            ] += 1
            assert (row["value"] is None) == ("reason" in row)
    assert found == expected
    assert {key[0] for key in found} == {str(n) for n in range(17, 26)}


def test_cell_that_is_no_number(shared):
    """A printed value that is no number is not guessed at, and found again by its row."""
    path = "data/real/dmtr/DMTR-281_v21.0.0.csv"
    first, second = read(shared, "table", path, **REPORTS)
    assert first.remarks == ("Row 132, column 'value': '1,2x10^-6' is not a number.",)
    (row,) = [row for row in first.measurements if row.get("reason") == "unreadable"]
    assert row["value"] is None
    assert second.remarks == ()
    assert (first.origin, second.origin) == (f"{path}#hsc-rc2/20", f"{path}#hsc-rc2/21")


def test_words_for_no_data(shared):
    """Stars in a table mean that nothing was measured."""
    job = read_one(
        shared,
        "table",
        "data/real/dmtr/DMTR-131_validation_data_hsc_char_report.csv",
        columns={"metric": "Metric", "band": "Filter", "value": "Value", "unit": "Unit"},
        package="validate_drp",
        missing=["", "**"],
    )
    assert len(job.measurements) == 42
    assert {row.get("reason") for row in job.measurements} == {None, "null"}
    assert {row["band"] for row in job.measurements} <= set("rizy")
    assert {row["physical_filter"] for row in job.measurements} <= {f"HSC-{b}" for b in "RIZY"}


def test_printed_values_of_analysis_tools(shared):
    """Names with the band in front are split where the configuration says so."""
    found = read(
        shared,
        "table",
        "data/real/dmtr-412/*.csv",
        columns={"metric": "measurement"},
        band_in_metric=True,
        package="analysis_tools",
    )
    by_name = [row for job in found for row in job.measurements]
    assert len(by_name) == 27
    assert {row["metric"] for row in by_name} == {
        "analysis_tools.AM1",
        "analysis_tools.AM2",
        "analysis_tools.stellarPhotRepeatStdev",
    }
    assert {row["band"] for row in by_name} == set("gri")
    assert by_name[0]["tract"] == "9615"
    assert found[0].run.collection == "HSC/runs/RC2/w_2024_34/DM-45857"


def test_history_of_amplifiers(shared):
    """A wide table of calibrations gives its statistics and, as they stand, its verdicts."""
    path = shared / "data/real/ci_cpp_gen3/bias_amp_history.csv"
    lines = list(csv.DictReader(path.open(newline="")))
    statistics = ["MEAN", "NOISE", "CR_NOISE", "AMP_CORNER"]
    found = read(
        shared,
        "table",
        "data/real/ci_cpp_gen3/bias_amp_history.csv",
        columns={"release": "reference_date", "date": "reference_date", "collection": "commit"},
        value_columns=statistics,
        stage="bias",
        release=None,
    )
    measured, tested = {}, {}
    for job in found:
        for row in job.measurements:
            measured[job.run.collection, row["amplifier"], row["metric"]] = row["value"]
        for row in job.tests:
            assert (row["stage"], row["level"]) == ("bias", "amplifier")
            tested[job.run.collection, row["amplifier"], row["test"]] = row["passed"]
    for line in lines:
        key = (line["commit"], line["amplifier"])
        for name in statistics:
            expected = float(line[name]) if line[name] else None
            assert measured.pop((*key, f"cp_verify.BIAS_{name}")) == expected
        for name in ("VERIFY_MEAN", "VERIFY_NOISE", "VERIFY_READ_NOISE_CONSISTENT", "SUCCESS"):
            passed = tested.get((*key, name.removeprefix("VERIFY_")))
            assert passed == {"True": True, "False": False, "": None}[line[name]]
    assert measured == {}
    first = found[0].measurements[0]
    assert first["exposure"] == "2021052500015"
    assert (first["instrument"], first["detector"]) == ("LATISS", "0")
    assert (first["date"], found[0].date) == ("2023-12-13", "2023-12-13")
