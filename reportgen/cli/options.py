"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

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


def as_day(text: str) -> date:
    """Return the day that an option names."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(f"{text!r} is no day: write it as 2026-10-31.") from error


def choose_format(form: str, formats: Collection[str], *, as_json: bool) -> str:
    """Return the name of the format that was asked for.

    Raises
    ------
    UnknownNameError
        If there is no such format.
    """
    from reportgen.errors import UnknownNameError

    chosen = "json" if as_json else form
    if chosen not in formats:
        raise UnknownNameError("format", chosen, formats)
    return chosen
