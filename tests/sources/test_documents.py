from __future__ import annotations

import contextlib
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.errors import UnreadableError
from reportgen.sources.documents import load_json, load_yaml


def test_bare_nan_tokens():
    """The tokens NaN and Infinity of old jobs are read, although they are not JSON."""
    assert math.isnan(load_json(b'{"value": NaN}', "x")["value"])
    assert load_json(b"[Infinity, -Infinity]", "x") == [math.inf, -math.inf]


def test_byte_order_mark():
    """A byte order mark is no content."""
    assert load_json(b"\xef\xbb\xbf[1]", "x") == [1]


def test_integer_of_many_digits():
    """An integer beyond what Python reads as one is read as a number."""
    assert load_json(b"[" + b"9" * 5000 + b"]", "x") == [math.inf]


def test_lone_surrogates():
    """Half a surrogate pair in an escape cannot reach the store."""
    assert load_json(rb'{"\ud800": ["\ud83d\ude00"]}', "x") == {"�": ["😀"]}


@pytest.mark.parametrize(
    ("content", "reason", "place"),
    [
        (b'{"measurements": [', "not valid JSON: Expecting value", "line 1 column 19"),
        (b'{\n "a": x\n}', "not valid JSON", "line 2 column 7"),
        (b"\xef\xbb\xbf\r\n", "the file is empty; write it again", ""),
        (b"\xff\xfe{", "not text in UTF-8", "byte 0"),
        (b"[" * 100_000, "nested too deeply", ""),
    ],
)
def test_broken_json(content, reason, place):
    """A file that is not JSON says where it stops being that."""
    with pytest.raises(UnreadableError) as error:
        load_json(content, "a.json")
    assert reason in error.value.reason
    assert error.value.place == place
    assert error.value.origin == "a.json"


@pytest.mark.parametrize(
    ("content", "reason", "place"),
    [
        ("a: [1, 2", "not valid YAML: while parsing", "line 2 column 1"),
        ("a: 1\nb: !!python/object/apply:os.system ['false']", "tag that is not data", "line 2"),
        ("!<lsst.verify.Job> {}", "tag that is not data was refused: 'lsst.verify.Job'", "line 1"),
        ("a: 1\n---\nb: 2", "expected a single document", "line"),
        ("a: 2021-99-99", "not valid YAML: month must be", ""),
        ("a: !!int ''", "not valid YAML", ""),
        ("a: !!bool maybe", "not valid YAML", ""),
        ("a: \x00", "not valid YAML", ""),
        ("[" * 60_000, "nested too deeply", ""),
        ("- " * 60_000 + "1", "nested too deeply", ""),
        ("{a: " * 60_000, "nested too deeply", ""),
    ],
)
def test_broken_yaml(content, reason, place):
    """A file that is not YAML, or more than data, is refused and runs nothing."""
    with pytest.raises(UnreadableError) as error:
        load_yaml(content, "a.yaml")
    assert reason in error.value.reason
    assert error.value.place.startswith(place)


def test_tags_of_lsst_verify():
    """The three tags of lsst.verify are plain mappings."""
    datum = "!<lsst.verify.Datum> {value: 1}"
    text = f"!<lsst.verify.Measurement>\nblobs:\n- !<lsst.verify.Blob>\n  data: {{x: {datum}}}\n"
    assert load_yaml(text, "x") == {"blobs": [{"data": {"x": {"value": 1}}}]}


@given(st.text(alphabet="ab:-[]{}!&*'\"#|>?%@, \n\t0.12<~=", max_size=60))
def test_yaml_is_read_or_refused(text):
    """No text makes the loader fail in another way than by saying so."""
    with contextlib.suppress(UnreadableError):
        load_yaml(text, "x")
