"""The program: its group of commands, and how each prints what it reports."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from reportgen import __version__
from reportgen.errors import ReportgenError

ORDER = (
    *("init", "pull", "build", "serve"),
    *("check", "compare", "explain", "notes"),
    *("publish", "prune"),
    *("runs", "metrics", "sources"),
)
"""Commands as the help lists them: in the order in which somebody meets them."""


class Commands(TyperGroup):
    """Shows errors that a user can cause as one line, without a traceback."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands in the order of the help."""
        return sorted(super().list_commands(ctx), key=ORDER.index)

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


def show_table(rows: list[dict[str, Any]], *, as_json: bool) -> None:
    """Print rows as a table, or as JSON."""
    if as_json:
        print_json(rows)
        return
    from reportgen.terminal import print_table

    print_table(rows)


def print_json(data: Any) -> None:
    """Print strict JSON."""
    json.dump(data, sys.stdout, ensure_ascii=False, allow_nan=False, indent=2)
    sys.stdout.write("\n")
