"""When each source was pulled last, and how that ended: kept beside the caches, not in the store.

The store changes with its data only. So a checkout that never pulled does not know, and says so.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from reportgen.model.pulls import PullStatus
from reportgen.places import replacing

FILE = "pulls.json"


def load_statuses(cache: Path) -> dict[str, PullStatus]:
    """Return how the last pull of each source ended; a damaged file counts as none."""
    try:
        data = json.loads((cache / FILE).read_text(encoding="utf-8"))
        return {name: PullStatus(**one) for name, one in data.items()}
    except (FileNotFoundError, ValueError, TypeError, AttributeError):
        return {}


def note_pulls(cache: Path, day: str, errors: Mapping[str, str | None]) -> None:
    """Note how pulls of this day ended: source → what kept it from being read to its end."""
    statuses = load_statuses(cache)
    for name, error in errors.items():
        before = statuses.get(name, PullStatus())
        ended = before.ended if error else day
        statuses[name] = replace(before, tried=day, error=error, ended=ended)
    cache.mkdir(parents=True, exist_ok=True)
    data = {name: asdict(status) for name, status in sorted(statuses.items())}
    with replacing(cache / FILE) as file:
        file.write_text(json.dumps(data, indent=1), encoding="utf-8")
