"""How a metric stands in the latest run of each dataset."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.model.dimensions import band_order
from reportgen.model.issues import Issue, Known, nothing_known
from reportgen.model.report import DatasetHistory, Line, RunReport
from reportgen.model.runs import Run
from reportgen.model.status import WORST_FIRST, Status
from reportgen.pages import words
from reportgen.pages.levels import LevelCell, level_cells
from reportgen.pages.paths import run_path


@dataclass(frozen=True, slots=True, kw_only=True)
class StateRow:
    """One band of the metric in the latest run of one dataset."""

    dataset: str
    path: str
    """To the row on the page of the run."""
    band: str
    producer: str
    status: Status | None
    reason: str | None
    value: float | None
    unit: str | None
    members: str
    repeats: Sequence[str]
    """Data IDs with several values, and the files of these."""
    levels: Sequence[LevelCell | None]
    margin: str
    inside: float | None
    """The margin as a fraction of the limit."""
    issues: Sequence[Issue] = ()
    """Known issues, where the row fails or lacks values."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatePart:
    """The bands that share a status at design level."""

    status: Status
    bands: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewestState:
    """The metric in the latest run of one dataset."""

    release: str
    parts: Sequence[StatePart]
    """The worst first; none where no requirement applies, or the run lacks the metric."""
    remark: str
    """Why there are none."""
    rows: Sequence[StateRow]


def states_by_metric(
    latest: Sequence[RunReport], known: Known = nothing_known
) -> Mapping[str, list[StateRow]]:
    """Return the rows of every metric that the latest runs have, by dataset and band."""
    found: defaultdict[str, list[StateRow]] = defaultdict(list)
    for report in latest:
        for line in sorted(report.lines, key=lambda one: band_order(one.band or "")):
            found[line.metric].append(_row(report.run, line, known))
    return found


def _row(run: Run, line: Line, known: Known) -> StateRow:
    decisive = line.decisive
    missing = line.status is Status.NOT_MEASURED or line.value is None
    return StateRow(
        dataset=run.dataset,
        path=f"{run_path(run)}#{line.anchor}",
        band=line.band or "",
        producer=line.producer or "",
        status=line.status,
        reason=next(iter(line.reasons), None) if missing else None,
        value=line.value,
        unit=line.unit,
        members=words.median_of(line) if line.members > 1 else "",
        repeats=line.repeats,
        levels=level_cells(line.checks),
        margin=words.outside(decisive) if decisive else "",
        inside=decisive.margin if decisive else None,
        issues=known(line.metric, run.id, line.band) if line.is_troubled else (),
    )


def newest_state(history: DatasetHistory, rows: Sequence[StateRow]) -> NewestState:
    """Say whether the latest run of a dataset keeps the requirements on the metric."""
    own = [row for row in rows if row.dataset == history.dataset]
    found = {status: [row for row in own if row.status is status] for status in WORST_FIRST}
    parts = [StatePart(status=one, bands=_bands(same)) for one, same in found.items() if same]
    remark = "" if parts else "no requirement applies"
    return NewestState(
        release=history.runs[-1].release,
        parts=parts,
        remark=remark if own else _not_there(history),
        rows=own,
    )


def _bands(rows: Sequence[StateRow]) -> str:
    bands = list(dict.fromkeys(row.band for row in rows if row.band))
    return f"in {', '.join(bands)}" if bands else ""


def _not_there(history: DatasetHistory) -> str:
    measured = [
        run.release
        for at, run in enumerate(history.runs)
        if any(series.measured[at] for series in history.series)
    ]
    last = f"the last value is that of {measured[-1]}" if measured else "it never was"
    return f"not measured in this run; {last}"
