"""The page of requirements, and the list of runs."""

from __future__ import annotations

import pandas as pd

from reportgen.model import report as model
from reportgen.model.definitions import Reference
from reportgen.model.report import Counts, Line, RunReport, RunSummary
from reportgen.model.runs import Revision
from reportgen.model.status import Status
from reportgen.pages import requirements, runs
from reportgen.pages.tally import Tally
from tests.factories import make_check, make_run, make_specification

NOTHING = Counts(passed=0, failed=0, not_measured=0, no_specification=3)


def make_line(band: str, status: Status | None, margin: float | None = None) -> Line:
    """Return a row of PA1 in a run."""
    return Line(
        metric="validate_drp.PA1",
        band=band,
        producer="faro",
        anchor=f"PA1-{band}",
        unit="mmag",
        value=None if status is Status.NOT_MEASURED else 7.0,
        low=None,
        high=None,
        measured=1,
        members=1,
        worst_member=None,
        reasons={},
        checks=[make_check(status, specification="validate_drp.PA1.design_gri", margin=margin)]
        if margin is not None and status
        else (),
        status=status,
    )


def make_report(
    dataset: str, lines: list[Line], tests: tuple[model.TestCount, ...] = ()
) -> RunReport:
    """Return a run of version 25 in full."""
    return RunReport(
        run=make_run(dataset, "v25", revisions=(ONE,)),
        reference=None,
        counts=NOTHING,
        lines=lines,
        measurements=pd.DataFrame(),
        checks=pd.DataFrame(),
        jobs=(),
        tests=tests,
    )


ONE = Revision(number=1, jobs=1, replaced=0, measurements=3, tests=2)


def test_bands_that_share_a_state_stand_together() -> None:
    """The worst state comes first; only datasets that requirements judge have a column."""
    latest = [
        make_report(
            "HSC RC2",
            [
                make_line("z", Status.PASS, 0.0),
                make_line("u", Status.NOT_MEASURED),
                make_line("i", Status.FAIL, -0.4),
                make_line("g", Status.FAIL, -0.1),
            ],
        ),
        make_report("Calibrations", [make_line("r", None)]),
    ]
    limits = [
        make_specification("validate_drp.PA1.design_gri", bands=("g", "r", "i")),
        make_specification("validate_drp.AM1.design", threshold=10, unit="marcsec"),
    ]
    view = requirements.page(limits, {}, latest, {"validate_drp.PA1"}).view
    assert [(run.dataset, run.sentence) for run in view.runs] == [
        ("HSC RC2", "1 of 1 quantity fails at level design: PA1")
    ]
    ((photometry,), (astrometry,)) = (one.rows for one in (*view.quantities, *view.absent))
    assert [
        (group.status, [one.band for one in group.bands]) for group in photometry.states[0]
    ] == [
        (Status.FAIL, ["g", "i"]),
        (Status.NOT_MEASURED, ["u"]),
        (Status.PASS, ["z"]),
    ]
    assert [group.closest for group in photometry.states[0]] == [
        "i 40\u00a0% over",
        "",
        "0\u00a0% inside",
    ]
    assert photometry.limits[0] == ["≤\u00a05\u00a0mmag (gri)"]
    assert [one.name for one in view.absent] == ["AM1"]
    assert (list(astrometry.states[0]), astrometry.measured) == ([], False)


def test_reference_of_a_requirement() -> None:
    """The document is a link only where it has a web address."""
    reference = Reference(docs=("LPM-17",), urls=("javascript:alert(1)",), page=21)
    view = requirements.page([make_specification(reference=reference)], {}, [], set()).view
    (source,) = view.quantities[0].rows[0].references
    assert (source.text, source.url) == ("LPM-17, page 21", None)


def test_a_quantity_that_runs_have_in_part_stands_in_both_tables() -> None:
    """Its metrics keep their own names, and a heading leads to the ones that a run has."""
    names = ("validate_drp.PA1.design_gri", "validate_drp.PA1_minimum.minimum")
    limits = [make_specification(name) for name in names]
    latest = [make_report("HSC RC2", [make_line("g", Status.PASS)])]
    page = requirements.page(limits, {}, latest, set())
    shown, absent = (
        [row.metric for one in part for row in one.rows]
        for part in (
            page.view.quantities,
            page.view.absent,
        )
    )
    assert (shown, absent) == (["validate_drp.PA1"], ["validate_drp.PA1_minimum"])
    assert all(one.several for one in (*page.view.quantities, *page.view.absent))
    assert [heading.title for heading in page.toc] == ["PA1"]


def test_without_runs_all_requirements_are_in_sight() -> None:
    """Nothing is called absent from runs that there are not."""
    view = requirements.page([make_specification()], {}, [], set()).view
    assert (len(view.quantities), list(view.absent)) == (1, [])


def test_runs_without_a_page_are_apart() -> None:
    """Where other runs have one; a list of runs that all lack theirs is no box."""
    told = [
        RunSummary(
            run=make_run("HSC RC2", name, revisions=(ONE,)),
            reference=None,
            counts=NOTHING,
            in_full=full,
        )
        for name, full in (("v24", False), ("v25", True))
    ]
    (dataset,) = runs.page(told).view.datasets
    assert [row.release for row in dataset.rows] == ["v25"]
    assert [row.release for row in dataset.omitted] == ["v24"]
    (dataset,) = runs.page(told[:1]).view.datasets
    assert ([row.release for row in dataset.rows], list(dataset.omitted)) == (["v24"], [])


def test_calibration_runs_are_listed_by_their_tests() -> None:
    """A run that no requirement judges shows its calibration tests, without those that sum up."""
    counts = {"instrument": "LATISS", "stage": "bias", "level": "amplifier"}
    tests = (
        model.TestCount(**counts, test="SUCCESS", passed=1, failed=1),
        model.TestCount(**counts, test="NOISE", passed=30, failed=2),
        model.TestCount(**counts, test="MEAN", passed=32, failed=0),
    )
    report = make_report("Calibrations", [], tests)
    summary = RunSummary(run=report.run, reference=None, counts=NOTHING)
    dataset = runs.page([summary], [report]).view.datasets[0]
    assert dataset.calibrations
    assert dataset.rows[0].tests == Tally(passed=62, failed=2)
    assert not runs.page([summary]).view.datasets[0].calibrations
