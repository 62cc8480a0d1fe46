"""Documents are strict JSON or plain text."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportgen.model.pages import Document
from reportgen.model.status import Status
from reportgen.render.documents import strict_json, write_documents

JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(),
        st.floats(),
        st.text(alphabet=st.characters(codec="utf-8")),
    ),
    lambda inner: st.one_of(st.lists(inner), st.dictionaries(st.text(max_size=5), inner)),
    max_leaves=12,
)


def nothing_for_nan(value):
    """Return the value that JSON should give back."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, list):
        return [nothing_for_nan(item) for item in value]
    if isinstance(value, dict):
        return {key: nothing_for_nan(item) for key, item in value.items()}
    return value


def refuse(token):
    """Fail on NaN and Infinity, which Python's parser takes though JSON has no such tokens."""
    pytest.fail(f"{token} is not JSON")


@given(value=JSON)
def test_strict(value) -> None:
    """Any value comes back equal, with null where JSON has no number."""
    assert json.loads(strict_json(value), parse_constant=refuse) == nothing_for_nan(value)


@dataclass(frozen=True, slots=True)
class Point:
    """A thing with fields."""

    run: str
    value: float


def test_what_else_is_taken() -> None:
    """Dataclasses, dates, states, scalars and arrays of numpy are written as plain JSON."""
    data = {
        "z": Point("w_2021_34", math.nan),
        "a": np.array([1.5, np.inf]),
        "n": np.int64(3),
        "f": np.float32(0.5),
        "d": date(2026, 11, 22),
        "t": datetime(2026, 11, 22, 3, 4, tzinfo=UTC),
        "s": Status.NOT_MEASURED,
        "p": (1, 2),
    }
    assert strict_json(data) == (
        '{"z":{"run":"w_2021_34","value":null},"a":[1.5,null],"n":3,"f":0.5,"d":"2026-11-22",'
        '"t":"2026-11-22T03:04:00+00:00","s":"not_measured","p":[1,2]}'
    )


def test_other_things_are_refused() -> None:
    """What has no JSON is a bug, not a text that looks like data."""
    with pytest.raises(TypeError, match="object cannot be written as JSON"):
        strict_json({"a": object()})


def test_files(tmp_path) -> None:
    """JSON is compact in the order given; text is left as it is; a second time writes nothing."""
    documents = [
        Document(path="api/v1/index.json", data={"b": 1, "a": "é"}),
        Document(path="data/runs.csv", text="metric,value\nPA1,\n"),
    ]
    report = write_documents(documents, tmp_path / "docs")
    assert report.written == ["api/v1/index.json", "data/runs.csv"]
    assert (tmp_path / "docs/api/v1/index.json").read_bytes() == '{"b":1,"a":"é"}\n'.encode()
    assert (tmp_path / "docs/data/runs.csv").read_bytes() == b"metric,value\nPA1,\n"
    assert not write_documents(documents, tmp_path / "docs").written
