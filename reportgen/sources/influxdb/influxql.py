"""Statements of InfluxQL: everything that is not ours is quoted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence


def identifier(name: str) -> str:
    """Return a quoted identifier."""
    return f'"{_escape(name, chr(34))}"'


def string(text: str) -> str:
    """Return a quoted string."""
    return f"'{_escape(text, chr(39))}'"


def _escape(text: str, quote: str) -> str:
    text = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    return text.replace("\n", "\\n")


def place(database: str, policy: str, measurement: str) -> str:
    """Return a measurement with its database and retention policy (empty: the default one)."""
    middle = identifier(policy) if policy else ""
    return f"{identifier(database)}.{middle}.{identifier(measurement)}"


def select(
    columns: Sequence[tuple[str, str]], source: str, begin: int, end: int, where: str = ""
) -> str:
    """Return the query for all points of a window, by time.

    Parameters
    ----------
    columns
        Name and kind (``tag``, or the type of a field) of each column.
    source
        As `place` returns it.
    begin, end
        Nanoseconds since 1970; the end is not part of it.
    where
        A further condition, as `matching` returns it.
    """
    listed = ", ".join(f"{identifier(name)}::{kind}" for name, kind in columns)
    times = f"time >= {begin} AND time < {end}"
    return f"SELECT {listed} FROM {source} WHERE {times}{where} ORDER BY time"  # noqa: S608 - quoted


def edge(fields: Sequence[tuple[str, str]], source: str, where: str, *, newest: bool) -> str:
    """Return the query for the first or the last point."""
    listed = ", ".join(f"{identifier(name)}::{kind}" for name, kind in fields)
    condition = f" WHERE {where.removeprefix(' AND ')}" if where else ""
    order = "DESC" if newest else "ASC"
    return f"SELECT {listed} FROM {source}{condition} ORDER BY time {order} LIMIT 1"  # noqa: S608 - quoted


def count(fields: Sequence[tuple[str, str]], source: str, end: int, where: str) -> str:
    """Return the query for the number of values of each field before a time (ns)."""
    listed = ", ".join(f"count({identifier(name)}::{kind})" for name, kind in fields)
    return f"SELECT {listed} FROM {source} WHERE time < {end}{where}"  # noqa: S608 - quoted


def matching(match: Mapping[str, Sequence[str]]) -> str:
    """Return the condition that tags or texts have one of these values; empty for none."""
    terms = (
        " OR ".join(f"{identifier(name)} = {string(value)}" for value in values)
        for name, values in match.items()
        if values
    )
    return "".join(f" AND ({term})" for term in terms)
