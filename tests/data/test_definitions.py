"""The definitions in ``data/``."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from reportgen.config import load_config
from reportgen.definitions.catalogue import Definitions, load_definitions
from reportgen.definitions.patterns import names

ROOT = Path(__file__).resolve().parents[2]
SRD = ROOT / "data" / "definitions" / "srd.csv"
QUANTITIES = {
    "validate_drp.PA1.{level}_{bands}": ("PA1", {"gri": "gri", "uzy": "uzy"}),
    "validate_drp.PA2_{level}_{bands}.srd": ("PA2", {"gri": "gri", "uzy": "uzy"}),
    "validate_drp.PF1_{level}_{bands}.srd": ("PF1", {"gri": "ugrizy", "uzy": "ugrizy"}),
    **{f"validate_drp.{q}.{{level}}": (q, {"": "ri"}) for q in ("AM1", "AM2", "AM3", "TE1", "TE2")},
    **{
        f"validate_drp.{q}_{{level}}.srd": (q, {"": "ri"})
        for q in ("AF1", "AF2", "AF3", "AD1", "AD2", "AD3")
    },
    **{f"validate_drp.{q}.{{level}}": (q, {"": "relative to r"}) for q in ("AB1", "AB2", "ABF1")},
    "validate_drp.AA1.{level}": ("AA1", {"": "all"}),
}
"""Specifications at the levels of the SRD, with their quantity and how the SRD names its bands."""


@pytest.fixture(scope="module")
def definitions() -> Definitions:
    """All definitions of this repository."""
    return load_definitions(load_config(ROOT / "reportgen.toml"))


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def srd_limits() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each specification that stands for a row of the SRD, with that row."""
    table = {(row["quantity"], row["bands"], row["level"]): row for row in rows(SRD)}
    for pattern, (quantity, groups) in QUANTITIES.items():
        for level in ("design", "minimum", "stretch"):
            for bands, srd_bands in groups.items():
                name = pattern.format(level=level, bands=bands)
                yield name, table[quantity, srd_bands, level]


def test_everything_loads(definitions):
    """Every file of definitions, corrections, triage and notes can be read without a problem."""
    assert definitions.problems == ()
    assert len(definitions.notes) == 3
    assert len(definitions.triage.issues) == 8


@pytest.mark.parametrize(("name", "row"), list(srd_limits()))
def test_limits_are_those_of_the_srd(definitions, name, row):
    """Each specification at an SRD level has operator, threshold and unit of LPM-17."""
    specification = definitions.specifications[name]
    assert specification.operator == row["operator"]
    assert specification.threshold == float(row["threshold"])
    assert specification.unit == row["unit"]
    assert (specification.kind, specification.level) == ("requirement", row["level"])
    assert row["reference_table"] in (specification.reference.section or "")


def test_corrected_limits_say_so(definitions):
    """TE2 alone is corrected, at its three levels, and each shows what it replaces."""
    corrected = {s.name: s.correction for s in definitions.specifications.values() if s.correction}
    assert sorted(corrected) == [
        "validate_drp.TE2.design",
        "validate_drp.TE2.minimum",
        "validate_drp.TE2.stretch",
    ]
    assert all("→" in text and "LPM-17" in text for text in corrected.values())


@pytest.mark.parametrize(
    ("specification", "bands"),
    [
        ("PA1.design_gri", "gri"),
        ("PA1.FY20_uzy", "uzy"),
        ("PF1_design_uzy.srd", "uzy"),
        ("PA2.design_gri", "gri"),
        ("PF1.minimum_gri", "gri"),
        ("AM1.design", "ri"),
        ("AF2_minimum.srd", "ri"),
        ("AD1.design", "ri"),
        ("TE2.stretch", "ri"),
        ("PF1.design", None),
        ("AB1.design", None),
        ("AA1.design", None),
    ],
)
def test_limits_apply_in_the_bands_of_the_srd(definitions, specification, bands):
    """A limit applies in the bands that LPM-17 names; where it names none, in all."""
    found = definitions.specifications[f"validate_drp.{specification}"].bands
    assert found == (tuple(bands) if bands else None)


def test_metrics_of_the_reports_have_no_limit_that_they_cannot_answer_for(definitions):
    """What was measured at level design is held against design, and PF1 in gri against minimum."""
    found = {
        spec.name.removeprefix("validate_drp.")
        for spec in definitions.specifications.values()
        if names(spec.metric, ("PF1", "PA2", "AF1", "AF2", "AD1", "AD2"))
    }
    assert found == {
        "PF1.design",
        "PF1.minimum_gri",
        "PA2.design_gri",
        "PA2.design_uzy",
        "AF1.design",
        "AF2.design",
        "AD1.design",
        "AD2.design",
    }


def test_each_metric_is_described(definitions):
    """Each metric has a description, a unit and the file it is defined in."""
    own = [m for m in definitions.metrics.values() if m.package != "analysis_tools"]
    assert all(metric.description and metric.origin for metric in own)
    assert all(metric.unit is not None for metric in own)


def test_each_specification_has_a_metric(definitions):
    """No specification is of a metric that is not defined."""
    known = definitions.specifications.values()
    assert {spec.metric for spec in known} <= set(definitions.metrics)


def test_srd_rows_equal_the_facts(shared):
    """Each row of srd.csv is a row of the table read from the LaTeX of LPM-17."""
    facts = rows(shared / "facts" / "srd_lpm17.csv")
    tables = {f"Table {number}" for number in (14, 15, 16, 17, 18, 19, 20, 27)}
    assert rows(SRD) == [row for row in facts if row["reference_table"] in tables]


def test_names_and_limits_are_those_of_upstream(shared, definitions):
    """What has a name of lsst/verify_metrics has its limit too, but for what is corrected."""
    facts = {row["full_name"]: row for row in rows(shared / "facts" / "verify_metrics_specs.csv")}
    same = [s for s in definitions.specifications.values() if s.name in facts]
    assert len(same) == 87
    for specification in same:
        fact = facts[specification.name]
        assert specification.operator == fact["operator"]
        assert specification.unit == fact["unit"]
        if specification.correction is None:
            assert specification.threshold == float(fact["threshold"])
        else:
            assert specification.correction.startswith(f"{float(fact['threshold']):g} → ")


def test_watch_ranges_equal_the_facts(shared, definitions):
    """Each end of each watch range is that of analysis_tools."""
    table = rows(shared / "facts" / "analysis_tools_thresholds.csv")
    facts = {row["metric"]: row for row in table}
    ends = {"low": "low_threshold", "high": "high_threshold"}
    found = 0
    for specification in definitions.watch.values():
        _, metric, end = specification.name.split(".")
        assert specification.threshold == float(facts[metric][ends[end]])
        found += 1
    assert found == 12
