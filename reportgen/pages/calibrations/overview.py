"""Calibrations: the list of instruments and stages, and everything below it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from reportgen.model.calibrations import StageReport
from reportgen.model.figures import Figure
from reportgen.model.numbers import plural
from reportgen.model.pages import Document, Heading, Page
from reportgen.model.runs import slug
from reportgen.pages.calibrations import api as calibration_api
from reportgen.pages.calibrations import csv as calibration_csv
from reportgen.pages.calibrations import detector as calibration_detector
from reportgen.pages.calibrations import stage as calibration_stage
from reportgen.pages.calibrations.narrow import split_by_detector
from reportgen.pages.calibrations.paths import INDEX, stage_api, stage_path
from reportgen.pages.calibrations.people import NOBODY, People
from reportgen.pages.calibrations.sentences import failing_since, stage_sentence
from reportgen.pages.calibrations.stage import Tile
from reportgen.pages.runs import age


@dataclass(frozen=True, slots=True, kw_only=True)
class StageRow:
    """One stage in the list."""

    anchor: str
    stage: str
    path: str
    state: str
    failing: str
    count: str
    """Verdicts that have the state, of all: ``9 of 576`` fail, ``all 17`` pass."""
    since: str
    """Day since which most of what fails does so."""
    drift_state: str
    drifting: str
    drift_count: str
    """Places that drift, of all."""
    last_day: str
    age: str
    verdict_day: str
    """Of the verdicts, where newer files have none."""
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentView:
    """One instrument with its stages."""

    anchor: str
    instrument: str
    demonstration: bool
    last_day: str
    """Of any stage."""
    age: str
    rows: Sequence[StageRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationsView:
    """What the list shows."""

    instruments: Sequence[InstrumentView]


def pages(
    reports: Sequence[StageReport],
    figure: Figure,
    *,
    today: date,
    people: People = NOBODY,
) -> Iterator[Page]:
    """Yield the list, one page per stage, and one per detector of a camera."""
    yield _index(reports, today)
    for report in reports:
        several = len(report.detectors) > 1
        detectors = list(split_by_detector(report).values()) if several else []
        yield calibration_stage.page(report, figure, detectors, today=today, people=people)
        yield from calibration_detector.pages(report, detectors, figure, people)


def documents(reports: Sequence[StageReport]) -> Iterator[Document]:
    """Yield JSON and CSV of each stage; of large cameras, the amplifiers apart by detector."""
    for report in reports:
        yield from calibration_api.documents(report)
        yield from calibration_csv.documents(report)


def index_entries(reports: Sequence[StageReport]) -> list[Mapping[str, Any]]:
    """Return what ``api/v1/index.json`` says of calibrations."""
    return [
        {
            "instrument": report.key.instrument,
            "stage": report.key.stage,
            "url": stage_path(report.key),
            "api": stage_api(report.key),
        }
        for report in reports
    ]


def by_instrument(reports: Sequence[StageReport], today: date) -> list[InstrumentView]:
    """Return the state of each stage, by instrument."""
    names = dict.fromkeys(report.key.instrument for report in reports)
    return [
        _instrument(name, [r for r in reports if r.key.instrument == name], today) for name in names
    ]


def _index(reports: Sequence[StageReport], today: date) -> Page:
    instruments = by_instrument(reports, today)
    stages = plural(len(reports), "stage")
    cameras = plural(len(instruments), "instrument")
    return Page(
        path=INDEX,
        title="Calibrations",
        description=f"{stages} of {cameras}: verdicts and trends.",
        template="calibrations",
        view=CalibrationsView(instruments=instruments),
        toc=[Heading(id=one.anchor, title=one.instrument) for one in instruments],
        searchable=tuple(one.instrument for one in instruments),
    )


def _instrument(name: str, reports: Sequence[StageReport], today: date) -> InstrumentView:
    last_day = max((report.last_day or "" for report in reports), default="")
    return InstrumentView(
        anchor=slug(name),
        instrument=name,
        demonstration=any(report.demonstration for report in reports),
        last_day=last_day,
        age=age(last_day or None, today),
        rows=[_row(report, today) for report in reports],
    )


def _row(report: StageReport, today: date) -> StageRow:
    verdicts, drifts, _ = calibration_stage.tiles(report)
    return StageRow(
        anchor=f"{slug(report.key.instrument)}-{slug(report.key.stage)}",
        stage=report.key.stage,
        path=stage_path(report.key),
        state=verdicts.state,
        failing=_text(verdicts),
        count=verdicts.number.replace("0 of", "all")
        if verdicts.state == "pass"
        else verdicts.number,
        since=failing_since(report),
        drift_state=drifts.state,
        drifting=_text(drifts),
        drift_count=drifts.number,
        last_day=report.last_day or "",
        age=age(report.last_day, today),
        verdict_day=calibration_stage.older_verdicts(report),
        sentence=stage_sentence(report),
    )


def _text(tile: Tile) -> str:
    return f"{tile.number} {tile.text}"
