"""Names of figures: a hash of what they show, how it looks and the code that draws it.

Computed without matplotlib and in some ten microseconds, so that a build in which nothing
changed finds out at next to no cost.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import fields, is_dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from reportgen.model.figures import FigureRequest


def figure_name(request: FigureRequest) -> str:
    """Return 20 hexadecimal digits that change with the data, the style or the drawing code."""
    parts: list[bytes] = [drawing_version()]
    _add_record(parts, request)
    return blake2b(b"".join(parts), digest_size=10).hexdigest()


@cache
def drawing_version() -> bytes:
    """Return a hash of the source of this package."""
    found = blake2b(digest_size=16)
    for file in sorted(Path(__file__).parent.glob("*.py")):
        found.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return found.digest()


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def _add_record(parts: list[bytes], record: Any) -> None:
    """Add type and fields; each piece carries its kind and length, so none runs into the next."""
    kind: Any = type(record)
    names = _field_names(kind)
    parts.append(b"R%s:%d;" % (kind.__name__.encode(), len(names)))
    for name in names:
        _add(parts, getattr(record, name))


def _add(parts: list[bytes], value: Any) -> None:
    if isinstance(value, str):
        _add_words(parts, (value,))
    elif value is None:
        parts.append(b"N;")
    elif isinstance(value, bool):
        parts.append(b"B1;" if value else b"B0;")
    elif isinstance(value, int | float | np.number):
        parts.append(b"F" + array("d", (float(value),)).tobytes())
    elif isinstance(value, np.ndarray):
        _add_numbers(parts, value.tolist()) if value.ndim == 1 else _add_each(parts, value)
    elif isinstance(value, list | tuple):
        _add_sequence(parts, value)
    elif is_dataclass(value):
        _add_record(parts, value)
    else:
        _add_sequence(parts, list(value))


def _add_sequence(parts: list[bytes], values: Sequence[Any]) -> None:
    first = values[0] if len(values) else None
    try:
        if isinstance(first, str):
            _add_words(parts, values)
        elif isinstance(first, int | float | np.number):
            _add_numbers(parts, values)
        else:
            _add_each(parts, values)
    except TypeError:  # words, numbers and None in one sequence
        _add_each(parts, values)


def _add_each(parts: list[bytes], values: Sequence[Any] | np.ndarray) -> None:
    parts.append(b"L%d;" % len(values))
    for value in values:
        _add(parts, value)


def _add_numbers(parts: list[bytes], values: Sequence[float]) -> None:
    packed = array("d", values).tobytes()
    parts.append(b"A%d;" % len(values))
    parts.append(packed)


def _add_words(parts: list[bytes], values: Sequence[str]) -> None:
    joined = "\0".join(values)
    packed = joined.encode("utf-8", "surrogatepass")
    if joined.count("\0") >= len(values):  # only then the words' own ends are in doubt
        packed += array("q", map(len, values)).tobytes()
    parts.append(b"S%d,%d;" % (len(values), len(packed)))
    parts.append(packed)
