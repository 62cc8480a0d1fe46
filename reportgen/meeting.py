"""What to say in the next meeting, from the store, with the code of the pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from reportgen.building.asked import find_run, judge, open_filled, references_of, stages_of
from reportgen.building.meetings import meeting_on
from reportgen.config import Config
from reportgen.definitions.catalogue import load_definitions
from reportgen.definitions.notes import Note
from reportgen.model.meeting import Meeting
from reportgen.model.runs import Run


def prepare(config: Config, run: str | None, since: date | None, *, today: date) -> Meeting:
    """Return the runs that a meeting has not seen, with everything that it should hear of them.

    Parameters
    ----------
    config
        The configuration.
    run
        This run only, by id or release; None: all since a day.
    since
        The first day; None: the day after the newest note, or the newest run of each dataset
        where nobody wrote a note.
    today
        Decides which known issues count.

    Raises
    ------
    NoDataError
        If nothing is stored.
    UnknownNameError
        If the run is not stored.
    """
    store = open_filled(config)
    names: Sequence[str] = [find_run(store, run)] if run else []
    why = ""
    if not run:
        names, why = _choose(store.runs, load_definitions(config).notes, since)
    pairs = references_of(store, names)
    judged = judge(config, store, [*names, *filter(None, pairs.values())])
    comparisons, stages = judged.compare(pairs), stages_of(store, judged, names)
    return meeting_on(
        [judged.reports[name] for name in names],
        comparisons,
        judged.metrics,
        stages,
        runs=store.runs,
        triage=judged.knowledge.definitions.triage,
        today=today,
        since=why,
    )


def _choose(
    runs: Sequence[Run], notes: Sequence[Note], since: date | None
) -> tuple[Sequence[str], str]:
    """Return the ids of the runs, and from when on they count, in words."""
    if since is not None:
        return [one.id for one in runs if (one.day or "") >= str(since)], f"since {since}"
    dated = [note for note in notes if note.date]
    if not dated:
        newest = {one.dataset: one.id for one in runs}
        return list(newest.values()), "newest of each dataset: no note says when you last met"
    last = max(dated, key=lambda note: (str(note.date), note.path))
    chosen = [one.id for one in runs if (one.day or "") > str(last.date)]
    return chosen, f"after {last.date}, the day of the last note ({last.title})"
