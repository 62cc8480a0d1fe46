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
    """Each line is a row; a cell that is not there is empty."""
    rows = _read(tmp_path, TABLE + "TE3,ri\n")
    assert rows[0] == SrdRow(
        quantity="PA1",
        doc="LPM-17 (SRD)",
        section="3.3.4 Photometric Quality",
        table="Table 14",
    )
    assert [row.quantity for row in rows] == ["PA1", "PA1", "TE1", "TE3"]
    assert rows[3] == SrdRow(quantity="TE3", doc="", section="", table="")


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
        ("", "data/srd.csv, line 1: columns are missing: quantity, reference_doc"),
        ("quantity,bands\n", "data/srd.csv, line 1: columns are missing: reference_doc, "),
    ],
)
def test_missing_columns_are_named(tmp_path, text, problem):
    """A table without a column that is read is an error that names it."""
    with pytest.raises(DefinitionError) as caught:
        _read(tmp_path, text)
    assert problem in str(caught.value)
