"""The report of a stage, cut down to one detector."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reportgen.model.calibration_places import Place
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, TestHistory
from reportgen.model.calibrations import StageReport, Statistic

_Columns = Mapping[str | None, Sequence[int]]


def split_by_detector(report: StageReport) -> dict[str, StageReport]:
    """Return a report on each detector, as if the camera had no other.

    Files per exposure and run, and changes of verdicts, stay with the report of the stage.
    """
    statistics = [(one, _by_detector(one.places)) for one in report.statistics]
    tests = [(one, _by_detector(one.places)) for one in report.tests]
    return {
        detector: replace(
            report,
            only=detector,
            statistics=[
                _of_places(one, columns[detector])
                for one, columns in statistics
                if detector in columns
            ],
            tests=[
                _of_test(one, columns[detector]) for one, columns in tests if detector in columns
            ],
            verdicts=(),
            changes=[change for change in report.changes if change.place.detector == detector],
        )
        for detector in report.detectors
    }


def _by_detector(places: Sequence[Place]) -> _Columns:
    columns: defaultdict[str | None, list[int]] = defaultdict(list)
    for column, place in enumerate(places):
        columns[place.detector].append(column)
    return columns


def _of_places(statistic: Statistic, columns: Sequence[int]) -> Statistic:
    detector = statistic.places[columns[0]].detector
    return replace(
        statistic,
        places=[statistic.places[column] for column in columns],
        values=statistic.values[:, columns],
        reasons=statistic.reasons[:, columns],
        nightly=statistic.nightly[:, columns],
        passed=statistic.passed[:, columns],
        trends=[statistic.trends[column] for column in columns],
        summaries=[
            replace(summary, columns=range(len(columns)))
            for summary in statistic.summaries
            if summary.detector == detector
        ],
        overall=None,
    )


def _of_test(test: TestHistory, columns: Sequence[int]) -> TestHistory:
    nightly = test.nightly[:, columns]
    return replace(
        test,
        places=[test.places[column] for column in columns],
        outcomes=test.outcomes[:, columns],
        nightly=nightly,
        failing=(nightly == FAILED).sum(axis=1),
        judged=(nightly != NO_VERDICT).sum(axis=1),
        since=[test.since[column] for column in columns],
        changes=(),
    )
