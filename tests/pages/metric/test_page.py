"""The page of a metric: how it stands, its limits, its values."""

from __future__ import annotations

import json
import math

import pytest

from reportgen.model.definitions import Reference, Specification
from reportgen.model.numbers import format_column, format_percent
from reportgen.model.report import DatasetHistory, HistorySeries
from reportgen.model.status import Kind
from reportgen.pages.metric.limits import limit_tables
from reportgen.pages.metric.values import value_table
from reportgen.pages.run_api import describe_reference
from reportgen.pages.schemas import load
from tests.factories import make_run, make_specification


def make_series(producer: str, band: str, values: list[float], members: list[int]) -> HistorySeries:
    """Return what a producer measured in a band; where it has a member, nan is a NaN."""
    return HistorySeries(
        dataset="HSC RC2",
        producer=producer,
        data_id={"band": band},
        aggregate=False,
        values=values,
        reasons=[
            "nan" if n and math.isnan(v) else None for v, n in zip(values, members, strict=True)
        ],
        measured=[int(not math.isnan(value)) for value in values],
        members=members,
    )


def test_one_row_for_each_producer_of_a_run() -> None:
    """Producers of one run stand below each other; what a producer did not measure is absent."""
    nan = math.nan
    history = DatasetHistory(
        dataset="HSC RC2",
        unit="mmag",
        runs=[make_run("HSC RC2", "v21"), make_run("HSC RC2", "v22"), make_run("HSC RC2", "v23")],
        series=[
            make_series("validate_drp", "g", [13.8, 13.7, nan], [1, 1, 0]),
            make_series("faro", "g", [nan, 8, nan], [0, 1, 1]),
            make_series("faro", "u", [nan, nan, 4.25], [0, 1, 1]),
        ],
        limits=[],
    )
    table = value_table(history, {"hsc-rc2/v22": True})
    assert table.columns == ["u", "g"]
    shown = [
        (row.release, row.producer, row.path, [cell.text for cell in row.cells])
        for row in table.rows
    ]
    assert shown == [
        ("v23", "faro", None, ["4.25", "nan"]),
        ("v22", "faro", "runs/hsc-rc2/v22/", ["nan", "8.0"]),
        ("v22", "validate_drp", "runs/hsc-rc2/v22/", ["absent", "13.7"]),
        ("v21", "validate_drp", None, ["absent", "13.8"]),
    ]
    assert len({row.anchor for row in table.rows}) == 4


def test_a_run_that_nobody_measured_has_a_row() -> None:
    """A missing run is not left out of the table of values."""
    history = DatasetHistory(
        dataset="HSC RC2",
        unit="mmag",
        runs=[make_run("HSC RC2", "v21"), make_run("HSC RC2", "v22")],
        series=[make_series("faro", "g", [8.5, math.nan], [1, 0])],
        limits=[],
    )
    rows = value_table(history, {}).rows
    assert [(row.release, row.cells[0].text, row.cells[0].missing) for row in rows] == [
        ("v22", "absent", True),
        ("v21", "8.5", False),
    ]


def make_limit(name: str, level: str, threshold: float, **more: object) -> Specification:
    """Return a limit on PA1 in g, r and i."""
    fields = {"bands": ("i", "g", "r"), "reference": Reference(docs=("LPM-17",), page=21)} | more
    return make_specification(
        f"validate_drp.PA1.{name}", level=level, threshold=threshold, **fields
    )


def test_levels_of_the_same_bands_share_a_row() -> None:
    """Limits that differ in level only are one row; each kind of verdict is a table of its own."""
    tables = list(
        limit_tables(
            [
                make_limit("stretch_gri", "stretch", 3),
                make_limit("design_gri", "design", 5),
                make_limit("design_uzy", "design", 7.5, bands=("u", "z", "y")),
                make_limit("FY17_gri", "FY17", 8, kind=Kind.RELEASE_TARGET),
            ]
        )
    )
    assert [(table.kind, list(table.levels)) for table in tables] == [
        ("requirement", ["design", "stretch"]),
        ("release target", ["FY17"]),
    ]
    rows = [
        (row.bands, [[c.limit for c in cells] for cells in row.cells]) for row in tables[0].rows
    ]
    assert rows == [
        ("g, r, i", [["≤\u00a05\u00a0mmag"], ["≤\u00a03\u00a0mmag"]]),
        ("u, z, y", [["≤\u00a07.5\u00a0mmag"], []]),
    ]


@pytest.mark.parametrize(
    ("values", "shown"),
    [
        ([8, 8.25, 13.7], ["8.00", "8.25", "13.70"]),
        ([1, 2], ["1", "2"]),
        ([-3, 0.5], ["−3.0", "0.5"]),
        ([1e-9, 0.5], ["1×10⁻⁹", "0.5"]),
        ([], []),
    ],
)
def test_numbers_of_a_column(values: list[float], shown: list[str]) -> None:
    """Numbers of a column have the same decimals, unless one needs a power of ten."""
    assert format_column(values) == shown


@pytest.mark.parametrize(
    ("fraction", "shown"),
    [(0.74, "74"), (0.1183, "12"), (0.0703, "7.0"), (0.0042, "0.42"), (-5.3, "−530"), (0, "0")],
)
def test_percentages(fraction: float, shown: str) -> None:
    """A percentage in a sentence has no digits that nobody reads."""
    assert format_percent(fraction) == f"{shown}\u00a0%"


def test_several_addresses_of_a_reference_are_kept() -> None:
    """The JSON has the first address where there is one, and all of them where there are more."""
    one = describe_reference(Reference(docs=("A", "B"), page="1, 2", urls=("https://a",)))
    assert one == {"doc": "A, B", "page": "1, 2", "section": None, "url": "https://a"}
    two = describe_reference(Reference(urls=("https://a", "https://b")))
    assert two is not None
    assert (two["url"], two["urls"]) == ("https://a", ["https://a", "https://b"])
    for name in ("run", "members"):
        text = json.dumps(load(f"{name}.schema.json"))
        assert '"urls": {"type": "array", "items": {"type": "string"}}' in text


def test_terms_of_a_query_show_their_types() -> None:
    """A text stands as it is, anything else as in the definitions: two limits differ by type."""
    query = {"camera": "HSC", "visits": [1, 2], "flag": True, "nothing": None}
    (table,) = limit_tables([make_limit("design", "design", 5, metadata_query=query)])
    assert table.rows[0].applies == "camera = HSC, visits = [1, 2], flag = true, nothing = null"
