"""The page of one stage of one instrument."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from reportgen.model.calibration_verdicts import TestHistory
from reportgen.model.calibrations import ChangeKind, StageReport, Statistic
from reportgen.model.figures import Figure, FigureFile
from reportgen.model.numbers import format_unit, plural
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.model.runs import slug
from reportgen.pages.calibrations import files
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.event_rows import (
    ChangeRow,
    FileRow,
    FlipRow,
    change_rows,
    file_rows,
    flip_rows,
)
from reportgen.pages.calibrations.figures import verdicts_figure
from reportgen.pages.calibrations.maps import pass_maps
from reportgen.pages.calibrations.paths import (
    INDEX,
    changes_csv,
    nights_csv,
    stage_api,
    stage_path,
    values_csv,
)
from reportgen.pages.calibrations.people import NOBODY, People
from reportgen.pages.calibrations.place_rows import (
    DetectorRow,
    PlaceRow,
    detector_row,
    value_rows,
    verdict_rows,
)
from reportgen.pages.calibrations.sections import StatisticView, statistic_views
from reportgen.pages.calibrations.sentences import (
    axis_sentence,
    files_decide,
    more_findings,
    retired,
    stage_sentence,
    verdict_night,
)
from reportgen.pages.notes import NoteLink
from reportgen.pages.runs import age

MOST_PLACES = 300
"""Amplifiers in the tables of a stage; a camera with more has them on the pages of detectors."""
MOST_CHANGES = 120
MOST_FLIPS = 30
MOST_FILES = 60
"""Rows shown; the CSV and the JSON have all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceTable:
    """Values or verdicts of the places of one level at the last date."""

    anchor: str
    level: str
    day: str
    columns: Sequence[str]
    units: Sequence[str]
    rows: Sequence[PlaceRow]
    remarks: bool

    @property
    def failing(self) -> int:
        """Places that fail something."""
        return sum(any(cell.state == "fail" for cell in row.cells) for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One number at the top of the page."""

    state: str
    number: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StageView:
    """What the page of one stage shows."""

    title: str
    sentence: str
    findings: Sequence[str]
    demonstration: bool
    axis: str
    datasets: str
    retired: str
    last_day: str
    age: str
    verdict_day: str
    """Where it is another than the last day."""
    tiles: Sequence[Tile]
    maps: Sequence[FigureFile]
    tests: Sequence[str]
    detectors: Sequence[DetectorRow]
    verdicts: Sequence[PlaceTable]
    values: Sequence[PlaceTable]
    flips: Sequence[FlipRow]
    all_flips: int
    brief_flips: int
    changes: Sequence[ChangeRow]
    all_changes: int
    reference_day: str | None
    statistics: Sequence[StatisticView]
    other_tests: FigureFile | None
    files: Sequence[FileRow]
    all_files: int
    notes: Sequence[NoteLink]
    json: str
    csv: str
    nights_csv: str
    changes_csv: str


def page(
    report: StageReport,
    figure: Figure,
    detectors: Sequence[StageReport] = (),
    *,
    today: date,
    people: People = NOBODY,
) -> Page:
    """Return the page of one stage; ``detectors`` are the reports on each, of a camera."""
    view = _view(report, figure, detectors, today=today, people=people)
    headings = [
        Heading(id="changes", title="Since last month"),
        Heading(id="verdicts", title="Verdicts"),
        Heading(id="verdict-changes", title="When verdicts changed"),
        *(Heading(id=one.anchor, title=one.label) for one in view.statistics),
        Heading(id="values", title="Last values") if view.values else None,
        Heading(id="files", title="Files per exposure and run") if view.files else None,
        Heading(id="notes", title="Notes") if view.notes else None,
    ]
    return Page(
        path=stage_path(report.key),
        title=view.title,
        description=view.sentence,
        template="calibration_stage",
        view=view,
        crumbs=crumbs(report),
        toc=[heading for heading in headings if heading],
        searchable=(report.key.instrument, report.key.stage, "calibration"),
    )


def crumbs(report: StageReport) -> Sequence[Crumb]:
    """Return the way to the page of a stage."""
    instrument = report.key.instrument
    return (
        Crumb(title="Calibrations", path=INDEX),
        Crumb(title=instrument, path=f"{INDEX}#{slug(instrument)}"),
    )


def _view(
    report: StageReport,
    figure: Figure,
    detectors: Sequence[StageReport],
    *,
    today: date,
    people: People,
) -> StageView:
    many = max((len(s.places) for s in report.statistics), default=0) > MOST_PLACES
    others = _other_tests(report)
    flips = [change for test in say.judging(report.tests) for change in test.changes]
    return StageView(
        title=f"{report.key.instrument} {report.key.stage}",
        sentence=stage_sentence(report),
        findings=more_findings(report),
        demonstration=report.demonstration,
        axis=axis_sentence(report),
        datasets=", ".join(report.datasets),
        retired=retired(report),
        last_day=report.last_day or "",
        age=age(report.last_day, today),
        verdict_day=older_verdicts(report),
        tiles=tiles(report),
        maps=[figure(request) for request in pass_maps(report, say.decisive(report))],
        tests=[test.test for test in say.amplifier_tests(report)],
        detectors=[detector_row(one, say.amplifier_tests(report)) for one in detectors],
        verdicts=[] if many else verdict_tables(report, people),
        values=[] if many else value_tables(report),
        flips=flip_rows(report, MOST_FLIPS),
        all_flips=sum(one.lasting for one in flips),
        brief_flips=sum(not one.lasting for one in flips),
        changes=change_rows(report, MOST_CHANGES),
        all_changes=len(report.changes),
        reference_day=_reference_day(report),
        statistics=statistic_views(report, figure, people),
        other_tests=_others_figure(report, others, figure, people) if others else None,
        files=file_rows(report, MOST_FILES),
        all_files=len(report.verdicts),
        notes=people.notes.about_stage(report.key),
        json=stage_api(report.key),
        csv=values_csv(report.key),
        nights_csv=nights_csv(report.key),
        changes_csv=changes_csv(report.key),
    )


def tiles(report: StageReport) -> list[Tile]:
    """Return the numbers that a reader wants first."""
    found = [_verdict_tile(report)]
    watched = [s for s in report.statistics if not s.is_covariate]
    drifting = {s.places[c] for s in watched for c in say.drifting_places(s)}
    medians = sum(len(say.drifting_detectors(s)) for s in watched)
    places = {place for s in watched for place in s.places}
    of_medians = f", and {plural(medians, 'median')} of detectors" if medians else ""
    if not say.can_tell(watched):
        few = f"drift over 30 days: too few {report.axis.kind} to tell"
        found.append(Tile(state="inconclusive", number="–", text=few))
    else:
        state = "drifting" if drifting or medians else "unchanged"
        number = f"{len(drifting)} of {len(places)}"
        text = f"places drift over 30 days{of_medians}"
        found.append(Tile(state=state, number=number, text=text))
    steps = sum(change.kind is ChangeKind.STEP for change in report.changes)
    found.append(
        Tile(
            state="step" if steps else "unchanged", number=str(steps), text="steps since last month"
        )
    )
    return found


def _verdict_tile(report: StageReport) -> Tile:
    """Return how many verdicts fail, of which date."""
    tests = say.decisive(report)
    failing = sum(say.fails(test) for test in tests)
    judged = sum(int(test.judged[test.last_night]) for test in tests)
    if files_decide(report):
        parts = files.counted(files.newest(report))
        failing, judged = sum(map(files.fails, parts)), len(parts)
    return Tile(
        state="fail" if failing else "pass" if judged else "not_measured",
        number=f"{failing} of {judged}",
        text=f"verdicts fail on {verdict_day(report)}" if judged else "verdicts: there are none",
    )


def verdict_day(report: StageReport) -> str:
    """Return the date of the verdicts that count; empty where there are none."""
    night = verdict_night(report)
    return report.axis.nights[night] if night >= 0 else ""


def older_verdicts(report: StageReport) -> str:
    """Return the date of the verdicts where newer files have none; otherwise nothing."""
    day = verdict_day(report)
    return "" if day == report.last_day else day


def _reference_day(report: StageReport) -> str | None:
    return None if report.reference_night is None else report.axis.nights[report.reference_night]


def _other_tests(report: StageReport) -> list[TestHistory]:
    """Return the tests of amplifiers that judge none of the numbers shown."""
    return [
        test
        for test in say.judging(report.tests)
        if test.statistic is None and test.level == "amplifier"
    ]


def _others_figure(
    report: StageReport, tests: Sequence[TestHistory], figure: Figure, people: People
) -> FigureFile:
    request = verdicts_figure(report, tests)
    return figure(people.mark(request, report, people.issues(report, tests)))


def verdict_tables(report: StageReport, people: People = NOBODY) -> list[PlaceTable]:
    """Return the verdicts at the last date, a table per level."""
    found = []
    for level in ("amplifier", "detector", "exposure"):
        tests = [t for t in say.current(report.tests) if t.level == level]
        rows = verdict_rows(report, tests, people) if tests else []
        if rows:
            found.append(
                PlaceTable(
                    anchor=f"verdicts-{level}",
                    level=level,
                    day=report.axis.nights[max(t.last_night for t in tests)],
                    columns=[t.test for t in tests],
                    units=[""] * len(tests),
                    rows=rows,
                    remarks=any(row.remark for row in rows),
                )
            )
    return found


def value_tables(report: StageReport) -> list[PlaceTable]:
    """Return the last values, a table per level."""
    found = []
    for level in ("amplifier", "detector", "exposure"):
        chosen = [s for s in report.statistics if s.level == level and s.last_night >= 0]
        rows = value_rows(report, chosen) if chosen else []
        if rows:
            found.append(
                PlaceTable(
                    anchor=f"values-{level}",
                    level=level,
                    day=_days(report, chosen),
                    columns=[s.label for s in chosen],
                    units=[format_unit(s.unit) or "dimensionless" for s in chosen],
                    rows=rows,
                    remarks=False,
                )
            )
    return found


def _days(report: StageReport, statistics: Sequence[Statistic]) -> str:
    days = sorted({report.axis.nights[s.last_night] for s in statistics})
    return days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
