from __future__ import annotations

from dataclasses import replace

from reportgen.definitions.corrections import apply_limits, unused_limits
from reportgen.definitions.overrides import Overrides
from tests.factories import make_specification

TE2 = make_specification("validate_drp.TE2.design", threshold=5e-5, unit="")
HSC = make_specification("validate_drp.TE2.hsc_design", threshold=5e-5, unit="")
PA1 = make_specification("validate_drp.PA1.design_gri")
BY_NAME = {spec.name: spec for spec in (TE2, HSC, PA1)}


def _overrides(**tables: object) -> Overrides:
    return Overrides.model_validate(tables)


def test_a_corrected_limit_says_what_it_replaces_and_why():
    """Threshold, operator and unit are replaced, and the correction says from what and why."""
    limit = {
        "specification": "validate_drp.TE2.*design",
        "threshold": 1e-7,
        "reason": "LPM-17 differs",
        "reference": "LPM-17, 3.4, Table 27",
    }
    correction = "5e-05 → 1e-07: LPM-17 differs (LPM-17, 3.4, Table 27)"
    assert apply_limits(BY_NAME, _overrides(limit=[limit])) == {
        TE2.name: replace(TE2, threshold=1e-7, correction=correction),
        HSC.name: replace(HSC, threshold=1e-7, correction=correction),
        PA1.name: PA1,
    }
    limit = {"specification": "PA1.*", "operator": "<", "unit": "", "reason": "why"}
    changed = apply_limits(BY_NAME, _overrides(limit=[limit]))[PA1.name]
    assert (changed.threshold, changed.operator, changed.unit) == (5.0, "<", "")
    assert changed.correction == "<= → <, mmag → dimensionless: why"


def test_a_correction_that_changes_nothing_leaves_no_mark():
    """Once upstream has the right limit, the override has no effect and says nothing."""
    limit = {"specification": "PA1.*", "threshold": 5, "reason": "as in the SRD"}
    assert apply_limits(BY_NAME, _overrides(limit=[limit])) == BY_NAME


def test_the_later_of_two_corrections_wins_and_refers_to_the_file():
    """Of two corrections the later one is used, with the limit of the file as the one replaced."""
    limits = [
        {"specification": "PA1.*", "threshold": 6, "reason": "first"},
        {"specification": "PA1.*", "threshold": 7, "reason": "second"},
    ]
    changed = apply_limits(BY_NAME, _overrides(limit=limits))[PA1.name]
    assert (changed.threshold, changed.correction) == (7, "5 → 7: second")


def test_bands_are_those_of_the_last_entry_that_fits():
    """A limit gets the bands of its last entry, and keeps all bands without one."""
    bands = [
        {"specification": ["*_gri", "*_gri.*"], "bands": ["g", "r", "i"], "reason": "SRD"},
        {"specification": "validate_drp.TE2.*", "bands": ["r", "i"], "reason": "SRD"},
        {"specification": "TE2.hsc_*", "bands": ["i"], "reason": "only that"},
    ]
    found = apply_limits(BY_NAME, _overrides(bands=bands))
    assert {name: spec.bands for name, spec in found.items()} == {
        TE2.name: ("r", "i"),
        HSC.name: ("i",),
        PA1.name: ("g", "r", "i"),
    }
    assert apply_limits(BY_NAME, Overrides()) == BY_NAME


def test_unused_corrections_are_found():
    """A correction that fits nothing is found with its number."""
    limits = [
        {"specification": "PA1.*", "threshold": 6, "reason": "r"},
        {"specification": ["PA3.*", "validate.PA1.*"], "threshold": 6, "reason": "r"},
    ]
    overrides = _overrides(limit=limits)
    assert unused_limits(BY_NAME, overrides) == [(2, overrides.limit[1])]
