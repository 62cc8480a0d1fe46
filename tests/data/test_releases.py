"""The release history in ``data/releases``."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "data" / "releases"
TOOL = ROOT / "tools" / "make_release_history.py"

MISTYPED = {("DMTR-191", "PA2", "y"): ("38.1", "45"), ("DMTR-191", "AD2", "y"): ("13.07", "13.7")}
"""Printed, and what the report was typed from."""

ODD = {"1,2x10^-6": 1.2e-6}
"""Printed numbers that Python does not read."""


def rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def history() -> list[dict[str, str]]:
    """All rows of all reports."""
    return [row for path in sorted(FOLDER.glob("*.csv")) for row in rows(path)]


def test_each_value_is_a_number_or_is_missing_with_a_word(history):
    """A cell is a number, or empty with the report's word for it in the comment."""
    assert all(float(row["value"]) >= 0 for row in history if row["value"])
    assert {row["comment"] for row in history if not row["value"]} == {
        "No data",
        "No data; unit printed as %",
    }


def test_each_row_is_named(history):
    """Each row names its report, and no two rows are of the same number."""
    assert all(row["document"].startswith("DMTR-") for row in history)
    keys = [
        (row["dataset"], row["release"], row["producer"], row["metric"], row["band"])
        for row in history
    ]
    assert len(set(keys)) == len(keys)


def test_both_producers_are_kept(history):
    """Release v22 has PA1 and PF1 by validate_drp and by faro, and all else by faro."""
    both = {"validate_drp", "faro"}
    found: dict[str, set[str]] = {}
    for row in history:
        if row["release"] == "v22":
            found.setdefault(row["metric"], set()).add(row["producer"])
    assert {metric for metric, producers in found.items() if producers == both} == {"PA1", "PF1"}
    assert {"faro"} in found.values()
    assert {"validate_drp"} not in found.values()


def test_two_datasets_are_two_histories(history):
    """The engineering images measured until v19 are not HSC RC2."""
    releases: dict[str, set[str]] = {}
    for row in history:
        releases.setdefault(row["dataset"], set()).add(row["release"])
    assert releases == {
        "validation_data_hsc": {"v17", "v18", "v19"},
        "HSC RC2": {"v20", "v21", "v22", "v23", "v24", "v25"},
    }


def test_values_are_those_that_the_reports_printed(shared, history):
    """Each number that a report prints of its release is here, but for two typing errors."""
    own = {
        (row["document"], row["release"], row["producer"], row["metric"], row["band"]): row["value"]
        for row in history
    }
    compared = 0
    for path in sorted((shared / "data" / "real" / "dmtr").glob("DMTR-*_v[0-9]*.csv")):
        for row in rows(path):
            of_another = row["report_version"].split(".")[0] != row["value_release"]
            if not row["value"] or (of_another and row["value_release"] != "20"):
                continue  # v20 has no report of its own
            photometry = row["section"] == "Photometric Performance"
            old = int(row["value_release"]) < 22 or (row["value_release"] == "22" and photometry)
            producer = "validate_drp" if old else "faro"
            if row["dataset_or_producer"] == "RC2-faro":
                producer = "faro"
            release = f"v{row['value_release']}"
            found = own[row["document"], release, producer, row["metric"], row["band"]]
            cell = (row["document"], row["metric"], row["band"])
            if cell in MISTYPED:
                assert (row["value"], found) == MISTYPED[cell]
            else:
                assert float(found) == ODD.get(row["value"]) or float(found) == float(row["value"])
            compared += 1
    assert compared == sum(bool(row["value"]) for row in history) == 439


def test_the_tool_writes_what_is_here(shared, tmp_path):
    """The committed files are those that the tool makes of the transcribed reports."""
    source = shared / "data" / "real" / "dmtr"
    subprocess.run([sys.executable, TOOL, source, "--to", tmp_path], check=True)
    made = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert made == {path.name: path.read_bytes() for path in FOLDER.iterdir()}
