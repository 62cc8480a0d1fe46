"""The matrix of a dataset: metric by band, each cell a strip of its last runs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reportgen.model.dimensions import band_order
from reportgen.model.natural import natural
from reportgen.model.report import RunReport
from reportgen.model.status import WORST_FIRST, Status, worst
from reportgen.pages import words
from reportgen.pages.paths import metric_path, run_path


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """One metric in one band over the last runs."""

    path: str
    """To the row of the newest run that has it."""
    status: Status | None
    """In the latest run; None: it has no requirement there, or is not part of it."""
    states: Sequence[Status | None]
    """One per run, oldest first."""
    title: str
    """The same in words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MatrixRow:
    """One metric in all bands."""

    metric: str
    path: str
    strips: Sequence[Strip | None]
    """One per band of the matrix."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """Metrics that have requirements, worst first."""

    runs: Sequence[str]
    """Releases, oldest first."""
    bands: Sequence[str]
    rows: Sequence[MatrixRow]
    more: int
    """Metrics that are not shown."""
    more_failing: int
    """How many of them fail in the latest run."""


@dataclass(slots=True)
class _Series:
    """What the runs say of one metric and band, by producer whichever is worst."""

    states: list[Status | None]
    path: str = ""


def make_matrix(reports: Sequence[RunReport], most: int) -> Matrix | None:
    """Return the matrix over these runs with at most so many rows; None: no requirement at all."""
    series = _collect(reports)
    if not series:
        return None
    releases = [report.run.release for report in reports]
    found = sorted({band for _, band in series}, key=band_order)
    metrics = sorted({metric for metric, _ in series}, key=lambda name: _rank(name, found, series))
    hidden = metrics[most:]
    return Matrix(
        runs=releases,
        bands=found,
        rows=[_row(metric, found, series, releases) for metric in metrics[:most]],
        more=len(hidden),
        more_failing=sum(
            any(_latest(series.get((metric, band))) is Status.FAIL for band in found)
            for metric in hidden
        ),
    )


def _collect(reports: Sequence[RunReport]) -> dict[tuple[str, str], _Series]:
    series: dict[tuple[str, str], _Series] = {}
    for at, report in enumerate(reports):
        for line in report.lines:
            if line.status is None:
                continue
            key = (line.metric, line.band or "")
            one = series.setdefault(key, _Series(states=[None] * len(reports)))
            known = one.states[at]
            one.states[at] = worst([known, line.status]) if known else line.status
            if one.states[at] is not known:
                one.path = f"{run_path(report.run)}#{line.anchor}"
    return series


def _latest(series: _Series | None) -> Status | None:
    return series.states[-1] if series else None


def _rank(
    metric: str, bands: Sequence[str], series: dict[tuple[str, str], _Series]
) -> tuple[object, ...]:
    """Order by what fails now, what is not measured now, what failed in these runs, and name."""
    own = [one for band in bands if (one := series.get((metric, band)))]
    now = [one.states[-1] for one in own]
    past = sum(one.states.count(Status.FAIL) for one in own)
    return (-now.count(Status.FAIL), -now.count(Status.NOT_MEASURED), -past, natural(metric))


def _row(
    metric: str,
    bands: Sequence[str],
    series: dict[tuple[str, str], _Series],
    releases: Sequence[str],
) -> MatrixRow:
    return MatrixRow(
        metric=words.short(metric),
        path=metric_path(metric),
        strips=[
            _strip(f"{words.short(metric)} {band}".strip(), one, releases)
            if (one := series.get((metric, band)))
            else None
            for band in bands
        ],
    )


def _strip(name: str, series: _Series, releases: Sequence[str]) -> Strip:
    return Strip(
        path=series.path,
        status=series.states[-1],
        states=series.states,
        title=f"{name}: {_words(series.states, releases)}",
    )


def _words(states: Sequence[Status | None], releases: Sequence[str]) -> str:
    """Say how it stands, since when, and how often it was otherwise."""
    now = states[-1]
    if now is None:
        return f"not part of {releases[-1]}"
    same = next((n for n, state in enumerate(reversed(states)) if state is not now), len(states))
    word = now.value.replace("_", " ")
    if len(states) == 1:
        return f"{word} in {releases[-1]}"
    if same == len(states):
        return f"{word} in all {len(states)} runs"
    since = f"since {releases[-same]}" if same > 1 else f"in {releases[-1]}"
    before = [state for state in states[:-same] if state]
    counts = [
        f"{before.count(state)} {state.value.replace('_', ' ')}"
        for state in WORST_FIRST
        if state in before
    ]
    return f"{word} {since}; {_before(counts)}"


def _before(counts: Sequence[str]) -> str:
    return f"in the runs before: {', '.join(counts)}" if counts else "not part of the runs before"
