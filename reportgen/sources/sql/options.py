"""Options of databases."""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Self

from pydantic import Field, model_validator

from reportgen.sources.sql.buckets import Bucket
from reportgen.sources.table_options import TableOptions

_PASSWORD = re.compile(
    r"://[^/@]*:[^@]*@|[?&;](?:password|passwd|pwd|secret|token)=", re.IGNORECASE
)
_SINCE = re.compile(r"(?<![:\w]):since\b")


class SqlOptions(TableOptions):
    """Options of ``sql``, beside those of ``table``."""

    url: str | None = None
    """Of SQLAlchemy, without a password."""
    url_env: str | None = None
    """Environment variable that holds the URL."""
    table: str | None = None
    """Table or view, also ``schema.table``."""
    query: str | None = None
    """In place of a table; with a watermark it holds ``:since`` and an ``order by``."""
    watermark: str | None = None
    """Column that grows: the time of ingestion, or a key. Without it, everything is read."""
    bucket: Bucket | Annotated[int, Field(ge=1)] | None = None
    """What makes one job of a run: an ``hour``, ``day`` or ``month``, or so many keys."""
    overlap: Annotated[int, Field(ge=0)] = 1
    """Buckets before the last one that are read again, for late arrivals."""
    start: dt.datetime | dt.date | int | str | None = None
    """What ``:since`` is at the first pull."""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if (self.url is None) == (self.url_env is None):
            raise ValueError("give either `url` or `url_env`")
        if self.url is not None and _PASSWORD.search(self.url):
            raise ValueError(
                "`url` holds a password: put the URL into an environment variable"
                " and name that with `url_env`"
            )
        if (self.table is None) == (self.query is None):
            raise ValueError("give either `table` or `query`")
        if self.query is not None:
            asks = _SINCE.search(self.query) is not None
            if asks and self.watermark is None:
                raise ValueError("`query` holds :since, so name its column with `watermark`")
            if self.watermark is not None and not asks:
                raise ValueError(f"`query` needs `where {self.watermark} >= :since`")
        return self
