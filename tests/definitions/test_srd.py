from __future__ import annotations

import csv

import pytest

from reportgen.definitions.packages import read_packages
from reportgen.definitions.srd import SrdRow, quantity, read_srd, with_sections
from reportgen.errors import DefinitionError
from reportgen.model.definitions import Reference
from tests.definitions.folders import write_files
from tests.factories import make_specification

HEADER = (
    "quantity,bands,level,operator,threshold,unit,"
    "reference_doc,reference_section,reference_table,tex_label,note\n"
)
TABLE = (
    HEADER
    + 'PA1,gri,design,<=,5,mmag,LPM-17 (SRD),3.3.4 Photometric Quality,Table 14,relPhot,"a, b"\n'
    + "PA1,uzy,design,<=,7.5,mmag,LPM-17 (SRD),3.3.4 Photometric Quality,Table 14,relPhot,\n"
    + "TE1,ri,design,,2e-5,,LPM-17 (SRD),3.4 The Survey,Table 27,,\n"
)
LPM = Reference(docs=("LPM-17",), page="21")


def _read(tmp_path, text):
    return read_srd(write_files(tmp_path, {"srd.csv": text}) / "srd.csv", "data/srd.csv")


def test_a_row_is_what_the_table_says(tmp_path):
    """Each line is a row; an empty operator is no limit."""
    rows = _read(tmp_path, TABLE)
    assert rows[0] == SrdRow(
        quantity="PA1",
        bands="gri",
        level="design",
        operator="<=",
        threshold=5.0,
        unit="mmag",
        doc="LPM-17 (SRD)",
        section="3.3.4 Photometric Quality",
        table="Table 14",
        note="a, b",
    )
    assert [row.operator for row in rows] == ["<=", "<=", None]


@pytest.mark.parametrize(
    ("metric", "found"),
    [
        ("validate_drp.PA1", "PA1"),
        ("validate_drp.PF1_design_gri", "PF1"),
        ("validate_drp.AF1_minimum", "AF1"),
        ("validate_drp.PA1_corrected", None),
        ("validate_drp.modelPhotRepGal1", "modelPhotRepGal1"),
    ],
)
def test_the_quantity_is_in_the_name_of_the_metric(metric, found):
    """Level and bands may follow the quantity; anything else makes another quantity of it."""
    assert quantity(metric) == found


def test_specifications_get_section_and_table(tmp_path):
    """Section and table are added to a reference to the SRD, and to no other."""
    rows = _read(tmp_path, TABLE)
    own = Reference(docs=("LPM-17",), section="1")
    specifications = {
        "a": make_specification(reference=LPM),
        "b": make_specification(reference=own),
        "c": make_specification(reference=Reference(docs=("DM-1",))),
        "d": make_specification("validate_drp.PA9.design", reference=LPM),
    }
    found = with_sections(specifications, rows)
    assert found["a"].reference == Reference(
        docs=("LPM-17",), page="21", section="3.3.4 Photometric Quality, Table 14"
    )
    assert [found[key] for key in "bcd"] == [specifications[key] for key in "bcd"]


def test_limits_of_verify_metrics_get_the_sections_of_the_facts(shared):
    """Every limit that refers to the SRD gets the section and table that the facts name."""
    rows = read_srd(shared / "facts" / "srd_lpm17.csv", "srd.csv")
    package = read_packages([shared / "data" / "real" / "verify_metrics"])
    found = with_sections(package.specifications, rows)
    with (shared / "facts" / "verify_metrics_specs.csv").open(newline="") as file:
        facts = [fact for fact in csv.DictReader(file) if fact["full_name"] in found]
    for fact in facts:
        section = ", ".join(filter(None, (fact["srd_section"], fact["srd_table"])))
        assert found[fact["full_name"]].reference.section == (section or None)
    assert len(facts) == 757


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "data/srd.csv, line 1: columns are missing: quantity, bands, level"),
        ("quantity,bands\n", "data/srd.csv, line 1: columns are missing: level, operator"),
        (HEADER + "PA1,gri,best,<=,5,mmag,,,,,\n", "line 2: level is 'best'; allowed: design"),
        (HEADER + "PA1,gri,design,=<,5,mmag,,,,,\n", "line 2: operator is '=<'; allowed: <=, <"),
        (HEADER + "PA1,gri,design,<=,five,mmag,,,,,\n", "line 2: threshold is 'five'; it has to"),
        (HEADER + "PA1,gri,design\n", "line 2: threshold is ''; it has to be a finite number."),
    ],
)
def test_mistakes_name_line_and_column(tmp_path, text, problem):
    """A mistake in the table names the line and the column."""
    with pytest.raises(DefinitionError) as caught:
        _read(tmp_path, text)
    assert problem in str(caught.value)
