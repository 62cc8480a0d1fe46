"""Lists for the command line: runs, metrics, sources."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from reportgen.config import Config
from reportgen.definitions.catalogue import load_definitions
from reportgen.sources import SOURCES, known_types
from reportgen.store import Store


def runs(config: Config) -> list[dict[str, Any]]:
    """Return one row per stored run."""
    return [
        {
            "run": run.id,
            "dataset": run.dataset,
            "release": run.release,
            "date": run.day,
            "collection": run.key.collection,
            "tickets": ", ".join(run.tickets),
            "revisions": len(run.revisions),
            "measurements": sum(revision.measurements for revision in run.revisions),
        }
        for run in Store(config.path(config.store)).runs
    ]


def metrics(config: Config) -> list[dict[str, Any]]:
    """Return one row per measured metric."""
    definitions = load_definitions(config)
    counts = Store(config.path(config.store)).metric_counts().to_pylist()
    found: dict[str, dict[str, set[str]]] = {}
    values: defaultdict[str, int] = defaultdict(int)
    for row in counts:
        name = definitions.overrides.canonical_name(row["metric"])
        one = found.setdefault(name, {"runs": set(), "producers": set()})
        one["runs"].add(row["run"])
        one["producers"].add(row["producer"] or "")
        values[name] += row["n"]
    return [
        {
            "metric": name,
            "unit": definitions.metrics[name].unit if name in definitions.metrics else None,
            "runs": len(one["runs"]),
            "measurements": values[name],
            "producers": ", ".join(sorted(filter(None, one["producers"]))),
            "specifications": sum(
                spec.metric == name for spec in definitions.specifications.values()
            ),
        }
        for name, one in sorted(found.items())
    ]


def sources(config: Config) -> list[dict[str, Any]]:
    """Return one row per configured source, then the types that no source uses."""
    used = {source.type for source in config.source}
    configured = [
        {"source": one.name, "type": one.type, "location": one.location, "what": _what(one.type)}
        for one in config.source
    ]
    return configured + [
        {"source": None, "type": name, "location": None, "what": _what(name)}
        for name in known_types()
        if name not in used
    ]


def _what(name: str) -> str:
    return SOURCES[name].description if name in SOURCES else ""
