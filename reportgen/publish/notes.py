"""What ``api/v1/index.json`` of an edition says of its pages."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from reportgen.errors import PublishError
from reportgen.publish.manifest import PageNote
from reportgen.publish.names import check_name

INDEX = "api/v1/index.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class EditionIndex:
    """An edition in short."""

    generated: str | None
    """Day of the newest result, ISO 8601."""
    runs: int
    """How many runs have a page."""
    notes: Mapping[str, PageNote]
    """By path of the page."""


def read_index(site_dir: Path, edition: str) -> EditionIndex:
    """Read what a site says of itself.

    Raises
    ------
    PublishError
        If there is no finished site, or it is the site of another edition.
    """
    build = f"Build it first: reportgen build --edition {edition}"
    try:
        data = json.loads((site_dir / INDEX).read_bytes())
        found, runs = data["edition"], [run for run in data["runs"] if run["url"]]
        named = [*map(_run, runs), *map(_metric, data["metrics"])]
        notes = dict([*named, *map(_comparison, data["comparisons"])])
    except FileNotFoundError as error:
        raise PublishError(f"There is no finished site in {site_dir}. {build}") from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise PublishError(f"{site_dir / INDEX} cannot be read ({error!r}). {build}") from error
    if found != edition:
        raise PublishError(f"{site_dir} holds the edition {found!r}, not {edition!r}. {build}")
    return EditionIndex(generated=data.get("generated"), runs=len(runs), notes=notes)


def lasting_pages(site_dir: Path, edition: str) -> set[str]:
    """Return the pages of a site that get a permalink of their own, by path.

    Raises
    ------
    PublishError
        If there is no finished site, or it is the site of another edition.
    """
    return set(read_index(site_dir, check_name(edition)).notes)


def _run(run: Mapping[str, Any]) -> tuple[str, PageNote]:
    verdict = _verdict(run["counts"], demonstration=bool(run.get("demonstration")))
    title = f"{run['dataset']} with {run['release']}"
    return run["url"], PageNote(title=title, date=run.get("date"), verdict=verdict)


def _metric(metric: Mapping[str, Any]) -> tuple[str, PageNote]:
    return metric["url"], PageNote(title=str(metric["name"]))


def _comparison(one: Mapping[str, Any]) -> tuple[str, PageNote]:
    return one["url"], PageNote(title=f"{one['a']} compared with {one['b']}")


def _verdict(counts: Mapping[str, int], *, demonstration: bool) -> str:
    words = (
        f"{counts['fail']} failed, {counts['pass']} passed,"
        f" {counts['not_measured']} not measured,"
        f" {counts['no_specification']} without specification"
    )
    return f"{words} (demonstration data: generated, not measured)" if demonstration else words
