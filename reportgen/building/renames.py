"""Which pages had another address before a run or metric was renamed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from reportgen.definitions.overrides import Overrides
from reportgen.definitions.rules import Rename
from reportgen.model.runs import slug
from reportgen.pages.paths import metric_path


def renamed_pages(
    overrides: Overrides, metrics: Iterable[str], pages: Collection[str]
) -> dict[str, str]:
    """Return the present path of each page that had another one, by the old path.

    ``metrics`` are names as they are stored; ``pages`` are the paths that the edition holds, from
    its root: only what leads to one of them is returned.
    """
    moved = dict(_renamed_runs(overrides.rename, pages))
    for name in metrics:
        moved[metric_path(name)] = metric_path(overrides.canonical_name(name))
    return {old: new for old, new in moved.items() if new in pages and old not in pages}


def _renamed_runs(renames: Iterable[Rename], pages: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield old and new path of pages of runs and of comparisons."""
    every = [page for page in pages if page.startswith(("runs/", "compare/"))]
    for rename in renames:
        for page in every:
            if old := _before(page, rename):
                yield old, page


def _before(page: str, rename: Rename) -> str | None:
    """Return the path of a page before one rename; None where it does not concern the page."""
    kind, dataset, rest = page.rstrip("/").split("/", 2)
    if dataset != slug(rename.to_dataset or rename.dataset):
        return None
    releases = rest.split("...")
    if rename.release is not None:
        new, old = slug(rename.to_release or rename.release), slug(rename.release)
        if new not in releases:
            return None
        releases = [old if release == new else release for release in releases]
    return f"{kind}/{slug(rename.dataset)}/{'...'.join(releases)}/"
