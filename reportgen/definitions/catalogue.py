"""All definitions of a report, loaded once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportgen.config import Config
from reportgen.definitions.corrections import apply_limits, unused_limits
from reportgen.definitions.files import label
from reportgen.definitions.jobs import union
from reportgen.definitions.notes import Note, read_notes
from reportgen.definitions.overrides import Overrides, load_overrides
from reportgen.definitions.packages import Package, read_packages
from reportgen.definitions.problems import Problems
from reportgen.definitions.srd import SrdRow, read_srd, with_sections
from reportgen.definitions.triage import Triage, load_triage
from reportgen.definitions.watch import read_watch
from reportgen.model.definitions import Metric, Specification


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """What is measured, what it is held against, and what people say of it."""

    metrics: Mapping[str, Metric] = field(default_factory=dict)
    specifications: Mapping[str, Specification] = field(default_factory=dict)
    """Of the packages, with overrides applied."""
    watch: Mapping[str, Specification] = field(default_factory=dict)
    """Watch ranges, with overrides applied; they have no unit (see `definitions.watch`)."""
    overrides: Overrides = Overrides()
    triage: Triage = Triage()
    notes: tuple[Note, ...] = ()
    srd: tuple[SrdRow, ...] = ()
    problems: tuple[str, ...] = ()
    """What could not be read; everything else is there."""

    def for_job(
        self, metrics: Sequence[Metric], specifications: Sequence[Specification]
    ) -> Definitions:
        """Return these definitions together with those that a job carries, overrides applied.

        Of the same name, the one of the packages wins (see `definitions.jobs.union`).
        """
        if not metrics and not specifications:
            return self
        carried = Package(
            metrics={metric.name: metric for metric in metrics},
            specifications=_finished({s.name: s for s in specifications}, self.overrides, self.srd),
        )
        own = Package(metrics=self.metrics, specifications=self.specifications)
        both = union(own, carried)
        return replace(self, metrics=both.metrics, specifications=both.specifications)


def load_definitions(config: Config) -> Definitions:
    """Read everything that ``[definitions]`` names, and the notes.

    The SRD table is ``srd.csv`` in the first package or beside it, if there is one.

    Raises
    ------
    DefinitionError
        If a file or folder that the configuration names does not exist, or the overrides, the
        triage file or the SRD table is wrong. A wrong file of a package, of a watch list or a
        wrong note is a problem of the result.
    """
    where, overrides = config.definitions, overrides_of(config)
    triage = Triage()
    if where.triage is not None:
        triage = load_triage(config.path(where.triage), where.triage)
    packages = read_packages(map(config.path, where.packages), config.root)
    watch = _joined([read_watch(config.path(name), name) for name in where.watch])
    srd = _read_srd(config)
    problems = Problems()
    notes = tuple(read_notes(config.path(config.site.notes), config.root, problems))
    known = {*packages.specifications, *watch.specifications}
    for number, limit in unused_limits(known, overrides):
        # A misspelt correction would silently leave the wrong limit in use.
        place = f"limit[{number}] ({', '.join(limit.specification)})"
        remedy = "Correct the name, or remove the entry."
        problems.add(where.overrides or "", place, "it fits no specification.", remedy)
    return Definitions(
        metrics={**watch.metrics, **packages.metrics},
        specifications=_finished(packages.specifications, overrides, srd),
        watch=apply_limits(watch.specifications, overrides),
        overrides=overrides,
        triage=triage,
        notes=notes,
        srd=srd,
        problems=(*packages.problems, *watch.problems, *problems.all()),
    )


def overrides_of(config: Config) -> Overrides:
    """Read the overrides alone: a pull needs the names of runs, and no metrics.

    Raises
    ------
    DefinitionError
        If the file does not exist or is wrong.
    """
    name = config.definitions.overrides
    return Overrides() if name is None else load_overrides(config.path(name), name)


def _joined(packages: Sequence[Package]) -> Package:
    return Package(
        metrics={name: metric for one in packages for name, metric in one.metrics.items()},
        specifications={
            name: spec for one in packages for name, spec in one.specifications.items()
        },
        problems=tuple(problem for one in packages for problem in one.problems),
    )


def _finished(
    specifications: Mapping[str, Specification], overrides: Overrides, srd: Sequence[SrdRow]
) -> dict[str, Specification]:
    return apply_limits(with_sections(specifications, srd), overrides)


def _read_srd(config: Config) -> tuple[SrdRow, ...]:
    for package in config.definitions.packages[:1]:
        folder = config.path(package)
        for path in (folder / "srd.csv", folder.parent / "srd.csv"):
            if path.is_file():
                return read_srd(path, label(path, config.root))
    return ()
