"""What reportgen does, as a story: pull results, judge them, draw, write pages, build the site."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, date, datetime

from reportgen.building import editions, stamp
from reportgen.building.exclusive import exclusive, sweep
from reportgen.building.fingerprints import Fingerprints
from reportgen.building.folders import Folders, folders
from reportgen.building.garbage import rare_collection
from reportgen.building.intake import Intake, Progress
from reportgen.building.pace import Pace
from reportgen.building.pulls import note_pulls
from reportgen.building.results import BuildResult, PullResult
from reportgen.config import Config, SourceConfig
from reportgen.definitions.catalogue import overrides_of
from reportgen.errors import SiteError, UnknownNameError
from reportgen.model.bundle import JobBundle
from reportgen.model.editions import MAIN
from reportgen.model.runs import RunKey
from reportgen.places import at
from reportgen.sources import validate
from reportgen.store import Store

Say = Callable[[str], None]
"""Called with what a build does next."""


@exclusive
@rare_collection()
def build(
    config: Config,
    *,
    edition: str = MAIN,
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
        The site that was there before stays.
    """
    where, day = folders(config, aside=aside), today or datetime.now(UTC).date()
    pulled = pull(config, today=day, progress=progress, say=say) if do_pull else None
    store = Store(config.path(config.store), where.cache)
    editions.check_edition(store, edition)
    mark = stamp.stamp_of(config, store, where, edition=edition, today=day, strict=strict)
    if stamp.is_current(where, mark):
        return BuildResult(site=where.site, pulled=pulled, unchanged=True)
    # What is heavy is loaded here: a build without news needs none of it.
    from reportgen.building import book, making  # noqa: PLC0415
    from reportgen.site.placing import put_in_place  # noqa: PLC0415

    with stamp.building(where, mark):
        say("Judging runs and metrics")
        findings = making.analyse(config, store, edition=edition, today=day, jobs=jobs)
        say("Writing pages")
        figures = book.FigureBook()
        pages = making.write(findings, store, figures, where)
        say(f"Drawing {len(figures.requests)} figures")
        drawn = making.draw(figures, where, edition=edition, jobs=jobs)
        say("Building the site")
        dead = making.frame(findings, where)
        result = BuildResult(
            site=where.site,
            pulled=pulled,
            pages=pages,
            figures=len(figures.requests),
            drawn=drawn,
            warnings=[*(pulled.failed if pulled else ()), *findings.warnings, *dead],
            unreadable=findings.unread,
        )
        if strict and result.wrong:
            raise _refusal(config, where, result.wrong)
        with at(where.site):
            put_in_place(where.next, where.site)
    return replace(result, warnings=[*result.warnings, *findings.advice])


def _refusal(config: Config, where: Folders, wrong: Sequence[str]) -> SiteError:
    kept = f"{where.site.name}/ stays as it was" if where.site.exists() else "No site is put there"
    return SiteError(
        f"{len(wrong)} problems under --strict: {'; '.join(wrong)}. {kept}; what was refused is in"
        f" {where.next.relative_to(config.root)}/."
    )


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
        sweep(cache)
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
        if not dry_run:  # under the lock of the store: two pulls would note over each other
            for seen in fingerprints:
                seen.keep()
            day = today or datetime.now(UTC).date()
            noted = {one.source: one.error for one in summaries if one.error or since is None}
            note_pulls(cache, day.isoformat(), noted)
    return PullResult(sources=summaries, runs=runs, unreadable=broken)


def _choose(config: Config, names: Sequence[str]) -> Sequence[SourceConfig]:
    known = {source.name: source for source in config.source}
    for name in names:
        if name not in known:
            raise UnknownNameError("source", name, known)
    return [known[name] for name in names] if names else list(config.source)


def _renamed(job: JobBundle, run: RunKey) -> JobBundle:
    return job if run == job.run else replace(job, run=run)
