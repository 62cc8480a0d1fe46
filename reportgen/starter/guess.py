"""What files themselves tell of dataset, release, instrument and columns."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reportgen.sources.cp_verify.names import subject
from reportgen.sources.cp_verify.places import from_path

SAMPLE = 10
"""Files that are read in full; the others are taken to be like them."""
_UNSAID = frozenset({"", "unknown", "none", "null"})
_IN_PATH = (
    r"(?P<release>[wd]_\d{4}_\d{2}(?:_\d{2})?)",
    r"(?P<release>v\d+(?:[._]\d+)+)",
)
_DAY = r"(?P<release>(?P<date>\d{4}-\d{2}-\d{2}))"
_MAP_NAME = r"(?P<kind>[^/]+?)(?:-(?P<band>[ugrizy])(?=[-.])(?P<rest>[-\w]*))?\.json"
"""Name of the metric in that of its file, with the band taken out: ``astrom-AA1-RA-g.json``."""
_LABELS = ("ci_label", "env.ci_label", "release", "version_tag", "env.version_tag")
_DATASETS = ("ci_dataset", "env.ci_dataset", "dataset")
_COLUMNS: Mapping[str, Sequence[str]] = {
    "metric": ("metric",),
    "value": ("value",),
    "band": ("band", "filter", "filter_name"),
    "unit": ("unit", "units"),
    "release": ("release", "value_release", "version", "tag"),
    "date": ("date",),
    "producer": ("producer", "dataset_or_producer"),
    "dataset": ("dataset",),
    "instrument": ("instrument",),
    "collection": ("collection", "run"),
    "ticket": ("ticket",),
    "tract": ("tract",),
    "patch": ("patch",),
    "visit": ("visit",),
    "exposure": ("exposure",),
    "detector": ("detector", "ccd"),
}
"""Names that tables have for what a source can be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a source would say, as TOML values; empty: nothing is to be said."""

    dataset: str
    release: str = ""
    pattern: str = ""
    """Regular expression; tells the release where ``release`` is empty."""
    columns: Mapping[str, str] = field(default_factory=dict)
    instrument: str | None = None
    """None: the files say it, or it does not matter."""
    open_questions: tuple[str, ...] = ()
    """Keys whose value could not be found out."""


def stage_folder(name: str) -> bool:
    """Tell whether a folder holds one stage of calibration: ``biasDet``, ``verifyBiasDetStats``."""
    return subject(f"/{name}/").stage is not None


def guess(
    kind: str, paths: Sequence[Path], folder: Path, *, name: str, header: Sequence[str]
) -> Guess:
    """Return what is known of files of one kind, given relative to ``folder``."""
    columns = _columns(header) if kind == "table" else {}
    metas = [_meta(folder / path) for path in paths[:SAMPLE]] if kind == "verify-json" else []
    release, pattern = _release(kind, paths, metas, columns)
    if kind == "json-map":
        pattern = rf"{pattern}[^/]*/(?:.*/)?{_MAP_NAME}" if pattern else _MAP_NAME
    dataset = _key(metas, _DATASETS)
    unsaid = ["release"] if release == '"unnamed"' else []
    instrument = _instrument(paths, name) if kind == "cp-verify" else None
    if instrument == "":
        unsaid.append("instrument")
    return Guess(
        dataset="" if "dataset" in columns else dataset or json.dumps(name, ensure_ascii=False),
        release=release,
        pattern=pattern,
        columns=columns,
        instrument=instrument,
        open_questions=tuple(unsaid),
    )


def _release(
    kind: str,
    paths: Sequence[Path],
    metas: Sequence[Mapping[str, Any]],
    columns: Mapping[str, str],
) -> tuple[str, str]:
    """Return the value and the pattern that say which release files belong to."""
    if "release" in columns:
        return "", ""
    if label := _key(metas, _LABELS):
        return label, ""
    patterns = (*_IN_PATH, _DAY) if kind == "cp-verify" else _IN_PATH
    for pattern in patterns:
        if all(re.search(pattern, path.as_posix()) for path in paths):
            return "", pattern
    return ('"daily"' if kind == "cp-verify" else '"unnamed"'), ""


def _columns(header: Sequence[str]) -> dict[str, str]:
    by_lower = {name.lower(): name for name in reversed(header)}
    found = {}
    for field_name, names in _COLUMNS.items():
        if known := next((by_lower[name] for name in names if name in by_lower), None):
            found[field_name] = known
    return found


def _key(metas: Sequence[Mapping[str, Any]], keys: Sequence[str]) -> str:
    """Return the first key that all jobs give a value for, as a TOML rule; empty: none."""
    for key in keys:
        values = [_look_up(meta, key) for meta in metas]
        if values and all(isinstance(v, str) and v.lower() not in _UNSAID for v in values):
            return f'{{ meta = "{key}" }}'
    return ""


def _look_up(meta: Mapping[str, Any], key: str) -> Any:
    found: Any = meta
    for part in key.split("."):
        found = found.get(part) if isinstance(found, dict) else None
    return found


def _meta(path: Path) -> Mapping[str, Any]:
    """Return the metadata of a job; empty where it cannot be read, of which the pull tells."""
    try:
        data = path.read_bytes()
        plain = gzip.decompress(data) if path.suffix == ".gz" else data
        meta = json.loads(plain).get("meta")
    except (OSError, EOFError, ValueError, AttributeError):
        return {}
    return meta if isinstance(meta, dict) else {}


def _instrument(paths: Sequence[Path], name: str) -> str | None:
    """Return the instrument by the name of the folder; None where each path says it, else ''."""
    if all("instrument" in from_path(path.as_posix()) for path in paths):
        return None
    return from_path(name).get("instrument", "")
