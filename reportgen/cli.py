"""The command line: each command parses, calls the pipeline, and prints."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from reportgen import __version__
from reportgen.errors import ReportgenError

if TYPE_CHECKING:
    from reportgen.pipeline import PullResult


class Commands(TyperGroup):
    """Shows errors that a user can cause as one line, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exit code 2 for an expected error."""
        try:
            return super().invoke(ctx)
        except ReportgenError as error:
            typer.echo(f"Error: {error}", err=True)
            ctx.exit(2)


app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Science metrics and calibration trends of processing runs as a static site.",
)

ConfigOption = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Configuration file, or the folder that holds it."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Fail at the end if anything was wrong.")
]
JobsOption = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes that draw.")]
EditionOption = Annotated[
    str, typer.Option("--edition", help="main: everything; a release: that release alone.")
]
NoPullOption = Annotated[bool, typer.Option("--no-pull", help="Build from what is stored.")]


def main() -> None:
    """Run the command line."""
    app()


def _version(*, value: bool) -> None:
    if value:
        typer.echo(f"reportgen {__version__}")
        raise typer.Exit


@app.callback()
def options(
    *,
    version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=lambda value: _version(value=value),
            is_eager=True,
            help="Show the version and exit.",
        ),
    ] = False,
) -> None:
    """Science metrics and calibration trends of processing runs as a static site."""


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
            dry_run=dry_run,
            progress=progress.count,
            say=progress.say,
        )
    _show_pull(result, as_json=as_json)
    if strict and result.unreadable:
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
        _print_json(
            {
                "site": result.site.name,
                "pages": result.pages,
                "figures": result.figures,
                "drawn": result.drawn,
                "unchanged": result.unchanged,
                "warnings": list(result.warnings),
                "pulled": _pull_data(result.pulled) if result.pulled else None,
            }
        )
        return
    if result.pulled:
        _show_pull(result.pulled, as_json=False)
    for warning in result.warnings:
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
    port: Annotated[int, typer.Option(help="Port on loopback.")] = 8000,
    jobs: JobsOption = 1,
    config: ConfigOption = None,
) -> None:
    """Build, serve on loopback, and build again when data, definitions or templates change."""
    from reportgen.config import load_config
    from reportgen.serving import serve as serve_site

    serve_site(load_config(config), port=port, jobs=jobs, say=typer.echo)


@app.command()
def compare(
    a: Annotated[str, typer.Argument(help="Run: dataset/release, or a release.")],
    b: Annotated[str, typer.Argument(help="Run that is compared with A.")],
    *,
    form: Annotated[str, typer.Option("--format", help="text, json, markdown or csv.")] = "text",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare run B with run A, with the numbers of the pages."""
    from reportgen import pipeline
    from reportgen.config import load_config
    from reportgen.errors import UnknownNameError
    from reportgen.pages.compare_text import FORMATS

    chosen = "json" if as_json else form
    if chosen not in FORMATS:
        raise UnknownNameError("format", chosen, FORMATS)
    typer.echo(FORMATS[chosen](pipeline.compare(load_config(config), a, b)), nl=False)


@app.command()
def explain(
    metric: Annotated[str, typer.Argument(help="Metric, with or without its package.")],
    run: Annotated[str, typer.Argument(help="Run: dataset/release, or a release.")],
    *,
    band: Annotated[str | None, typer.Option(help="This band only.")] = None,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Explain the verdicts of a metric in a run: value, limit, baseline, noise, decision."""
    from reportgen import pipeline
    from reportgen.config import load_config
    from reportgen.pages.explain_api import as_json as describe
    from reportgen.pages.explain_text import as_text

    found = pipeline.explain(load_config(config), metric, run, band)
    typer.echo(describe(found) if as_json else as_text(found))


@app.command()
def runs(*, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the runs that are stored."""
    from reportgen import listing
    from reportgen.config import load_config

    _show_table(listing.runs(load_config(config)), as_json=as_json)


@app.command()
def metrics(*, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the metrics that were measured."""
    from reportgen import listing
    from reportgen.config import load_config

    _show_table(listing.metrics(load_config(config)), as_json=as_json)


@app.command()
def sources(*, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the sources of the configuration and the types that exist."""
    from reportgen import listing
    from reportgen.config import load_config

    _show_table(listing.sources(load_config(config)), as_json=as_json)


def _pull_data(result: PullResult) -> dict[str, Any]:
    return {
        "runs": list(result.runs),
        "sources": [
            {
                "source": one.source,
                "new": one.new,
                "known": one.known,
                "unreadable": one.unreadable,
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
        _print_json(_pull_data(result))
        return
    for one in result.sources:
        typer.echo(f"{one.source}: {one.new} new, {one.known} known, {one.unreadable} unreadable")
    for broken in result.unreadable:
        place = f" ({broken.place})" if broken.place else ""
        typer.echo(f"Unreadable: {broken.origin}{place}: {broken.reason}", err=True)


def _show_table(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    if as_json:
        _print_json(rows)
        return
    from reportgen.terminal import print_table

    print_table(rows)


def _print_json(data: Any) -> None:
    json.dump(data, sys.stdout, ensure_ascii=False, allow_nan=False, indent=2)
    sys.stdout.write("\n")
