"""The steps of a build that has something to do: judge, write pages, draw, build the site.

Everything heavy is imported from here; a build without news does not come so far.
"""

from __future__ import annotations

from datetime import date
from itertools import chain

from reportgen.building.blobs import Blobs
from reportgen.building.book import FigureBook
from reportgen.building.changes import (
    gather_calibrations,
    gather_comparisons,
    gather_events,
    gather_issues,
)
from reportgen.building.compiled import template_cache
from reportgen.building.counted import Counted
from reportgen.building.export import export_store
from reportgen.building.folders import Folders, folders
from reportgen.building.gather import gather_knowledge, gather_runs
from reportgen.building.histories import gather_metrics
from reportgen.building.plan import STORE_EXPORT, Findings, plan_documents, plan_pages
from reportgen.building.pulls import load_statuses
from reportgen.building.stamp import rules_of
from reportgen.building.unreadable import still_unreadable
from reportgen.config import Config
from reportgen.definitions.catalogue import load_definitions
from reportgen.figures import draw_figures
from reportgen.pages.names import PageNames
from reportgen.pages.overview.source_ages import ages
from reportgen.places import at
from reportgen.render import SiteContext, copy_folder, render_pages, safe_notes, write_documents
from reportgen.site.build import build_site
from reportgen.site.resources import find_settings, templates_dir
from reportgen.store import Store


def analyse(config: Config, store: Store, *, edition: str, today: date, jobs: int = 1) -> Findings:
    """Judge every run and follow every metric."""
    knowledge = gather_knowledge(store, load_definitions(config))
    known = Counted(store.cache, rules_of(config))
    runs = gather_runs(store, knowledge, config, edition=edition, counted=known)
    metrics = gather_metrics(store, knowledge, runs)
    calibrations = gather_calibrations(store, knowledge, runs.summaries, jobs=jobs)
    compared = gather_comparisons(store, knowledge, runs, metrics)
    return Findings(
        config=config,
        edition=edition,
        today=today,
        knowledge=knowledge,
        runs=runs,
        metrics=metrics,
        calibrations=calibrations,
        compared=compared,
        events=gather_events(knowledge, metrics, compared.comparisons, calibrations, today),
        unreadable=still_unreadable(store, config),
        issues=gather_issues(knowledge, runs, compared.comparisons, calibrations, today),
        blobs=Blobs(store),
        ages=ages(
            [source.name for source in config.source],
            load_statuses(folders(config).cache),
            store.newest(),
            today=today,
            stale_after_days=config.site.stale_after_days,
        ),
    )


def write(findings: Findings, store: Store, book: FigureBook, where: Folders) -> int:
    """Write pages, JSON, downloads and people's notes as the docs folder; return the pages.

    The figures that the pages ask for are noted in the book.
    """
    config = findings.config
    page_names = PageNames()
    rendered = render_pages(
        page_names.watch(plan_pages(findings, book.add)),
        where.docs,
        templates_dir(),
        site_context=SiteContext(url=config.site.url, edition=findings.edition),
        cache_dir=template_cache(where.cache / "templates"),
    )
    write_documents(chain(plan_documents(findings), [page_names.document()]), where.docs)
    export_store(store, where.docs / STORE_EXPORT)
    notes = safe_notes(findings.knowledge.definitions.notes)
    copy_folder(config.path(config.site.notes), where.docs / "notes", notes)
    return len(rendered.written) + len(rendered.unchanged)


def draw(book: FigureBook, where: Folders, *, edition: str, jobs: int) -> int:
    """Draw the figures that are not there yet beside the pages; return how many."""
    drawn = draw_figures(book.requests.values(), where.figures, jobs=jobs)
    book.place(where.figures, where.docs / "figures")
    book.prune(where.figures, edition)
    return drawn


def frame(findings: Findings, where: Folders) -> list[str]:
    """Build the site from the docs folder, not in its place yet, and return what is wrong."""
    config = findings.config
    with at(where.next):
        built = build_site(
            find_settings(config.root, where.docs.parent, config.site.name),
            where.docs,
            where.next,
            site_url=config.site.url or None,
            edition=findings.edition,
            epoch=findings.epoch,
            cache_dir=template_cache(where.cache / "theme"),
        )
    return built.complaints
