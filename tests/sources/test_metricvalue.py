from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.sources import values as values_module
from reportgen.sources.documents import TaggedLoader
from reportgen.sources.metricvalue_yaml import read_any, read_flat, read_metric_value
from tests.sources.reading import read, read_one, write

FLAT = """!<lsst.verify.Measurement>
blobs:
- !<lsst.verify.Blob>
  data: {}
  identifier: dfa39d621b0a4c1080d578a781dafac6
  name: PA1
identifier: 170536d3e32d491ba65b0e86651672b9
metric: PA1
notes: {}
unit: mmag
value: 6.8097958
"""


class Dumper(yaml.SafeDumper):
    """Writes measurements as lsst.verify does."""


class Measurement(dict):
    """A measurement to be dumped."""


class Blob(dict):
    """A blob to be dumped."""


Dumper.add_representer(
    Measurement, lambda dumper, data: dumper.represent_mapping("lsst.verify.Measurement", data)
)
Dumper.add_representer(
    Blob, lambda dumper, data: dumper.represent_mapping("lsst.verify.Blob", data)
)

names = st.from_regex(r"[A-Za-z][A-Za-z0-9_.]{0,8}", fullmatch=True) | st.sampled_from(
    [
        "yes",
        "No",
        "null",
        "on",
        "y",
        "Null",
        "nan",
        "e1",
        "1e5",
        "~",
        "",
        "0x1F",
        "12",
        "1.5",
        "a: b",
    ]
)
identifiers = st.from_regex(r"[0-9a-f]{32}", fullmatch=True) | st.sampled_from(
    ["0" * 32, "1" * 31 + "e", "1e" + "1" * 30, "12345678" * 4, ".nan", None]
)
measurements = st.builds(
    lambda **keys: Measurement(keys),
    blobs=st.lists(
        st.builds(lambda **keys: Blob(keys), data=st.just({}), identifier=identifiers, name=names),
        max_size=2,
    ),
    identifier=identifiers,
    metric=names,
    notes=st.just({}),
    unit=names | st.sampled_from(["%", "", "1 / pix", "mag(AB)", "it's", "ct/s", None]),
    value=st.floats() | st.integers() | st.none(),
)


def loaded(content: bytes) -> dict:
    """Return what the parser makes of a file."""
    return yaml.load(content, Loader=TaggedLoader)


def same(one, other) -> bool:
    """Whether two measurements are equal, NaN with NaN."""
    return repr(one) == repr(other)


@given(measurements)
def test_fast_path_equals_the_parser(measurement):
    """Whatever lsst.verify can write, the fast path reads what a YAML parser reads, or nothing."""
    content = yaml.dump(measurement, Dumper=Dumper, sort_keys=True).encode()
    flat = read_flat(content)
    if flat is not None:
        assert same(flat, read_any(content, "x"))


@given(st.data())
def test_fast_path_equals_the_parser_on_damaged_files(data):
    """Cutting, doubling or changing any part of a file never makes the two disagree."""
    start = data.draw(st.integers(0, len(FLAT)))
    end = data.draw(st.integers(start, min(len(FLAT), start + 8)))
    put = data.draw(st.text(alphabet="ab0189.:-+_'\"{}[] \n#!&*%éeE~", max_size=6))
    content = (FLAT[:start] + put + FLAT[end:]).encode()
    flat = read_flat(content)
    if flat is not None:
        assert same(flat, read_any(content, "x"))


def test_fast_path_takes_real_files(shared):
    """All real files without extras take the fast path, and give what the parser gives."""
    paths = [*(shared / "data/real/faro").glob("*.yaml")]
    paths += (shared / "data/real/verify/metricvalue_repo1/testrun").rglob("*.yaml")
    slow = []
    for path in paths:
        content = path.read_bytes()
        flat = read_flat(content)
        if flat is None:
            slow.append(path.name)
        else:
            assert same(flat, read_any(content, path.name))
    assert len(paths) == 23
    assert slow == ["AM1_expected_0_i.yaml"]


@pytest.mark.parametrize("value", [".nan", "0.0", "3.0e-05", "-12.5"])
def test_fast_path_takes_usual_values(value):
    """The numbers that lsst.verify writes need no parser."""
    content = FLAT.replace("6.8097958", value).encode()
    assert same(read_flat(content), read_any(content, "x"))
    assert read_flat(content) is not None


def test_real_values(shared):
    """Each real file gives its number, unit and identifier under its full name."""
    folder = shared / "data/real/faro"
    found = read(
        shared,
        "metricvalue",
        "data/real/faro",
        package="validate_drp",
        pattern=r"_(?P<tract>\d+)(?:_(?P<patch>\d+))?_(?P<band>[a-z])\.yaml",
    )
    assert len(found) == 8
    for job in found:
        (row,) = job.measurements
        stored = loaded((folder / job.origin.rpartition("/")[2]).read_bytes())
        assert row["metric"] == f"validate_drp.{stored['metric']}"
        assert row["value"] == stored["value"]
        assert row["unit"] == stored["unit"]
        assert row["identifier"] == stored["identifier"]
        assert (row["tract"], row["band"]) == ("0", "i")
    assert found[0].measurements[0]["patch"] == "70"


def test_real_repository(shared):
    """The files of a Butler repository name their package themselves."""
    found = read(shared, "metricvalue", "data/real/verify/metricvalue_repo1")
    assert len(found) == 15
    assert all(isinstance(one, JobBundle) for one in found)
    assert {one.measurements[0]["metric"].partition(".")[0] for one in found} == {"verify"}


def test_extras(shared):
    """The extras of a measurement are kept as its blob; empty ones are no blob."""
    job = read_one(
        shared, "metricvalue", "data/real/faro/AM1_expected_0_i.yaml", package="validate_drp"
    )
    (blob,) = job.blobs
    assert json.loads(job.measurements[0]["blobs"]) == [blob["identifier"]]
    stored = loaded((shared / "data/real/faro/AM1_expected_0_i.yaml").read_bytes())
    assert json.loads(blob["data"]) == stored["blobs"][0]["data"]
    flat = read_one(
        shared, "metricvalue", "data/real/faro/PA1_expected_0_i.yaml", package="validate_drp"
    )
    assert list(flat.blobs) == []
    assert "blobs" not in flat.measurements[0]


def test_package_from_the_path(tmp_path):
    """A bare name gets the package of its dataset type; a summary says so in its notes."""
    write(tmp_path / "run/metricvalue_validate_drp_PA1/9615/a.yaml", FLAT)
    write(tmp_path / "run/metricvalue_summary_validate_drp_PA1/b.yaml", FLAT)
    summary, single = (one.measurements[0] for one in read(tmp_path, "metricvalue", "run"))
    assert single["metric"] == summary["metric"] == "validate_drp.PA1"
    assert json.loads(summary["notes"]) == {"aggregate": "summary"}
    assert "notes" not in single


def test_package_stays_unknown(tmp_path):
    """A bare name without any package is refused with what to do."""
    write(tmp_path / "a.yaml", FLAT)
    (found,) = read(tmp_path, "metricvalue", "a.yaml")
    assert found.reason == ("the metric 'PA1' has no package: add `package = …` to its source.")


def test_notes(tmp_path):
    """Notes are kept, and a field of the run can come from them."""
    write(tmp_path / "a.yaml", FLAT.replace("notes: {}", "notes: {weekly: w_2026_41, n: .nan}"))
    job = read_one(tmp_path, "metricvalue", "a.yaml", package="p", release={"meta": "weekly"})
    assert job.run.release == "w_2026_41"
    assert json.loads(job.measurements[0]["notes"]) == {"weekly": "w_2026_41", "n": None}


def test_bands_stay_apart(tmp_path):
    """Two files that differ only in band are two jobs of one run."""
    for band in "gr":
        write(tmp_path / f"{band}.yaml", FLAT)
    found = read(tmp_path, "metricvalue", "*.yaml", package="p", pattern=r"(?P<band>.)\.yaml")
    assert [one.measurements[0]["band"] for one in found] == ["g", "r"]
    assert found[0].run == found[1].run


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "the file is empty; write it again"),
        ("a: 1\n", "not a MetricValue"),
        ("- 1\n", "not a MetricValue"),
        (FLAT.replace("Measurement", "Surprise"), "a YAML tag that is not data was refused"),
        (FLAT.replace("notes: {}", "notes: !!python/name:os.system"), "that is not data"),
        (FLAT.replace("value: 6.8097958\n", ""), "not a MetricValue"),
        (FLAT.replace("metric: PA1", "metric: 12"), "not a MetricValue"),
        (FLAT.replace("blobs:", "blobs: ["), "not valid YAML"),
    ],
)
def test_not_a_metric_value(tmp_path, content, reason):
    """What is not a measurement is named; nothing in it is run."""
    write(tmp_path / "a.yaml", content)
    (found,) = read(tmp_path, "metricvalue", "a.yaml", package="p")
    assert isinstance(found, Unreadable)
    assert reason in found.reason


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (".nan", "'%'", (None, "nan", "%")),
        ("null", "null", (None, "null", None)),
        ("3e-05", "mmag", (3e-5, None, "mmag")),
        ("12", "ct", (12.0, None, "ct")),
        ("[1.0]", "ct", (None, "unreadable", "ct")),
        ("-.inf", "''", (None, "nan", "")),
    ],
)
def test_values(tmp_path, value, unit, expected):
    """A value is a number or has a reason, in whichever way YAML spells it."""
    write(
        tmp_path / "a.yaml",
        FLAT.replace("6.8097958", value).replace("unit: mmag", f"unit: {unit}"),
    )
    (row,) = read_one(tmp_path, "metricvalue", "a.yaml", package="p").measurements
    assert (row["value"], row.get("reason"), row.get("unit")) == expected


def test_percent(tmp_path):
    """A percentage of the SRD that is stored as dimensionless is remarked on."""
    text = FLAT.replace("metric: PA1", "metric: PF1").replace("unit: mmag", "unit: ''")
    write(tmp_path / "a.yaml", text)
    job = read_one(tmp_path, "metricvalue", "a.yaml", package="validate_drp")
    assert job.remarks == (
        "validate_drp.PF1 is defined in per cent but stored without a unit; kept as stored.",
    )


def test_unfolding_notes(tmp_path, monkeypatch):
    """Notes that unfold without end are refused, not written."""
    monkeypatch.setattr(values_module, "MAX_NODES", 10_000)
    bomb = "".join(f"  k{n}: &k{n} [*k{n - 1}, *k{n - 1}]\n" for n in range(1, 40))
    write(tmp_path / "a.yaml", FLAT.replace("notes: {}\n", f"notes:\n  k0: &k0 [x]\n{bomb}"))
    (found,) = read(tmp_path, "metricvalue", "a.yaml", package="p")
    assert "unfold" in found.reason


def test_file_that_may_be_cut_off(tmp_path):
    """A file that ends in the middle of its last line could hold half a number."""
    write(tmp_path / "a.yaml", FLAT[:-4])
    job = read_one(tmp_path, "metricvalue", "a.yaml", package="p")
    assert job.measurements[0]["value"] == 6.8097
    assert job.remarks == ("The file does not end with a line break; it may be cut off.",)


def test_text_that_is_not_ascii():
    """A file with other letters goes to the parser."""
    content = FLAT.replace("notes: {}", "notes: {who: Zoë}").encode()
    assert read_flat(content) is None
    assert read_metric_value(content, "x").notes == {"who": "Zoë"}
