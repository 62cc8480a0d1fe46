"""Notes and known issues on the pages of calibrations and on their axes of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from reportgen.definitions.notes import Note
from reportgen.definitions.triage import KnownIssue, Triage
from reportgen.model.calibrations import MJD_ZERO
from reportgen.model.figures import Annotation, FigureRequest, HistoryFigure
from reportgen.pages.calibrations.people import People
from reportgen.pages.notes import NoteBook
from tests.analysis.calibrations.cases import camera
from tests.pages.calibrations.rendered import TODAY, Site, render

NIGHTS = 40
STAGE, DETECTOR = "calibrations/cam/bias/", "calibrations/cam/bias/r22_s01/"
KNOWN = KnownIssue(
    metric=("cp_verify.BIAS_NOISE",),
    place=("R22_S01 C02",),
    owner="Ada",
    ticket="DM-1",
    reason="It is <watched>.",
    since=date(2026, 7, 11),
    expires=date(2026, 12, 1),
)
NOTES = (
    Note(
        path="out.md", title="Shutter open", body="", instruments=("Cam",), stages=("bias",),
        exposures=("2026071500012", "2026072099999"), date=date(2026, 7, 30),
    ),
    Note(path="day.md", title="New board", body="", instruments=("Cam",), date=date(2026, 7, 21)),
    Note(path="far.md", title="Other", body="", instruments=("Other",), date=date(2026, 7, 21)),
)  # fmt: skip


@pytest.fixture(scope="module")
def site() -> Site:
    """Return the pages of a camera of two detectors in which two amplifiers fail."""
    values = np.random.default_rng(1).normal(5, 0.05, size=(NIGHTS, 2, 3))
    passed = np.ones((NIGHTS, 2, 3), dtype=bool)
    passed[20:, 1, 1:] = False
    cases = camera({"NOISE": values, "MEAN": values - 5}, passed={"NOISE": passed})
    known = Triage(issues=(KNOWN,)).known(TODAY)
    return render(cases.report(), people=People(notes=NoteBook(notes=NOTES), known=known))


def marks(figure: FigureRequest, kind: str) -> Sequence[Annotation]:
    """Return the marks of one kind on the axis of a history."""
    assert isinstance(figure, HistoryFigure)
    return [one for one in figure.annotations if one.kind == kind]


def day(one: float) -> date:
    """Return the day of a place on the axis."""
    return date.fromordinal(MJD_ZERO.toordinal() + int(one))


def test_notes_stand_on_the_axis(site: Site) -> None:
    """One on exposures at their days, left out or not, one without at its own."""
    for title in ("Cam bias NOISE", "Cam bias NOISE: failing amplifiers", "Cam bias MEAN"):
        found = marks(site.named(title), "note")
        assert [(day(one.position), one.text) for one in found] == [
            (date(2026, 7, 15), "exposure 2026071500012: Shutter open"),
            (date(2026, 7, 20), "exposure 2026072099999: Shutter open"),
            (date(2026, 7, 21), "New board"),
        ]


def test_a_known_issue_is_shaded_while_it_counts(site: Site) -> None:
    """From its first day to its last, or to that of the data; only where it belongs."""
    (mark,) = marks(site.named("Cam bias NOISE: failing amplifiers"), "issue")
    assert mark.text == "known issue: DM-1, R22_S01 C02"
    assert mark.since is not None
    assert (day(mark.since), day(mark.position)) == (date(2026, 7, 11), date(2026, 8, 9))
    assert marks(site.named("Cam bias R22_S01 NOISE"), "issue") == [mark]
    assert marks(site.named("Cam bias MEAN"), "issue") == []
    assert marks(site.named("Cam bias R22_S00 NOISE"), "issue") == []


def test_a_known_issue_stands_beside_the_number_and_the_verdict(site: Site) -> None:
    """With owner, ticket and reason at its number; with the place that it excuses, no other."""
    said = "known issue Ada, DM-1, until 2026-12-01, only R22_S01 C02: It is &lt;watched&gt;."
    for path in (STAGE, DETECTOR):
        assert said in site.text(path)
        rows = site.html[path].split('<tr id="verdict-R22_S01-')[1:]
        assert [row[:3] for row in rows if "known issue" in row.partition("</tr>")[0]] == ["C02"]
    assert "known issue" not in site.html["calibrations/cam/bias/r22_s00/"]
    assert "known issue" not in site.html["calibrations/"]


@pytest.mark.parametrize(
    ("since", "expires", "shown"),
    [
        (None, None, True),
        (date(2026, 8, 9), None, True),
        (date(2026, 8, 20), None, False),
        (date(2026, 1, 1), date(2026, 6, 30), False),
    ],
)
def test_an_issue_outside_of_the_data_is_not_on_the_axis(
    since: date | None, expires: date | None, *, shown: bool
) -> None:
    """What begins after the last date, or ended before the first, has no place there."""
    entry = KNOWN.model_copy(update={"since": since, "expires": expires})
    known = Triage(issues=(entry,)).known(expires or TODAY)
    values = np.ones((NIGHTS, 2, 3))
    report = camera({"NOISE": values}, passed={"NOISE": values > 1}).report()
    found = marks(render(report, people=People(known=known)).named("Cam bias NOISE"), "issue")
    assert bool(found) == shown
