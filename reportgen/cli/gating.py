"""The gate: check."""

from __future__ import annotations

import os
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

import typer

from reportgen.cli.app import app
from reportgen.cli.options import ConfigOption, JsonOption, as_day, choose_format
from reportgen.errors import ReportgenError

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Names the file to which a step of a GitHub workflow adds what its page shows."""


@app.command()
def check(
    run: Annotated[
        str | None,
        typer.Argument(help="Run: dataset/release, or a release. Default: newest of each dataset."),
    ] = None,
    *,
    against: Annotated[
        str | None, typer.Option(help="Run to hold it against. Default: the run before it.")
    ] = None,
    form: Annotated[str, typer.Option("--format", help="text, json, github or junit.")] = "text",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Fail where a run is worse: exit code 0 good, 1 worse, 2 nothing could be judged."""
    from reportgen import gating
    from reportgen.config import load_config
    from reportgen.pages.gate.formats import FORMATS
    from reportgen.pages.gate.text import as_markdown

    chosen = choose_format(form, FORMATS, as_json=as_json)
    try:
        loaded = load_config(config)
        gate = gating.check(loaded, run, against, today=datetime.now(UTC).date())
    except ReportgenError as error:
        if chosen == "github":
            _annotate_error(error)
        raise
    typer.echo(FORMATS[chosen](gate, loaded.site.url), nl=False)
    if chosen == "github":
        _add_to_summary(as_markdown(gate, loaded.site.url))
    raise typer.Exit(int(gate.exit_code))


def _annotate_error(error: ReportgenError) -> None:
    from reportgen.pages.gate.github import command
    from reportgen.pages.plain_text import escape

    typer.echo(command("error", "reportgen check", str(error)))
    _add_to_summary(f"## ⚠️ {escape(str(error))}\n")


def _add_to_summary(text: str) -> None:
    if name := os.environ.get(SUMMARY):
        with Path(name).open("a", encoding="utf-8") as file:
            file.write(text)


@app.command()
def notes(
    run: Annotated[
        str | None, typer.Argument(help="Run: dataset/release, or a release. Default: all since.")
    ] = None,
    *,
    since: Annotated[
        date | None,
        typer.Option(
            parser=as_day, metavar="DATE", help="First day. Default: after the newest note."
        ),
    ] = None,
    form: Annotated[str, typer.Option("--format", help="markdown, confluence or html.")] = (
        "markdown"
    ),
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Print what to paste into the next meeting's notes, with permalinks and action items."""
    from reportgen import meeting
    from reportgen.config import load_config
    from reportgen.pages.meeting import compose
    from reportgen.pages.meeting_formats import FORMATS

    chosen = choose_format(form, FORMATS, as_json=as_json)
    loaded = load_config(config)
    found = meeting.prepare(loaded, run, since, today=datetime.now(UTC).date())
    typer.echo(FORMATS[chosen](compose(found, loaded.site.url)), nl=False)
