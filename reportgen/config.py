"""The configuration: ``reportgen.toml``, or ``[tool.reportgen]`` in ``pyproject.toml``.

Validated at the start; a problem names the file, the key, the value and the allowed values.
"""

from __future__ import annotations

import os
import re
import shlex
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from reportgen.errors import ConfigError, ConfigNotFoundError, NoSuchConfigError
from reportgen.model.dimensions import DATA_ID

RUN_FIELDS = ("dataset", "release", "collection", "ticket", "date", "producer")
"""Fields of a run that a source can be told."""

FIELDS = (*RUN_FIELDS, *DATA_ID, "mjd")
"""Fields given as a constant, ``{meta = …}``, ``{column = …}`` or a named group of ``pattern``."""

VALUE_COLUMNS = ("metric", "value", "unit", "identifier")
"""Columns of a table beside the fields."""

_strict = ConfigDict(extra="forbid", frozen=True)
_OURS = frozenset({"file", "root"})
"""Fields of `Config` that no file says."""
_PLAIN = {
    "string_type": "should be a text in quotes",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "bool_type": "should be true or false",
    "tuple_type": "should be a list, or tables headed [[…]]",
    "model_type": "should be a table",
    "dict_type": "should be a table",
    "mapping_type": "should be a table",
    "missing": "is needed",
    "string_too_short": "should not be empty",
}
"""Kinds of mistakes in the words of TOML, where those of the validation speak of Python."""

_RULES = 'should be a value, { meta = "key of the metadata" } or { column = "name" }'


class FromMeta(BaseModel):
    """Take the field from this key of the job's metadata; dots lead into nested objects."""

    model_config = _strict
    meta: str


class FromColumn(BaseModel):
    """Take the field from this column of the table."""

    model_config = _strict
    column: str


FieldRule = str | int | float | FromMeta | FromColumn


class SourceConfig(BaseModel):
    """One ``[[source]]``: where stored results lie and what they are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, Field(min_length=1)]
    type: str
    location: str = ""
    pattern: re.Pattern[str] | None = None
    """Searched in the location of each file; named groups are fields (also stage, level)."""
    package: str | None = None
    """Package of metrics whose names are bare."""
    columns: Mapping[str, str] = Field(default_factory=dict)
    """Short form of ``field = {column = …}``; also names the value columns."""
    missing: tuple[str, ...] = ("",)
    """Cells that mean *no data*."""
    demonstration: bool = False
    """Its results were generated for demonstration; pages that show them say so."""
    fields: Mapping[str, FieldRule] = Field(default_factory=dict)
    """What the configuration says of a run or a data ID; it wins over the file."""
    options: Mapping[str, Any] = Field(default_factory=dict)
    """Options of this type of source, validated by the source itself."""
    root: Path = Path()
    """Folder of the configuration: relative locations start here."""

    @model_validator(mode="before")
    @classmethod
    def _sort_keys(cls, data: dict[str, Any]) -> dict[str, Any]:
        """Put run and data ID fields into ``fields``, keys of the source type into ``options``."""
        own = set(cls.model_fields) - {"fields", "options"}
        known = {key: value for key, value in data.items() if key in own}
        fields = {key: value for key, value in data.items() if key in FIELDS}
        options = {k: v for k, v in data.items() if k not in own and k not in FIELDS}
        return known | {"fields": fields, "options": options}

    @field_validator("columns")
    @classmethod
    def _known_columns(cls, columns: Mapping[str, str]) -> Mapping[str, str]:
        unknown = sorted(set(columns) - set(FIELDS) - set(VALUE_COLUMNS))
        if unknown:
            allowed = ", ".join((*VALUE_COLUMNS, *FIELDS))
            raise ValueError(f"unknown field {', '.join(unknown)}; allowed: {allowed}")
        return columns


class SiteConfig(BaseModel):
    """``[site]``: what the site is called, where it will live, how much of it is drawn."""

    model_config = _strict

    name: str = "Science metrics"
    url: Annotated[str, Field(validate_default=True)] = ""
    """Address of the whole site; left out, the environment's REPORTGEN_URL."""
    notes: str = "notes"
    """Folder of people's own Markdown, relative to the configuration."""
    recent_runs: Annotated[int, Field(ge=1)] = 12
    """Runs of each dataset that ``main`` shows in full; older ones live in their editions."""
    stale_after_days: Annotated[int, Field(ge=1)] | None = None
    """A dataset without a run for longer says so; None: three times its usual interval."""

    @field_validator("url")
    @classmethod
    def _known_url(cls, url: str) -> str:
        return url or os.environ.get("REPORTGEN_URL", "")


class DefinitionsConfig(BaseModel):
    """``[definitions]``: metrics, specifications and what corrects them."""

    model_config = _strict

    packages: tuple[str, ...] = ()
    overrides: str | None = None
    watch: tuple[str, ...] = ()
    triage: str | None = None


class CheckConfig(BaseModel):
    """``[check]``: what the gate makes of what it finds."""

    model_config = _strict

    not_measured: Literal["fail", "say", "ignore"] = "say"
    """What becomes of values that the reference has and the run has not."""


class Config(BaseModel):
    """The whole configuration. Paths are relative to ``root``."""

    model_config = _strict

    file: Path
    root: Path
    store: str = "data/store"
    site: SiteConfig = SiteConfig()
    definitions: DefinitionsConfig = DefinitionsConfig()
    check: CheckConfig = CheckConfig()
    source: tuple[SourceConfig, ...] = ()

    @model_validator(mode="after")
    def _unique_names(self) -> Self:
        names = [source.name for source in self.source]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise ValueError(f"two sources are named {', '.join(double)}; names must be unique")
        return self

    def path(self, relative: str) -> Path:
        """Return a configured path below the folder of the configuration."""
        return self.root / relative


def load_config(path: Path | None = None) -> Config:
    """Read the configuration from a file, a folder, or the working folder.

    Raises
    ------
    ConfigNotFoundError
        If there is no configuration in the folder.
    NoSuchConfigError
        If the path is neither a file nor a folder.
    ConfigError
        If it is not TOML or does not validate; names each key.
    """
    file = _find(path or Path())
    data = _read(file)
    root = file.parent
    reserved = [f"{key}: unknown key; allowed: {_allowed()}" for key in _OURS & data.keys()]
    sources = data.get("source", [])
    if isinstance(sources, list):
        data["source"] = [_with_root(source, root) for source in sources]
        tables = enumerate((one for one in sources if isinstance(one, dict)), start=1)
        reserved += [f"source[{n}].root: unknown key" for n, one in tables if "root" in one]
    if reserved:
        raise ConfigError(file.name, sorted(reserved))
    try:
        return Config(file=file, root=root, **data)
    except ValidationError as error:
        raise ConfigError(file.name, _sentences(error.errors())) from error


def _with_root(source: object, root: Path) -> object:
    return {**source, "root": root} if isinstance(source, dict) else source


def _find(path: Path) -> Path:
    if path.is_file():
        return path
    if not path.is_dir():
        raise NoSuchConfigError(str(path), _missing(path))
    for name in ("reportgen.toml", "pyproject.toml"):
        file = path / name
        if file.is_file() and (name == "reportgen.toml" or "reportgen" in _tool(file)):
            return file
    here = path.resolve()
    above = next((one for one in here.parents if (one / "reportgen.toml").is_file()), None)
    raise ConfigNotFoundError(
        str(path) if str(path) != "." else "this folder",
        shlex.quote(os.path.relpath(above)) if above else "",
    )


def _missing(path: Path) -> str:
    """Say why a path is neither a file nor a folder."""
    if path.is_symlink() and not path.exists():
        return f"a link to {path.readlink()}, which is not there"
    return "neither a file nor a folder" if path.exists() else "no such file or folder"


def _tool(file: Path) -> dict[str, Any]:
    tool = _toml(file).get("tool", {})
    return tool if isinstance(tool, dict) else {}


def _read(file: Path) -> dict[str, Any]:
    if file.name != "pyproject.toml":
        return dict(_toml(file))
    data = _tool(file).get("reportgen")
    if not isinstance(data, dict):
        what = "there is no table" if data is None else f"{data!r} stands in place of the table"
        raise ConfigError(file.name, [f"{what} [tool.reportgen]"])
    return dict(data)


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 (byte {error.start + 1}); save it in that encoding"
        raise ConfigError(file.name, [problem]) from error
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(file.name, [f"not valid TOML: {error}"]) from error


def _sentences(errors: Iterable[Any]) -> Iterator[str]:
    """Say which keys are wrong, what they hold and what they may hold."""
    for error in errors:
        match error["loc"]:
            case ("source", int(at), "fields", name, "str"):
                yield f"source[{at + 1}].{name} = {_in_toml(error['input'])}: {_RULES}"
            case ("source", int(), "fields", *_):
                continue  # nor is it another kind of rule
            case _:
                yield _sentence(error)


def _in_toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {one!r}' for key, one in value.items())} }}"
    return repr(value)


def _sentence(error: Any) -> str:
    place = error["loc"]
    key = "".join(f"[{p + 1}]" if isinstance(p, int) else f".{p}" for p in place).lstrip(".")
    message = _PLAIN.get(error["type"], str(error["msg"]).removeprefix("Value error, "))
    if error["type"] == "extra_forbidden":
        message = f"unknown key; allowed: {_allowed(str(place[0]))}"
    value = error.get("input")
    shown = "" if isinstance(value, dict | list) or error["type"] == "missing" else f" = {value!r}"
    return f"{key or 'file'}{shown}: {message}"


def _allowed(table: str = "") -> str:
    known: Mapping[str, type[BaseModel]] = {
        "site": SiteConfig,
        "definitions": DefinitionsConfig,
        "check": CheckConfig,
    }
    return ", ".join(name for name in known.get(table, Config).model_fields if name not in _OURS)
