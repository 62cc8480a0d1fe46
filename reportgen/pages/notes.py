"""Notes that people wrote: the lab notebook, and links from the pages they speak of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from reportgen.definitions.notes import Note
from reportgen.model.calibrations import StageKey
from reportgen.model.pages import Page
from reportgen.pages.calibrations.paths import stage_path
from reportgen.pages.paths import metric_path


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteLink:
    """One note, as other pages mention it."""

    title: str
    path: str
    day: str
    author: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRow:
    """One note in the notebook."""

    anchor: str
    note: NoteLink
    runs: Sequence[tuple[str, str | None]]
    """Id of the run, and its page where this edition has it."""
    metrics: Sequence[tuple[str, str | None]]
    calibrations: Sequence[tuple[str, str | None]]
    """Instrument and stage, and its page where there is one."""
    exposures: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesView:
    """What the notebook shows."""

    rows: Sequence[NoteRow]

    @property
    def calibrations(self) -> bool:
        """Whether any note is about calibrations."""
        return any(row.calibrations for row in self.rows)

    @property
    def exposures(self) -> bool:
        """Whether any note is about exposures."""
        return any(row.exposures for row in self.rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteBook:
    """Notes by the runs and metrics they are about."""

    notes: Sequence[Note] = ()

    def about_run(self, run_id: str) -> list[NoteLink]:
        """Return the notes on a run."""
        return [_link(note) for note in self.notes if run_id in note.runs]

    def about_metric(self, metric: str) -> list[NoteLink]:
        """Return the notes on a metric."""
        return [_link(note) for note in self.notes if metric in note.metrics]

    def about_stage(self, key: StageKey) -> list[NoteLink]:
        """Return the notes on a stage of an instrument."""
        return [_link(note) for note in self.on_stage(key)]

    def on_stage(self, key: StageKey) -> list[Note]:
        """Return the same in full."""
        return [note for note in self.notes if _is_about(note, key)]


NO_NOTES = NoteBook()
"""Nobody wrote anything."""


def _is_about(note: Note, key: StageKey) -> bool:
    instrument = not note.instruments or key.instrument in note.instruments
    stage = not note.stages or key.stage in note.stages
    return instrument and stage and bool(note.instruments or note.stages)


def page(
    notes: Sequence[Note],
    in_full: Mapping[str, bool],
    measured: set[str],
    stages: Sequence[StageKey] = (),
) -> Page | None:
    """Return the notebook, newest note first; None where people wrote an index of their own."""
    if any(note.path == "index.md" for note in notes):
        return None
    ordered = sorted(notes, key=lambda note: (str(note.date or ""), note.path), reverse=True)
    rows = [
        NoteRow(
            anchor=note.path.removesuffix(".md").replace("/", "-"),
            note=_link(note),
            runs=[(run, f"runs/{run}/" if in_full.get(run) else None) for run in note.runs],
            metrics=[(m, metric_path(m) if m in measured else None) for m in note.metrics],
            calibrations=[
                (f"{key.instrument} {key.stage}", stage_path(key))
                for key in stages
                if _is_about(note, key)
            ],
            exposures=note.exposures,
        )
        for note in ordered
    ]
    return Page(
        path="notes/",
        title="Notes",
        description="What people wrote about runs and metrics, newest first.",
        template="notes",
        view=NotesView(rows=rows),
    )


def _link(note: Note) -> NoteLink:
    return NoteLink(
        title=note.title,
        path=f"notes/{note.path.removesuffix('.md')}/",
        day=str(note.date or ""),
        author=note.author or "",
    )
