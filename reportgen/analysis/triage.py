"""Known issues against what was found: which entries say something that is still so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from reportgen.definitions.patterns import fits
from reportgen.definitions.triage import KnownIssue, Triage
from reportgen.model.calibration_verdicts import FAILED, NO_VERDICT, judged_metric
from reportgen.model.calibrations import StageReport
from reportgen.model.comparison import Comparison
from reportgen.model.issues import IssueState
from reportgen.model.numbers import plural
from reportgen.model.report import RunReport, single_tests
from reportgen.model.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One row of a run in which an issue could show."""

    metric: str
    band: str | None
    is_wrong: bool
    """It fails, is not measured or got worse."""
    level: str = ""
    """Of a test of calibrations, which stands for all its places; empty: no test."""
    repeats: bool = False
    """It sums up tests of which one fails: the same failure again."""

    def wrong_for(
        self, entry: KnownIssue, run_id: str, stages: Sequence[StageReport]
    ) -> bool | None:
        """Tell whether it is wrong where an entry points; None: the entry does not mean it."""
        if not entry.covers(self.metric, run_id, self.band, None if self.level else ""):
            return None
        if not self.level or entry.place == ("*",):
            return self.is_wrong
        meant = [
            fails
            for place, fails in _places(self, run_id, stages)
            if entry.covers(self.metric, run_id, self.band, place)
        ]
        return any(meant) if meant else None


def issue_states(
    triage: Triage,
    runs: Sequence[Run],
    reports: Sequence[RunReport],
    comparisons: Sequence[Comparison],
    *,
    stages: Sequence[StageReport],
    today: date,
) -> list[IssueState]:
    """Return the state of every entry, in the order of the file.

    Parameters
    ----------
    triage
        The entries.
    runs
        All runs, by dataset and in the order of releases.
    reports
        Runs that were judged; what an entry says of others is taken as it is.
    comparisons
        Of these runs with their references.
    stages
        Tell at which places calibration tests judge and fail.
    today
        Decides what has expired.
    """
    troubles = {report.run.id: list(_troubles(report, comparisons)) for report in reports}
    found = [
        _by_day(one, today) or _by_place(one, stages) or _by_rows(one, runs, troubles, stages)
        for one in triage.issues
    ]
    return [
        IssueState(issue=mark, about=entry.about, state=one.state, text=one.text, rows=one.rows)
        for entry, mark, one in zip(triage.issues, triage.marks(), found, strict=True)
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Judgement:
    """What became of one entry."""

    state: str
    text: str
    rows: int = 0


def _by_day(entry: KnownIssue, today: date) -> _Judgement | None:
    if entry.expires and entry.expires < today:
        text = f"expired on {entry.expires}: it excuses nothing any more"
        return _Judgement(state="expired", text=text)
    if entry.since and entry.since > today:
        return _Judgement(state="not_begun", text=f"begins on {entry.since}")
    return None


def _by_place(entry: KnownIssue, stages: Sequence[StageReport]) -> _Judgement | None:
    """Tell of an entry about places that no test which it means judges anywhere there."""
    places = {
        place.name
        for stage in stages
        for run in {point.run for point in stage.axis.points}
        for test in stage.tests
        if entry.covers(judged_metric(stage.key.stage, test.test), run, None, None)
        for place in test.places
    }
    if not places or any(map(entry.is_at, places)):
        return None
    where = ", ".join(entry.place)
    text = f"no detector or amplifier that was judged fits {where}; correct its place"
    return _Judgement(state="fits_nothing", text=text)


def _by_rows(
    entry: KnownIssue,
    runs: Sequence[Run],
    troubles: Mapping[str, Sequence[Trouble]],
    stages: Sequence[StageReport],
) -> _Judgement:
    # The last run of each dataset that it names: what was so before may have been mended.
    newest = {run.dataset: run.id for run in runs if fits(run.id, entry.run)}
    if not newest:
        return _Judgement(state="fits_nothing", text="no stored run fits it")
    judged = [run_id for run_id in newest.values() if run_id in troubles]
    about = {
        run_id: [
            (one, wrong)
            for one in troubles[run_id]
            if (wrong := one.wrong_for(entry, run_id, stages)) is not None
        ]
        for run_id in judged
    }
    where = ", ".join(run_id for run_id, found in about.items() if found)
    if rows := sum(_count(found) for found in about.values()):
        return _Judgement(state="active", text=f"marks {plural(rows, 'row')} of {where}", rows=rows)
    if where:
        text = f"nothing that it points to fails, is missing or got worse in {where}"
        return _Judgement(state="settled", text=text)
    if len(judged) == len(newest):
        return _Judgement(state="fits_nothing", text=f"nothing in {', '.join(judged)} fits it")
    return _Judgement(state="active", text="about runs that are not looked at here")


def _count(found: Sequence[tuple[Trouble, bool]]) -> int:
    """Count what is wrong, a failure once; what only repeats others counts where they are not."""
    wrong = [one for one, is_wrong in found if is_wrong]
    return sum(not one.repeats for one in wrong) or len(wrong)


def _troubles(report: RunReport, comparisons: Sequence[Comparison]) -> Iterator[Trouble]:
    worse = set(_worse(report, comparisons))
    for line in report.lines:
        key = (line.metric, line.band)
        yield Trouble(metric=line.metric, band=line.band, is_wrong=line.is_troubled or key in worse)
    counted = single_tests(report.tests)
    for test in report.tests:
        yield Trouble(
            metric=judged_metric(test.stage, test.test),
            band=None,
            is_wrong=test.failed > 0,
            level=test.level,
            repeats=test not in counted,
        )


def _places(
    test: Trouble, run_id: str, stages: Sequence[StageReport]
) -> Iterator[tuple[str, bool]]:
    """Yield the places at which a test judges in a run, and whether it fails there."""
    for stage in stages:
        rows = [at for at, point in enumerate(stage.axis.points) if point.run == run_id]
        for one in stage.tests if rows else ():
            if judged_metric(stage.key.stage, one.test) == test.metric and one.level == test.level:
                outcomes = one.outcomes[rows]
                fails = (outcomes == FAILED).any(axis=0).tolist()
                judged = (outcomes != NO_VERDICT).any(axis=0).tolist()
                for place, failed, seen in zip(one.places, fails, judged, strict=True):
                    if seen:
                        yield place.name, failed


def _worse(
    report: RunReport, comparisons: Sequence[Comparison]
) -> Iterator[tuple[str, str | None]]:
    for comparison in comparisons:
        if comparison.b.run.id == report.run.id and not comparison.of_producers:
            yield from ((row.metric, row.band) for row in comparison.rows if row.is_troubled)
