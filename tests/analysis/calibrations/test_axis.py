from __future__ import annotations

from datetime import date

import pytest

from reportgen.analysis.calibrations.axis import make_axis
from reportgen.analysis.calibrations.rows import Moment
from reportgen.model.calibrations import TimeKind
from reportgen.model.runs import Run, RunKey


def moment(exposure: str | None = None, day: str | None = None, **more: object) -> Moment:
    """Return a moment of the only run."""
    fields = {"run": "cam/daily", "exposure": exposure, "date": day, "mjd": None, "day_obs": None}
    return Moment(**(fields | more))


def test_nights_begin_at_noon_utc() -> None:
    """Exposures before and after midnight UTC belong to one night, as day_obs has it."""
    placed = make_axis([moment(mjd=61222.9, exposure="1"), moment(mjd=61223.3, exposure="2")], {})
    assert placed.axis.kind is TimeKind.NIGHTS
    assert placed.axis.nights == ["2026-07-01"]
    assert [point.night for point in placed.axis.points] == [0, 0]
    assert placed.axis.times.tolist() == [pytest.approx(61223.1)]


@pytest.mark.parametrize(
    "one",
    [
        moment(day_obs="20260701"),
        moment(mjd=61222.86),
        moment("2026070100012"),
        moment(day="2026-07-01"),
    ],
)
def test_night_is_told_by_what_is_known(one: Moment) -> None:
    """The day_obs counts, else the MJD, else the exposure's number, else the date of the file."""
    assert make_axis([one], {}).axis.nights == ["2026-07-01"]


def test_run_tells_the_date_where_nothing_else_does() -> None:
    """A file without any date has that of its run."""
    run = Run(key=RunKey(dataset="Cam", release="daily"), date="2026-07-03")
    placed = make_axis([moment(run=run.id)], {run.id: run})
    assert placed.axis.nights == ["2026-07-03"]
    assert placed.axis.kind is TimeKind.DATES


def test_same_exposures_under_many_dates_are_a_history_of_the_software() -> None:
    """Exposures of one night verified again and again stand at the dates of the files."""
    days = ["2024-01-01", "2024-02-01", "2024-03-01"]
    moments = [
        moment(exposure, day, day_obs="20210525")
        for day in days
        for exposure in ("2021052500015", "2021052500016")
    ]
    placed = make_axis([*moments, moment(None, "2024-02-01")], {})
    assert placed.axis.kind is TimeKind.VERSIONS
    assert placed.axis.nights == days
    assert [point.night for point in placed.axis.points] == [0, 0, 1, 1, 1, 2, 2]


def test_reprocessed_nights_stay_nights() -> None:
    """Many nights verified twice are no history of the software; the newest verdict counts."""
    nights = [date(2026, 7, day) for day in range(1, 20)]
    runs = [Run(key=RunKey(dataset="Cam", release=name)) for name in ("first", "second")]
    moments = [
        moment(f"{night:%Y%m%d}00012", night.isoformat(), day_obs=f"{night:%Y%m%d}", run=run.id)
        for run in reversed(runs)
        for night in nights
    ]
    placed = make_axis(moments, {run.id: run for run in runs})
    assert placed.axis.kind is TimeKind.NIGHTS
    assert placed.axis.nights == [night.isoformat() for night in nights]
    assert len(placed.axis.points) == len(nights)
    assert {point.run for point in placed.axis.points} == {"cam/second"}
    newer, older = placed.rank[: len(nights)], placed.rank[len(nights) :]
    assert (newer > older).all()


def test_a_date_that_is_stated_comes_before_the_night_of_the_exposure() -> None:
    """All rows of a file stand at its configured date, those of exposures and that of the run."""
    placed = make_axis(
        [
            moment("2021052500190", "2023-12-13", day_obs="20210525", mjd=59360.2),
            moment("2021052600191", "2023-12-13", day_obs="20210526"),
            moment(None, "2023-12-13"),
        ],
        {},
    )
    assert placed.axis.kind is TimeKind.DATES
    assert placed.axis.nights == ["2023-12-13"]
    assert {point.date for point in placed.axis.points} == {"2023-12-13"}
    assert [point.exposure for point in placed.axis.points] == [
        None,
        "2021052500190",
        "2021052600191",
    ]
    assert placed.axis.times.tolist() == [60291.5]


def test_an_exposure_without_a_date_has_that_of_its_night() -> None:
    """What only the time tells is not given the date of its run."""
    run = Run(key=RunKey(dataset="Cam", release="daily"), date="2026-07-03")
    (point,) = make_axis([moment(mjd=61222.9, run=run.id)], {run.id: run}).axis.points
    assert point.date == "2026-07-01"


def test_dates_that_are_no_dates_are_kept_apart_from_real_ones() -> None:
    """A file with a senseless date and without anything else does not stop the report."""
    placed = make_axis([moment(day="yesterday"), moment(day="2026-07-01")], {})
    assert placed.axis.nights[-1] == "2026-07-01"
    assert len(placed.axis.points) == 2


def test_nothing_verified_is_an_empty_axis() -> None:
    """No moment gives no night."""
    placed = make_axis([], {})
    assert (placed.axis.nights, placed.axis.points, len(placed.point)) == ([], [], 0)
