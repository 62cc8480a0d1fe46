from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.model.runs import RunKey
from tests.sources.reading import read, read_one, rows, values, write

CFHT = {"type_": "verify-json", "location": "data/real/squash-api/Cfht_output_r.json"}


def make_job(*measurements, **keys) -> str:
    """Return the text of a Job file."""
    return json.dumps({"measurements": list(measurements), **keys})


def measurement(metric="validate_drp.PA1", value=7.5, unit="mmag", **keys) -> dict:
    """Return one measurement of a Job file."""
    return {"metric": metric, "value": value, "unit": unit, **keys}


def read_text(tmp_path, text, **keys) -> JobBundle:
    """Return the bundle of a Job file with this text."""
    write(tmp_path / "job.json", text)
    return read_one(tmp_path, "verify-json", "job.json", **keys)


def test_real_job(shared):
    """Every number of a real Job arrives as it is stored, NaN as a value that was not measured."""
    raw = json.loads((shared / CFHT["location"]).read_text())
    job = read_one(shared, **CFHT, dataset="CFHT validation", release="2017")
    assert job.run == RunKey(dataset="CFHT validation", release="2017")
    assert job.origin == CFHT["location"]
    for stored, row in zip(raw["measurements"], job.measurements, strict=True):
        missing = math.isnan(stored["value"])
        assert row["metric"] == stored["metric"]
        assert row["unit"] == stored["unit"]
        assert row["identifier"] == stored["identifier"]
        assert json.loads(row["blobs"]) == stored["blob_refs"]
        assert row["value"] == (None if missing else stored["value"])
        assert row.get("reason") == ("nan" if missing else None)
        assert (row["instrument"], row["band"]) == ("CFHT", "r")
    assert sum(row["value"] is None for row in job.measurements) == 7
    assert job.meta == raw["meta"]
    assert {row["identifier"] for row in job.blobs} == {blob["identifier"] for blob in raw["blobs"]}
    assert len(job.metrics) == 36
    assert len(job.specifications) == 225


def test_real_blobs_are_strict_json(shared):
    """The data of blobs are kept, with null where the file has NaN."""
    raw = json.loads((shared / CFHT["location"]).read_text())
    job = read_one(shared, **CFHT)
    for stored, row in zip(raw["blobs"], job.blobs, strict=True):
        assert row["name"] == stored["name"]
        data = json.loads(row["data"], parse_constant=pytest.fail)
        assert data.keys() == stored["data"].keys()


def test_dispatched_job(shared):
    """What dispatch_verify added is kept: packages, environment, and the date of the job."""
    job = read_one(shared, "verify-json", "data/real/squash-api/verify_job_with_nan.json")
    assert job.date == "2018-07-30T18:25:52.410342+00:00"
    assert job.meta["env"]["ci_id"] == "unknown"
    assert job.meta["packages"]["pybind11"]["eups_version"] == "2.1.1.lsst2"
    assert job.meta["packages"]["pybind11"]["git_branch"] is None
    assert len(job.metrics) == 62


def test_other_real_json_is_refused(shared):
    """JSON files that are no jobs are named, each of them."""
    found = read(shared, "verify-json", "data/real/post-qa/*.json")
    found += read(shared, "verify-json", "data/real/dmtn-008/*.json")
    assert len(found) == 13
    assert {type(one) for one in found} == {Unreadable}
    assert {one.reason for one in found} == {
        "not a Job of lsst.verify: an object without a list `measurements`; is `type` right?"
    }


@pytest.mark.parametrize(
    ("text", "reason", "place"),
    [
        ("[]", "not a Job of lsst.verify: no object", "line 1 column 1"),
        ("null", "not a Job of lsst.verify: no object", "line 1 column 1"),
        ('{"measurements": {}}', "without a list `measurements`", "line 1 column 1"),
        ('{"measurements": [{"metric": "a.b"', "not valid JSON", "line 1 column 35"),
        (make_job(measurement(metric="PA1")), "the metric 'PA1' has no package", ""),
        (make_job(measurement(), meta={"a": [[[]]] * 2, "b": "x"}, blobs=7), None, ""),
        (make_job(), "holds no result", ""),
        ('{"measurements": [{"value": 1.0}]}', "names no metric", "measurements[0]"),
    ],
)
def test_not_a_job(tmp_path, text, reason, place):
    """A file that is not a Job says what it is instead, and where."""
    write(tmp_path / "job.json", text)
    (found,) = read(tmp_path, "verify-json", "job.json")
    if reason is None:
        assert isinstance(found, JobBundle)
        return
    assert reason in found.reason
    assert found.place == place
    assert found.sha256


def test_a_blob_that_is_nested_too_deeply(tmp_path):
    """It is counted from 0, as JSON and the measurements beside it are."""
    deep = json.loads("[" * 150 + "]" * 150)
    blobs = [{"identifier": "1", "data": {}}, {"identifier": "2", "data": {"a": deep}}]
    write(tmp_path / "job.json", make_job(measurement(), blobs=blobs))
    (found,) = read(tmp_path, "verify-json", "job.json")
    assert found.place == "blobs[1]"
    assert found.reason.endswith("leave them out")


def test_missing_values(tmp_path):
    """NaN, null and nonsense are three reasons, and none of them is zero."""
    job = read_text(
        tmp_path,
        make_job(
            measurement("p.nan", math.nan),
            measurement("p.inf", math.inf),
            measurement("p.null", None),
            measurement("p.nothing", None, None),
            measurement("p.text", "no stars"),
            measurement("p.huge", 10**400),
            measurement("p.zero", 0.0),
            {"metric": "p.absent"},
        ),
    )
    assert values(job) == {
        "p.nan": "nan",
        "p.inf": "nan",
        "p.null": "null",
        "p.nothing": "null",
        "p.text": "unreadable",
        "p.huge": "unreadable",
        "p.zero": 0.0,
        "p.absent": "null",
    }
    assert "The value of p.text is not a number: 'no stars'." in job.remarks
    assert "unit" not in rows(job, "p.nothing")[0]


def test_old_files(tmp_path):
    """Extra keys and null identifiers of 2017 are no reason to refuse a file."""
    job = read_text(
        tmp_path,
        make_job(
            measurement("PA1", identifier=None, blob_refs=None),
            _job_number=3,
            metrics=None,
            specs=None,
            blobs=[{"identifier": None, "name": "x", "data": None}, "nonsense"],
            meta=None,
        ),
        package="validate_drp",
    )
    assert values(job) == {"validate_drp.PA1": 7.5}
    assert "identifier" not in job.measurements[0]
    assert job.meta == {"_job_number": 3}
    assert job.blobs == [{"name": "x", "data": "{}"}]


def test_answer_of_squash(tmp_path):
    """A job as the REST service returns it is read like a file, what stands beside meta too."""
    job = read_text(
        tmp_path,
        make_job(
            measurement(),
            id=768,
            date_created="2018-07-30T18:25:52Z",
            ci_dataset="validation_data_cfht",
            meta={"filter_name": "HSC-R"},
        ),
        dataset=None,
        release={"meta": "id"},
    )
    assert job.run == RunKey(dataset="validation_data_cfht", release="768")
    assert job.date == "2018-07-30T18:25:52Z"
    assert job.measurements[0]["physical_filter"] == "HSC-R"
    assert job.measurements[0]["band"] == "r"


def test_gen3_job(tmp_path):
    """The data ID of a job made from a Butler is in its metadata, the filter is physical."""
    meta = {
        "butler_generation": "Gen3",
        "ci_dataset": "HSC RC2",
        "instrument": "HSC",
        "filter": "HSC-I",
        "band": "i",
        "tract": 9615,
        "skymap": "hsc_rings_v1",
    }
    job = read_text(tmp_path, make_job(measurement(), meta=meta), dataset=None)
    assert job.run.dataset == "HSC RC2"
    assert {**job.measurements[0]} == {
        "instrument": "HSC",
        "skymap": "hsc_rings_v1",
        "tract": "9615",
        "band": "i",
        "physical_filter": "HSC-I",
        "metric": "validate_drp.PA1",
        "value": 7.5,
        "unit": "mmag",
    }


def test_jobs_of_two_bands_stay_two(tmp_path):
    """Jobs that differ only in band or tract are never merged."""
    for tract in (9615, 9697):
        for band in "ri":
            text = make_job(measurement(), meta={"tract": tract, "band": band})
            write(tmp_path / f"{tract}-{band}.json", text)
    found = read(tmp_path, "verify-json", "*.json")
    assert [(one.measurements[0]["tract"], one.measurements[0]["band"]) for one in found] == [
        ("9615", "i"),
        ("9615", "r"),
        ("9697", "i"),
        ("9697", "r"),
    ]
    assert len({one.run for one in found}) == 1


def test_duplicates_in_one_job(tmp_path):
    """A metric that is measured twice in one job is kept twice, and remarked on."""
    job = read_text(tmp_path, make_job(measurement(value=1), measurement(value=2)))
    assert [row["value"] for row in job.measurements] == [1.0, 2.0]
    assert job.remarks == ("validate_drp.PA1 is measured 2 times in this job; all are kept.",)


def test_notes(tmp_path):
    """Notes stand in the metadata under the metric's name; they stay there too."""
    meta = {"validate_drp.PA1.estimator": "rms", "validate_drp.PA1.a.b": 1, "other.X.y": 2}
    job = read_text(tmp_path, make_job(measurement(), meta=meta))
    assert json.loads(job.measurements[0]["notes"]) == {"estimator": "rms", "a.b": 1}
    assert job.meta == meta


def test_percent_without_unit(tmp_path):
    """A percentage stored without a unit is kept as stored and remarked on."""
    metrics = [{"name": "p.fraction", "description": "", "unit": "%", "tags": []}]
    job = read_text(tmp_path, make_job(measurement("p.fraction", 5.0, ""), metrics=metrics))
    assert job.measurements[0]["unit"] == ""
    assert job.measurements[0]["value"] == 5.0
    assert job.remarks == (
        "p.fraction is defined in per cent but stored without a unit; kept as stored.",
    )


def test_definitions_that_cannot_be_used(tmp_path):
    """A specification without a threshold is a remark, and everything else is read."""
    specs = [
        {"name": "p.m.design", "threshold": {"value": 5.0, "unit": "mmag", "operator": "<="}},
        {"name": "p.m.broken", "type": "provenance"},
    ]
    job = read_text(tmp_path, make_job(measurement("p.m"), specs=specs))
    assert [one.name for one in job.specifications] == ["p.m.design"]
    assert len(job.remarks) == 1
    assert "specs[2]" in job.remarks[0]


def test_hostile_metadata(tmp_path):
    """NaN in metadata becomes null; names and values are text and nothing else."""
    meta = {"x": math.nan, "<script>": ["</script>"], "\ud800": 1}
    job = read_text(tmp_path, make_job(measurement(identifier="<b>"), meta=meta))
    assert job.meta == {"x": None, "<script>": ["</script>"], "�": 1}


def test_metric_without_package_beside_others(tmp_path):
    """A bare name is listed with its place; the measurements whose names are whole stay."""
    write(tmp_path / "a.json", make_job(measurement(metric="PA2"), measurement()))
    fault, job = read(tmp_path, "verify-json", "a.json")
    assert values(job) == {"validate_drp.PA1": 7.5}
    assert fault.place == "measurements[0]"
    assert fault.reason.startswith("the metric has no package: add `package = …`")


def test_metric_without_name(tmp_path):
    """A measurement that names no metric is listed with its place; the others stay."""
    text = make_job({"value": 1}, "text", measurement(), measurement(metric=None))
    write(tmp_path / "a.json", text)
    *faults, job = read(tmp_path, "verify-json", "a.json")
    assert values(job) == {"validate_drp.PA1": 7.5}
    places = ["measurements[0]", "measurements[1]", "measurements[3]"]
    assert [one.place for one in faults] == places
    assert "names no metric" in faults[0].reason


def test_many_metrics_without_name(tmp_path):
    """A file of nothing but such measurements does not flood the list."""
    write(tmp_path / "a.json", make_job(*[{"value": 1}] * 1000))
    faults = read(tmp_path, "verify-json", "a.json")
    assert len(faults) == 21
    assert "980 more" in faults[-1].reason


def test_order_is_that_of_paths(shared: Path):
    """The jobs of a source come in the order of their paths."""
    found = read(shared, "verify-json", "data/real/squash-api")
    assert [Path(one.origin).name for one in found] == [
        "Cfht_output_r.json",
        "verify_job_with_nan.json",
    ]
