"""What jobs stored beside their values, on the page of one metric in one run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from reportgen.analysis.members import find_members
from reportgen.building.blobs import Blobs
from reportgen.model.figures import CurveFigure, FigureRequest, HistogramFigure
from reportgen.model.members import Blob, datum_of
from reportgen.model.report import RunReport
from reportgen.pages import run_api, schemas
from reportgen.pages.members import api as members_api
from reportgen.pages.members import page as members
from reportgen.pages.members.extras import MOST_POINTS, Mark, draw_blob, scalar_rows
from reportgen.store import Store
from tests.analysis.comparison.cases import Cases
from tests.factories import make_bundle, make_key, make_row
from tests.pages.members.drawing import Drawing


def make_blob(name: str = "validate_drp.AM1", **data: Any) -> Blob:
    """Return a blob; each datum is (value, unit) or a bare value."""
    described = {
        key: {"value": one[0], "unit": one[1], "label": key.upper(), "description": f"The {key}"}
        if isinstance(one, tuple)
        else one
        for key, one in data.items()
    }
    return Blob(identifier="i", name=name, data=[datum_of(k, v) for k, v in described.items()])


def drawn(blob: Blob, **more: Any) -> list[FigureRequest]:
    """Return the figures of a blob."""
    drawing = Drawing()
    draw_blob(blob, drawing, **more)
    return drawing.requests


def test_data_against_their_axis_are_curves_by_unit() -> None:
    """What the name makes an axis is one; other data of its length stand on it, by unit."""
    blob = make_blob(
        radius=([1.0, 2.0, 3.0], "arcmin"), xip=([3e-5, 2e-5, None], ""), n=([9, 8, 7], "ct")
    )
    first, second = drawn(blob)
    assert isinstance(first, CurveFigure)
    assert (first.x_unit, first.y_unit, first.points) == ("arcmin", "", False)
    assert list(first.curves[0].x) == [1.0, 2.0, 3.0]
    assert first.curves[0].y[2] != first.curves[0].y[2]
    assert isinstance(second, CurveFigure)
    assert second.y_unit == "ct"
    assert second.caption == "n: The n."


def test_edges_and_counts_are_a_histogram() -> None:
    """An axis with one number more than the data has the edges of bins: no bin is left out."""
    n = 3 * MOST_POINTS
    blob = make_blob(bins=([float(at) for at in range(n + 1)], "marcsec"), values=([1] * n, "ct"))
    (figure,) = drawn(blob)
    assert isinstance(figure, CurveFigure)
    assert (len(figure.curves[0].x), len(figure.curves[0].y)) == (n + 1, n)
    assert figure.x_unit == "mas"


def test_data_without_an_axis_are_distributions() -> None:
    """Numbers that stand against nothing are a histogram, with the metric's value in it."""
    mark = Mark(value=7.0, unit="marcsec", text="AM1 7")
    blob = make_blob(rms=([1.0, 2.0, 3.0, 9.0], "marcsec"), diff=([[1, 2], [3], [4, 5]], "mmag"))
    first, second = drawn(blob, mark=mark)
    assert isinstance(first, HistogramFigure)
    assert [one.position for one in first.annotations] == [7.0]
    assert isinstance(second, HistogramFigure)
    assert list(second.samples[0].values) == [1, 2, 3, 4, 5]
    assert list(second.annotations) == []


def test_thousands_of_points_are_thinned_and_it_is_said() -> None:
    """A picture stays light; how much it leaves out stands below it."""
    n = 5000
    blob = make_blob(mag=([float(n - at) for at in range(n)], "mag"), snr=([1.0] * n, ""))
    (figure,) = drawn(blob)
    assert isinstance(figure, CurveFigure)
    assert figure.points
    assert len(figure.curves[0].x) <= MOST_POINTS
    assert "Every 9th of 5000 values; the JSON has all." in figure.caption


def test_scalars_words_and_short_lists_are_written() -> None:
    """Numbers have their units; odd data are shown, not lost."""
    blob = make_blob(
        m5=(24.4, "mag"), word="r", flag=(True, ""), span=([17.0, 21.5], "mag"),
        none=(None, "mag"), odd=({"a": 1}, ""), mixed=(["a", 1, 2, 3], ""),
    )  # fmt: skip
    written = {row.name: row.value.replace("\u00a0", " ") for row in scalar_rows(blob)}
    assert written == {
        "m5": "24.4 mag", "word": "r", "flag": "yes", "span": "17, 21.5 mag",
        "none": "no value", "odd": "{'a': 1}", "mixed": "a, 1, 2, 3",
    }  # fmt: skip
    assert drawn(blob) == []


@pytest.fixture
def stored(tmp_path: Path) -> tuple[RunReport, Blobs]:
    """Return a run whose two measurements share one blob, beside one of their own each."""
    data = json.dumps({"rms": {"value": [1, 2, 3], "unit": "mmag", "label": None}})
    key = make_key(release="v1")
    rows = [
        make_row("x.a", 1.0, blobs='["own-a", "shared", "gone"]'),
        make_row("x.b", 1.0, blobs='["own-b", "shared"]'),
    ]
    blobs = [
        {"identifier": i, "name": f"of {i}", "data": data} for i in ("own-a", "own-b", "shared")
    ]
    with Store(tmp_path).writer() as writer:
        writer.add("test", make_bundle(origin="a.json", run=key, measurements=rows, blobs=blobs))
        writer.commit()
    cases = Cases(tmp_path / "unused", {}, [])
    cases.store = Store(tmp_path)
    return cases.run("v1"), Blobs(cases.store)


def test_blobs_are_read_from_the_store(stored: tuple[RunReport, Blobs]) -> None:
    """A page shows the blobs that its measurements name; one that is not there is left out."""
    found, blobs = stored
    drawing = Drawing()
    first, _ = members.pages(find_members(found), drawing, blobs.of(found.run))
    assert [extra.title for extra in first.view.extras] == ["of own-a", "of shared"]
    assert len(drawing.requests) == 4
    assert first.view.more_extras == 0


def test_a_shared_blob_is_one_document(stored: tuple[RunReport, Blobs]) -> None:
    """The JSON of a blob is written once, whoever refers to it, and fits its schema."""
    found, blobs = stored
    rows = dict(enumerate(run_api.measurement_rows(found)))
    made = members_api.documents(find_members(found), rows, blobs.of(found.run))
    documents = [one for one in made if one.path.startswith("api/v1/blobs/")]
    assert len(documents) == 3
    schema = schemas.load("blobs.schema.json")
    for one in documents:
        jsonschema.Draft202012Validator(schema).validate(one.data)
    assert documents[0].data["origin"] == "a.json"
