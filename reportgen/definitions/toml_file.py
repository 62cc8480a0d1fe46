"""TOML files of people's own rules: read, validated, and errors that say what to change."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar, get_args

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
)

from reportgen.errors import DefinitionError, unreadable

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
"""Text that is not empty."""


def listed(value: Any) -> Any:
    """Return a list also where one text stands for it."""
    return [value] if isinstance(value, str) else value


Patterns = Annotated[tuple[Text, ...], BeforeValidator(listed), Field(min_length=1)]
"""One pattern or a list of them."""


class Entry(BaseModel):
    """One entry of a list of rules; each says why it is there."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Text


File = TypeVar("File", bound=BaseModel)


def read_toml(path: Path, name: str, model: type[File]) -> File:
    """Return the file as a model whose fields are lists of `Entry`.

    Raises
    ------
    DefinitionError
        If the file cannot be read or validated; names entry, key and allowed values of each
        mistake.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise unreadable(name, error) from error
    except UnicodeDecodeError as error:
        problem = f"not UTF-8 (byte {error.start + 1})."
        raise DefinitionError(name, "", problem, "Save it in that encoding.") from error
    except ValueError as error:
        raise DefinitionError(name, "", f"not valid TOML: {error}.") from error
    try:
        return model.model_validate(data)
    except ValidationError as error:
        mistakes = "; ".join(_sentence(mistake, data, model) for mistake in error.errors())
        raise DefinitionError(name, "", mistakes) from error


def _sentence(mistake: Any, data: Mapping[str, Any], model: type[BaseModel]) -> str:
    """Say which key of which entry is wrong, what it holds and what it may hold."""
    place = list(mistake["loc"])
    message = str(mistake["msg"]).removeprefix("Value error, ")
    if mistake["type"] == "extra_forbidden":
        message = f"unknown key; allowed: {', '.join(_allowed(place, model))}"
    elif mistake["type"] == "missing":
        message = "is missing"
    value = mistake.get("input")
    shown = (
        "" if isinstance(value, dict | list) or mistake["type"] == "missing" else f" = {value!r}"
    )
    key = ".".join(str(part) for part in place[2:])
    if len(place) < 2:
        return f"{place[0] if place else 'file'}{shown}: {message}"
    return f"{_entry(place, data)}{f', {key}' if key else ''}{shown}: {message}"


def _entry(place: Sequence[Any], data: Mapping[str, Any]) -> str:
    """Name an entry by its table, its number, and the metric or specification it is about."""
    table, index = place[0], place[1]
    entry = data[table][index] if isinstance(data[table], list) else {}
    about = entry.get("metric", entry.get("specification")) if isinstance(entry, dict) else None
    return f"{table}[{index + 1}]{f' ({about})' if about else ''}"


def _allowed(place: Sequence[Any], model: type[BaseModel]) -> list[str]:
    if len(place) > 2:
        entry: type[BaseModel] = get_args(model.model_fields[place[0]].annotation)[0]
        return list(entry.model_fields)
    return list(model.model_fields)
