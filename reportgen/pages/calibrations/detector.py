"""The page of one detector in one stage: its amplifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.model.calibrations import StageReport
from reportgen.model.figures import Figure
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.pages import words
from reportgen.pages.calibrations import words as say
from reportgen.pages.calibrations.api import is_split
from reportgen.pages.calibrations.paths import (
    detector_api,
    detector_csv,
    detector_path,
    stage_path,
)
from reportgen.pages.calibrations.people import NOBODY, People
from reportgen.pages.calibrations.place_rows import DetectorRow, detector_row
from reportgen.pages.calibrations.sections import StatisticView, detector_views
from reportgen.pages.calibrations.stage import PlaceTable, crumbs, value_tables, verdict_tables

ALWAYS_DRAWN = 12
"""Up to so many detectors each gets pictures; of more, only those with something to see."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DetectorView:
    """What the page of one detector shows."""

    title: str
    sentence: str
    demonstration: bool
    stage: str
    stage_path: str
    drawn: bool
    statistics: Sequence[StatisticView]
    verdicts: Sequence[PlaceTable]
    values: Sequence[PlaceTable]
    before: Crumb | None
    after: Crumb | None
    json: str | None
    """Only where the amplifiers are not in the JSON of the stage."""
    csv: str


def pages(
    report: StageReport,
    detectors: Sequence[StageReport],
    figure: Figure,
    people: People = NOBODY,
) -> Iterator[Page]:
    """Yield one page per detector of a camera.

    Parameters
    ----------
    report
        On the stage.
    detectors
        On each of its detectors.
    people
        Their notes and known issues stand beside the numbers.
    """
    apart, tests = is_split(report), say.amplifier_tests(report)
    neighbours = [None, *(_crumb(one) for one in detectors), None]
    for number, own in enumerate(detectors):
        row = detector_row(own, tests)
        drawn = len(detectors) <= ALWAYS_DRAWN or not row.is_quiet or _has_stepped(own)
        view = _view(
            own,
            row,
            figure if drawn else None,
            before=neighbours[number],
            after=neighbours[number + 2],
            apart=apart,
            people=people,
        )
        yield Page(
            path=row.path,
            title=view.title,
            description=view.sentence,
            template="calibration_detector",
            view=view,
            crumbs=(*crumbs(report), Crumb(title=report.key.stage, path=view.stage_path)),
            toc=_headings(view),
        )


def _crumb(report: StageReport) -> Crumb:
    detector = report.only or ""
    return Crumb(title=say.detector_name(detector), path=detector_path(report.key, detector))


def _headings(view: DetectorView) -> list[Heading]:
    return [
        Heading(id="verdicts", title="Verdicts"),
        *(Heading(id=one.anchor, title=one.label) for one in view.statistics),
        Heading(id="values", title="Last values"),
    ]


def _has_stepped(report: StageReport) -> bool:
    return any(one.trend.steps for statistic in report.statistics for one in statistic.summaries)


def _view(
    report: StageReport,
    row: DetectorRow,
    figure: Figure | None,
    *,
    before: Crumb | None,
    after: Crumb | None,
    apart: bool,
    people: People,
) -> DetectorView:
    stage, detector = f"{report.key.instrument} {report.key.stage}", report.only or ""
    return DetectorView(
        title=f"{stage}: {row.name}",
        sentence=_sentence(row),
        demonstration=report.demonstration,
        stage=stage,
        stage_path=stage_path(report.key),
        drawn=figure is not None,
        statistics=detector_views(report, figure, people),
        verdicts=verdict_tables(report, people),
        values=value_tables(report),
        before=before,
        after=after,
        json=detector_api(report.key, detector) if apart else None,
        csv=detector_csv(report.key, detector),
    )


def _sentence(row: DetectorRow) -> str:
    failing = [
        f"{count.failing} of {count.judged} amplifiers fail {count.test}"
        for count in row.counts
        if count.failing
    ]
    start = words.join(failing) or ("No test of an amplifier fails" if row.counts else "")
    drift = f"Drifting over 30 days: {row.drifting}" if row.drifting else "Nothing is seen to drift"
    return ". ".join(part for part in (start, drift) if part) + "."
