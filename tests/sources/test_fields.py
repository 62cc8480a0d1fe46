from __future__ import annotations

import re

import pytest

from reportgen.config import SourceConfig
from reportgen.errors import UnreadableError
from reportgen.model.runs import RunKey
from reportgen.sources.fields import FieldReader
from reportgen.sources.job_meta import look_up, own_fields
from reportgen.sources.texts import cell_text, iso_date


def reader(**keys) -> FieldReader:
    """Return the field rules of a source."""
    return FieldReader(SourceConfig(name="nightly", type="verify-json", **keys))


def test_constants_win_over_pattern_and_file():
    """What the configuration says wins over what the file says of itself."""
    fields = reader(dataset="A", release="1", band="r", pattern=r"(?P<band>.)\.json")
    found = fields.read("x/g.json", {"band": "i", "dataset": "B", "release": "2", "tract": "9615"})
    assert found.run == RunKey(dataset="A", release="1")
    assert found.base == {"tract": "9615", "band": "r"}


def test_pattern_wins_over_file():
    """A named group of the pattern wins over what the file says of itself."""
    fields = reader(dataset="A", pattern=r"(?P<release>w_\d+_\d+)/(?P<tract>\d+)/(?P<kind>\w+)")
    found = fields.read("repo/w_2026_40/9697/x.json", {"release": "old", "tract": "1"})
    assert found.run == RunKey(dataset="A", release="w_2026_40")
    assert found.base == {"tract": "9697"}
    assert found.extra == {"kind": "x"}


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("ci_label", "w_2018_31"),
        ("env.ci_label", "w_2018_31"),
        ("id", "768"),
        ("nested.deep", "24.1"),
        ("validate_drp.PA1.threshold", "5"),
        ("__version", "v24"),
        ("round", "24.0"),
    ],
)
def test_meta_rules(rule, expected):
    """A key of the metadata is found as it stands, by dotted path, and in ``env``."""
    meta = {
        "env": {"ci_label": "w_2018_31"},
        "id": 768,
        "nested": {"deep": 24.1},
        "validate_drp.PA1.threshold": 5,
        "version": "v24",
        "round": 24.0,
    }
    fields = reader(dataset="A", release={"meta": rule})
    assert fields.read("x.json", {}, meta).run.release == expected


@pytest.mark.parametrize(
    ("keys", "sentence"),
    [
        ({"release": "1"}, "dataset is not known: add `dataset = …` to the source 'nightly'."),
        (
            {"dataset": "A", "release": {"meta": "ci_label"}},
            "release is not known: its metadata have no key 'ci_label' (keys: date, filter_name).",
        ),
        (
            {"dataset": "A", "pattern": r"(?P<release>w_\d+)"},
            "release is not known: `pattern` does not match its path.",
        ),
        (
            {"dataset": "A", "columns": {"release": "version"}},
            "release is not known: the column 'version' holds nothing.",
        ),
    ],
)
def test_unknown_run(keys, sentence):
    """A job without dataset or release is not guessed at: file and field are named."""
    meta = {"filter_name": "r", "date": None}
    with pytest.raises(UnreadableError) as error:
        reader(**keys).read("jobs/a.json", {}, meta)
    assert error.value.origin == "jobs/a.json"
    assert error.value.reason == sentence


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ({"filter_name": "r"}, {"band": "r"}),
        ({"filter_name": "HSC-R"}, {"band": "r", "physical_filter": "HSC-R"}),
        ({"filter": "r.MP9601"}, {"band": "r", "physical_filter": "r.MP9601"}),
        ({"filter": "HSC-I2", "band": "i"}, {"band": "i", "physical_filter": "HSC-I2"}),
        ({"filter_name": "NB0921"}, {"physical_filter": "NB0921"}),
        ({"abstract_filter": "g"}, {"band": "g"}),
        ({"tract": 9615, "patch": "4,4"}, {"tract": "9615", "patch": "4,4"}),
        ({"ccd": 50, "visit": 903334}, {"visit": "903334", "detector": "50"}),
        ({"tract": [9615, 9697]}, {"tract": "9615^9697"}),
        ({"tract": [9813]}, {"tract": "9813"}),
        (
            {"tract": [9813.0, 9615.0], "patch": ["4,4", "4,5"]},
            {"tract": "9813^9615", "patch": "4,4^4,5"},
        ),
        ({"filter_name": ["HSC-R", "HSC-I"]}, {"physical_filter": "HSC-R^HSC-I"}),
        (
            {"filter_name": ["HSC-R"], "ccd": [50]},
            {"band": "r", "physical_filter": "HSC-R", "detector": "50"},
        ),
        ({"filter_name": ["r"], "visit": []}, {"band": "r"}),
        ({"tract": {"id": 1}, "visit": [[1]]}, {}),
        ({"instrument": "HSC", "skymap": "hsc_rings_v1"}, None),
    ],
)
def test_own_data_id(own, expected):
    """The data ID of old and of Gen3 jobs is in their metadata, the filter under many names."""
    fields = reader(dataset="A", release="1")
    assert fields.read("x.json", own_fields(own), own).base == (
        own if expected is None else expected
    )


def test_metadata_that_are_no_data_id_are_remarked_on():
    """What should tell data IDs apart and cannot is said, so that nothing merges unseen."""
    fields = reader(dataset="A", release="1", tract={"meta": "where"})
    meta = {"where": {"id": 1}, "tract": {"id": 2}, "visit": [[1], 2], "patch": [1, 2], "ccd": []}
    assert fields.remarks(meta) == [
        "where of its metadata is an object, which is no tract; not used.",
        "visit of its metadata is a nested list, which is no visit; not used.",
    ]
    assert fields.read("x", own_fields(meta), {"where": [1, 2]}).base == {
        "tract": "1^2",
        "patch": "1^2",
    }


def test_own_dataset():
    """The CI dataset of a job is its dataset unless it says that it does not know."""
    assert own_fields({"env": {"ci_dataset": "HSC_RC2"}}) == {"dataset": "HSC_RC2"}
    assert own_fields({"ci_dataset": "unknown"}) == {}


def test_constants_are_text():
    """Numbers in the configuration are names: 24 stays 24, and 24.1 has no more digits."""
    found = reader(dataset="A", release=24.1, detector=0, collection=24).read("x", {})
    assert found.run == RunKey(dataset="A", release="24.1", collection="24")
    assert found.base == {"detector": "0"}
    assert reader(dataset="A", release=24).read("x", {}).run.release == "24"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("24", "24"),
        ("24.0", "24.0"),
        (" w_2026_40 ", "w_2026_40"),
        ("", None),
        (24.0, "24"),
        (24.5, "24.5"),
        (2021052500015.0, "2021052500015"),
        (float("nan"), None),
        (True, "true"),
        (["x"], None),
    ],
)
def test_cells(cell, text):
    """A text cell is kept as written; a number cell without fraction is an integer."""
    assert cell_text(cell) == text


def test_integers_of_tables_with_gaps():
    """A tract that a table stores as 9615.0 is tract 9615; a patch keeps its spelling."""
    found = reader(dataset="A", release="1").read("x", {"tract": "9615.0", "patch": "4.0"})
    assert found.base == {"tract": "9615", "patch": "4.0"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021-05-25", "2021-05-25"),
        ("20210525", "2021-05-25"),
        ("2018-07-30T18:25:52.410342+00:00", "2018-07-30T18:25:52.410342+00:00"),
        ("2021-13-45", None),
        ("20211345", None),
        ("last night", None),
        ("", None),
        (None, None),
    ],
)
def test_dates(text, expected):
    """A date is ISO 8601 or none."""
    assert iso_date(text) == expected


def test_mjd_is_a_number():
    """The time of an exposure is a number in days; what is none is left out."""
    fields = reader(dataset="A", release="1", pattern=re.compile(r"(?P<mjd>[\d.x]+)"))
    assert fields.read("59359.88", {}).base == {"mjd": 59359.88}
    assert fields.read("5x", {}).base == {}


def test_look_up_is_not_led_astray():
    """A dotted path through something that is no object finds nothing."""
    assert look_up({"a": "text", "b": [1]}, "a.b.c") is None
    assert look_up({"b": [1]}, "b.0") is None
