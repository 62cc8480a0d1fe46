from __future__ import annotations

import csv

import pytest

from reportgen.definitions.classify import classify
from reportgen.definitions.packages import read_packages
from reportgen.model.status import LEVELS, Kind


@pytest.mark.parametrize(
    ("name", "tags", "kind", "level"),
    [
        ("validate_drp.PA1.design_gri", (), Kind.REQUIREMENT, "design"),
        ("validate_drp.AM1.CFHT_minimum", (), Kind.REQUIREMENT, "minimum"),
        ("validate_drp.PF1_design_gri.srd", (), Kind.REQUIREMENT, "design"),
        ("validate_drp.PA2_stretch_uzy.hsc_u", ("PA2",), Kind.REQUIREMENT, "stretch"),
        ("validate_drp.PF1_stretch_gri.minimum", ("design",), Kind.REQUIREMENT, "minimum"),
        ("pipe_analysis.locus.griPSF", ("minimum",), Kind.REQUIREMENT, "minimum"),
        ("validate_drp.AM1.FY20", (), Kind.RELEASE_TARGET, "FY20"),
        ("validate_drp.PF1_minimum_gri.hsc_g_ORR", (), Kind.RELEASE_TARGET, "ORR"),
        ("validate_drp.PA1.FY17_hsc_g", ("release",), Kind.RELEASE_TARGET, "FY17"),
        ("validate_drp.PA1.first_light", ("release",), Kind.RELEASE_TARGET, "first_light"),
        ("jointcal.astrometry_final_chi2.maximum", (), Kind.REQUIREMENT, None),
        ("pipe_analysis.designer_flux.lower", ("redesign",), Kind.REQUIREMENT, None),
        ("pipe_analysis.flux.design_or_minimum", (), Kind.REQUIREMENT, None),
    ],
)
def test_kind_and_level(name, tags, kind, level):
    """Release targets are known by year, ORR or tag; levels by the name of spec or metric."""
    assert classify(name, tags) == (kind, level)


def test_levels_of_verify_metrics(shared):
    """Kinds and levels of verify_metrics are the ones of the table of facts."""
    found = read_packages([shared / "data" / "real" / "verify_metrics"]).specifications
    with (shared / "facts" / "verify_metrics_specs.csv").open(newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["full_name"] in found]
    differing = set()
    for row in rows:
        spec, level = found[row["full_name"]], row["spec_level"]
        target = level.startswith("FY") or level == "ORR"
        assert spec.kind == (Kind.RELEASE_TARGET if target else Kind.REQUIREMENT)
        if spec.level != (level if target or level in LEVELS else None):
            differing.add((spec.name, spec.level))
        if row["metric_level"] and not target:
            assert spec.level == row["metric_level"]
    # These two have the level among their tags only, which the table does not look at.
    assert differing == {
        ("pipe_analysis.stellar_locus_width_wPerp.griPSF_wFit", "minimum"),
        ("pipe_analysis.stellar_locus_width_xPerp.griPSF_xFit", "minimum"),
    }
