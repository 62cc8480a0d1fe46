"""Commands for what is published: publish, prune."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from reportgen.cli.app import app, print_json
from reportgen.cli.options import ConfigOption, EditionOption, JobsOption, JsonOption

if TYPE_CHECKING:
    from reportgen.config import Config
    from reportgen.publish import CheckReport, PublishReport
    from reportgen.publish.manifest import Weight
    from reportgen.publishing import Target

PushOption = Annotated[
    bool, typer.Option("--push", help="Commit onto the remote's branch and push.")
]
ToOption = Annotated[
    Path | None,
    typer.Option("--to", metavar="DIR", help="A folder in place of a branch, for any host."),
]
BranchOption = Annotated[str, typer.Option("--branch", help="Branch that holds the editions.")]
RemoteOption = Annotated[str, typer.Option("--remote", help="Remote that has the branch.")]
HistoryOption = Annotated[
    str, typer.Option("--history", help="keep, or squash: the branch has one commit only.")
]


@app.command()
def publish(
    *,
    edition: EditionOption = "main",
    alias: Annotated[
        list[str] | None, typer.Option("--alias", help="A second name, which moves here.")
    ] = None,
    push: PushOption = False,
    to: ToOption = None,
    branch: BranchOption = "gh-pages",
    remote: RemoteOption = "origin",
    history: HistoryOption = "keep",
    self_contained: Annotated[
        bool,
        typer.Option("--self-contained", help="The edition also works alone, from a disk."),
    ] = False,
    releases: Annotated[
        bool,
        typer.Option(
            "--releases",
            help="First build and publish an edition of each release that is over and has none.",
        ),
    ] = False,
    check: Annotated[
        bool,
        typer.Option("--check", help="Publish nothing; walk the links of what is published."),
    ] = False,
    jobs: JobsOption = 1,
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put the site that was built beside the published editions, in one step or not at all."""
    from reportgen import publishing
    from reportgen.config import load_config
    from reportgen.terminal import Progress

    settings = load_config(config)
    target = _target(settings, to, branch=branch, remote=remote, push=push, history=history)
    if check:
        _show_check(publishing.check(settings, target), as_json=as_json)
        return
    publishing.check_built(settings, edition)
    reports: dict[str, PublishReport] = {}
    if releases:
        with Progress(quiet=as_json) as progress:
            done = publishing.publish_releases(
                settings, target, self_contained=self_contained, jobs=jobs, say=progress.say
            )
            reports |= dict(done)
    report = publishing.publish(
        settings, target, edition=edition, aliases=alias or (), self_contained=self_contained
    )
    reports[edition] = report
    if as_json:
        print_json([{"edition": name, **_report_data(one)} for name, one in reports.items()])
        return
    for name, one in reports.items():
        _show_place(name, one, settings.site.url)
    _show_report(report)
    if to is None and not push:
        typer.echo(f"Send it with `git push {remote} {branch}`, or publish with --push.")


@app.command()
def prune(
    *,
    keep: Annotated[
        int, typer.Option("--keep", min=0, help="So many of the newest weeklies and dailies stay.")
    ] = 24,
    keep_releases: Annotated[
        bool,
        typer.Option("--keep-releases/--no-keep-releases", help="All releases (v23) stay too."),
    ] = True,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go.")] = False,
    push: PushOption = False,
    to: ToOption = None,
    branch: BranchOption = "gh-pages",
    remote: RemoteOption = "origin",
    history: HistoryOption = "keep",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Drop old editions, never main, nor what has an alias or is linked in a note."""
    from reportgen import publishing
    from reportgen.config import load_config

    settings = load_config(config)
    target = _target(settings, to, branch=branch, remote=remote, push=push, history=history)
    report = publishing.prune(
        settings, target, newest=keep, releases=keep_releases, dry_run=dry_run
    )
    if as_json:
        print_json({"dry_run": dry_run, **_report_data(report)})
        return
    if report.dropped:
        words = "Would drop" if dry_run else "Dropped"
        typer.echo(f"{words} {', '.join(report.dropped)}; their permalinks stay.")
    else:
        typer.echo("No edition has to go.")
    if report.collected.files:
        typer.echo(f"Nothing else uses {_weight(report.collected)} of figures and assets.")
    _show_report(report)


def _target(
    config: Config, to: Path | None, *, branch: str, remote: str, push: bool, history: str
) -> Target:
    from reportgen.errors import PublishError, UnknownNameError
    from reportgen.publish import HISTORIES, Branch

    if history not in HISTORIES:
        raise UnknownNameError("history", history, HISTORIES)
    if to is not None and push:
        raise PublishError("A folder cannot be pushed. Give either --to, or --push for a branch.")
    how = HISTORIES[history]
    return to or Branch(repository=config.root, name=branch, remote=remote, push=push, history=how)


def _show_place(edition: str, report: PublishReport, url: str) -> None:
    if report.changed:
        address = f": {url.rstrip('/')}/v/{edition}/" if url else ""
        typer.echo(f"Published {edition} to {report.place}{address}")
    else:
        typer.echo(f"Nothing new: {edition} stands in {report.place} as it is.")


def _report_data(report: PublishReport) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(report)


def _show_report(report: PublishReport) -> None:
    """Tell what the published site holds, and what to look after."""
    tombstones = f", {report.tombstones} of pages that are gone" if report.tombstones else ""
    typer.echo(
        f"The published site has {_weight(report.weight)},"
        f" {report.permalinks + report.tombstones} permalinks{tombstones}."
    )
    for path in report.kept:
        typer.echo(f"Kept {path}, which somebody else wrote.", err=True)
    for warning in report.warnings:
        typer.echo(f"Warning: {warning}", err=True)


def _show_check(report: CheckReport, *, as_json: bool) -> None:
    """Tell what is wrong with the published site; exit code 1 for dead links."""
    if as_json:
        from dataclasses import asdict

        print_json(asdict(report))
    else:
        for problem in report.problems:
            typer.echo(problem)
        for warning in report.warnings:
            typer.echo(f"Warning: {warning}", err=True)
        count = len(report.problems) or "No"
        typer.echo(f"{count} dead links in {report.place}: {_weight(report.weight)}.")
    if report.problems:
        raise typer.Exit(1)


def _weight(weight: Weight) -> str:
    largest = ""
    if weight.largest:
        largest = f" (the largest, {weight.largest}, has {weight.largest_size / 1e6:,.1f} MB)"
    unknown = f", {weight.unmeasured} more of unknown size" if weight.unmeasured else ""
    known = weight.files - weight.unmeasured
    return f"{known:,} files, {weight.size / 1e6:,.1f} MB{largest}{unknown}"
