"""Commands that answer from what is stored: compare, explain, runs, metrics, sources."""

from __future__ import annotations

from typing import Annotated

import typer

from reportgen.cli.app import app, show_table
from reportgen.cli.options import ConfigOption, JsonOption, choose_format


@app.command()
def compare(
    a: Annotated[
        str, typer.Argument(help="Run: dataset/release, or a release; with -by-PRODUCER.")
    ],
    b: Annotated[str, typer.Argument(help="Run that is compared with A.")],
    *,
    form: Annotated[str, typer.Option("--format", help="text, json, markdown or csv.")] = "text",
    config: ConfigOption = None,
    as_json: JsonOption = False,
) -> None:
    """Compare run B with run A, with the numbers of the pages."""
    from reportgen import questions
    from reportgen.config import load_config
    from reportgen.pages.comparison.text import FORMATS

    chosen = choose_format(form, FORMATS, as_json=as_json)
    typer.echo(FORMATS[chosen](questions.compare(load_config(config), a, b)), nl=False)


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
    from reportgen import questions
    from reportgen.config import load_config
    from reportgen.pages.explain_api import as_json as describe
    from reportgen.pages.explain_text import as_text

    found = questions.explain(load_config(config), metric, run, band)
    typer.echo(describe(found) if as_json else as_text(found))


@app.command()
def runs(*, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the runs that are stored."""
    from reportgen import listing
    from reportgen.config import load_config

    show_table(listing.runs(load_config(config)), as_json=as_json)


@app.command()
def metrics(*, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the metrics that were measured."""
    from reportgen import listing
    from reportgen.config import load_config

    show_table(listing.metrics(load_config(config)), as_json=as_json)


@app.command()
def sources(*, config: ConfigOption = None, as_json: JsonOption = False) -> None:
    """List the sources of the configuration and the types that exist."""
    from reportgen import listing
    from reportgen.config import load_config

    show_table(listing.sources(load_config(config)), as_json=as_json)
