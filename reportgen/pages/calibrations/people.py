"""What people say of a stage: notes and known issues, beside its numbers and on its axes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import TestHistory, judged_metric
from reportgen.model.calibrations import MJD_ZERO, StageReport, Statistic
from reportgen.model.figures import Annotation, HistoryFigure
from reportgen.model.issues import Issue, Known, nothing_known
from reportgen.pages import words
from reportgen.pages.notes import NO_NOTES, NoteBook

_DAY_OF_EXPOSURE = re.compile(r"(\d{4})(\d{2})(\d{2})\d{3,}")
"""Exposures of Rubin's cameras begin with their day: 2026010400001."""


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Who wrote and knows what."""

    notes: NoteBook = NO_NOTES
    known: Known = nothing_known

    def issues(
        self, report: StageReport, tests: Sequence[TestHistory], statistic: Statistic | None = None
    ) -> list[Issue]:
        """Return the known issues about some tests, or about the number that they judge."""
        names = [judged_metric(report.key.stage, test.test) for test in tests]
        places = [place.name for test in tests for place in test.places]
        if statistic is not None:
            names.append(statistic.metric)
            places += [place.name for place in statistic.places]
        runs = dict.fromkeys(point.run for point in report.axis.points)
        found: dict[int, Issue] = {}
        for name in dict.fromkeys(names):
            for run in runs:
                # Most numbers have no issue at all, so places are looked at last.
                if any(one.number not in found for one in self.known(name, run, None, None)):
                    for place in dict.fromkeys(places):
                        found |= {one.number: one for one in self.known(name, run, None, place)}
        return [found[number] for number in sorted(found)]

    def at(self, report: StageReport, test: TestHistory, place: Place) -> Sequence[Issue]:
        """Return the known issues about a test at one place in the run of its last verdict."""
        runs = [p.run for p in report.axis.points if p.night == test.last_night]
        name = judged_metric(report.key.stage, test.test)
        return self.known(name, runs[-1], None, place.name) if runs else ()

    def mark(
        self, request: HistoryFigure, report: StageReport, issues: Sequence[Issue]
    ) -> HistoryFigure:
        """Put notes about the stage, and the time of known issues, on the axis of a figure."""
        said = (*_of_notes(report, self.notes), *_of_issues(report, issues))
        return replace(request, annotations=(*request.annotations, *said))


NOBODY = People()
"""Nobody wrote anything, and nothing is known."""


def _of_notes(report: StageReport, notes: NoteBook) -> Iterator[Annotation]:
    for note in notes.on_stage(report.key):
        by_day: dict[str, list[str]] = {}
        for exposure in note.exposures:
            if day := _day_of(exposure, report):
                by_day.setdefault(day, []).append(exposure)
        for day, exposures in by_day.items():
            noun = "exposure" if len(exposures) == 1 else "exposures"
            text = f"{noun} {words.join(exposures)}: {note.title}"
            yield Annotation(position=_time_of(day, report), text=text, kind="note")
        if note.date and not by_day:
            position = _time_of(note.date.isoformat(), report)
            yield Annotation(position=position, text=note.title, kind="note")


def _day_of(exposure: str, report: StageReport) -> str | None:
    """Return the day of an exposure, also of one that was left out, where its name tells it."""
    for point in report.axis.points:
        if point.exposure == exposure:
            return report.axis.nights[point.night]
    found = _DAY_OF_EXPOSURE.fullmatch(exposure)
    try:
        return date.fromisoformat("-".join(found.groups())).isoformat() if found else None
    except ValueError:
        return None


def _of_issues(report: StageReport, issues: Sequence[Issue]) -> Iterator[Annotation]:
    """Shade the time in which each issue counts, as far as there are data."""
    if not len(report.axis.times):
        return
    first, last = float(report.axis.times[0]), float(report.axis.times[-1])
    for issue in issues:
        since = first if issue.since is None else _time_of(issue.since.isoformat(), report)
        until = last if issue.expires is None else _time_of(issue.expires.isoformat(), report)
        if since <= last and until >= first:
            about = ", ".join(filter(None, (issue.ticket or issue.owner, issue.place)))
            text = f"known issue: {about}"
            yield Annotation(position=min(until, last), since=since, text=text, kind="issue")


def _time_of(day: str, report: StageReport) -> float:
    """Return where a day stands on the axis: at its night where there is one."""
    if day in report.axis.nights:
        return float(report.axis.times[list(report.axis.nights).index(day)])
    return (date.fromisoformat(day) - MJD_ZERO).days + 0.5
