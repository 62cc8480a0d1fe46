"""The program: its group of commands, and how each prints what it reports."""

from __future__ import annotations

import errno
import json
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from reportgen import __version__
from reportgen.errors import ReportgenError
from reportgen.places import sentence
from reportgen.stopping import CODE, stoppable

ORDER = (
    *("init", "pull", "build", "serve"),
    *("check", "compare", "explain", "notes"),
    *("publish", "prune"),
    *("runs", "metrics", "sources"),
)
"""Commands as the help lists them: in the order in which somebody meets them."""


class Commands(TyperGroup):
    """Shows errors that a user can cause, and being stopped, as one line without a traceback."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names of all commands in the order of the help."""
        return sorted(super().list_commands(ctx), key=ORDER.index)

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Take the options of the program itself; without any argument, show the help."""
        asked = bool(args)  # they are used up
        try:
            return super().parse_args(ctx, args)
        except Exception as error:
            if not asked or not (known := _known(error)):
                raise
            typer.echo(f"Error: {known}", err=True)
            return ctx.exit(2)  # type: ignore[no-any-return]

    def invoke(self, ctx: Any) -> Any:
        """Run the command; exit code 2 for an expected error, 130 if it was stopped."""
        with stoppable() as stop:
            try:
                return super().invoke(ctx)
            except (Exception, KeyboardInterrupt) as error:
                if stop.asked:  # also if a library made an error of its own from it
                    typer.echo("Stopped. What was done is kept: run it again to go on.", err=True)
                    ctx.exit(CODE)
                if not (known := _known(error)):
                    raise
                typer.echo(f"Error: {known}", err=True)
                ctx.exit(2)


def _known(error: BaseException) -> str:
    """Say what is wrong where a user can mend it; empty for everything else."""
    if isinstance(error, ReportgenError):
        return str(error)
    if isinstance(error, OSError) and error.errno != errno.EPIPE:  # `| head` is no error
        return sentence(error)
    return _usage(error)


def _usage(error: BaseException) -> str:
    """Say in one line what is wrong with the words of a command; empty for everything else."""
    if not hasattr(error, "format_message"):  # of Click, or of the copy that Typer has of it
        return ""
    what = " ".join(error.format_message().replace("Value error, ", "").split())
    context = getattr(error, "ctx", None)
    where = f" See `{context.command_path} --help`." if context else ""
    return f"{what.rstrip('.?')}{'?' if what.endswith('?') else '.'}{where}"


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
