"""Sources: where stored results lie, read into one shape, the job bundle.

A type of source is one module and one line in `SOURCES`, or an entry point of the group
``reportgen.sources`` in another package.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, MutableMapping
from collections.abc import Set as AbstractSet
from datetime import date
from importlib import import_module, metadata
from typing import Any

from pydantic import ValidationError

from reportgen.config import FromColumn, FromMeta, SourceConfig
from reportgen.errors import ConfigError
from reportgen.model.bundle import Expected, Watermark
from reportgen.sources.base import Options, Record, SourceType
from reportgen.sources.fields import FieldReader
from reportgen.sources.files import SourceFile, read_files
from reportgen.sources.history import Fingerprint, History, JobPlace
from reportgen.sources.values import number

__all__ = [
    "SOURCES",
    "Expected",
    "FieldReader",
    "Fingerprint",
    "History",
    "Options",
    "Record",
    "SourceFile",
    "SourceType",
    "Watermark",
    "has_watermarks",
    "known_types",
    "number",
    "read_files",
    "read_jobs",
    "reading_of",
    "reads_files",
    "validate",
]


class _Types(MutableMapping[str, SourceType]):
    """Types of sources; the module of one is imported when somebody asks for it."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._types: dict[str, str | SourceType] = dict(modules)

    def __getitem__(self, name: str) -> SourceType:
        found = self._types[name]
        if isinstance(found, str):
            source: SourceType = import_module(f"{__name__}.{found}").SOURCE
            self._types[name] = found = source
        return found

    def __contains__(self, name: object) -> bool:
        return name in self._types

    def __setitem__(self, name: str, source: SourceType) -> None:
        self._types[name] = source

    def __delitem__(self, name: str) -> None:
        del self._types[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)


SOURCES: MutableMapping[str, SourceType] = _Types(
    {
        "verify-json": "verify_json",
        "metricvalue": "metricvalue",
        "analysis-tools": "analysis_tools",
        "cp-verify": "cp_verify",
        "butler": "butler",
        "influxdb": "influxdb",
        "table": "table",
        "json-map": "json_map",
        "sql": "sql",
        "squash": "squash",
    }
)
"""All types: the name in the configuration → the module that has it as ``SOURCE``."""

GROUP = "reportgen.sources"
"""Entry points of this group are further types: name → a `SourceType`."""

FILE = "reportgen.toml"


def read_jobs(
    config: SourceConfig,
    known: AbstractSet[JobPlace] = frozenset(),
    fingerprints: MutableMapping[str, Fingerprint] | None = None,
    *,
    watermark: Any = None,
    since: date | None = None,
) -> Iterator[Record]:
    """Yield what a source holds, in a stable order, one file at a time.

    Parameters
    ----------
    known
        Origin and sha256 of jobs of this source that the store holds: they are not parsed, and
        come out as `Known`.
    fingerprints
        Origin → `Fingerprint`, kept by the caller between pulls: files that look as they did
        are not even opened. Filled while reading; keep it only once the jobs are in the store.
    watermark
        Value of the last `Watermark` that was committed with its jobs.
    since
        Day before which nothing is asked for.

    Raises
    ------
    ConfigError
        If the type of the source is not known, or its options do not validate.
    """
    source = _find(config)
    options = _options(config, source)
    _check_rules(config, source)
    history = History(known, fingerprints, watermark=watermark, since=since)
    return source.read(config, options, history)


def reads_files(config: SourceConfig) -> bool:
    """Whether the origins of a source are paths of files."""
    return _find(config).files


def has_watermarks(config: SourceConfig) -> bool:
    """Whether jobs of a source count only up to its last `Watermark`."""
    return _find(config).watermarks


def reading_of(config: SourceConfig) -> str:
    """Return a digest of what of the configuration decides how results are read.

    Results that were read under another digest are read again. Name, folder and whether it is
    for demonstration do not matter.
    """
    data = config.model_dump(exclude={"name", "root", "demonstration"})
    data["pattern"] = config.pattern.pattern if config.pattern else None
    text = json.dumps(data, sort_keys=True, default=str)
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def validate(config: SourceConfig) -> None:
    """Check a source without reading anything.

    Raises
    ------
    ConfigError
        Names the key, its value and what is allowed.
    """
    source = _find(config)
    _options(config, source)
    _check_rules(config, source)


def known_types() -> Mapping[str, str]:
    """Return the description of each type of source, built in or installed beside."""
    others = {point.name: f"from {_distribution(point)}" for point in _entry_points()}
    return others | {name: source.description for name, source in SOURCES.items()}


def _find(config: SourceConfig) -> SourceType:
    if config.type in SOURCES:
        return SOURCES[config.type]
    for point in _entry_points():
        if point.name == config.type:
            return _load(point, config)
    choices = ", ".join(sorted(known_types()))
    raise _error(config, f"type = {config.type!r}: unknown; choose one of: {choices}")


def _entry_points() -> metadata.EntryPoints:
    return metadata.entry_points(group=GROUP)


def _load(point: metadata.EntryPoint, config: SourceConfig) -> SourceType:
    try:
        source = point.load()
    except (ImportError, AttributeError) as error:
        where = _distribution(point)
        raise _error(
            config, f"type = {config.type!r}: {where} cannot be loaded: {error}"
        ) from error
    if not isinstance(source, SourceType):
        raise _error(config, f"type = {config.type!r}: {point.value} is not a SourceType")
    return source


def _distribution(point: metadata.EntryPoint) -> str:
    return point.dist.name if point.dist else point.value


def _options(config: SourceConfig, source: SourceType) -> Options:
    try:
        return source.options.model_validate(dict(config.options))
    except ValidationError as error:
        allowed = ", ".join(source.options.model_fields) or "none"
        problems = (_problem(one, config.type, allowed) for one in error.errors())
        raise ConfigError(FILE, [f"source {config.name!r}: {text}" for text in problems]) from error


def _problem(error: Mapping[str, object], type_: str, allowed: str) -> str:
    place = error["loc"]
    key = ".".join(map(str, place)) if isinstance(place, tuple) else str(place)
    if error["type"] == "extra_forbidden":
        return f"{key}: unknown key; options of {type_}: {allowed}"
    given = error.get("input")
    shown = "" if isinstance(given, dict | list) else f" = {given!r}"
    return f"{key}{shown}: {str(error['msg']).removeprefix('Value error, ')}"


def _check_rules(config: SourceConfig, source: SourceType) -> None:
    """Refuse what would be passed over in silence: a rule that this type cannot follow."""
    if source.needs_location and not config.location:
        raise _error(config, "location is missing: a path, a glob or a URL")
    columns = bool(config.columns) or any(
        isinstance(rule, FromColumn) for rule in config.fields.values()
    )
    if columns and not source.columns:
        raise _error(config, f"columns: {config.type} has no columns; use a constant or `pattern`")
    for key, rule in config.fields.items():
        if isinstance(rule, FromMeta) and not source.meta:
            raise _error(config, f"{key} = {{meta = …}}: {config.type} has no metadata")


def _error(config: SourceConfig, problem: str) -> ConfigError:
    return ConfigError(FILE, [f"source {config.name!r}: {problem}"])
