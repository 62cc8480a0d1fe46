"""A database: connected to, asked, and its rows streamed; no error shows a password."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from reportgen.errors import MissingDependencyError, ReportgenError, SourceError
from reportgen.sources.sql.options import SqlOptions

BATCH_ROWS = 10_000
"""Rows that are fetched at once."""

_REFUSED = re.compile(
    r"syntax|authentication|password|permission|access denied|no such|does not exist"
    r"|unknown database|unable to open|not a database|could not translate host name"
    r"|Name or service not known",
    re.IGNORECASE,
)
"""What in the words of a database will not pass by itself."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to one question: names of columns, and batches of rows."""

    header: Sequence[str]
    batches: Iterator[Sequence[Sequence[Any]]]


class PassingError(Exception):
    """The database is not there, or went away: it may be there again soon."""


class Database:
    """What a source asks.

    Raises
    ------
    MissingDependencyError
        If SQLAlchemy is not installed.
    SourceError
        If the URL is not known or its driver is not installed.
    """

    def __init__(self, name: str, options: SqlOptions) -> None:
        try:
            import sqlalchemy  # noqa: PLC0415 - an extra
        except ImportError as error:
            raise MissingDependencyError(f"Source {name!r}", "sql") from error
        self._sa = sqlalchemy
        self._name = name
        self._options = options
        self._secrets: set[str] = set()
        self._engine = self._make_engine(self._url())

    @property
    def dialect(self) -> str:
        """Name of the kind of database, such as ``postgresql``."""
        return str(self._engine.dialect.name)

    @contextmanager
    def rows(self, since: Any) -> Iterator[Rows]:
        """Ask for the rows from ``since`` on, in the order of the watermark.

        Raises
        ------
        PassingError
            If the database cannot be reached, or goes away while it answers.
        SourceError
            If it refuses, or does not understand the question.
        """
        with self._errors(), self._engine.connect() as connection:
            streamed = connection.execution_options(stream_results=True, yield_per=BATCH_ROWS)
            result = streamed.execute(self._statement(since), self._parameters(since))
            with result:
                yield Rows(list(result.keys()), self._batches(result))

    def last(self) -> Any:
        """Return the largest watermark of a table, or without one its rows; None of a query."""
        if self._options.table is None:
            return None
        sa = self._sa
        column = self._options.watermark
        what = sa.func.count() if column is None else sa.func.max(sa.column(column))
        statement = sa.select(what).select_from(self._table())
        with self._errors(), self._engine.connect() as connection:
            return connection.execute(statement).scalar()

    def _table(self) -> Any:
        schema, _, name = str(self._options.table).rpartition(".")
        return self._sa.table(name, schema=schema or None)

    def _batches(self, result: Any) -> Iterator[Sequence[Sequence[Any]]]:
        partitions = result.partitions()
        while True:
            with self._errors():
                batch = next(partitions, None)
            if batch is None:
                return
            yield batch

    def _statement(self, since: Any) -> Any:
        sa, options = self._sa, self._options
        if options.query is not None:
            return sa.text(options.query)
        statement = sa.select(sa.literal_column("*")).select_from(self._table())
        if options.watermark is None:
            return statement
        column = sa.column(options.watermark)
        if since is not None:
            statement = statement.where(column >= sa.bindparam("since", type_=self._type(since)))
        return statement.order_by(column)

    def _parameters(self, since: Any) -> dict[str, Any]:
        if self._options.watermark is None or (since is None and self._options.query is None):
            return {}
        return {"since": since}

    def _type(self, since: Any) -> Any:
        sa = self._sa
        if isinstance(since, dt.datetime):
            return sa.DateTime(timezone=since.tzinfo is not None)
        if isinstance(since, dt.date):
            return sa.Date()
        return sa.BigInteger() if isinstance(since, int) else sa.String()

    def _url(self) -> str:
        if self._options.url is not None:
            return self._options.url
        variable = str(self._options.url_env)
        url = os.environ.get(variable, "")
        if not url:
            raise SourceError(
                self._name,
                f"the environment variable {variable} is not set.",
                "Put the URL of the database into it.",
            )
        return url

    def _make_engine(self, text: str) -> Any:
        sa = self._sa
        try:
            url = sa.make_url(text)
            for secret in (url.password, *url.query.values()):
                if secret:
                    self._secrets.update({str(secret), sa.engine.url.quote_plus(str(secret))})
            return sa.create_engine(url, poolclass=sa.pool.NullPool, hide_parameters=True)
        except sa.exc.ArgumentError:  # its text shows the URL
            remedy = "Write dialect+driver://user@host/database."
            raise SourceError(self._name, "not a URL of a database.", remedy) from None
        except ImportError as error:
            remedy = "Install the driver that the URL names, such as psycopg[binary]."
            raise SourceError(
                self._name, f"the driver {error.name} is not installed.", remedy
            ) from error

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Tell errors that may pass from others; neither shows a password."""
        sa = self._sa
        try:
            yield
        except (ReportgenError, PassingError):
            raise
        except sa.exc.DBAPIError as error:
            text = self._clean(error.orig or error)
            if self._passes(error, text):
                raise PassingError(text) from None
            remedy = "Try the query in a client of the database."
            if isinstance(error, sa.exc.OperationalError):
                remedy = f"Check {self._options.url_env or '`url`'}."
            raise SourceError(self._name, f"{text}.", remedy) from None
        except sa.exc.SQLAlchemyError as error:
            raise SourceError(self._name, f"{self._clean(error)}.") from None

    def _passes(self, error: Any, text: str) -> bool:
        operational = isinstance(error, self._sa.exc.OperationalError | self._sa.exc.InterfaceError)
        return bool(error.connection_invalidated or operational) and not _REFUSED.search(text)

    def _clean(self, error: BaseException) -> str:
        """Return the first line of an error without what is secret."""
        text = str(error).strip().partition("\n")[0].rstrip(".") or type(error).__name__
        for secret in sorted(self._secrets, key=len, reverse=True):
            text = text.replace(secret, "***")
        return text


def plain_columns(batch: Sequence[Sequence[Any]], header: Sequence[str]) -> dict[str, list[Any]]:
    """Return rows by column, with values that the tables know."""
    columns = {}
    for name, cells in zip(header, zip(*batch, strict=True), strict=True):
        kinds = set(map(type, cells))
        if Decimal in kinds:
            columns[name] = [float(one) if isinstance(one, Decimal) else one for one in cells]
        elif UUID in kinds:
            columns[name] = [str(one) if isinstance(one, UUID) else one for one in cells]
        else:
            columns[name] = list(cells)
    return columns
