"""Numbers and JSON from what files hold: a missing value keeps its reason, and is never zero."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
from decimal import Decimal
from typing import Any, NamedTuple

from reportgen.model.status import Reason

NAN, NULL, UNREADABLE = Reason.NAN.value, Reason.NULL.value, Reason.UNREADABLE.value

_DECIMAL = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)
_NAN_WORDS = frozenset(
    {"nan", ".nan", "inf", "-inf", "+inf", ".inf", "-.inf", "+.inf"}
    | {f"{sign}infinity" for sign in ("", "+", "-")}
)
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_PERCENT = re.compile(r"(?:AF[123]|PF1|ABF1)(?:_.*)?")
"""Metrics that LPM-17 (tables 14, 18, 19) states in per cent."""

MAX_NODES = 5_000_000
"""Values in one document of metadata or blobs; shared YAML nodes could multiply without end."""
MAX_DEPTH = 100


class Number(NamedTuple):
    """A value as the tables hold it: a finite number, or None and the reason why."""

    value: float | None
    reason: str | None = None

    @property
    def unreadable(self) -> bool:
        """Whether something stood there that is not a number."""
        return self.reason == UNREADABLE


def number(raw: object) -> Number:
    """Return a stored value as a finite number, or the reason why there is none.

    NaN and the infinities give ``nan``, a null gives ``null``; a text counts if it is a decimal
    number as a whole. Anything else (true, a list, ``1,234.5``) is ``unreadable``.
    """
    if isinstance(raw, float):
        return Number(raw) if math.isfinite(raw) else Number(None, NAN)
    if raw is None:
        return Number(None, NULL)
    if isinstance(raw, str):
        return _number_from_text(raw.strip())
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        try:
            return number(float(raw))
        except OverflowError:  # an integer beyond 1.8e308
            return Number(None, UNREADABLE)
    return Number(None, UNREADABLE)


def _number_from_text(text: str) -> Number:
    if _DECIMAL.fullmatch(text):
        value = float(text)
        return Number(value) if math.isfinite(value) else Number(None, UNREADABLE)
    return Number(None, NAN if text.lower() in _NAN_WORDS else UNREADABLE)


def strict_json(data: object) -> str:
    """Return data as strict JSON: NaN and infinities become null."""
    return json.dumps(plain(data), ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def plain(data: object) -> Any:
    """Return data with nothing but what JSON knows: text keys, lists, finite numbers.

    Raises
    ------
    ValueError
        If it is nested too deeply, or unfolds into too many values.
    """
    return _Plain().convert(data, 0)


class _Plain:
    """Counts values while converting, since a small YAML file can unfold into a huge one."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = MAX_NODES

    def convert(self, data: object, depth: int) -> Any:
        self.left -= 1
        if self.left < 0 or depth > MAX_DEPTH:
            raise ValueError(
                "its metadata or blobs are nested too deeply or unfold without end; leave them out"
            )
        if data is None or isinstance(data, bool | int):
            return data
        if isinstance(data, float):
            return data if math.isfinite(data) else None
        if isinstance(data, str):
            return clean_text(data)
        if isinstance(data, dict):
            return {_key(key): self.convert(value, depth + 1) for key, value in data.items()}
        if isinstance(data, list | tuple | set | frozenset):
            return self._list(list(data), depth)
        return clean_text(data.isoformat() if isinstance(data, dt.date) else str(data))

    def _list(self, data: list[Any], depth: int) -> list[Any]:
        if set(map(type, data)) == {float}:  # most of what blobs hold
            self.left -= len(data)
            return [value if math.isfinite(value) else None for value in data]
        return [self.convert(value, depth + 1) for value in data]


def _key(key: object) -> str:
    return clean_text(key if isinstance(key, str) else str(key))


def clean_text(text: str) -> str:
    """Return text that can be written as UTF-8: half a surrogate pair becomes a question mark."""
    if text.isascii() or not _LONE_SURROGATE.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def stored_unit(unit: object) -> str | None:
    """Return a unit as the file spells it; None where the file does not say."""
    return None if unit is None else clean_text(str(unit))


def percent_remark(metric: str, unit: str | None, defined: str | None = None) -> str | None:
    """Say so where a percentage is stored without a unit; the value is kept as it is.

    Parameters
    ----------
    defined
        Unit of the definition that came with the value, if one did.
    """
    if unit != "":
        return None
    by_definition = defined in {"%", "percent", "pct"}
    if by_definition or (defined is None and _PERCENT.fullmatch(metric.partition(".")[2])):
        return f"{metric} is defined in per cent but stored without a unit; kept as stored."
    return None
