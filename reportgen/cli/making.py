"""Commands that make a report: init, pull, build, serve."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportgen.cli.app import app, print_json
from reportgen.cli.options import (
    ConfigOption,
    EditionOption,
    JobsOption,
    JsonOption,
    NoPullOption,
    StrictOption,
    as_day,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reportgen.building.results import PullResult
    from reportgen.model.bundle import Unreadable

NAMED_ALIKE = 3
"""Files that are named one by one where many cannot be read for the same reason."""


@app.command()
def init(
    folder: Annotated[Path, typer.Argument(help="Folder of the new report.")] = Path(),
) -> None:
    """Write a ready report repository, fitted to the result files that lie in the folder."""
    from reportgen.starter import start

    result = start(folder)
    for line in result.lines():
        typer.echo(line)


@app.command()
def pull(
    sources: Annotated[
        list[str] | None, typer.Argument(help="Names of sources; default: all.")
    ] = None,
    *,
    since: Annotated[
        date | None,
        typer.Option(
            "--since", parser=as_day, metavar="DATE", help="Leave out results of earlier days."
        ),
    ] = None,
    full: Annotated[
        bool,
        typer.Option("--full", help="Read everything again; store what comes out differently."),
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read, but store nothing.")] = False,
    strict: StrictOption = False,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Bring new stored results into the store."""
    from reportgen import pipeline
    from reportgen.config import load_config
    from reportgen.terminal import Progress

    with Progress(quiet=as_json) as progress:
        result = pipeline.pull(
            load_config(config),
            sources or (),
            since=since,
            full=full,
            dry_run=dry_run,
            progress=progress.count,
            say=progress.say,
        )
    _show_pull(result, as_json=as_json)
    if strict and (result.unreadable or result.failed):
        raise typer.Exit(2)


@app.command()
def build(
    *,
    edition: EditionOption = "main",
    no_pull: NoPullOption = False,
    strict: StrictOption = False,
    jobs: JobsOption = 1,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Pull, judge, draw, write pages and build the site into site/."""
    from reportgen import pipeline
    from reportgen.config import load_config
    from reportgen.terminal import Progress

    with Progress(quiet=as_json) as progress:
        result = pipeline.build(
            load_config(config),
            edition=edition,
            do_pull=not no_pull,
            strict=strict,
            jobs=jobs,
            progress=progress.count,
            say=progress.say,
        )
    if as_json:
        print_json(
            {
                "site": result.site.name,
                "pages": result.pages,
                "figures": result.figures,
                "drawn": result.drawn,
                "unchanged": result.unchanged,
                "warnings": [*map(str, result.unreadable), *result.warnings],
                "pulled": _pull_data(result.pulled) if result.pulled else None,
            }
        )
        return
    if result.pulled:
        _show_sources(result.pulled)
    # The store knows what this pull could not read as well; each file is told once.
    broken = result.pulled.unreadable if result.unchanged and result.pulled else result.unreadable
    _show_unreadable(broken)
    told = result.pulled.failed if result.pulled else ()
    for warning in (one for one in result.warnings if one not in told):
        typer.echo(f"Warning: {warning}", err=True)
    if result.unchanged:
        typer.echo("Nothing has changed: site/ is up to date.")
    else:
        typer.echo(
            f"Built {result.pages} pages with {result.figures} figures"
            f" ({result.drawn} drawn) into {result.site.name}/."
        )


@app.command()
def serve(
    *,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on loopback.")] = 8000,
    jobs: JobsOption = 1,
    config: ConfigOption = None,
) -> None:
    """Build, serve on loopback, and build again when data, definitions or templates change."""
    from reportgen.config import load_config
    from reportgen.serving import serve as serve_site

    serve_site(load_config(config), port=port, jobs=jobs, say=typer.echo)


def _pull_data(result: PullResult) -> dict[str, Any]:
    return {
        "runs": list(result.runs),
        "sources": [
            {
                "source": one.source,
                "new": one.new,
                "known": one.known,
                "unreadable": one.unreadable,
                "skipped": one.skipped,
                "again": one.again,
                "error": one.error,
                "measurements": one.measurements,
                "tests": one.tests,
            }
            for one in result.sources
        ],
        "unreadable": [
            {"origin": one.origin, "place": one.place, "reason": one.reason}
            for one in result.unreadable
        ],
    }


def _show_pull(result: PullResult, *, as_json: bool) -> None:
    if as_json:
        print_json(_pull_data(result))
        return
    _show_sources(result)
    _show_unreadable(result.unreadable)


def _show_sources(result: PullResult) -> None:
    for one in result.sources:
        skipped = f", {one.skipped} skipped" if one.skipped else ""
        again = "; everything was read again" if one.again else ""
        typer.echo(
            f"{one.source}: {one.new} new job{'' if one.new == 1 else 's'},"
            f" {one.known} known, {one.unreadable} unreadable"
            f"{skipped}{again}"
        )
    for failed in result.failed:
        typer.echo(f"Failed: {failed}", err=True)


def _show_unreadable(broken: Sequence[Unreadable]) -> None:
    """Name each file that could not be read; of many with one reason, the first few."""
    by_reason: dict[str, list[Unreadable]] = {}
    for one in broken:
        by_reason.setdefault(one.reason, []).append(one)
    for reason, alike in by_reason.items():
        for one in alike[:NAMED_ALIKE]:
            typer.echo(f"Unreadable: {one}", err=True)
        more = len(alike) - NAMED_ALIKE
        if more > 0:
            typer.echo(f"Unreadable: {more} more for the same reason: {reason}", err=True)
