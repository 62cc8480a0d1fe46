"""What reportgen does, as a story: pull results, judge them, draw, write pages, build the site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from reportgen.building import editions, stamp
from reportgen.building.alone import WORK, alone, sweep
from reportgen.building.collecting import rare_collection
from reportgen.building.compiled import template_cache
from reportgen.building.fingerprints import Fingerprints
from reportgen.building.intake import (
    Intake,
    Progress,
    SourceSummary,
)
from reportgen.building.pace import Pace
from reportgen.building.pulls import load_statuses, note_pulls
from reportgen.building.unreadable import still_unreadable
from reportgen.config import Config, SourceConfig
from reportgen.deferred import Deferred
from reportgen.definitions.catalogue import Definitions, load_definitions, overrides_of
from reportgen.errors import SiteError, UnknownNameError
from reportgen.model.bundle import JobBundle, Unreadable
from reportgen.model.runs import RunKey
from reportgen.places import at
from reportgen.site.resources import templates_dir
from reportgen.sources import validate
from reportgen.store import Store

if TYPE_CHECKING:
    from reportgen import figures, render, site
    from reportgen.building import blobs, book, changes, counted, export, gather, histories, plan
    from reportgen.pages import names
    from reportgen.pages.overview import source_ages
else:  # a build in which nothing is new needs none of them
    figures, render, site = map(
        Deferred, ("reportgen.figures", "reportgen.render", "reportgen.site")
    )
    blobs, book, changes, counted, export, gather, histories, plan = (
        Deferred(f"reportgen.building.{name}")
        for name in ("blobs", "book", "changes", "counted", "export", "gather", "histories", "plan")
    )
    names, source_ages = map(
        Deferred, ("reportgen.pages.names", "reportgen.pages.overview.source_ages")
    )

Say = Callable[[str], None]
"""Called with what a build does next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Folders:
    """Where a build works. Everything but the site can be deleted at any time."""

    docs: Path
    cache: Path
    figures: Path
    site: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class PullResult:
    """What a pull found."""

    sources: Sequence[SourceSummary]
    runs: Sequence[str]
    """Runs that grew."""
    unreadable: Sequence[Unreadable]

    @property
    def failed(self) -> Sequence[str]:
        """Sources that could not be read to their end, and why."""
        return [f"{one.source}: {one.error}" for one in self.sources if one.error]


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildResult:
    """What a build made."""

    site: Path
    pulled: PullResult | None
    pages: int = 0
    figures: int = 0
    drawn: int = 0
    warnings: Sequence[str] = ()
    unreadable: Sequence[Unreadable] = ()
    """What could not be read, in this pull or an earlier one, and still lies there."""
    unchanged: bool = False
    """Nothing had changed since the last build, so the site stayed as it was."""


def folders(config: Config, *, aside: bool = False) -> Folders:
    """Return the folders of a build, below the folder of the configuration.

    ``aside``: those for editions that are built one after another, beside the site in ``site/``.
    """
    work = config.root / WORK
    own = work / "edition" if aside else work
    return Folders(
        docs=own / "docs",
        cache=own / "cache",
        figures=work / "figures",
        site=own / "site" if aside else config.root / "site",
    )


@alone
@rare_collection()
def build(
    config: Config,
    *,
    edition: str = editions.MAIN,
    do_pull: bool = True,
    strict: bool = False,
    jobs: int = 1,
    today: date | None = None,
    aside: bool = False,
    say: Say = lambda _: None,
    progress: Progress = lambda _name, _n, _of: None,
) -> BuildResult:
    """Turn stored results into a site; ``aside``: beside the one in ``site/``, which stays.

    Raises
    ------
    ReportgenError
        If the configuration or the definitions cannot be used, no run has the release of the
        edition, or another build is at work there.
    SiteError
        If ``strict`` and anything was wrong: an unreadable file, a wrong definition, a dead link.
    """
    where, day = folders(config, aside=aside), today or datetime.now(UTC).date()
    pulled = pull(config, today=day, progress=progress, say=say) if do_pull else None
    store = Store(config.path(config.store), where.cache)
    editions.check_edition(store, edition)
    templates = templates_dir()
    statuses = load_statuses(where.cache)
    mark = stamp.stamp_of(
        config, store, templates, edition=edition, today=day, strict=strict, statuses=statuses
    )
    if stamp.is_current(where.cache, where.site, mark):
        return BuildResult(site=where.site, pulled=pulled, unchanged=True)
    if stamp.is_unfinished(where.cache):
        sweep([where.docs.parent, where.figures], where.site)
    stamp.forget(where.cache)
    say("Judging runs and metrics")
    definitions = load_definitions(config)
    findings = analyse(config, store, definitions, edition=edition, today=day, jobs=jobs)
    say("Writing pages")
    drawings = book.FigureBook()
    pages = write(findings, store, drawings, where, templates)
    say(f"Drawing {len(drawings.requests)} figures")
    drawn = figures.draw_figures(drawings.requests.values(), where.figures, jobs=jobs)
    drawings.place(where.figures, where.docs / "figures")
    say("Building the site")
    built = frame(findings, where)
    result = BuildResult(
        site=where.site,
        pulled=pulled,
        pages=pages,
        figures=len(drawings.requests),
        drawn=drawn,
        warnings=[*(pulled.failed if pulled else ()), *_warnings(findings), *built],
        unreadable=_unreadable(findings),
    )
    if strict:
        _accept(result)
    stamp.remember(where.cache, mark)
    return replace(result, warnings=[*result.warnings, *findings.advice])


def pull(
    config: Config,
    names: Sequence[str] = (),
    *,
    since: date | None = None,
    full: bool = False,
    dry_run: bool = False,
    today: date | None = None,
    progress: Progress = lambda _name, _n, _of: None,
    say: Say = lambda _: None,
) -> PullResult:
    """Bring what is new in the sources into the store.

    Parameters
    ----------
    since
        Leave out results of earlier days; how far sources were read is not noted then.
    full
        Read everything again, and store what comes out differently.

    Raises
    ------
    UnknownNameError
        If a source that is named does not exist.
    RunCollisionError
        If two different runs would have the same address.
    """
    if config.file.is_symlink():
        say(f"{config.file.name} is a link: its paths start where the link lies, {config.root}/")
    chosen = _choose(config, names)
    for source in config.source:
        validate(source)
    overrides = overrides_of(config)
    cache = folders(config).cache
    store = Store(config.path(config.store), cache)
    summaries, broken, fingerprints = [], [], []
    # One writer for all sources: a run that comes from several of them grows by one revision.
    with at(store.folder), store.writer() as writer, ExitStack() as files:
        intake = Intake(
            writer=writer,
            rename=lambda job: _renamed(job, overrides.renamed(job.run)),
            progress=progress,
            pace=Pace(),
            since=since,
            full=full,
            dry_run=dry_run,
        )
        for source in chosen:
            say(f"Pulling {source.name}")
            seen = files.enter_context(Fingerprints.of_source(cache, source.name, say))
            fingerprints.append(seen)
            summary, unreadable = intake.pull(source, seen)
            summaries.append(summary)
            broken.extend(unreadable)
        runs = [] if dry_run else writer.commit()
        for seen in [] if dry_run else fingerprints:
            seen.keep()
    if not dry_run:
        day = today or datetime.now(UTC).date()
        noted = {one.source: one.error for one in summaries if one.error or since is None}
        note_pulls(cache, day.isoformat(), noted)
    return PullResult(sources=summaries, runs=runs, unreadable=broken)


def analyse(
    config: Config,
    store: Store,
    definitions: Definitions,
    *,
    edition: str,
    today: date,
    jobs: int = 1,
) -> plan.Findings:
    """Judge every run and follow every metric."""
    knowledge = gather.gather_knowledge(store, definitions)
    known = counted.Counted(store.cache, stamp.rules_of(config))
    runs = gather.gather_runs(store, knowledge, config, edition=edition, counted=known)
    metrics = histories.gather_metrics(store, knowledge, runs.summaries)
    calibrations = changes.gather_calibrations(store, knowledge, runs.summaries, jobs=jobs)
    compared = changes.gather_comparisons(store, knowledge, runs, metrics)
    return plan.Findings(
        config=config,
        edition=edition,
        today=today,
        knowledge=knowledge,
        runs=runs,
        metrics=metrics,
        calibrations=calibrations,
        compared=compared,
        events=changes.gather_events(knowledge, metrics, compared.comparisons, calibrations, today),
        unreadable=still_unreadable(store, config),
        issues=changes.gather_issues(knowledge, runs, compared.comparisons, calibrations, today),
        blobs=blobs.Blobs(store),
        ages=source_ages.ages(
            [source.name for source in config.source],
            load_statuses(folders(config).cache),
            store.newest(),
            today=today,
            stale_after_days=config.site.stale_after_days,
        ),
    )


def write(
    findings: plan.Findings,
    store: Store,
    drawings: book.FigureBook,
    where: Folders,
    templates: Path,
) -> int:
    """Write pages, JSON, downloads and people's notes as the docs folder; return the pages.

    The figures that the pages ask for are noted in ``drawings``.
    """
    config = findings.config
    context = render.SiteContext(url=config.site.url, edition=findings.edition)
    page_names = names.PageNames()
    rendered = render.render_pages(
        page_names.watch(plan.plan_pages(findings, drawings.add)),
        where.docs,
        templates,
        site_context=context,
        cache_dir=template_cache(where.cache / "templates"),
    )
    documents = chain(plan.plan_documents(findings), [page_names.document()])
    render.write_documents(documents, where.docs)
    export.export_store(store, where.docs / plan.STORE_EXPORT)
    notes = render.safe_notes(findings.knowledge.definitions.notes)
    render.copy_folder(config.path(config.site.notes), where.docs / "notes", notes)
    return len(rendered.written) + len(rendered.unchanged)


def frame(findings: plan.Findings, where: Folders) -> list[str]:
    """Build the site from the docs folder, and return what is wrong with it."""
    config = findings.config
    with at(where.site):
        built = site.build_site(
            site.find_settings(config.root, where.docs.parent, config.site.name),
            where.docs,
            where.site,
            site_url=config.site.url or None,
            edition=findings.edition,
            epoch=_epoch(findings),
            cache_dir=template_cache(where.cache / "theme"),
        )
    dead = [site.summary(built.problems)] if built.problems else []
    return [*built.warnings, *dead]


def _accept(result: BuildResult) -> None:
    wrong = [*map(str, result.unreadable), *result.warnings]
    if wrong:
        raise SiteError(f"{len(wrong)} problems under --strict: " + "; ".join(wrong))


def _epoch(findings: plan.Findings) -> int:
    """Return the day of the newest run, in seconds: it stands for the day of the build."""
    days = [summary.run.day for summary in findings.runs.summaries if summary.run.day]
    if not days:
        return 0
    try:
        return int(datetime.fromisoformat(max(days)).replace(tzinfo=UTC).timestamp())
    except ValueError:
        return 0


def _choose(config: Config, names: Sequence[str]) -> Sequence[SourceConfig]:
    known = {source.name: source for source in config.source}
    for name in names:
        if name not in known:
            raise UnknownNameError("source", name, known)
    return [known[name] for name in names] if names else list(config.source)


def _warnings(findings: plan.Findings) -> list[str]:
    """Return what a strict build does not accept, unreadable files apart."""
    stuck = [text for report in findings.runs.reports for text in report.problems]
    return [*findings.problems, *dict.fromkeys(stuck)]


def _unreadable(findings: plan.Findings) -> list[Unreadable]:
    return [
        Unreadable(origin=one["origin"], place=one.get("place", ""), reason=one["reason"])
        for one in sorted(findings.unreadable, key=lambda one: one["origin"])
    ]


def _renamed(job: JobBundle, run: RunKey) -> JobBundle:
    return job if run == job.run else replace(job, run=run)
