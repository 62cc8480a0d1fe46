from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from reportgen.analysis.comparison.compare import compare_runs
from reportgen.analysis.events import find_events
from reportgen.analysis.histories.trends import add_trends
from reportgen.model.events import Event, EventKind, EventStatus
from reportgen.model.report import Epoch, MetricReport
from tests.analysis.calibrations.cases import camera
from tests.analysis.comparison.cases import Cases, Rows, rules
from tests.factories import make_row, make_specification

LEVEL = [5.0, 5.1, 5.0, 5.2, 5.1, 5.0, 5.1, 5.2, 5.0, 5.1]


def history(runs: Sequence[Rows]) -> dict[Any, Rows]:
    """Return weeklies with these rows."""
    return {f"w_2026_{week:02}": rows for week, rows in enumerate(runs, start=1)}


def stepping(folder: Path, after: int, metrics: Sequence[str], **more: Any) -> list[MetricReport]:
    """Return reports of metrics of which those in y rise by 3 at the eleventh week."""
    weeks = [
        [
            make_row(name, value=LEVEL[week % 10] + 3.0 * (week >= 10 and band == "y"), band=band)
            for name in metrics
            for band in "ry"
        ]
        for week in range(10 + after)
    ]
    cases = Cases(folder, history(weeks), specifications=(), **more)
    return add_trends(cases.metrics(), rules())


def test_steps_of_one_run_are_one_event(tmp_path: Path) -> None:
    """All metrics that step at a run make one entry, which says what they share."""
    names = [f"x.m{number}" for number in range(5)]
    (event,) = find_events(stepping(tmp_path, 5, names))
    assert (event.kind, event.status) == (EventKind.STEP, EventStatus.CONFIRMED)
    assert (event.run, event.when) == ("hsc-rc2/w_2026_11", "w_2026_11")
    assert event.date == "2026-03-12"
    assert event.metrics == names
    assert event.shared == {"band": ["y"]}
    assert all(member.better is False for member in event.members)
    assert event.members[0].detail.startswith("+3")


def test_a_new_step_is_said_to_be_new(tmp_path: Path) -> None:
    """A step that has not stood at two more looks is new; later it keeps its id."""
    (new,) = find_events(stepping(tmp_path / "new", 2, ["x.m"]))
    (later,) = find_events(stepping(tmp_path / "later", 8, ["x.m"]))
    assert (new.status, later.status) == (EventStatus.NEW, EventStatus.CONFIRMED)
    assert new.id == later.id == "step-hsc-rc2-w_2026_11"


def test_a_confirmed_step_is_the_new_normal(tmp_path: Path) -> None:
    """Runs after a confirmed step report nothing, however long the level stays."""
    events = find_events(stepping(tmp_path, 25, ["x.m"]))
    assert [event.run for event in events] == ["hsc-rc2/w_2026_11"]


def test_epoch_is_an_event_and_no_step(tmp_path: Path) -> None:
    """A change of definition is reported as such, with its reason, and hides no step behind it."""
    epoch = Epoch(from_run="hsc-rc2/w_2026_11", position=10, reason="definition fixed (DM-39332)")
    events = find_events(stepping(tmp_path, 8, ["x.m", "x.n"], epochs=[epoch]))
    assert [(event.kind, event.reason) for event in events] == [(EventKind.EPOCH, epoch.reason)]
    assert events[0].metrics == ["x.m", "x.n"]


def compared(folder: Path, runs: Sequence[Rows]) -> list[Event]:
    """Return the events of weeklies that are each compared with the one before."""
    specification = make_specification("x.pa.design", threshold=5.0)
    cases = Cases(folder, history(runs), specifications=(specification,))
    reports = [cases.run(run.release) for run in cases.store.runs]
    pairs = itertools.pairwise(reports)
    found = [compare_runs(a, b, cases.histories, rules()) for a, b in pairs]
    return find_events(cases.metrics(), found)


def test_requirements_that_begin_and_cease_to_fail(tmp_path: Path) -> None:
    """A newly failing requirement is open until a later run fixes it; then both are said."""

    def rows(g: float, r: float) -> Rows:
        return [make_row("x.pa", g, band="g"), make_row("x.pa", r, band="r")]

    events = compared(tmp_path, [rows(4, 4), rows(6, 6), rows(6, 6), rows(4, 6), rows(4, 7)])
    assert [(e.kind, e.when, e.status, len(e.members)) for e in events] == [
        (EventKind.FIXED, "w_2026_04", EventStatus.DONE, 1),
        (EventKind.NEWLY_FAILING, "w_2026_02", EventStatus.OPEN, 2),
    ]
    fixed = compared(tmp_path / "all", [rows(4, 4), rows(6, 6), rows(4, 4)])
    assert fixed[1].status is EventStatus.RESOLVED
    assert fixed[1].comparison == "compare/hsc-rc2/w_2026_01...w_2026_02/"


def test_missing_values_are_events(tmp_path: Path) -> None:
    """A value that is gone is reported with the reason; one by another producer is not gone."""
    before = [make_row("x.a", 1.0), make_row("x.b", 1.0), make_row("x.b", 1.0, producer="p")]
    after = [make_row("x.a", None), make_row("x.b", 1.0, producer="p")]
    (event,) = compared(tmp_path, [before, after])
    assert (event.kind, event.metrics) == (EventKind.MISSING, ["x.a"])
    assert event.members[0].detail == "not measured: nan"


def test_only_comparisons_with_the_reference_count(tmp_path: Path) -> None:
    """A comparison across releases or producers repeats no event."""
    runs = history([[make_row("x.pa", v)] for v in (4.0, 6.0, 6.0)])
    specification = make_specification("x.pa.design", threshold=5.0)
    cases = Cases(tmp_path, runs, specifications=(specification,))
    a, b, c = (cases.run(run.release) for run in cases.store.runs)
    found = [compare_runs(x, y, cases.histories, rules()) for x, y in ((a, b), (b, c), (a, c))]
    assert [event.when for event in find_events([], found)] == ["w_2026_02"]


def test_newest_event_comes_first(tmp_path: Path) -> None:
    """Events are in order of their days, those of one dataset in order of runs."""
    reports = stepping(tmp_path, 8, ["x.m"])
    epoch = Epoch(from_run="hsc-rc2/w_2026_02", position=1, reason="x")
    history_ = reports[0].histories[0]
    series = [replace(one, epochs=[epoch]) for one in history_.series]
    reports.append(replace(reports[0], histories=[replace(history_, series=series)]))
    days = [event.date for event in find_events(reports)]
    assert days == sorted(days, reverse=True)


def test_known_issue_gives_its_ticket(tmp_path: Path) -> None:
    """The ticket of a known issue stands beside the event; else that of the run."""
    reports = stepping(tmp_path, 5, ["x.m"])
    assert find_events(reports)[0].ticket is None
    (event,) = find_events(reports, known=lambda *place: "DM-7" if place[2] == "y" else None)
    assert event.ticket == "DM-7"


def test_ids_are_unique(tmp_path: Path) -> None:
    """No two events share an id, whatever happens at one run."""
    epochs = [Epoch(from_run="hsc-rc2/w_2026_11", position=10, reason=r) for r in ("a", "b")]
    events = find_events(stepping(tmp_path, 8, ["x.m"], epochs=epochs))
    assert len({event.id for event in events}) == len(events) == 2


@pytest.mark.parametrize("values", [[], [None, None], [1.0], [1.0, 1.0]])
def test_short_histories_have_no_events(tmp_path: Path, values: list[float | None]) -> None:
    """Where nothing can be said, nothing happened."""
    runs = history([[make_row("x.m", value)] for value in values])
    reports = add_trends(Cases(tmp_path, runs).metrics(), rules()) if values else []
    assert find_events(reports) == []


def test_amplifiers_that_step_in_one_night_are_one_event() -> None:
    """An exchanged board is one entry, with the detector that its amplifiers share."""
    rng = np.random.default_rng(4)
    values = 7.8 + 0.01 * rng.standard_normal((60, 3, 4))
    values[40:, 1] += 1.0
    report = camera({"NOISE": values}, unit="adu").report()
    steps = [event for event in find_events([], stages=[report]) if event.kind is EventKind.STEP]
    event = max(steps, key=lambda one: len(one.members))
    assert (event.date, len(event.members)) == ("2026-08-10", 4)
    assert event.shared["detector"] == ["R22_S01"]
    assert event.id == "step-cam-bias-2026-08-10"
    assert event.stage == report.key


def test_calibration_tests_that_begin_to_fail() -> None:
    """Amplifiers whose test newly fails are one entry, open while one of them still fails."""
    values = np.full((40, 2, 3), 5.0) + 0.01 * np.random.default_rng(5).standard_normal((40, 2, 3))
    passed = np.ones((40, 2, 3), dtype=bool)
    passed[30:, 0, :2] = False
    report = camera({"NOISE": values}, passed={"NOISE": passed}).report()
    found = find_events([], stages=[report])
    (event,) = (one for one in found if one.kind is EventKind.NEWLY_FAILING)
    assert (event.date, event.status) == ("2026-07-31", EventStatus.OPEN)
    assert [member.data_id["amplifier"] for member in event.members] == ["C00", "C01"]


def test_one_bad_night_is_no_event() -> None:
    """A test that fails for a single night, or passes for one, is neither new nor fixed."""
    values = np.full((40, 1, 3), 5.0) + 0.01 * np.random.default_rng(5).standard_normal((40, 1, 3))
    passed = np.ones((40, 1, 3), dtype=bool)
    passed[10, 0, 0] = False  # one bad night
    passed[20:, 0, 1] = False  # fails from here on …
    passed[30, 0, 1] = True  # … but for one good night
    passed[39, 0, 2] = False  # the last night: it could not yet stand
    report = camera({"NOISE": values}, passed={"NOISE": passed}).report()
    found = find_events([], stages=[report])
    assert [(e.kind, e.date, e.status, e.members[0].data_id["amplifier"]) for e in found] == [
        (EventKind.NEWLY_FAILING, "2026-08-09", EventStatus.OPEN, "C02"),
        (EventKind.NEWLY_FAILING, "2026-07-21", EventStatus.OPEN, "C01"),
    ]


def test_drift_is_one_event_per_statistic() -> None:
    """What drifts is one entry whose id does not change from night to night."""
    rng = np.random.default_rng(6)
    slope = np.linspace(0, 3, 90)[:, None, None]
    for_nights = {}
    for nights in (80, 90):
        values = (10 + slope + 0.05 * rng.standard_normal((90, 2, 2)))[:nights]
        report = camera({"GAIN": values}, unit="adu").report()
        found = [e for e in find_events([], stages=[report]) if e.kind is EventKind.DRIFT]
        for_nights[nights] = found
    (first,), (later,) = for_nights[80], for_nights[90]
    assert first.id == later.id == "drift-cam-bias-gain"
    assert len(later.members) == 4
