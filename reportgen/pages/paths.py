"""Addresses of pages and documents, from the root of an edition."""

from __future__ import annotations

import re
from hashlib import blake2b

from reportgen.model.editions import MAIN, has_permalink
from reportgen.model.runs import Run, slug

API = "api/v1"
_SAFE_NAME = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_.+-]{0,148}[A-Za-z0-9_+-])?")
"""A name that can be a file's: with an ending it stays below what a file system takes."""


def permalink(site: str, address: str) -> str:
    """Return the address under which others may link to a page for good.

    ``site`` is the address of the whole site, above its editions; where nobody has said it, the
    result is empty. A page without a permalink of its own is linked in the edition ``main``.
    """
    if not site:
        return ""
    return f"{site.rstrip('/')}/{address if has_permalink(address) else f'v/{MAIN}/{address}'}"


def run_path(run: Run) -> str:
    """Return the address of the page of a run."""
    return f"runs/{run.id}/"


def run_api(run: Run) -> str:
    """Return the address of the JSON of a run."""
    return f"{API}/runs/{run.id}.json"


def run_csv(run: Run) -> str:
    """Return the address of the measurements and checks of a run as CSV."""
    return f"data/runs/{run.id}.csv"


def members_api(run: Run, metric: str) -> str:
    """Return the address of the members of one metric in one run."""
    return f"{API}/members/{run.id}/{metric_segment(metric)}.json"


def members_csv(run: Run, metric: str) -> str:
    """Return the address of the members of one metric in one run as CSV."""
    return f"data/members/{run.id}/{metric_segment(metric)}.csv"


def blob_api(run: Run, job: str, identifier: str) -> str:
    """Return the address of the extra data that a job stored."""
    return f"{API}/blobs/{run.id}/{metric_segment(f'{job}-{identifier}')}.json"


def metric_in_run_path(run: Run, metric: str) -> str:
    """Return the address of the page of one metric in one run."""
    return f"{run_path(run)}{metric_segment(metric)}/"


def metric_path(metric: str) -> str:
    """Return the address of the page of a metric."""
    return f"metrics/{metric_segment(metric)}/"


def metric_api(metric: str) -> str:
    """Return the address of the JSON of a metric."""
    return f"{API}/metrics/{metric_segment(metric)}.json"


def metric_csv(metric: str) -> str:
    """Return the address of the history of a metric as CSV."""
    return f"data/metrics/{metric_segment(metric)}.csv"


def metric_segment(metric: str) -> str:
    """Return a metric's name as it is; of a name that is unsafe or too long, slug and hash."""
    if _SAFE_NAME.fullmatch(metric) and ".." not in metric:
        return metric
    content = metric.encode(errors="backslashreplace")
    return f"{slug(metric)}-{blake2b(content, digest_size=4).hexdigest()}"
