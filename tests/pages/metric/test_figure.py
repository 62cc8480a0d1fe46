"""The picture of a metric: what it says beside its values."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date

from reportgen.definitions.notes import Note
from reportgen.figures.history_plan import plan_history
from reportgen.model.definitions import Metric
from reportgen.model.figures import ELSEWHERE
from reportgen.model.numbers import format_quantity
from reportgen.model.report import DatasetHistory, HistorySeries, SeriesStep, SeriesTrend
from reportgen.pages.metric.curves import curves
from reportgen.pages.metric.figure import history_figure
from reportgen.pages.notes import NoteBook
from tests.factories import make_run, make_specification

RELEASES = ("w_2021_30", "w_2021_34", "w_2021_38", "w_2021_42")


def make_step(position: int, *, confirmed: bool) -> SeriesStep:
    """Return a step of 2 in the unit of the series."""
    return SeriesStep(
        position=position,
        before=5.0,
        after=7.0,
        change=2.0,
        ci_low=1.5,
        ci_high=2.5,
        confirmed=confirmed,
        better=False,
    )


def make_series(band: str, values: list[float], *steps: SeriesStep) -> HistorySeries:
    """Return values of one band with what the analysis found in them."""
    return HistorySeries(
        dataset="HSC RC2",
        producer="faro",
        data_id={"band": band},
        aggregate=False,
        values=values,
        reasons=[None] * len(values),
        measured=[1] * len(values),
        members=[1] * len(values),
        trend=SeriesTrend(verdict="steps", steps=steps, spikes=(), noise=0.1),
    )


def make_figure(*series: HistorySeries, notes: tuple[Note, ...] = (), releases=RELEASES):
    """Return the figure of a history with a limit for all bands and one for r alone."""
    runs = [replace(make_run("HSC RC2", release), tickets=("DM-7",)) for release in releases]
    history = DatasetHistory(
        dataset="HSC RC2",
        unit="mmag",
        runs=runs,
        series=series,
        limits=[
            make_specification("faro.PA1.design", level="design", threshold=10.0, bands=None),
            make_specification("faro.PA1.stretch", level="stretch", threshold=6.0, bands=("r",)),
        ],
    )
    metric = Metric(name="faro.PA1", unit="mmag")
    return history_figure(metric, history, curves(history), {}, NoteBook(notes=notes))


def test_full_releases_stand_on_the_axis() -> None:
    """Among weeklies a release is marked; a candidate is none, and releases alone need no mark."""

    def marked(*releases: str) -> list[tuple[float, str]]:
        figure = make_figure(make_series("g", [5, 5, 5, 5]), releases=releases)
        return [(m.position, m.text) for m in figure.annotations if m.kind == "release"]

    assert marked("v22", "v23.0.1", "v24.0.rc1", "w_2021_42") == [(0, "v22"), (1, "v23.0.1")]
    assert marked("v22", "v23", "v24", "25.0.0") == []
    assert marked(*RELEASES) == []


def test_confirmed_steps_stand_on_the_axis() -> None:
    """With the interval of the change, from the last run at the old level; new ones do not."""
    figure = make_figure(
        make_series("g", [5, math.nan, 7, 7], make_step(2, confirmed=True)),
        make_series("r", [5, 5, 7, 7], make_step(3, confirmed=False)),
    )
    (step,) = figure.annotations
    assert (step.kind, step.since, step.position) == ("step", 0, 2)
    assert step.text == f"step: g +{format_quantity(2, 'mmag')} (95 %: 1.5 to 2.5)"


def test_notes_stand_on_the_axis() -> None:
    """Notes on a run of the axis, if they are about this metric or about none."""
    run = "hsc-rc2/w_2021_34"
    notes = (
        Note(path="a.md", title="All of it", body="", runs=(run,), date=date(2021, 9, 1)),
        Note(path="b.md", title="This one", body="", runs=(run,), metrics=("faro.PA1",)),
        Note(path="c.md", title="Another", body="", runs=(run,), metrics=("faro.AM1",)),
        Note(path="d.md", title="Elsewhere", body="", runs=("dc2/w_2021_34",)),
    )
    figure = make_figure(make_series("g", [5.0] * 4), notes=notes)
    assert [(one.kind, one.position, one.text) for one in figure.annotations] == [
        ("note", 1, "All of it"),
        ("note", 1, "This one"),
    ]


def test_each_limit_knows_its_bands() -> None:
    """So that a point is told the limits that apply to it."""
    figure = make_figure(make_series("g", [5.0] * 4), make_series("r", [5.0] * 4))
    assert [(one.label, one.series) for one in figure.limits] == [
        ("design", ()),
        ("stretch (r)", ("r",)),
    ]


def test_runs_say_date_and_ticket() -> None:
    """What a reader would look up next."""
    figure = make_figure(make_series("g", [5.0] * 4))
    assert figure.remarks[0].endswith("DM-7")
    assert figure.remarks[0].startswith("2021-07-")


def test_each_band_keeps_its_newest_curve() -> None:
    """Of more curves than one figure holds, those that ended first are left to the table."""
    nan = math.nan
    bands = ("u", "g", "r", "i", "z", "y")
    old = [replace(make_series(b, [5, 5, nan, nan]), producer="validate_drp") for b in bands]
    late = [replace(make_series(b, [nan, 5, 5, nan]), producer="faro") for b in bands]
    new = [replace(make_series(b, [nan, 5, 5, 5]), producer="analysis_tools") for b in bands]
    newest = [replace(make_series(b, [nan, nan, 5, 5]), producer="other") for b in bands[:2]]
    figure = make_figure(*old, *late, *new, *newest)
    labels = [one.label for one in figure.series]
    assert len(labels) == 18
    assert {label.split()[0] for label in labels} == set(bands)
    assert [one for one in labels if one.endswith("(validate_drp)")] == [
        f"{band} (validate_drp)" for band in "rizy"
    ]
    assert figure.caption.endswith("Not drawn: 2 curves that ended earlier; the table has all.")
    assert "Not drawn" not in make_figure(*new).caption


def test_what_another_producer_measured_is_not_missed() -> None:
    """Where one producer took over from another, only runs without any value have a mark."""
    nan = math.nan
    old = replace(
        make_series("g", [5, 5, nan, nan, nan]), reasons=[None, None, "absent", "absent", "absent"]
    )
    new = replace(
        make_series("g", [nan, 5, 5, nan, nan]), reasons=["absent", None, None, "null", "absent"]
    )
    figure = make_figure(
        old, replace(new, producer="analysis_tools"), releases=(*RELEASES, "w_2021_43")
    )
    assert [list(one.reasons) for one in figure.series] == [
        ["", "", ELSEWHERE, ELSEWHERE, "absent"],
        [ELSEWHERE, "", "", "null", "absent"],
    ]
    first, second = plan_history(figure).series
    assert (first.missing.tolist(), second.missing.tolist()) == ([4], [3, 4])
    assert "2 missing" in figure.alt
