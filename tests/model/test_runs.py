"""Days and order of releases."""

from __future__ import annotations

from datetime import date

import pytest

from reportgen.model.runs import Run, RunKey, is_release, release_date, release_order

THURSDAY = date(2026, 10, 1)


@pytest.mark.parametrize(
    "release",
    [
        "w_2026_40",
        "w_2026_40/DM-99999",
        "w_2026_40_DM-99999",
        "w_2026_40-DM-99999",
        "w_2026_40 DM-99999",
        "w.2026.40.DM-99999",
        "w_2026_40/20261005T010203Z",
        "HSC/runs/RC2/w_2026_40/DM-99999",
    ],
)
def test_a_ticket_behind_a_weekly_leaves_its_day(release: str) -> None:
    """The date of a run comes from the release part of its name."""
    assert release_date(release) == THURSDAY
    assert Run(key=RunKey(dataset="RC2", release=release)).day == "2026-10-01"


def test_a_daily_with_a_ticket_has_its_day() -> None:
    """Also where the day has one digit."""
    assert release_date("d_2026_10_2/DM-7") == date(2026, 10, 2)
    assert release_date("d_2026_10_02-DM-7") == date(2026, 10, 2)


@pytest.mark.parametrize(
    "release", ["DM-99999", "w_2026_99/DM-1", "new_2026_40-DM-1", "w_2026_401"]
)
def test_nothing_else_has_a_day(release: str) -> None:
    """A ticket alone, a week that no year has, another word."""
    assert release_date(release) is None


def test_processings_of_a_weekly_sort_with_it_and_are_no_release() -> None:
    """Between the weeklies before and after; an edition is made for the weekly alone."""
    names = ["w_2026_42", "w_2026_40/DM-2", "w_2026_40", "w_2026_38", "w_2026_40/DM-1"]
    assert sorted(names, key=release_order) == [
        *("w_2026_38", "w_2026_40", "w_2026_40/DM-1", "w_2026_40/DM-2", "w_2026_42"),
    ]
    assert [is_release(name) for name in names] == [True, False, True, True, False]
