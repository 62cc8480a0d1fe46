"""The page of one detector in one stage: its amplifiers."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from reportgen.model.calibrations import StageReport
from reportgen.model.figures import Figure
from reportgen.model.pages import Crumb, Heading, Page
from reportgen.pages import calibration_words as say
from reportgen.pages import words
from reportgen.pages.calibration_api import is_split
from reportgen.pages.calibration_paths import (
    detector_api,
    detector_csv,
    detector_path,
    stage_path,
)
from reportgen.pages.calibration_place_rows import DetectorRow, detector_rows
from reportgen.pages.calibration_sections import StatisticView, detector_view
from reportgen.pages.calibration_stage import PlaceTable, crumbs, value_tables, verdict_tables

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


def pages(report: StageReport, figure: Figure) -> Iterator[Page]:
    """Yield one page per detector of a camera; none where there is only one."""
    detectors = report.detectors
    if len(detectors) < 2:
        return
    rows = {row.path: row for row in detector_rows(report)}
    for number, detector in enumerate(detectors):
        row = rows[detector_path(report.key, detector)]
        before = detectors[number - 1] if number else None
        after = detectors[number + 1] if number + 1 < len(detectors) else None
        notable = "fail" in row.states or bool(row.drifting) or _stepped(report, detector)
        drawn = notable or len(detectors) <= ALWAYS_DRAWN
        view = _view(report, detector, row, figure if drawn else None, before=before, after=after)
        yield Page(
            path=detector_path(report.key, detector),
            title=view.title,
            description=view.sentence,
            template="calibration_detector",
            view=view,
            crumbs=(*crumbs(report), Crumb(title=report.key.stage, path=view.stage_path)),
            toc=_headings(view),
        )


def _headings(view: DetectorView) -> list[Heading]:
    return [
        Heading(id="verdicts", title="Verdicts"),
        *(Heading(id=one.anchor, title=one.label) for one in view.statistics),
        Heading(id="values", title="Last values"),
    ]


def _stepped(report: StageReport, detector: str) -> bool:
    return any(
        bool(summary.trend.steps)
        for statistic in report.statistics
        for summary in statistic.summaries
        if summary.detector == detector
    )


def _view(
    report: StageReport,
    detector: str,
    row: DetectorRow,
    figure: Figure | None,
    *,
    before: str | None,
    after: str | None,
) -> DetectorView:
    shown = [s for s in report.statistics if any(p.detector == detector for p in s.places)]
    stage = f"{report.key.instrument} {report.key.stage}"
    return DetectorView(
        title=f"{stage}: {row.name}",
        sentence=_sentence(report, row),
        demonstration=report.demonstration,
        stage=stage,
        stage_path=stage_path(report.key),
        drawn=figure is not None,
        statistics=[detector_view(report, s, detector, figure) for s in shown],
        verdicts=verdict_tables(report, detector),
        values=value_tables(report, detector),
        before=_neighbour(report, before),
        after=_neighbour(report, after),
        json=detector_api(report.key, detector) if is_split(report) else None,
        csv=detector_csv(report.key, detector),
    )


def _neighbour(report: StageReport, detector: str | None) -> Crumb | None:
    if detector is None:
        return None
    return Crumb(title=say.detector_name(detector), path=detector_path(report.key, detector))


def _sentence(report: StageReport, row: DetectorRow) -> str:
    tests = [t.test for t in say.current(say.judging(report.tests)) if t.level == "amplifier"]
    failing = [
        f"{n} amplifiers fail {test}"
        for test, n, state in zip(tests, row.failing, row.states, strict=True)
        if state == "fail"
    ]
    start = words.join(failing) if failing else "No test of an amplifier fails" if tests else ""
    drift = f"Drifting over 30 days: {row.drifting}" if row.drifting else "Nothing is seen to drift"
    return ". ".join(part for part in (start, drift) if part) + "."
